package clade.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.support.Api;
import clade.support.CladeTest;
import clade.transactions.PurchaseFeature.Kind;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Features against counting row by row, over random purchases in several zones. */
@CladeTest
class PurchaseFeaturesTests {

    private static final double DAY = 86_400_000_000.0;

    @Autowired
    private Api api;

    @Autowired
    private PurchaseHistory history;

    @Autowired
    private JdbcClient jdbc;

    private record Sale(String customer, Instant at, String order, String product, BigDecimal amount) {
        boolean isReturn() {
            return amount.signum() < 0 || (order.matches("^C\\d+$") && amount.signum() != 0);
        }

        boolean isPurchase() {
            return amount.signum() > 0 && !isReturn();
        }
    }

    @Test
    void agreeWithCountingRowByRow() {
        SplittableRandom random = new SplittableRandom(23);
        for (ZoneId zone : List.of(ZoneOffset.UTC, ZoneId.of("Europe/Berlin"), ZoneId.of("Australia/Lord_Howe"))) {
            String dataset = api.newDataset("{\"timeZone\":\"%s\"}".formatted(zone.getId()));
            List<Sale> sales = sales(random, zone);
            StringBuilder csv = new StringBuilder("customerId,occurredAt,orderId,productId,amount\n");
            sales.forEach(sale -> csv.append(
                    "%s,%s,%s,%s,%s\n".formatted(sale.customer, sale.at, sale.order, sale.product, sale.amount)));
            api.upload(dataset, csv.toString());
            hideAnUpload(dataset);
            Map<Long, String> names = names(dataset);

            for (int i = 0; i < 12; i++) {
                Instant asOf = Instant.parse("2024-02-01T00:00:00Z").plusSeconds(random.nextLong(370L * 86_400));
                Period window = random.nextInt(2) == 0 ? null : Period.of(0, random.nextInt(1, 9), random.nextInt(20));
                Returns returns = random.nextBoolean() ? Returns.NET : Returns.IGNORE;
                Period period = random.nextBoolean()
                        ? Period.ofDays(random.nextInt(5, 120))
                        : Period.ofMonths(random.nextInt(1, 4));
                List<PurchaseFeature> features = Arrays.stream(Kind.values())
                        .map(kind -> new PurchaseFeature(kind, kind.takesPeriod() ? period : null))
                        .toList();

                PurchaseFeatures found =
                        history.features(id(dataset), zone, asOf, window, returns, FrequencyOf.ORDERS, features);

                var rfm = history.rfm(id(dataset), zone, asOf, window, returns, FrequencyOf.ORDERS);
                assertThat(rows(found.table(), names)).isEqualTo(rows(rfm, names));
                Map<String, List<Sale>> byCustomer = seen(sales, zone, asOf, window);
                for (int row = 0; row < found.table().size(); row++) {
                    List<Sale> own = byCustomer.get(names.get(found.table().customer(row)));
                    for (PurchaseFeature feature : features) {
                        double expected = counted(own, zone, asOf, returns, feature);
                        double value = found.columns().get(feature)[row];
                        if (Double.isNaN(expected)) {
                            assertThat(value).as("%s", feature).isNaN();
                        } else {
                            assertThat(value)
                                    .as("%s of %s as of %s", feature, own, asOf)
                                    .isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
                        }
                    }
                }
            }
        }
    }

    @Test
    void whoPurchasedBeforeTheWindowAloneIsLapsed() {
        SplittableRandom random = new SplittableRandom(5);
        ZoneId zone = ZoneId.of("Europe/Berlin");
        String dataset = api.newDataset("{\"timeZone\":\"Europe/Berlin\"}");
        List<Sale> sales = sales(random, zone);
        StringBuilder csv = new StringBuilder("customerId,occurredAt,orderId,amount\n");
        sales.forEach(sale -> csv.append("%s,%s,%s,%s\n".formatted(sale.customer, sale.at, sale.order, sale.amount)));
        api.upload(dataset, csv.toString());
        Map<Long, String> names = names(dataset);
        Instant asOf = Instant.parse("2024-11-01T00:00:00Z");
        Period window = Period.ofDays(12);

        var lapsed = history.lapsed(id(dataset), zone, asOf, window, Returns.NET);

        Map<String, List<Sale>> before = seen(sales, zone, asOf, null);
        Map<String, List<Sale>> within = seen(sales, zone, asOf, window);
        Map<String, List<Number>> expected = new TreeMap<>();
        before.forEach((customer, all) -> {
            List<Sale> recent = within.getOrDefault(customer, List.of());
            if (all.stream().anyMatch(Sale::isPurchase) && recent.stream().noneMatch(Sale::isPurchase)) {
                LocalDateTime last = all.stream()
                        .filter(Sale::isPurchase)
                        .map(sale -> local(sale.at, zone))
                        .max(Comparator.naturalOrder())
                        .orElseThrow();
                expected.put(
                        customer,
                        List.of(
                                (int) ChronoUnit.DAYS.between(last, local(asOf, zone)),
                                0L,
                                money(recent, Returns.NET).doubleValue()));
            }
        });
        assertThat(expected).isNotEmpty();
        Map<String, List<Number>> found = new TreeMap<>();
        for (int row = 0; row < lapsed.size(); row++) {
            found.put(
                    names.get(lapsed.customer(row)),
                    List.of(lapsed.recencyDays(row), lapsed.frequency(row), lapsed.monetary(row)));
        }
        assertThat(found).isEqualTo(expected);
    }

    private static double counted(
            List<Sale> sales, ZoneId zone, Instant asOf, Returns returns, PurchaseFeature feature) {
        List<Sale> purchases = sales.stream().filter(Sale::isPurchase).toList();
        LocalDateTime now = local(asOf, zone);
        List<LocalDateTime> orders = orders(purchases, zone);
        Period period = feature.period();
        double halfLife = period == null ? 0 : ChronoUnit.MICROS.between(now.minus(period), now) / DAY;
        Instant recently =
                period == null ? asOf : asOf.atZone(zone).minus(period).toInstant();
        Instant before = period == null
                ? asOf
                : asOf.atZone(zone).minus(period.multipliedBy(2)).toInstant();
        return switch (feature.kind()) {
            case TENURE -> Math.floor(age(first(purchases), now, zone));
            case AVERAGE_ORDER_VALUE -> money(sales, returns).doubleValue() / orders.size();
            case MEAN_GAP ->
                orders.size() < 2
                        ? Double.NaN
                        : gap(orders.get(0), orders.get(orders.size() - 1)) / (orders.size() - 1);
            case LAST_GAP ->
                orders.size() < 2 ? Double.NaN : gap(orders.get(orders.size() - 2), orders.get(orders.size() - 1));
            case DISTINCT_PRODUCTS -> {
                long products = purchases.stream()
                        .map(Sale::product)
                        .filter(product -> !product.isEmpty())
                        .distinct()
                        .count();
                yield products == 0 ? Double.NaN : products;
            }
            case RETURN_RATE -> {
                BigDecimal returned = sum(sales, Sale::isReturn);
                yield returned.doubleValue() / sum(sales, Sale::isPurchase).doubleValue();
            }
            case ORDERS_IN -> count(purchases, recently, asOf);
            case MONETARY_IN ->
                money(sales.stream().filter(sale -> !sale.at.isBefore(recently)).toList(), returns)
                        .doubleValue();
            case ORDERS_TREND -> {
                double last = count(purchases, recently, asOf);
                double earlier = count(purchases, before, recently);
                yield last + earlier == 0 ? 0 : (last - earlier) / (last + earlier);
            }
            case DECAYED_FREQUENCY ->
                orders.stream()
                        .mapToDouble(order -> Math.pow(0.5, Math.max(0, gap(order, now)) / halfLife))
                        .sum();
            case DECAYED_MONETARY ->
                sales.stream()
                        .filter(sale -> sale.isPurchase() || (sale.isReturn() && returns == Returns.NET))
                        .mapToDouble(sale -> sale.amount.abs().doubleValue()
                                * (sale.isReturn() ? -1 : 1)
                                * Math.pow(0.5, age(sale.at, now, zone) / halfLife))
                        .sum();
            case RECENCY_DECAY -> {
                Instant last = purchases.stream()
                        .map(Sale::at)
                        .max(Comparator.naturalOrder())
                        .orElseThrow();
                yield Math.pow(0.5, age(last, now, zone) / halfLife);
            }
        };
    }

    private static Instant first(List<Sale> purchases) {
        return purchases.stream().map(Sale::at).min(Comparator.naturalOrder()).orElseThrow();
    }

    /** When each order was begun, in order of instants. */
    private static List<LocalDateTime> orders(List<Sale> purchases, ZoneId zone) {
        Map<Object, Instant> begun = new HashMap<>();
        for (int i = 0; i < purchases.size(); i++) {
            Sale sale = purchases.get(i);
            begun.merge(sale.order.isEmpty() ? i : sale.order, sale.at, (a, b) -> a.isBefore(b) ? a : b);
        }
        return begun.values().stream().sorted().map(at -> local(at, zone)).toList();
    }

    private static double count(List<Sale> purchases, Instant from, Instant to) {
        Set<Object> orders = new HashSet<>();
        for (int i = 0; i < purchases.size(); i++) {
            Sale sale = purchases.get(i);
            if (!sale.at.isBefore(from) && sale.at.isBefore(to)) {
                orders.add(sale.order.isEmpty() ? i : sale.order);
            }
        }
        return orders.size();
    }

    private static BigDecimal money(List<Sale> sales, Returns returns) {
        BigDecimal bought = sum(sales, Sale::isPurchase);
        return returns == Returns.NET ? bought.subtract(sum(sales, Sale::isReturn)) : bought;
    }

    private static BigDecimal sum(List<Sale> sales, Predicate<Sale> which) {
        return sales.stream().filter(which).map(sale -> sale.amount.abs()).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static double age(Instant at, LocalDateTime now, ZoneId zone) {
        return Math.max(0, gap(local(at, zone), now));
    }

    private static double gap(LocalDateTime from, LocalDateTime to) {
        return Math.max(0, ChronoUnit.MICROS.between(from, to) / DAY);
    }

    private static LocalDateTime local(Instant at, ZoneId zone) {
        return at.atZone(zone).toLocalDateTime();
    }

    private static Map<String, List<Sale>> seen(List<Sale> sales, ZoneId zone, Instant asOf, Period window) {
        Instant from =
                window == null ? Instant.MIN : asOf.atZone(zone).minus(window).toInstant();
        Map<String, List<Sale>> byCustomer = new TreeMap<>();
        sales.stream()
                .filter(sale -> sale.at.isBefore(asOf) && !sale.at.isBefore(from))
                .forEach(sale -> byCustomer
                        .computeIfAbsent(sale.customer, customer -> new ArrayList<>())
                        .add(sale));
        return byCustomer;
    }

    private static List<Sale> sales(SplittableRandom random, ZoneId zone) {
        List<Sale> sales = new ArrayList<>();
        Instant start = LocalDateTime.of(2024, 1, 1, 0, 0).atZone(zone).toInstant();
        for (int i = 0; i < 500; i++) {
            String order = switch (random.nextInt(8)) {
                case 0 -> "";
                case 1 -> "C" + random.nextInt(40);
                default -> "O" + random.nextInt(150);
            };
            sales.add(new Sale(
                    "K" + random.nextInt(40),
                    start.plusSeconds(random.nextLong(365L * 24 * 4) * 900),
                    order,
                    random.nextInt(3) == 0 ? "" : "P" + random.nextInt(20),
                    BigDecimal.valueOf(random.nextInt(-300, 2000), 2)));
        }
        return sales;
    }

    /** Rows that nobody may see yet: of an upload that is being merged. */
    private void hideAnUpload(String dataset) {
        long upload = Objects.requireNonNull(
                jdbc.sql("""
                        insert into upload (dataset_id, status) values (:dataset, 'merging') returning id""").param("dataset", id(dataset)).query(Long.class).single());
        jdbc.sql("insert into hidden_upload (upload_id, dataset_id) values (:upload, :dataset)")
                .param("upload", upload)
                .param("dataset", id(dataset))
                .update();
        jdbc.sql("""
                        insert into transaction (dataset_id, customer_id, upload_id, occurred_at, identity, occurrence, kind, amount)
                        select dataset_id, customer_id, :upload, occurred_at, gen_random_uuid(), 1, 1, 1000000
                        from transaction where dataset_id = :dataset""").param("upload", upload).param("dataset", id(dataset)).update();
    }

    private static Map<String, List<Number>> rows(clade.rfm.RfmTable table, Map<Long, String> names) {
        Map<String, List<Number>> rows = new TreeMap<>();
        for (int row = 0; row < table.size(); row++) {
            rows.put(
                    names.get(table.customer(row)),
                    List.of(
                            table.recencyDays(row),
                            table.frequency(row),
                            table.lastPurchase(row),
                            table.monetary(row)));
        }
        return rows;
    }

    private Map<Long, String> names(String dataset) {
        Map<Long, String> names = new HashMap<>();
        jdbc.sql("select id, customer_id from customer where dataset_id = :id")
                .param("id", id(dataset))
                .query(row -> {
                    names.put(row.getLong(1), row.getString(2));
                });
        return names;
    }

    private long id(String dataset) {
        return jdbc.sql("select id from dataset where key = :key")
                .param("key", dataset.substring(dataset.lastIndexOf('/') + 1))
                .query(Long.class)
                .single();
    }
}
