package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import clade.rfm.RfmTable;
import clade.support.Api;
import clade.support.Api.Answer;
import clade.support.CladeTest;
import clade.transactions.FrequencyOf;
import clade.transactions.Returns;
import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Whatever happened in whatever order: the members are those that the current model finds in what is stored now. */
@CladeTest
class LiveAssignmentTests {

    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    private static final LocalDateTime START = LocalDateTime.of(2024, 1, 1, 0, 0);

    private static final List<String> DEFINITIONS = List.of(
            "{'key':'all','method':{'name':'rfm'}}",
            "{'key':'window','window':'P60D','returns':'ignore','frequency':'days','method':{'name':'rfm'}}",
            "{'key':'means','features':['frequency','recency'],'method':{'name':'k-means','k':3}}",
            "{'key':'dense','preparation':{'scale':'min-max'},'method':{'name':'dbscan','eps':0.2,'minPoints':3}}",
            "{'key':'deep','window':'P3M','method':{'name':'hdbscan','minClusterSize':4,'minPoints':2}}",
            "{'key':'tree','features':['monetary','recency'],'method':{'name':'hierarchical','k':3}}",
            "{'key':'mix','frequency':'transactions','preparation':{'components':2},'method':{'name':'gaussian-mixture','components':2}}");

    @Autowired
    private Api api;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void membersAndFiguresAreThoseOfTheCurrentModelAfterAnyStep() {
        Random random = new Random(11);
        String dataset = newDataset(random);
        List<String> uploads = new ArrayList<>();
        for (int step = 0; step < 25; step++) {
            Map<String, Map<String, String>> before = memberships(dataset);
            JsonNode changes = null;
            switch (random.nextInt(8)) {
                case 0 -> run(dataset, key(random));
                case 1 -> {
                    Answer queued = api.post(dataset + "/segmentations/" + key(random) + "/runs", "{}");
                    post(dataset, rows(random, 3));
                    api.finished(queued);
                }
                case 2 -> {
                    if (!uploads.isEmpty()) {
                        api.delete(dataset + "/uploads/" + uploads.get(uploads.size() - 1));
                        uploads.remove(uploads.size() - 1);
                    }
                }
                case 3 ->
                    uploads.add(
                            api.upload(dataset, csv(rows(random, 40))).get("id").asString());
                default -> {
                    JsonNode report = post(dataset, rows(random, 1 + random.nextInt(3)));
                    uploads.add(report.get("id").asString());
                    changes = report.get("changes");
                }
            }
            if (changes != null) {
                assertThat(told(changes)).isEqualTo(differences(before, memberships(dataset)));
            }
            check(dataset);
        }
    }

    /** From 50,000 on all customers of the dataset are read at once. */
    @Test
    void soManyCustomersThatAllAreReadAtOnceAreAssignedAsOthersAre() {
        Random random = new Random(9);
        String dataset = newDataset(random);
        List<String[]> rows = rows(random, 200);
        for (int customer = 0; customer < 50_000; customer++) {
            String[] row = rows(random, 1).get(0);
            row[0] = "m" + customer;
            rows.add(row);
        }

        JsonNode report = api.upload(dataset, csv(rows));

        check(dataset);
        assertThat(api.delete(dataset + "/uploads/" + report.get("id").asString())
                        .status())
                .isEqualTo(204);
        check(dataset);
    }

    @Test
    void nothingIsLostWhenManyPostWhileRunsArePublished() {
        Random random = new Random(5);
        String dataset = newDataset(random);
        for (int round = 0; round < 2; round++) {
            int seed = round;
            List<CompletableFuture<?>> busy = new ArrayList<>();
            for (String key : List.of("all", "window", "means", "dense")) {
                busy.add(CompletableFuture.runAsync(() -> run(dataset, key)));
            }
            IntStream.range(0, 4)
                    .mapToObj(client -> CompletableFuture.runAsync(() -> {
                        Random own = new Random(100L * seed + client);
                        for (int i = 0; i < 10; i++) {
                            JsonNode report = post(dataset, rows(own, 1 + own.nextInt(4)));
                            if (own.nextInt(4) == 0) {
                                api.delete(
                                        dataset + "/uploads/" + report.get("id").asString());
                            }
                        }
                    }))
                    .forEach(busy::add);
            busy.forEach(CompletableFuture::join);
            check(dataset);
        }
    }

    private String newDataset(Random random) {
        String dataset = api.newDataset("{\"timeZone\":\"%s\"}".formatted(ZONE));
        api.upload(dataset, csv(rows(random, 120)));
        for (String definition : DEFINITIONS) {
            JsonNode run = api.segment(dataset, definition.replace('\'', '"'));
            assertThat(run.get("status").asString()).as(run.toString()).isEqualTo("completed");
            assertThat(run.get("live").asBoolean()).isTrue();
        }
        check(dataset);
        return dataset;
    }

    private void run(String dataset, String key) {
        assertThat(api.finished(api.post(dataset + "/segmentations/" + key + "/runs", "{}"))
                        .get("status")
                        .asString())
                .isEqualTo("completed");
    }

    private static String key(Random random) {
        String definition = DEFINITIONS.get(random.nextInt(DEFINITIONS.size()));
        return definition.split("'", -1)[3];
    }

    private JsonNode post(String dataset, List<String[]> rows) {
        StringBuilder lines = new StringBuilder();
        for (String[] row : rows) {
            lines.append("{\"customerId\":\"%s\",\"orderId\":\"%s\",\"occurredAt\":\"%s\",\"amount\":%s}\n"
                    .formatted((Object[]) row));
        }
        Answer answer = api.send(
                "POST", dataset + "/transactions", "application/x-ndjson", BodyPublishers.ofString(lines.toString()));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json();
    }

    private static String csv(List<String[]> rows) {
        StringBuilder lines = new StringBuilder("CustomerID,OrderID,Date,Amount\n");
        rows.forEach(row -> lines.append(String.join(",", row)).append('\n'));
        return lines.toString();
    }

    /** Customer, order, local time and amount, each row of the customers' own pace; some are returns. */
    private static List<String[]> rows(Random random, int count) {
        List<String[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int customer = random.nextInt(30);
            double cents = Math.rint(Math.exp(4 + customer % 3 + random.nextGaussian())) / 100 + 0.01;
            rows.add(new String[] {
                "c" + customer,
                "o" + customer + "-" + random.nextInt(12),
                START.plusMinutes(random.nextInt(120 * 24 * 60)).toString(),
                BigDecimal.valueOf(random.nextInt(8) == 0 ? -cents : cents).toPlainString()
            });
        }
        return rows;
    }

    private record Stored(String customer, Instant at, int kind, BigDecimal amount, String order) {}

    @SuppressWarnings("ArrayRecordComponent") // read once and never compared
    private record Current(long id, String key, Definition definition, byte[] model, Instant asOf) {}

    private record Member(String segment, List<Double> facts) {}

    private void check(String dataset) {
        Map<String, List<Stored>> purchases = new TreeMap<>();
        jdbc.sql("""
                        select c.customer_id, t.occurred_at, t.kind, t.amount, t.order_id from transaction t
                        join customer c on c.id = t.customer_id join dataset d on d.id = t.dataset_id where d.key = :key""")
                .param("key", name(dataset))
                .query((row, n) -> new Stored(
                        row.getString(1),
                        row.getObject(2, OffsetDateTime.class).toInstant(),
                        row.getInt(3),
                        row.getBigDecimal(4),
                        row.getString(5)))
                .list()
                .forEach(row -> purchases
                        .computeIfAbsent(row.customer(), key -> new ArrayList<>())
                        .add(row));
        for (Current run : current(dataset)) {
            RfmTable bought = new RfmTable();
            List<String> customers = new ArrayList<>();
            purchases.forEach((customer, rows) -> add(bought, customers, customer, rows, run));
            FeatureTable table = FeatureTable.of(bought);
            int[] all = IntStream.range(0, table.size()).toArray();
            String[] keys = KeptModel.read(run.definition(), run.model()).segments(table, all);
            Map<String, Member> expected = new TreeMap<>();
            for (int i : all) {
                List<Double> facts = new ArrayList<>();
                run.definition()
                        .keptFeatures()
                        .forEach(feature -> facts.add(table.facts(feature).applyAsDouble(i)));
                expected.put(customers.get(i), new Member(keys[i], facts));
            }
            Map<String, Member> stored = new TreeMap<>();
            jdbc.sql("""
                            select m.customer, m.segment, m.facts from membership m join segmentation_run r
                            on r.segmentation_id = m.segmentation_id where r.id = :run and m.until_run is null""").param("run", run.id()).query(row -> {
                stored.put(row.getString(1), new Member(row.getString(2), List.of((Double[])
                        row.getArray(3).getArray())));
            });
            assertThat(stored).as(run.key()).isEqualTo(expected);
            checkFigures(dataset, run, table, keys);
        }
    }

    private void checkFigures(String dataset, Current run, FeatureTable table, String[] keys) {
        JsonNode answer =
                api.get(dataset + "/segmentations/" + run.key() + "/segments").json();
        double[] all = table.column(Feature.MONETARY);
        Map<String, List<Double>> monetary = new HashMap<>();
        for (int i = 0; i < keys.length; i++) {
            monetary.computeIfAbsent(keys[i], key -> new ArrayList<>()).add(all[i]);
        }
        assertThat(answer.get("customers").asLong()).isEqualTo(table.size());
        int seen = 0;
        for (JsonNode segment : answer.get("segments")) {
            double[] members = monetary.getOrDefault(segment.get("key").asString(), List.of()).stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            seen += members.length;
            double revenue = sum(members);
            assertThat(segment.get("size").asInt()).isEqualTo(members.length);
            assertThat(segment.get("revenue").asDouble()).isEqualTo(revenue);
            assertThat(segment.get("share").asDouble()).isEqualTo((double) members.length / table.size());
            assertThat(segment.get("revenueShare").asDouble()).isEqualTo(revenue / sum(all));
        }
        assertThat(seen).isEqualTo(table.size());
    }

    /** Of the decimals that the values are shown as. */
    private static double sum(double[] values) {
        return Arrays.stream(values)
                .mapToObj(value -> new BigDecimal(Double.toString(value)))
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .doubleValue();
    }

    private static void add(RfmTable table, List<String> customers, String customer, List<Stored> rows, Current run) {
        Definition definition = run.definition();
        Instant start = definition.window() == null
                ? Instant.MIN
                : run.asOf().atZone(ZONE).minus(definition.window()).toInstant();
        Instant last = null;
        TreeSet<String> orders = new TreeSet<>();
        TreeSet<LocalDate> days = new TreeSet<>();
        long purchases = 0;
        BigDecimal money = BigDecimal.ZERO;
        for (Stored row : rows) {
            if (row.at().isBefore(start)) {
                continue;
            }
            if (row.kind() == 1) {
                last = last == null || row.at().isAfter(last) ? row.at() : last;
                orders.add(row.order());
                days.add(row.at().atZone(ZONE).toLocalDate());
                purchases++;
                money = money.add(row.amount());
            } else if (row.kind() == -1 && definition.returns() == Returns.NET) {
                money = money.subtract(row.amount().abs());
            }
        }
        if (last != null) {
            LocalDateTime localLast = last.atZone(ZONE).toLocalDateTime();
            long recency =
                    ChronoUnit.DAYS.between(localLast, run.asOf().atZone(ZONE).toLocalDateTime());
            long frequency = definition.frequency() == FrequencyOf.ORDERS
                    ? orders.size()
                    : definition.frequency() == FrequencyOf.DAYS ? days.size() : purchases;
            table.add(
                    customers.size(),
                    ChronoUnit.MICROS.between(LocalDate.EPOCH.atStartOfDay(), localLast),
                    (int) Math.max(0, recency),
                    frequency,
                    money.doubleValue());
            customers.add(customer);
        }
    }

    private List<Current> current(String dataset) {
        return jdbc.sql("""
                        select r.id, s.key, r.definition, r.model, r.as_of from segmentation s join dataset d on d.id = s.dataset_id
                        join segmentation_run r on r.segmentation_id = s.id and r.number = s.current_run where d.key = :key""")
                .param("key", name(dataset))
                .query((row, n) -> new Current(
                        row.getLong(1),
                        row.getString(2),
                        Definition.stored(row.getString(3)),
                        row.getBytes(4),
                        row.getObject(5, OffsetDateTime.class).toInstant()))
                .list();
    }

    /** Segment by customer, by segmentation. */
    private Map<String, Map<String, String>> memberships(String dataset) {
        Map<String, Map<String, String>> memberships = new TreeMap<>();
        jdbc.sql("""
                        select s.key, m.customer, m.segment from membership m join segmentation s on s.id = m.segmentation_id
                        join dataset d on d.id = s.dataset_id where d.key = :key and m.until_run is null""").param("key", name(dataset)).query(row -> {
            memberships
                    .computeIfAbsent(row.getString(1), key -> new TreeMap<>())
                    .put(row.getString(2), row.getString(3));
        });
        return memberships;
    }

    private static Map<String, List<String>> told(JsonNode changes) {
        Map<String, List<String>> told = new LinkedHashMap<>();
        for (JsonNode change : changes) {
            told.put(
                    change.get("customerId").asString() + " in "
                            + change.get("segmentation").asString(),
                    Arrays.asList(
                            change.get("from").asString(null), change.get("to").asString(null)));
        }
        return told;
    }

    private static Map<String, List<String>> differences(
            Map<String, Map<String, String>> before, Map<String, Map<String, String>> after) {
        Map<String, List<String>> differences = new HashMap<>();
        after.forEach((segmentation, members) -> {
            TreeSet<String> customers = new TreeSet<>(members.keySet());
            customers.addAll(before.get(segmentation).keySet());
            for (String customer : customers) {
                String from = before.get(segmentation).get(customer);
                String to = members.get(customer);
                if (from == null || !from.equals(to)) {
                    differences.put(customer + " in " + segmentation, Arrays.asList(from, to));
                }
            }
        });
        return differences;
    }

    private static String name(String dataset) {
        return dataset.substring(dataset.lastIndexOf('/') + 1);
    }
}
