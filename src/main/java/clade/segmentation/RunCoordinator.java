package clade.segmentation;

import clade.clustering.Progress;
import clade.clustering.UnsuitableData;
import clade.web.Refusal;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes a queued run through its steps (read, compute, publish) and sees that it ends in one of its states, whatever happens:
 * a run that can't mean anything fails with its problem, one that is cancelled stops within a second, and one whose instance
 * dies is taken up by another attempt.
 */
@Service
class RunCoordinator {

    private static final Logger LOG = LoggerFactory.getLogger(RunCoordinator.class);

    /** A run that took its instance down so often would do it again. */
    private static final int MOST_ATTEMPTS = 3;

    private static final long HEARTBEAT_MILLIS = 500;

    private final RunRepository runs;
    private final RunReader reader;
    private final RunPublisher publisher;
    private final SegmentMaps maps;
    private final JsonMapper json;
    private final Clock clock;
    private final Semaphore large;
    private final long largeFrom;
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "run-heartbeat");
        thread.setDaemon(true);
        return thread;
    });

    RunCoordinator(
            RunRepository runs,
            RunReader reader,
            RunPublisher publisher,
            SegmentMaps maps,
            JsonMapper json,
            Clock clock,
            @Value("${clade.runs.large-at-once}") int largeAtOnce,
            @Value("${clade.runs.large-from}") long largeFrom) {
        this.runs = runs;
        this.reader = reader;
        this.publisher = publisher;
        this.maps = maps;
        this.json = json;
        this.clock = clock;
        this.large = new Semaphore(largeAtOnce);
        this.largeFrom = largeFrom;
    }

    /**
     * Computes a run, if it is its turn.
     *
     * @param stopping tells whether this instance is about to end
     * @return false if the run is to be tried again later
     */
    boolean run(long id, BooleanSupplier stopping) {
        boolean isLarge = runs.size(id) >= largeFrom;
        if (isLarge && !large.tryAcquire()) {
            return false;
        }
        try {
            Optional<RunRepository.Claimed> claimed = runs.claim(id, UUID.randomUUID(), clock.instant());
            if (claimed.isEmpty()) {
                return !runs.isWaiting(id);
            }
            return attempt(claimed.get(), stopping);
        } finally {
            if (isLarge) {
                large.release();
            }
        }
    }

    private boolean attempt(RunRepository.Claimed run, BooleanSupplier stopping) {
        if (run.attempts() > MOST_ATTEMPTS) {
            fail(
                    run,
                    "interrupted",
                    "The service ended %d times while it computed this run, perhaps for want of memory; its log may say why"
                            .formatted(MOST_ATTEMPTS));
            return true;
        }
        Watch watch = new Watch(run, stopping);
        var beats = heart.scheduleWithFixedDelay(watch::beat, 0, HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS);
        try {
            compute(run, watch);
            LOG.info(
                    "Run {} of {}/{} is completed",
                    run.number(),
                    run.datasetKey(),
                    run.definition().key());
            return true;
        } catch (CancellationException e) {
            if (stopping.getAsBoolean()) {
                runs.putBack(run);
                return false;
            }
            runs.endCancelled(run, clock.instant());
            return true;
        } catch (UnsuitableData e) {
            fail(run, e.code(), String.valueOf(e.getMessage()));
            return true;
        } catch (DataAccessException | TransactionException e) {
            // the database is away: the queue tries again, and counts
            LOG.warn(
                    "Run {} of {} is interrupted: {}",
                    run.number(),
                    run.definition().key(),
                    e.getMessage());
            throw e;
        } catch (OutOfMemoryError e) {
            fail(
                    run,
                    "not-enough-memory",
                    "The run needs more memory than the service has; give it a larger heap (-Xmx)");
            return true;
        } catch (RuntimeException e) {
            LOG.error("Run {} of {} failed", run.number(), run.definition().key(), e);
            fail(run, "internal-error", "Something went wrong in Clade; its log says what");
            return true;
        } finally {
            beats.cancel(false);
        }
    }

    private void compute(RunRepository.Claimed run, Watch watch) {
        RunInput input = reader.read(run, watch);
        runs.noteInput(run, input);
        if (input.table().size() == 0) {
            throw new UnsuitableData(
                    "no-purchases",
                    "No customer has a purchase %s %s; upload transactions, or change asOf or window"
                            .formatted(
                                    run.definition().window() == null ? "before" : "in the window that ends at",
                                    input.asOf()));
        }
        Outcome outcome = run.definition().method() instanceof Method.Rfm rfm
                ? RfmSegmenter.segment(run.definition(), rfm, maps.of(run.dataset(), rfm), input.table())
                : new ClusterSegmenter(run.definition(), input.table())
                        .segment((Method.Clusters) run.definition().method(), watch);
        watch.at("publishing", 0);
        if (!publisher.publish(run, input, outcome)) {
            throw new CancellationException();
        }
    }

    private void fail(RunRepository.Claimed run, String code, String message) {
        runs.fail(
                run,
                json.writeValueAsString(Refusal.of(HttpStatus.UNPROCESSABLE_CONTENT, code, message)
                        .getBody()),
                clock.instant());
    }

    /** Keeps the run's row fresh, and ends the computation when it is no longer wanted. */
    private final class Watch implements Progress {

        private final RunRepository.Claimed run;
        private final BooleanSupplier stopping;
        private volatile String phase = "reading";
        private volatile double fraction;
        private volatile boolean unwanted;

        Watch(RunRepository.Claimed run, BooleanSupplier stopping) {
            this.run = run;
            this.stopping = stopping;
        }

        @Override
        public void at(String newPhase, double newFraction) {
            phase = newPhase;
            fraction = newFraction;
            if (unwanted || stopping.getAsBoolean()) {
                throw new CancellationException();
            }
        }

        void beat() {
            try {
                unwanted = !runs.heartbeat(run, phase, fraction, clock.instant());
            } catch (DataAccessException | TransactionException e) {
                LOG.debug("No heartbeat for run {}", run.id(), e);
            }
        }
    }
}
