package clade.transactions;

import clade.database.Courtesy;
import clade.database.LargeWork;
import clade.database.Statements;
import clade.database.Times;
import clade.transactions.Merge.Job;
import clade.transactions.Merge.Share;
import clade.web.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Stores what an upload has staged and makes it visible, all at once. A few rows go in one transaction. Many go slice by slice, a
 * transaction each and hidden from every reader, and the last transaction shows them: whoever sends a few rows meanwhile waits for
 * a slice at most, and for nothing if their customers are in no slice being merged.
 *
 * <p>Locks are taken in this order: dataset (shared; an undo has it alone), parts, upload, what listeners lock, counters,
 * hidden uploads. The record of an upload of a few rows comes last: nobody but its heartbeat, which waits for none, changes it.
 */
@Service
class UploadStore {

    /** Rows up to which an upload is stored in one transaction. */
    private static final int FEW = 1000;

    /** Slices of an upload merged at a time, a connection each. */
    private static final int AT_ONCE = 2;

    /** Rows from which on the server is told to look at its tables anew, so that it plans for what is there. */
    private static final int MANY = 100_000;

    private static final int REMOVED_AT_ONCE = 2_000;

    private static final int ATTEMPTS = 10;
    private static final long PAUSE_MILLIS = 100;

    private final Uploads uploads;
    private final Merge merge;
    private final TransactionIds ids;
    private final Totals totals;
    private final Counters counters;
    private final Cancellations cancellations;
    private final ObjectProvider<PurchasesListener> listeners;
    private final TransactionOperations transaction;
    private final Courtesy courtesy;
    private final JdbcClient jdbc;
    private final DataSource database;

    UploadStore(
            Uploads uploads,
            Merge merge,
            TransactionIds ids,
            Totals totals,
            Counters counters,
            Cancellations cancellations,
            ObjectProvider<PurchasesListener> listeners,
            TransactionOperations transaction,
            Courtesy courtesy,
            JdbcClient jdbc,
            DataSource database) {
        this.uploads = uploads;
        this.merge = merge;
        this.ids = ids;
        this.totals = totals;
        this.counters = counters;
        this.cancellations = cancellations;
        this.listeners = listeners;
        this.transaction = transaction;
        this.courtesy = courtesy;
        this.jdbc = jdbc;
        this.database = database;
    }

    /**
     * An upload whose rows are staged.
     *
     * @param rows staged
     * @param identified whether some have a transaction id
     * @param cancellationPattern by which returns were told
     */
    record Staged(
            long dataset,
            long upload,
            Staging staging,
            long rows,
            boolean identified,
            boolean dropsEqual,
            String suspect,
            @Nullable String cancellationPattern) {}

    /** Tells what the upload brought, once it is known which rows are stored. */
    interface Reporter {

        /** Rejects the staged rows with these numbers; called once. */
        void reject(BitSet conflicting) throws IOException;

        UploadReport.Content content(long accepted, Tally tally);

        List<String> originalColumns();
    }

    /** Stores the rows. */
    UploadReport store(Staged staged, Reporter reporter) throws IOException {
        if (staged.rows > FEW) {
            Optional<List<PurchasesListener.Change>> changes = LargeWork.callApart(() -> storeMany(staged, reporter));
            return uploads.get(staged.dataset, String.valueOf(staged.upload)).withChanges(changes.orElse(null));
        }
        courtesy.enter();
        try {
            return storeFew(staged, reporter);
        } finally {
            courtesy.leave();
        }
    }

    /** Removes what a failed upload has stored; nobody has seen it. */
    void clear(long upload, long dataset) {
        LargeWork.run(() -> removeHidden(dataset, upload, () -> uploads.cleared(upload)));
    }

    /**
     * Removes what a hidden upload has stored: some customers at a time, for whoever sends rows of one of them meanwhile waits.
     *
     * @param last what is to be done along with the last of it
     */
    private void removeHidden(long dataset, long upload, Runnable last) {
        for (long[] customers : Longs.split(totals.coming(dataset, upload), REMOVED_AT_ONCE)) {
            transaction.executeWithoutResult(status -> {
                uploads.lockUpload(upload);
                merge.remove(upload, customers);
                totals.forgetComing(upload, customers);
            });
        }
        transaction.executeWithoutResult(status -> {
            uploads.lockUpload(upload);
            merge.remove(dataset, upload);
            totals.forgetComing(dataset, upload);
            last.run();
        });
    }

    private UploadReport storeFew(Staged staged, Reporter reporter) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return inTransaction(() -> storeFewNow(staged, reporter));
            } catch (Merge.Contended e) {
                giveUpAfter(attempt, e);
                do {
                    pause();
                } while (uploads.anyMerges(staged.dataset));
            }
        }
    }

    private UploadReport storeFewNow(Staged staged, Reporter reporter) throws IOException {
        Tally tally = new Tally();
        TransactionIds.Verdict verdict = judge(staged);
        Optional<String> pattern = merge.visible(job(staged, verdict), tally);
        cancellations.catchUp(staged.dataset, staged.upload, staged.cancellationPattern, pattern.orElse(null));
        reject(staged, reporter, verdict, tally);
        long[] changed = tally.changed();
        List<PurchasesListener.Consequences> consequences = listeners
                .orderedStream()
                .map(listener -> listener.ofFew(staged.dataset, changed))
                .toList();
        Map<String, Object> counted = new HashMap<>();
        counted.put("customers", changed);
        counted.put("transactions", tally.accepted);
        counted.put("first", Times.of(tally.first()));
        counted.put("last", Times.of(tally.last()));
        List<Long> merging = new ArrayList<>();
        Statements.Batch counting = new Statements.Batch(
                counted,
                Totals.steps(merging),
                () -> merging.forEach(coming -> totals.countComing(staged.dataset, coming, changed)));
        UploadReport report = uploads.complete(
                        staged.dataset,
                        staged.upload,
                        reporter.content(tally.accepted, tally),
                        reporter.originalColumns(),
                        consequences.stream()
                                .map(PurchasesListener.Consequences::writing)
                                .reduce(Statements.Batch.NONE, Statements.Batch::and)
                                .and(counting))
                .orElseThrow(UploadReceiver::givenUp);
        return report.withChanges(
                consequences.stream().flatMap(those -> those.changes().stream()).toList());
    }

    private Optional<List<PurchasesListener.Change>> storeMany(Staged staged, Reporter reporter) throws IOException {
        Uploads.Turn turn = uploads.startMerging(staged.upload);
        while (turn == Uploads.Turn.LATER) {
            pause();
            turn = uploads.startMerging(staged.upload);
        }
        if (turn == Uploads.Turn.NEVER) {
            throw UploadReceiver.givenUp();
        }
        Tally tally = mergeAll(staged, reporter);
        Optional<List<PurchasesListener.Change>> changes = inTransaction(() -> show(staged, reporter, tally));
        if (tally.accepted >= MANY) {
            jdbc.sql("analyze transaction, customer, customer_totals").update();
        }
        return changes;
    }

    private Tally mergeAll(Staged staged, Reporter reporter) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                TransactionIds.Verdict verdict = judge(staged);
                Tally tally = new Tally();
                mergeSlices(job(staged, verdict), tally);
                inTransaction(() -> {
                    reject(staged, reporter, verdict, tally);
                    return true;
                });
                return tally;
            } catch (Merge.Contended e) {
                giveUpAfter(attempt, e);
                removeHidden(staged.dataset, staged.upload, () -> {});
            }
        }
    }

    private void reject(Staged staged, Reporter reporter, TransactionIds.Verdict verdict, Tally tally)
            throws IOException {
        BitSet conflicting = (BitSet) verdict.left().clone();
        conflicting.or(tally.late);
        reporter.reject(conflicting);
        try {
            staged.staging.copyRejected(DataSourceUtils.getConnection(database));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes a merged upload visible, in a transaction of the caller. */
    Optional<List<PurchasesListener.Change>> show(Staged staged, Reporter reporter, Tally tally) {
        long[] changed = tally.changed();
        List<PurchasesListener.Arrival> arrivals = listeners
                .orderedStream()
                .map(listener -> listener.purchasesComing(staged.dataset, staged.upload, changed))
                .toList();
        uploads.lockShared(staged.dataset);
        long[] decidedAnew = cancellations.catchUp(staged.dataset, staged.upload, staged.cancellationPattern);
        totals.countComing(staged.dataset, staged.upload, decidedAnew);
        if (!uploads.lockMerged(staged.upload)) {
            throw UploadReceiver.givenUp();
        }
        List<PurchasesListener.Change> changes = arrivals.stream()
                .flatMap(arrival -> arrival.complete(decidedAnew).stream())
                .toList();
        counters.lock(staged.dataset);
        Uploads.Shown shown = uploads.show(staged.upload);
        long accepted = tally.accepted - shown.taken();
        complete(staged, reporter, accepted, tally);
        long customers = shown.customers() - totals.attributed(staged.dataset, staged.upload);
        counters.add(staged.dataset, customers, accepted, tally.first(), tally.last());
        return changed.length > PurchasesListener.TOLD ? Optional.empty() : Optional.of(changes);
    }

    private void mergeSlices(Job job, Tally tally) throws IOException {
        Iterator<Share> shares = Merge.shares(job.staging()).iterator();
        ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<Boolean>> working = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                working.add(workers.submit(() -> mergeThose(job, shares, tally)));
            }
            Exception failed = null;
            for (Future<Boolean> work : working) {
                try {
                    if (!work.get()) {
                        throw UploadReceiver.givenUp();
                    }
                } catch (ExecutionException e) {
                    failed = e.getCause() instanceof Exception cause ? cause : e;
                }
            }
            rethrow(failed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while an upload was merged", e);
        } finally {
            workers.shutdownNow();
        }
    }

    /** False if the upload was given up. */
    private boolean mergeThose(Job job, Iterator<Share> shares, Tally tally) throws IOException {
        LargeWork.ownThread();
        try {
            for (Share share = next(shares); share != null; share = next(shares)) {
                courtesy.giveWay();
                if (!merge(job, share, tally)) {
                    return false;
                }
            }
            return true;
        } catch (IOException | RuntimeException e) {
            synchronized (shares) {
                while (shares.hasNext()) {
                    shares.next();
                }
            }
            throw e;
        }
    }

    private boolean merge(Job job, Share share, Tally tally) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return inTransaction(() -> merge.hidden(job, share, tally));
            } catch (Merge.Contended e) {
                if (e.anew) {
                    throw e;
                }
                giveUpAfter(attempt, e);
                pause();
            }
        }
    }

    private static @Nullable Share next(Iterator<Share> shares) {
        synchronized (shares) {
            return shares.hasNext() ? shares.next() : null;
        }
    }

    private TransactionIds.Verdict judge(Staged staged) throws IOException {
        return staged.identified
                ? ids.judge(staged.dataset, staged.staging)
                : new TransactionIds.Verdict(new BitSet(), new BitSet());
    }

    private static Job job(Staged staged, TransactionIds.Verdict verdict) {
        return new Job(staged.dataset, staged.upload, staged.staging, verdict, staged.dropsEqual, staged.suspect);
    }

    private void complete(Staged staged, Reporter reporter, long accepted, Tally tally) {
        if (!uploads.complete(staged.upload, reporter.content(accepted, tally), reporter.originalColumns())) {
            throw UploadReceiver.givenUp();
        }
    }

    private <T> T inTransaction(Callable<T> work) throws IOException {
        try {
            return java.util.Objects.requireNonNull(transaction.execute(status -> {
                try {
                    return work.call();
                } catch (RuntimeException e) {
                    throw e;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void rethrow(@Nullable Exception failed) throws IOException {
        if (failed instanceof IOException io) {
            throw io;
        }
        if (failed instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failed != null) {
            throw new IllegalStateException(failed);
        }
    }

    private static void giveUpAfter(int attempt, Merge.Contended e) {
        if (attempt == ATTEMPTS) {
            throw Refusal.of(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "contended",
                            String.valueOf(e.getMessage()) + "; send it again")
                    .withHeader(HttpHeaders.RETRY_AFTER, "5");
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for another upload", e);
        }
    }
}
