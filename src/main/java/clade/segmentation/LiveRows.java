package clade.segmentation;

import clade.database.CopyRows;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final DataSource database;
    private final PurchaseHistory history;
    private final Clock clock;

    LiveRows(JdbcClient jdbc, DataSource database, PurchaseHistory history, Clock clock) {
        this.jdbc = jdbc;
        this.database = database;
        this.history = history;
        this.clock = clock;
    }

    /** A customer's membership as it is stored; without a segment there is none. */
    @SuppressWarnings("ArrayRecordComponent") // read once and compared here alone
    private record Stored(
            long id,
            long customer,
            String customerId,
            @Nullable String segment,
            @Nullable String previous,
            @Nullable Instant since,
            double @Nullable [] facts) {}

    /** Keeps everybody else from assigning these customers, numbers ascending, until the transaction ends. */
    void lock(long[] customers) {
        jdbc.sql("select id from customer where id = any(:customers) order by id for no key update")
                .param("customers", customers)
                .query(row -> {});
    }

    /**
     * Brings these customers where the run's model says, and returns who came into another segment.
     *
     * @param table their features as they are now; those without a purchase in the window are not in it
     * @param ahead whether the transaction prepares a large change: then no row is locked that others may have written
     */
    List<Change> assign(
            LiveRuns.LiveRun run,
            long[] customers,
            FeatureTable table,
            CustomerRows rowOf,
            LiveFigures.Difference difference,
            boolean ahead) {
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
        CopyRows fresh = new CopyRows(1 << 12);
        List<Stored> replaced = new ArrayList<>();
        Map<Long, Instant> firsts = firstPurchases(run, customers, keyOf);
        for (Stored stored : stored(run, customers)) {
            int i = Arrays.binarySearch(customers, stored.customer());
            String segment = keyOf[i];
            double[] facts = segment == null ? null : facts(features, table, found[i]);
            boolean moves = !Objects.equals(segment, stored.segment());
            if (!moves && Arrays.equals(facts, stored.facts())) {
                continue;
            }
            if (stored.segment() != null) {
                replaced.add(stored);
            }
            difference.leave(stored.segment(), monetary(features, stored.facts()));
            difference.enter(segment, monetary(features, facts));
            if (moves) {
                changes.add(new Change(stored.customerId(), run.key(), stored.segment(), segment));
            }
            if (segment != null && facts != null) {
                add(
                        fresh,
                        run,
                        stored,
                        segment,
                        moves ? stored.segment() : stored.previous(),
                        moves ? now : Objects.requireNonNull(stored.since()),
                        facts,
                        segment.equals(ClusterSegmenter.NOISE) ? reason(run, table, found[i], firsts) : null);
            }
        }
        if (ahead) {
            end(run, replaced);
        } else {
            remove(run, replaced);
        }
        fresh.copyTo(database, "stored_membership (%s)".formatted(Memberships.COLUMNS));
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

    private List<Stored> stored(LiveRuns.LiveRun run, long[] customers) {
        return jdbc.sql("""
                        select coalesce(m.id, 0) as membership, c.id, c.customer_id, m.segment, m.previous, m.since, m.facts
                        from customer c left join membership m
                          on m.segmentation_id = :segmentation and m.customer_id = c.id and m.until_run is null
                        where c.id = any(:customers) order by c.id""")
                .param("segmentation", run.segmentation())
                .param("customers", customers)
                .query((row, number) -> new Stored(
                        row.getLong("membership"),
                        row.getLong("id"),
                        row.getString("customer_id"),
                        row.getString("segment"),
                        row.getString("previous"),
                        Times.find(row, "since"),
                        facts(row)))
                .list();
    }

    private void remove(LiveRuns.LiveRun run, List<Stored> replaced) {
        if (replaced.isEmpty()) {
            return;
        }
        jdbc.sql("""
                        with these as (
                            select id, from_run > :run as live from stored_membership
                            where segmentation_id = :segmentation and customer_id = any(:customers) and id = any(:ids)
                              and until_run is null),
                        gone as (
                            delete from stored_membership m using these t
                            where m.segmentation_id = :segmentation and m.customer_id = any(:customers) and m.until_run is null
                              and m.id = t.id and t.live)
                        update stored_membership m set until_run = :run + 1 from these t
                        where m.segmentation_id = :segmentation and m.customer_id = any(:customers) and m.until_run is null
                          and m.id = t.id and not t.live""")
                .param("segmentation", run.segmentation())
                .param("run", run.number())
                .param(
                        "customers",
                        replaced.stream().mapToLong(Stored::customer).toArray())
                .param("ids", replaced.stream().mapToLong(Stored::id).toArray())
                .update();
    }

    private void end(LiveRuns.LiveRun run, List<Stored> replaced) {
        CopyRows endings = new CopyRows(1 << 12);
        for (Stored stored : replaced) {
            endings.beginRow(6);
            endings.bigint(run.segmentation());
            endings.bigint(stored.customer());
            endings.bigint(stored.id());
            endings.integer(run.number() + 1);
            endings.text(stored.segment());
            endings.doubles(Objects.requireNonNull(stored.facts()));
        }
        endings.copyTo(database, MembershipEndings.TABLE);
    }

    private static void add(
            CopyRows fresh,
            LiveRuns.LiveRun run,
            Stored stored,
            String segment,
            @Nullable String previous,
            Instant since,
            double[] facts,
            @Nullable String reason) {
        fresh.beginRow(10);
        fresh.bigint(run.segmentation());
        fresh.bigint(stored.customer());
        fresh.integer(run.number() + 1);
        fresh.timestamptz(ChronoUnit.MICROS.between(Instant.EPOCH, since));
        fresh.text(stored.customerId());
        fresh.text(segment);
        fresh.text(previous);
        fresh.doubles(facts);
        fresh.none(); // what a method says of its members it says of fitted ones
        fresh.text(reason);
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
