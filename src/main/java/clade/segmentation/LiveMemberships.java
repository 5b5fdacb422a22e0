package clade.segmentation;

import clade.transactions.PurchaseHistory;
import clade.transactions.PurchasesListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Keeps the members of live segmentations current: whoever's purchases change is assigned anew, by the model of the current run,
 * in the transaction that makes the change visible. Owns {@code purchase_change}.
 *
 * <p>Locks are taken in one order everywhere, so that nobody waits in a circle: what the upload itself locks; the dataset's live
 * lock, shared by changes of purchases and alone by the last step of publishing; customers by number; memberships; the figures
 * of segments, by segmentation. A run that is published finds in {@code purchase_change} what it did not see when it read.
 */
@Component
class LiveMemberships implements PurchasesListener {

    /** Held in share by whoever changes purchases of a dataset, alone by whoever publishes a run there. */
    private static final int LIVE_LOCK = 0x6c697665;

    private static final int SLICE = 5_000;

    /** From so many customers on, one pass through the dataset's history is faster than looking each of them up. */
    private static final int MANY = 50_000;

    private final JdbcClient jdbc;
    private final PurchaseHistory history;
    private final LiveRuns runs;
    private final LiveRows rows;
    private final LiveFigures figures;

    LiveMemberships(JdbcClient jdbc, PurchaseHistory history, LiveRuns runs, LiveRows rows, LiveFigures figures) {
        this.jdbc = jdbc;
        this.history = history;
        this.runs = runs;
        this.rows = rows;
        this.figures = figures;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public List<Change> purchasesChanged(long dataset, long[] customers) {
        if (customers.length == 0) {
            return List.of();
        }
        List<long[]> slices = slices(customers);
        slices.forEach(slice -> note(dataset, slice));
        jdbc.sql("select pg_advisory_xact_lock_shared(:lock, hashint8(:dataset))")
                .param("lock", LIVE_LOCK)
                .param("dataset", dataset)
                .query(row -> {});
        // after the lock: a run that was published meanwhile is the one to follow
        List<LiveRuns.LiveRun> current = runs.current(dataset);
        if (current.isEmpty()) {
            return List.of();
        }
        slices.forEach(rows::lock);
        List<Change> changes = new ArrayList<>();
        List<LiveFigures.Difference> differences = new ArrayList<>();
        for (LiveRuns.LiveRun run : current) {
            LiveFigures.Difference difference = new LiveFigures.Difference(run);
            assign(dataset, run, slices, customers.length, difference, changes);
            differences.add(difference);
        }
        differences.forEach(figures::apply);
        changes.sort(Comparator.comparing(Change::customerId).thenComparing(Change::segmentation));
        return changes;
    }

    /** Waits until nobody changes purchases of the dataset any more, and keeps everybody from it until the transaction ends. */
    void hold(long dataset) {
        jdbc.sql("select pg_advisory_xact_lock(:lock, hashint8(:dataset))")
                .param("lock", LIVE_LOCK)
                .param("dataset", dataset)
                .query(row -> {});
    }

    /**
     * Makes the run that was just published live: assigns those whose purchases changed after it had read, or lie at or after
     * its as-of. The transaction {@linkplain #hold holds} the dataset.
     */
    void follow(RunRepository.Claimed claimed, RunInput input, Outcome outcome) {
        long[] customers = missed(claimed.dataset(), input);
        figures.begin(claimed.id(), input.table(), outcome, customers);
        if (customers.length > 0) {
            LiveRuns.LiveRun run = runs.read(claimed.id());
            List<long[]> slices = slices(customers);
            // what their rows were before belongs to the run before, or to the one in between
            assign(
                    claimed.dataset(),
                    run,
                    slices,
                    customers.length,
                    new LiveFigures.Difference(run),
                    new ArrayList<>());
            LiveFigures.Difference missing = new LiveFigures.Difference(run);
            slices.forEach(slice -> rows.count(run, slice, missing));
            figures.apply(missing);
        }
    }

    /** Forgets the changes that every run sees. */
    void sweep() {
        jdbc.sql("""
                delete from purchase_change c where not exists (
                    select from segmentation_run r join segmentation s on s.id = r.segmentation_id
                    where s.dataset_id = c.dataset_id and r.status in ('queued', 'running'))""").update();
    }

    private void assign(
            long dataset,
            LiveRuns.LiveRun run,
            List<long[]> slices,
            int customers,
            LiveFigures.Difference difference,
            List<Change> changes) {
        boolean tells = customers <= TOLD;
        FeatureTable all = customers < MANY ? null : history(dataset, run, null);
        CustomerRows rowsOfAll = all == null ? null : new CustomerRows(all);
        for (long[] slice : slices) {
            FeatureTable table = all == null ? history(dataset, run, slice) : all;
            CustomerRows rowOf = rowsOfAll == null ? new CustomerRows(table) : rowsOfAll;
            List<Change> changed = rows.assign(run, slice, table, rowOf, difference);
            if (tells) {
                changes.addAll(changed);
            }
        }
    }

    private FeatureTable history(long dataset, LiveRuns.LiveRun run, long @Nullable [] customers) {
        Definition definition = run.definition();
        return FeatureTable.of(history.rfmSince(
                dataset,
                run.zone(),
                run.asOf(),
                definition.window(),
                definition.returns(),
                definition.frequency(),
                customers));
    }

    private long[] missed(long dataset, RunInput input) {
        Set<Long> customers = new HashSet<>();
        jdbc.sql("""
                        select unnest(customers) from purchase_change
                        where dataset_id = :dataset and not pg_visible_in_snapshot(changed_by, :snapshot::pg_snapshot)""")
                .param("dataset", dataset)
                .param("snapshot", input.snapshot())
                .query(row -> {
                    customers.add(row.getLong(1));
                });
        history.customersSince(dataset, Objects.requireNonNull(input.asOf())).forEach(customers::add);
        return customers.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private void note(long dataset, long[] customers) {
        jdbc.sql("insert into purchase_change (dataset_id, customers) values (:dataset, :customers)")
                .param("dataset", dataset)
                .param("customers", customers)
                .update();
    }

    private static List<long[]> slices(long[] customers) {
        List<long[]> slices = new ArrayList<>();
        for (int from = 0; from < customers.length; from += SLICE) {
            slices.add(Arrays.copyOfRange(customers, from, Math.min(customers.length, from + SLICE)));
        }
        return slices;
    }
}
