package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clade.clustering.Progress;
import clade.database.Times;
import clade.rfm.RfmTable;
import clade.support.Api;
import clade.support.CladeTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@CladeTest
class MembershipsTests {

    private static final int CUSTOMERS = 40;

    private static final List<String> DEFINITIONS = List.of(
            "{\"key\":\"s\",\"method\":{\"name\":\"k-means\",\"k\":3}}",
            "{\"key\":\"s\",\"features\":[\"monetary\"],\"method\":{\"name\":\"k-means\",\"k\":3}}");

    @Autowired
    Api api;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    RunRepository runs;

    @Autowired
    RunPublisher publisher;

    @Autowired
    Memberships memberships;

    @Autowired
    TransactionTemplate transactions;

    /** A row as it is to be stored. */
    private record Row(
            String segment, String previous, Instant since, int fromRun, List<Double> facts, List<Double> values) {}

    @Test
    void everyRunLeavesItsMembersAndWritesOnlyWhatChanged() {
        for (int seed = 0; seed < 3; seed++) {
            Random random = new Random(seed);
            String dataset = api.newDataset();
            List<Long> customers = customers(dataset);
            long segmentation = segmentation(dataset);
            Map<Long, Row> expected = new TreeMap<>();
            Map<Long, double[]> facts = new TreeMap<>();
            for (int number = 1; number <= 10; number++) {
                // few customers change from one run to the next
                for (int i = 0; i < (number == 1 ? CUSTOMERS : 5); i++) {
                    facts.put(customers.get(random.nextInt(CUSTOMERS)), new double[] {
                        random.nextInt(3), 1 + random.nextInt(3), random.nextInt(3), random.nextInt(3)
                    });
                    facts.remove(customers.get(random.nextInt(CUSTOMERS)));
                }
                String definition = DEFINITIONS.get(random.nextInt(6) == 0 ? 1 : 0);
                int memberValues = random.nextInt(6) == 0 ? 1 : 0;
                Instant now = Instant.parse("2024-01-01T00:00:00.000001Z").plusSeconds(number);
                run(run(segmentation, dataset, number, definition), facts, memberValues, now, number == 1);
                expect(expected, facts, definition.equals(DEFINITIONS.get(1)), memberValues, now, number);

                assertThat(stored(segmentation))
                        .as("seed %d, run %d", seed, number)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void aRunThatWasTakenOverPublishesNothing() {
        String dataset = api.newDataset();
        customers(dataset);
        long segmentation = segmentation(dataset);
        long id = runs.add(segmentation, null, Instant.now());
        RunRepository.Claimed first =
                runs.claim(id, UUID.randomUUID(), Instant.now()).orElseThrow();
        assertThat(runs.claim(id, UUID.randomUUID(), Instant.now())).isPresent();
        FeatureTable table = table(Map.of(customers(dataset).get(0), new double[] {1, 1, 1, 0}));
        RunInput input = new RunInput(
                Instant.now(), java.time.ZoneId.of("UTC"), null, table, 0L, Map.of(), 0, null, null, "1:1:");

        assertThatThrownBy(() -> publisher.publish(first, input, outcome(table, List.of(0), List.of()), Progress.NONE))
                .isInstanceOf(CancellationException.class);

        assertThat(stored(segmentation)).isEmpty();
        assertThat(jdbc.sql("select count(*) from segment where run_id = :run")
                        .param("run", id)
                        .query(Long.class)
                        .single())
                .isZero();
    }

    private void run(
            RunRepository.Claimed run, Map<Long, double[]> facts, int memberValues, Instant now, boolean first) {
        List<Map.Entry<Long, double[]>> shuffled = new ArrayList<>(facts.entrySet());
        Collections.shuffle(shuffled, new Random(run.number()));
        Map<Long, double[]> inSomeOrder = new java.util.LinkedHashMap<>();
        shuffled.forEach(entry -> inSomeOrder.put(entry.getKey(), entry.getValue()));
        FeatureTable table = table(inSomeOrder);
        List<Integer> segments =
                shuffled.stream().map(entry -> (int) entry.getValue()[3]).toList();
        List<double[]> values = memberValues == 0
                ? List.of()
                : List.of(segments.stream().mapToDouble(s -> s / 4.0).toArray());
        Outcome outcome = outcome(table, segments, values);
        transactions.executeWithoutResult(status -> {
            if (first) {
                memberships.add(run, table, outcome, now, Progress.NONE);
            } else {
                memberships.compare(run, table, outcome, now, Progress.NONE, null, null);
            }
        });
    }

    private static void expect(
            Map<Long, Row> expected,
            Map<Long, double[]> facts,
            boolean monetaryOnly,
            int memberValues,
            Instant now,
            int number) {
        expected.keySet().retainAll(facts.keySet());
        facts.forEach((customer, fact) -> {
            Row before = expected.get(customer);
            String segment = "c" + (1 + (int) fact[3]);
            boolean stays = before != null && before.segment().equals(segment);
            Row after = new Row(
                    segment,
                    stays ? before.previous() : before == null ? null : before.segment(),
                    stays ? before.since() : now,
                    number,
                    monetaryOnly ? List.of(fact[2]) : List.of(fact[0], fact[1], fact[2]),
                    memberValues == 0 ? List.of() : List.of(fact[3] / 4.0));
            boolean same = stays
                    && before.facts().equals(after.facts())
                    && before.values().equals(after.values());
            expected.put(customer, same ? before : after);
        });
    }

    private Map<Long, Row> stored(long segmentation) {
        Map<Long, Row> rows = new TreeMap<>();
        jdbc.sql("""
                select m.*, c.customer_id as known from membership m join customer c on c.id = m.customer_id
                where segmentation_id = :segmentation and until_run is null""").param("segmentation", segmentation).query(row -> {
            assertThat(row.getString("customer")).isEqualTo(row.getString("known"));
            java.sql.Array values = row.getArray("member_values");
            Row before = rows.put(
                    row.getLong("customer_id"),
                    new Row(
                            row.getString("segment"),
                            row.getString("previous"),
                            Times.get(row, "since"),
                            row.getInt("from_run"),
                            List.of((Double[]) row.getArray("facts").getArray()),
                            values == null ? List.of() : List.of((Double[]) values.getArray())));
            assertThat(before).isNull();
        });
        return rows;
    }

    private static FeatureTable table(Map<Long, double[]> facts) {
        RfmTable table = new RfmTable();
        facts.forEach((customer, fact) -> table.add(customer, (long) fact[0], 0, (long) fact[1], fact[2]));
        return FeatureTable.of(table);
    }

    private static Outcome outcome(FeatureTable table, List<Integer> segments, List<double[]> values) {
        List<Segment> known = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            known.add(new Segment(
                    "c" + i,
                    "c" + i,
                    0,
                    null,
                    null,
                    null,
                    null,
                    false,
                    Map.of(),
                    null,
                    null,
                    "a segment",
                    null,
                    SegmentProfile.none("c" + i)));
        }
        return new Outcome(
                known,
                segments.stream()
                        .mapToInt(Integer::intValue)
                        .limit(table.size())
                        .toArray(),
                values.isEmpty() ? Map.of() : Map.of("strength", values.get(0)),
                Map.of(),
                List.of(),
                new byte[0]);
    }

    private List<Long> customers(String dataset) {
        jdbc.sql("""
                insert into customer (dataset_id, customer_id)
                select d.id, 'c' || i from dataset d, generate_series(1, :customers) i where d.key = :key on conflict do nothing""").param("customers", CUSTOMERS).param("key", key(dataset)).update();
        return jdbc.sql(
                        "select c.id from customer c join dataset d on d.id = c.dataset_id where d.key = :key order by c.id")
                .param("key", key(dataset))
                .query(Long.class)
                .list();
    }

    private long segmentation(String dataset) {
        return jdbc.sql("""
                insert into segmentation (dataset_id, key, definition, created_at)
                select id, 's', :definition::json, now() from dataset where key = :key returning id""")
                .param(
                        "definition",
                        Definition.stored(DEFINITIONS.get(0)).toJson().toString())
                .param("key", key(dataset))
                .query(Long.class)
                .single();
    }

    private RunRepository.Claimed run(long segmentation, String dataset, int number, String definition) {
        long datasetId = jdbc.sql("select id from dataset where key = :key")
                .param("key", key(dataset))
                .query(Long.class)
                .single();
        return new RunRepository.Claimed(
                0,
                UUID.randomUUID(),
                segmentation,
                datasetId,
                key(dataset),
                number,
                1,
                Definition.stored(definition),
                null,
                false);
    }

    private static String key(String dataset) {
        return dataset.substring(dataset.lastIndexOf('/') + 1);
    }
}
