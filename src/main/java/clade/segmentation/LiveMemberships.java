package clade.segmentation;

import clade.database.Statements;
import clade.rfm.RfmTable;
import clade.transactions.PurchaseHistory;
import clade.transactions.PurchasesListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Keeps the members of live segmentations current: whoever's purchases change is assigned anew, by the model of the current run,
 * in the transaction that makes the change visible. Owns {@code purchase_change}.
 *
 * <p>Locks are taken in one order everywhere, so that nobody waits in a circle: the turn of a dataset's large changes (runs that
 * are published, large uploads that become visible); what the upload itself locks; the dataset's live lock, shared by small changes
 * of purchases and alone by the end of a large one; customers by number; memberships; the figures of segments, by segmentation.
 *
 * <p>A large change does its work before it takes the live lock, in its own transaction and without locking a row. What others
 * change meanwhile it finds in {@code purchase_change}, does over, and does the last of it under the lock.
 */
@Component
class LiveMemberships implements PurchasesListener {

    /** Held in share by whoever changes purchases of a dataset, alone by whoever publishes a run there. */
    private static final int LIVE_LOCK = 0x6c697665;

    /** Held by the large change of a dataset that has its turn. */
    private static final int TURN_LOCK = 0x7475726e;

    private static final int SLICE = 5_000;

    /** So many customers can be assigned while everybody waits. */
    private static final int FEW = 20;

    private static final int ROUNDS = 10;

    /** From so many customers on, one pass through the dataset's history is faster than looking each of them up. */
    private static final int MANY = 50_000;

    private static final String NOTE =
            "insert into purchase_change (dataset_id, customers) values (:dataset, :customers)";

    private final JdbcClient jdbc;
    private final Statements statements;
    private final PurchaseHistory history;
    private final LiveRuns runs;
    private final LiveRows rows;
    private final LiveFigures figures;
    private final MembershipEndings endings;

    LiveMemberships(
            JdbcClient jdbc,
            Statements statements,
            PurchaseHistory history,
            LiveRuns runs,
            LiveRows rows,
            LiveFigures figures,
            MembershipEndings endings) {
        this.jdbc = jdbc;
        this.statements = statements;
        this.history = history;
        this.runs = runs;
        this.rows = rows;
        this.figures = figures;
        this.endings = endings;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public List<Change> purchasesChanged(long dataset, long[] customers) {
        if (customers.length == 0) {
            return List.of();
        }
        List<long[]> slices = slices(customers);
        if (slices.size() > 1) {
            return sorted(changed(dataset, customers, slices));
        }
        Consequences consequences = ofFew(dataset, customers);
        statements.execute(consequences.writing());
        return consequences.changes();
    }

    /** A posted transaction waits for this, so it waits for the server as seldom as can be. */
    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public Consequences ofFew(long dataset, long[] customers) {
        if (customers.length == 0) {
            return Consequences.NONE;
        }
        List<Long> current = new ArrayList<>();
        List<LiveRows.Stored> stored = new ArrayList<>();
        List<Statements.Step> reading = new ArrayList<>(following(current));
        reading.addAll(LiveRows.lockingStored(stored));
        statements.execute(Map.of("dataset", dataset, "customers", customers, "lock", LIVE_LOCK), reading);
        List<Step> steps = steps(dataset, current);
        if (steps.isEmpty()) {
            return Consequences.NONE;
        }
        PurchaseHistory.Since since = history.since(customers, null);
        LiveRows.Writes writes = new LiveRows.Writes();
        List<Change> changes =
                assign(steps, customers, step -> history(step, since), LiveRows.bySegmentation(stored), writes);
        return new Consequences(sorted(changes), LiveRows.writing(writes).and(figures.counting(differences(steps))));
    }

    private List<Change> changed(long dataset, long[] customers, List<long[]> slices) {
        int last = slices.size() - 1;
        slices.subList(0, last).forEach(slice -> note(dataset, slice));
        List<Long> current = new ArrayList<>();
        statements.execute(
                Map.of("dataset", dataset, "customers", slices.get(last), "lock", LIVE_LOCK), following(current));
        List<Step> steps = steps(dataset, current);
        List<Change> changes = new ArrayList<>();
        if (!steps.isEmpty()) {
            slices.forEach(rows::lock); // all of them before any membership
            assign(steps, customers, changes);
            figures.apply(differences(steps));
        }
        return changes;
    }

    /** Says whose purchases change, and tells the runs that follow until the transaction ends. */
    private static List<Statements.Step> following(List<Long> current) {
        return List.of(
                Statements.Step.of(NOTE),
                Statements.Step.of("select pg_advisory_xact_lock_shared(:lock, hashint8(:dataset))"),
                // after the lock: a run that was published meanwhile is the one to follow
                new Statements.Step(LiveRuns.CURRENT, row -> current.add(row.getLong(1))));
    }

    private List<Step> steps(long dataset, List<Long> current) {
        return current.stream()
                .map(runs::get)
                .map(run -> new Step(dataset, run, new LiveFigures.Difference(run), false, null))
                .toList();
    }

    private static List<LiveFigures.Difference> differences(List<Step> steps) {
        return steps.stream().map(Step::difference).toList();
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public Arrival purchasesComing(long dataset, long upload, long[] customers) {
        takeTurn(dataset);
        List<Step> steps = runs.current(dataset).stream()
                .filter(run -> runs.keep(run.segmentation()))
                .map(run -> new Step(dataset, run, new LiveFigures.Difference(run), true, upload))
                .toList();
        boolean tells = customers.length <= TOLD;
        Meanwhile meanwhile = new Meanwhile(dataset, snapshot());
        List<Change> changes = new ArrayList<>();
        assign(steps, customers, changes);
        for (int round = 0; round < ROUNDS && !steps.isEmpty(); round++) {
            long[] changed = among(customers, meanwhile.changed());
            again(steps, tells && changed.length > 0 ? customers : changed, changes);
            if (changed.length <= FEW) {
                break;
            }
        }
        endings.prepare();
        // seen by others at the commit, so they need not be written while everybody waits
        slices(customers).forEach(slice -> note(dataset, slice));
        return decidedAnew -> {
            hold(dataset);
            long[] changed = among(customers, LongStream.concat(meanwhile.changed(), Arrays.stream(decidedAnew)));
            again(steps, tells && changed.length > 0 ? customers : changed, changes);
            figures.apply(differences(steps));
            endings.applySoon();
            return sorted(changes);
        };
    }

    private void again(List<Step> steps, long[] customers, List<Change> changes) {
        if (customers.length > 0) {
            changes.clear();
            steps.forEach(step -> rows.reset(step.run, customers, step.difference));
            assign(steps, customers, changes);
        }
    }

    /** Customers, ascending, who are among those of the upload, ascending. */
    private static long[] among(long[] customers, LongStream changed) {
        return changed.filter(customer -> Arrays.binarySearch(customers, customer) >= 0)
                .sorted()
                .distinct()
                .toArray();
    }

    /** Waits for its turn, and keeps others from large changes of the dataset until the transaction ends. */
    void takeTurn(long dataset) {
        jdbc.sql("select pg_advisory_xact_lock(:lock, hashint8(:dataset))")
                .param("lock", TURN_LOCK)
                .param("dataset", dataset)
                .query(row -> {});
    }

    /** What the transaction under way may see now. */
    String snapshot() {
        return jdbc.sql("select pg_current_snapshot()::text")
                .query(String.class)
                .single();
    }

    /** Waits until nobody changes purchases of the dataset any more, and keeps everybody from it until the transaction ends. */
    void hold(long dataset) {
        jdbc.sql("select pg_advisory_xact_lock(:lock, hashint8(:dataset))")
                .param("lock", LIVE_LOCK)
                .param("dataset", dataset)
                .query(row -> {});
    }

    /** Compares a run that is about to be published with the memberships of some customers, by ascending number. */
    interface Comparison {
        void compare(long[] customers);
    }

    /**
     * Brings what was sent of a run up to what happened after the run had read, and leaves the dataset {@linkplain #hold held}:
     * those whose purchases changed, or lie at or after its as-of, are assigned live. The transaction has its {@linkplain
     * #takeTurn turn}.
     *
     * @param snapshot from before the run was compared
     * @param followed whether the memberships before it are live
     * @param comparison sends anew what was sent of some customers
     * @return what is to be {@linkplain #count counted} when the run is the current one
     */
    LiveFigures.Difference catchUp(
            RunRepository.Claimed claimed,
            RunInput input,
            Outcome outcome,
            String snapshot,
            boolean followed,
            Comparison comparison) {
        LiveRuns.LiveRun run = runs.published(claimed, input, outcome);
        Step step = new Step(claimed.dataset(), run, new LiveFigures.Difference(run), true, null);
        if (claimed.live()) {
            figures.begin(claimed.id(), input.table(), outcome);
            assign(List.of(step), missed(claimed.dataset(), input), new ArrayList<>());
        }
        Meanwhile meanwhile = new Meanwhile(claimed.dataset(), snapshot);
        if (claimed.live() || followed) {
            for (int round = 0; round < ROUNDS; round++) {
                if (again(step, claimed.live(), meanwhile, comparison) <= FEW) {
                    break;
                }
            }
        }
        endings.prepare();
        hold(claimed.dataset());
        if (claimed.live() || followed) {
            again(step, claimed.live(), meanwhile, comparison);
        }
        endings.applySoon();
        return step.difference;
    }

    void count(LiveFigures.Difference difference) {
        figures.apply(List.of(difference));
    }

    private int again(Step step, boolean live, Meanwhile meanwhile, Comparison comparison) {
        long[] changed = meanwhile.changed().sorted().distinct().toArray();
        if (changed.length > 0) {
            rows.reset(step.run, changed, step.difference);
            comparison.compare(changed);
            if (live) {
                assign(List.of(step), changed, new ArrayList<>());
            }
        }
        return changed.length;
    }

    /** Forgets the changes that every run and every large upload sees. */
    @Transactional
    void sweep() {
        jdbc.sql("""
                delete from purchase_change c using (
                    select dataset_id from (select distinct dataset_id from purchase_change) d
                    where not exists (
                        select from segmentation_run r join segmentation s on s.id = r.segmentation_id
                        where s.dataset_id = d.dataset_id and r.status in ('queued', 'running'))
                      and pg_try_advisory_xact_lock(:turn, hashint8(d.dataset_id))) idle
                where c.dataset_id = idle.dataset_id""").param("turn", TURN_LOCK).update();
    }

    /**
     * What is to be assigned.
     *
     * @param ahead whether it belongs to a large change
     * @param coming upload whose rows count though nobody sees them; null: none
     */
    private record Step(
            long dataset,
            LiveRuns.LiveRun run,
            LiveFigures.Difference difference,
            boolean ahead,
            @Nullable Long coming) {}

    /** The customers' features, found by their numbers. */
    private record Found(FeatureTable table, CustomerRows rowOf) {

        static Found of(RfmTable purchases) {
            FeatureTable table = FeatureTable.of(purchases);
            return new Found(table, new CustomerRows(table));
        }
    }

    /** Steps that all belong to the same large change, or to none. */
    private void assign(List<Step> steps, long[] customers, List<Change> changes) {
        if (steps.isEmpty()) {
            return;
        }
        boolean tells = customers.length <= TOLD;
        if (customers.length < MANY) {
            for (long[] slice : slices(customers)) {
                PurchaseHistory.Since since = history.since(slice, steps.get(0).coming);
                List<Change> changed = assign(steps, slice, step -> history(step, since));
                if (tells) {
                    changes.addAll(changed);
                }
            }
            return;
        }
        for (Step step : steps) {
            Found all = history(step);
            slices(customers).forEach(slice -> assign(List.of(step), slice, same -> all));
        }
    }

    private List<Change> assign(List<Step> steps, long[] slice, Function<Step, Found> history) {
        long[] segmentations =
                steps.stream().mapToLong(step -> step.run.segmentation()).toArray();
        boolean ahead = steps.get(0).ahead;
        Map<Long, List<LiveRows.Stored>> stored =
                ahead ? rows.stored(segmentations, slice) : rows.lockStored(segmentations, slice);
        LiveRows.Writes writes = new LiveRows.Writes();
        List<Change> changes = assign(steps, slice, history, stored, writes);
        if (ahead) {
            rows.prepare(writes);
        } else {
            rows.write(writes);
        }
        return changes;
    }

    private List<Change> assign(
            List<Step> steps,
            long[] slice,
            Function<Step, Found> history,
            Map<Long, List<LiveRows.Stored>> stored,
            LiveRows.Writes writes) {
        List<Change> changes = new ArrayList<>();
        for (Step step : steps) {
            Found found = history.apply(step);
            changes.addAll(rows.assign(
                    step.run,
                    slice,
                    stored.getOrDefault(step.run.segmentation(), List.of()),
                    found.table,
                    found.rowOf,
                    step.difference,
                    writes));
        }
        return changes;
    }

    private Found history(Step step) {
        Definition definition = step.run.definition();
        return Found.of(history.rfmSince(
                step.dataset,
                step.run.zone(),
                step.run.asOf(),
                definition.window(),
                definition.returns(),
                definition.frequency(),
                step.coming,
                step.ahead));
    }

    private static Found history(Step step, PurchaseHistory.Since since) {
        Definition definition = step.run.definition();
        return Found.of(since.rfm(
                step.run.zone(), step.run.asOf(), definition.window(), definition.returns(), definition.frequency()));
    }

    private long[] missed(long dataset, RunInput input) {
        LongStream since = history.customersSince(dataset, Objects.requireNonNull(input.asOf())).stream()
                .mapToLong(Long::longValue);
        return LongStream.concat(new Meanwhile(dataset, input.snapshot()).changed(), since)
                .sorted()
                .distinct()
                .toArray();
    }

    /** Tells, again and again, whose purchases others have changed since the last time. */
    private final class Meanwhile {

        private final long dataset;
        private String seen;

        /** {@code seen} is the snapshot that all before it can be seen in. */
        Meanwhile(long dataset, String seen) {
            this.dataset = dataset;
            this.seen = seen;
        }

        LongStream changed() {
            String now = snapshot();
            LongStream.Builder customers = LongStream.builder();
            jdbc.sql("""
                            select unnest(customers) from purchase_change
                            where dataset_id = :dataset and not pg_visible_in_snapshot(changed_by, :seen::pg_snapshot)
                              and changed_by <> pg_current_xact_id()""").param("dataset", dataset).param("seen", seen).query(row -> {
                customers.add(row.getLong(1));
            });
            seen = now;
            return customers.build().distinct();
        }
    }

    private static List<Change> sorted(List<Change> changes) {
        return changes.stream()
                .sorted(Comparator.comparing(Change::customerId).thenComparing(Change::segmentation))
                .toList();
    }

    private void note(long dataset, long[] customers) {
        jdbc.sql(NOTE).param("dataset", dataset).param("customers", customers).update();
    }

    private static List<long[]> slices(long[] customers) {
        List<long[]> slices = new ArrayList<>();
        for (int from = 0; from < customers.length; from += SLICE) {
            slices.add(Arrays.copyOfRange(customers, from, Math.min(customers.length, from + SLICE)));
        }
        return slices;
    }
}
