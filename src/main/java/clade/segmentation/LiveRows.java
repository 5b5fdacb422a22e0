package clade.segmentation;

import clade.database.CopyRows;
import clade.database.Statements;
import clade.database.Times;
import clade.transactions.PurchaseHistory;
import clade.transactions.PurchasesListener.Change;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Writes the memberships that live changes make. Such a row is from the run after the current one and in no published run: the
 * row that the current run published is closed as that run's last, and a live row that is replaced leaves nothing.
 */
@Repository
class LiveRows {

    private final JdbcClient jdbc;
    private final Statements statements;
    private final DataSource database;
    private final PurchaseHistory history;
    private final Clock clock;

    LiveRows(JdbcClient jdbc, Statements statements, DataSource database, PurchaseHistory history, Clock clock) {
        this.jdbc = jdbc;
        this.statements = statements;
        this.database = database;
        this.history = history;
        this.clock = clock;
    }

    /** A customer's membership as it is stored; without a segment there is none. */
    @SuppressWarnings("ArrayRecordComponent") // read once and compared here alone
    record Stored(
            long segmentation,
            long id,
            long customer,
            String customerId,
            @Nullable String segment,
            @Nullable String previous,
            @Nullable Instant since,
            double @Nullable [] facts) {}

    /** A row that is to be the customer's. */
    @SuppressWarnings("ArrayRecordComponent") // written once
    private record Fresh(
            LiveRuns.LiveRun run,
            Stored stored,
            String segment,
            @Nullable String previous,
            Instant since,
            double[] facts,
            @Nullable String reason) {}

    /** A row that is the customer's no longer. */
    private record Ended(LiveRuns.LiveRun run, Stored stored) {}

    /** What is to be written for some customers. */
    static final class Writes {
        private final List<Fresh> fresh = new ArrayList<>();
        private final List<Ended> ended = new ArrayList<>();

        private boolean isEmpty() {
            return fresh.isEmpty() && ended.isEmpty();
        }
    }

    private static final String LOCK =
            "select id from customer where id = any (:customers) order by id for no key update";

    // "offset 0" makes the server look each membership up: statistics of a table that has just grown would have it read
    // all
    private static final String STORED = """
            select s.id as segmentation, coalesce(m.id, 0) as membership, c.id, c.customer_id, m.segment, m.previous, m.since, m.facts
            from %s as s (id) cross join customer c left join lateral (
                select * from membership_of_customers m
                where m.segmentation_id = s.id and m.customer_id = c.id and m.until_run is null offset 0) m on true
            where c.id = any (:customers) order by c.id""";

    private static final String STORED_OF_THESE = STORED.formatted("unnest(:segmentations)");

    private static final String STORED_OF_ALL = STORED.formatted("(" + LiveRuns.CURRENT_SEGMENTATIONS + ")");

    private static final String WRITE = """
            with ended as (
                select m.place, e.run, m.from_run > e.run as live
                from unnest(:endedSegmentations, :endedCustomers, :endedIds, :endedRuns)
                    as e (segmentation_id, customer_id, id, run)
                cross join lateral (
                    select m.ctid as place, m.from_run from stored_membership m
                    where m.segmentation_id = e.segmentation_id and m.customer_id = e.customer_id
                      and m.id = e.id and m.until_run is null offset 0) m),
            gone as (
                delete from stored_membership m using ended e where m.ctid = e.place and e.live),
            closed as (
                update stored_membership m set until_run = e.run + 1 from ended e
                where m.ctid = e.place and not e.live)
            insert into stored_membership (segmentation_id, customer_id, from_run, since, customer, segment, previous,
                facts, reason)
            select segmentation_id, customer_id, run + 1, since, customer, segment, previous, facts::float8[], reason
            from unnest(:segmentations, :freshCustomers, :runs, cast(:since as timestamptz[]), :ids, :segments, :previous,
                    :facts, :reasons)
                as f (segmentation_id, customer_id, run, since, customer, segment, previous, facts, reason)""";

    /** Keeps everybody else from assigning these customers, numbers ascending, until the transaction ends. */
    void lock(long[] customers) {
        jdbc.sql(LOCK).param("customers", customers).query(row -> {});
    }

    /** The memberships of customers, numbers ascending, by segmentation. */
    Map<Long, List<Stored>> stored(long[] segmentations, long[] customers) {
        return bySegmentation(statements.query(
                Map.of("segmentations", segmentations, "customers", customers),
                List.of(STORED_OF_THESE),
                LiveRows::stored));
    }

    /** The same, once nobody else assigns them any more. */
    Map<Long, List<Stored>> lockStored(long[] segmentations, long[] customers) {
        return bySegmentation(statements.query(
                Map.of("segmentations", segmentations, "customers", customers),
                List.of(LOCK, STORED_OF_THESE),
                LiveRows::stored));
    }

    /** What does the same for all live segmentations of {@code :dataset} and {@code :customers}. */
    static List<Statements.Step> lockingStored(List<Stored> stored) {
        return List.of(Statements.Step.of(LOCK), new Statements.Step(STORED_OF_ALL, row -> stored.add(stored(row, 0))));
    }

    static Map<Long, List<Stored>> bySegmentation(List<Stored> stored) {
        return stored.stream().collect(Collectors.groupingBy(Stored::segmentation));
    }

    private static Stored stored(ResultSet row, int number) throws SQLException {
        return new Stored(
                row.getLong("segmentation"),
                row.getLong("membership"),
                row.getLong("id"),
                row.getString("customer_id"),
                row.getString("segment"),
                row.getString("previous"),
                Times.find(row, "since"),
                facts(row));
    }

    /**
     * Says where the run's model sees these customers, and returns who comes into another segment.
     *
     * @param before their memberships
     * @param table their features as they are now; those without a purchase in the window are not in it
     * @param writes takes what is to be written
     */
    List<Change> assign(
            LiveRuns.LiveRun run,
            long[] customers,
            List<Stored> before,
            FeatureTable table,
            CustomerRows rowOf,
            LiveFigures.Difference difference,
            Writes writes) {
        int[] found = Arrays.stream(customers).mapToInt(rowOf::find).toArray();
        int[] present = Arrays.stream(found).filter(row -> row >= 0).toArray();
        String[] keys = present.length == 0 ? new String[0] : run.model().segments(table, present);
        String[] keyOf = new String[customers.length];
        for (int i = 0, next = 0; i < customers.length; i++) {
            keyOf[i] = found[i] < 0 ? null : keys[next++];
        }
        List<Feature> features = run.definition().keptFeatures();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        List<Change> changes = new ArrayList<>();
        Map<Long, Instant> firsts = firstPurchases(run, customers, keyOf);
        for (Stored stored : before) {
            int i = Arrays.binarySearch(customers, stored.customer());
            String segment = keyOf[i];
            double[] facts = segment == null ? null : facts(features, table, found[i]);
            boolean moves = !Objects.equals(segment, stored.segment());
            if (!moves && Arrays.equals(facts, stored.facts())) {
                continue;
            }
            if (stored.segment() != null) {
                writes.ended.add(new Ended(run, stored));
            }
            difference.leave(stored.segment(), monetary(features, stored.facts()));
            difference.enter(segment, monetary(features, facts));
            if (moves) {
                changes.add(new Change(stored.customerId(), run.key(), stored.segment(), segment));
            }
            if (segment != null && facts != null) {
                writes.fresh.add(new Fresh(
                        run,
                        stored,
                        segment,
                        moves ? stored.segment() : stored.previous(),
                        moves ? now : Objects.requireNonNull(stored.since()),
                        facts,
                        segment.equals(ClusterSegmenter.NOISE) ? reason(run, table, found[i], firsts) : null));
            }
        }
        return changes;
    }

    /** Of those of the customers who are in noise, where the run tells why somebody is. */
    private Map<Long, Instant> firstPurchases(LiveRuns.LiveRun run, long[] customers, String[] keyOf) {
        long[] inNoise = run.noiseLimits() == null
                ? new long[0]
                : IntStream.range(0, customers.length)
                        .filter(i -> ClusterSegmenter.NOISE.equals(keyOf[i]))
                        .mapToLong(i -> customers[i])
                        .toArray();
        return inNoise.length == 0 ? Map.of() : history.firstPurchases(inNoise);
    }

    private static @Nullable String reason(
            LiveRuns.LiveRun run, FeatureTable table, int row, Map<Long, Instant> firsts) {
        NoiseLimits limits = run.noiseLimits();
        return limits == null
                ? null
                : limits.reason(
                        table.value(Feature.RECENCY, row),
                        table.value(Feature.FREQUENCY, row),
                        table.value(Feature.MONETARY, row),
                        firsts.getOrDefault(table.customer(row), run.asOf()));
    }

    /** Takes back what the transaction has prepared for these customers, so that it can be prepared anew. */
    void reset(LiveRuns.LiveRun run, long[] customers, LiveFigures.Difference difference) {
        List<Feature> features = run.definition().keptFeatures();
        // a row's xmin is the transaction that wrote it: this one, or another that may be going on and is none of our
        // business
        jdbc.sql("""
                        delete from membership_ending where segmentation_id = :segmentation and customer_id = any(:customers)
                          and xmin = pg_current_xact_id()::xid returning until_run = :run + 1 as live, segment, facts""")
                .param("segmentation", run.segmentation())
                .param("customers", customers)
                .param("run", run.number())
                .query(row -> {
                    if (row.getBoolean("live")) {
                        difference.takeBackLeaving(row.getString("segment"), monetary(features, facts(row)));
                    }
                });
        jdbc.sql("""
                        delete from stored_membership where segmentation_id = :segmentation and customer_id = any(:customers)
                          and until_run is null and xmin = pg_current_xact_id()::xid
                        returning from_run = :run + 1 as live, segment, facts""")
                .param("segmentation", run.segmentation())
                .param("customers", customers)
                .param("run", run.number())
                .query(row -> {
                    if (row.getBoolean("live")) {
                        difference.takeBackEntering(row.getString("segment"), monetary(features, facts(row)));
                    }
                });
    }

    /** Writes them, and ends the rows that they follow at once. */
    void write(Writes writes) {
        statements.execute(writing(writes));
    }

    /** What {@link #write} does. */
    static Statements.Batch writing(Writes writes) {
        return writes.isEmpty()
                ? Statements.Batch.NONE
                : new Statements.Batch(parameters(writes), List.of(Statements.Step.of(WRITE)), () -> {});
    }

    private static Map<String, Object> parameters(Writes writes) {
        List<Ended> ended = writes.ended;
        List<Fresh> fresh = writes.fresh;
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("endedSegmentations", longs(ended, row -> row.run.segmentation()));
        parameters.put("endedCustomers", longs(ended, row -> row.stored.customer));
        parameters.put("endedIds", longs(ended, row -> row.stored.id));
        parameters.put(
                "endedRuns", ended.stream().mapToInt(row -> row.run.number()).toArray());
        parameters.put("segmentations", longs(fresh, row -> row.run.segmentation()));
        parameters.put("freshCustomers", longs(fresh, row -> row.stored.customer));
        parameters.put("runs", fresh.stream().mapToInt(row -> row.run.number()).toArray());
        parameters.put("since", texts(fresh, row -> row.since.toString()));
        parameters.put("ids", texts(fresh, row -> row.stored.customerId));
        parameters.put("segments", texts(fresh, Fresh::segment));
        parameters.put("previous", texts(fresh, Fresh::previous));
        parameters.put("facts", texts(fresh, row -> array(row.facts)));
        parameters.put("reasons", texts(fresh, Fresh::reason));
        return parameters;
    }

    private static <R> long[] longs(List<R> rows, ToLongFunction<R> number) {
        return rows.stream().mapToLong(number).toArray();
    }

    private static String[] texts(List<Fresh> rows, Function<Fresh, @Nullable String> text) {
        return rows.stream().map(text).toArray(String[]::new);
    }

    /** PostgreSQL's text of an array, in which each number stays what it is. */
    private static String array(double[] values) {
        return Arrays.stream(values).mapToObj(String::valueOf).collect(Collectors.joining(",", "{", "}"));
    }

    /** Writes them in a transaction that prepares a large change, without locking a row that others may have written. */
    void prepare(Writes writes) {
        CopyRows endings = new CopyRows(1 << 12);
        for (Ended row : writes.ended) {
            endings.beginRow(6);
            endings.bigint(row.run.segmentation());
            endings.bigint(row.stored.customer);
            endings.bigint(row.stored.id);
            endings.integer(row.run.number() + 1);
            endings.text(row.stored.segment);
            endings.doubles(Objects.requireNonNull(row.stored.facts));
        }
        endings.copyTo(database, MembershipEndings.TABLE);
        CopyRows fresh = new CopyRows(1 << 12);
        for (Fresh row : writes.fresh) {
            fresh.beginRow(10);
            fresh.bigint(row.run.segmentation());
            fresh.bigint(row.stored.customer);
            fresh.integer(row.run.number() + 1);
            fresh.timestamptz(ChronoUnit.MICROS.between(Instant.EPOCH, row.since));
            fresh.text(row.stored.customerId);
            fresh.text(row.segment);
            fresh.text(row.previous);
            fresh.doubles(row.facts);
            fresh.none(); // what a method says of its members it says of fitted ones
            fresh.text(row.reason);
        }
        fresh.copyTo(database, "stored_membership (%s)".formatted(Memberships.COLUMNS));
    }

    private static double[] facts(List<Feature> features, FeatureTable table, int row) {
        return features.stream()
                .mapToDouble(feature -> table.facts(feature).applyAsDouble(row))
                .toArray();
    }

    private static double @Nullable [] facts(ResultSet row) throws SQLException {
        var stored = row.getArray("facts");
        return stored == null
                ? null
                : Arrays.stream((Double[]) stored.getArray())
                        .mapToDouble(Double::doubleValue)
                        .toArray();
    }

    private static double monetary(List<Feature> features, double @Nullable [] facts) {
        return facts == null ? 0 : facts[features.indexOf(Feature.MONETARY)];
    }
}
