package clade.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.rfm.RfmTable;
import clade.support.Api;
import clade.support.CladeTest;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@CladeTest
class PurchaseHistoryTests {

    @Autowired
    private Api api;

    @Autowired
    private PurchaseHistory history;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void onlineRetailHasItsKnownTotals() throws IOException {
        String dataset = api.newDataset();
        try (InputStream file = PurchaseHistoryTests.class.getResourceAsStream("/data/online_retail.csv.gz")) {
            api.send("POST", dataset + "/transactions", "text/csv", BodyPublishers.ofByteArray(file.readAllBytes()));
        }
        Instant asOf = Instant.parse("2011-12-10T12:50:00Z");

        // numbers of the data's README and of the UCI page's usual preparation, computed with R and pandas
        RfmTable ignoring = history.rfm(id(dataset), ZoneOffset.UTC, asOf, null, Returns.IGNORE, FrequencyOf.ORDERS);
        assertThat(ignoring.size()).isEqualTo(4338);
        assertThat(frequencies(ignoring)).isEqualTo(18_532);
        assertThat(money(ignoring)).isCloseTo(8_911_407.904, within(1e-6));
        RfmTable rows = history.rfm(id(dataset), ZoneOffset.UTC, asOf, null, Returns.IGNORE, FrequencyOf.TRANSACTIONS);
        assertThat(frequencies(rows)).isEqualTo(397_884);
        RfmTable net = history.rfm(id(dataset), ZoneOffset.UTC, asOf, null, Returns.NET, FrequencyOf.ORDERS);
        assertThat(net.size()).isEqualTo(4338);
        assertThat(money(net)).isCloseTo(8_310_477.054, within(1e-6));
    }

    @Test
    void agreesWithCountingRowByRow() {
        SplittableRandom random = new SplittableRandom(17);
        for (ZoneId zone : List.of(
                ZoneOffset.UTC, ZoneId.of("Europe/Berlin"), ZoneId.of("-03:30"), ZoneId.of("Australia/Lord_Howe"))) {
            String dataset = api.newDataset("{\"timeZone\":\"%s\"}".formatted(zone.getId()));
            List<Sale> sales = sales(random, zone);
            StringBuilder csv = new StringBuilder("customerId,occurredAt,orderId,amount\n");
            for (Sale sale : sales) {
                csv.append("%s,%s,%s,%s\n".formatted(sale.customer, sale.at, sale.order, sale.amount));
            }
            api.send("POST", dataset + "/transactions", "text/csv", BodyPublishers.ofString(csv.toString()));
            Map<Long, String> names = new TreeMap<>();
            jdbc.sql("select id, customer_id from customer where dataset_id = :id")
                    .param("id", id(dataset))
                    .query(row -> {
                        names.put(row.getLong(1), row.getString(2));
                    });

            for (int i = 0; i < 20; i++) {
                Instant asOf = Instant.parse("2024-01-01T00:00:00Z").plusSeconds(random.nextLong(400L * 86_400));
                Period window = random.nextInt(3) == 0 ? null : Period.of(0, random.nextInt(1, 9), random.nextInt(20));
                Returns returns = random.nextBoolean() ? Returns.NET : Returns.IGNORE;
                FrequencyOf frequency = List.of(FrequencyOf.ORDERS, FrequencyOf.TRANSACTIONS, FrequencyOf.DAYS)
                        .get(random.nextInt(3));

                RfmTable table = history.rfm(id(dataset), zone, asOf, window, returns, frequency);

                Map<String, List<Number>> found = new TreeMap<>();
                IntStream.range(0, table.size())
                        .forEach(row -> found.put(
                                names.get(table.customer(row)),
                                List.of(
                                        table.recencyDays(row),
                                        table.frequency(row),
                                        table.lastPurchase(row),
                                        table.monetary(row))));
                assertThat(found).isEqualTo(counted(sales, zone, asOf, window, returns, frequency));
            }
        }
    }

    private record Sale(String customer, Instant at, String order, BigDecimal amount) {
        boolean isReturn() {
            return amount.signum() < 0 || (order.matches("^C\\d+$") && amount.signum() != 0);
        }

        boolean isPurchase() {
            return amount.signum() > 0 && !isReturn();
        }
    }

    private static List<Sale> sales(SplittableRandom random, ZoneId zone) {
        List<Sale> sales = new ArrayList<>();
        Instant start = LocalDateTime.of(2024, 1, 1, 0, 0).atZone(zone).toInstant();
        for (int i = 0; i < 600; i++) {
            String order = switch (random.nextInt(8)) {
                case 0 -> "";
                case 1 -> "C" + random.nextInt(40);
                default -> "O" + random.nextInt(150);
            };
            sales.add(new Sale(
                    "K" + random.nextInt(25),
                    start.plusSeconds(random.nextLong(365L * 24 * 4) * 900),
                    order,
                    BigDecimal.valueOf(random.nextInt(-300, 2000), 2)));
        }
        return sales;
    }

    /** Recency, frequency, last purchase and money by customer, as DESIGN defines them. */
    private static Map<String, List<Number>> counted(
            List<Sale> sales, ZoneId zone, Instant asOf, Period window, Returns returns, FrequencyOf frequency) {
        Instant from =
                window == null ? Instant.MIN : asOf.atZone(zone).minus(window).toInstant();
        Map<String, List<Sale>> byCustomer = new TreeMap<>();
        for (Sale sale : sales) {
            if (sale.at.isBefore(asOf) && !sale.at.isBefore(from)) {
                byCustomer
                        .computeIfAbsent(sale.customer, customer -> new ArrayList<>())
                        .add(sale);
            }
        }
        Map<String, List<Number>> counted = new TreeMap<>();
        byCustomer.forEach((customer, all) -> {
            Instant last = all.stream()
                    .filter(Sale::isPurchase)
                    .map(Sale::at)
                    .max(Instant::compareTo)
                    .orElse(null);
            if (last == null) {
                return;
            }
            Set<Object> counts = new HashSet<>();
            BigDecimal money = BigDecimal.ZERO;
            for (int i = 0; i < all.size(); i++) {
                Sale sale = all.get(i);
                if (sale.isPurchase()) {
                    money = money.add(sale.amount);
                    counts.add(
                            switch (frequency) {
                                case ORDERS -> sale.order.isEmpty() ? i : sale.order;
                                case TRANSACTIONS -> i;
                                case DAYS -> sale.at.atZone(zone).toLocalDate();
                            });
                } else if (sale.isReturn() && returns == Returns.NET) {
                    money = money.subtract(sale.amount.abs());
                }
            }
            LocalDateTime localLast = last.atZone(zone).toLocalDateTime();
            Duration since = Duration.between(localLast, asOf.atZone(zone).toLocalDateTime());
            counted.put(
                    customer,
                    List.of(
                            (int) Math.max(0, since.toDays()),
                            (long) counts.size(),
                            localLast.toEpochSecond(ZoneOffset.UTC) * 1_000_000,
                            money.doubleValue()));
        });
        return counted;
    }

    private static long frequencies(RfmTable table) {
        return IntStream.range(0, table.size()).mapToLong(table::frequency).sum();
    }

    private static double money(RfmTable table) {
        return IntStream.range(0, table.size()).mapToDouble(table::monetary).sum();
    }

    private long id(String dataset) {
        return jdbc.sql("select id from dataset where key = :key")
                .param("key", dataset.substring(dataset.lastIndexOf('/') + 1))
                .query(Long.class)
                .single();
    }
}
