package clade.segmentation;

import clade.clustering.Progress;
import clade.clustering.UnsuitableData;
import clade.database.Courtesy;
import clade.database.LargeWork;
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
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Computes queued jobs and sees that each ends in one of its states, whatever happens: one that can't mean anything fails with
 * its problem, one that is cancelled stops within a second, and one whose instance dies is taken up by another attempt.
 */
@Component
class JobRunner {

    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

    /** A job that took its instance down so often would do it again. */
    private static final int MOST_ATTEMPTS = 3;

    private static final long HEARTBEAT_MILLIS = 500;

    private final JsonMapper json;
    private final Clock clock;
    private final Courtesy courtesy;
    private final Semaphore large;
    private final long largeFrom;
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "job-heartbeat");
        thread.setDaemon(true);
        return thread;
    });

    JobRunner(
            JsonMapper json,
            Clock clock,
            Courtesy courtesy,
            @Value("${clade.runs.large-at-once}") int largeAtOnce,
            @Value("${clade.runs.large-from}") long largeFrom) {
        this.json = json;
        this.clock = clock;
        this.courtesy = courtesy;
        heart.execute(() -> {}); // its thread is begun here, not by one of lower priority
        this.large = new Semaphore(largeAtOnce);
        this.largeFrom = largeFrom;
    }

    /** The steps of a job, the last of which records that it is completed. */
    interface Work<J> {
        void compute(J job, Progress progress);
    }

    /**
     * Computes a job, if it is its turn.
     *
     * @param stopping tells whether this instance is about to end
     * @return false if the job is to be tried again later
     */
    <J extends Job> boolean run(JobRepository<J> jobs, long id, BooleanSupplier stopping, Work<J> work) {
        LargeWork.ownThread(); // the queue's threads only do this
        boolean isLarge = jobs.size(id) >= largeFrom;
        if (isLarge && !large.tryAcquire()) {
            return false;
        }
        try {
            Optional<J> claimed = jobs.claim(id, UUID.randomUUID(), clock.instant());
            if (claimed.isEmpty()) {
                return !jobs.isWaiting(id);
            }
            return attempt(jobs, claimed.get(), stopping, work);
        } finally {
            if (isLarge) {
                large.release();
            }
        }
    }

    private <J extends Job> boolean attempt(JobRepository<J> jobs, J job, BooleanSupplier stopping, Work<J> work) {
        if (job.attempts() > MOST_ATTEMPTS) {
            fail(
                    jobs,
                    job,
                    "interrupted",
                    "The service ended %d times while it computed this, perhaps for want of memory; its log may say why"
                            .formatted(MOST_ATTEMPTS));
            return true;
        }
        Watch<J> watch = new Watch<>(jobs, job, stopping);
        var beats = heart.scheduleWithFixedDelay(watch::beat, 0, HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS);
        try {
            work.compute(job, watch);
            LOG.info("{} is completed", job.title());
            return true;
        } catch (CancellationException e) {
            if (stopping.getAsBoolean()) {
                jobs.putBack(job);
                return false;
            }
            jobs.endCancelled(job, clock.instant());
            return true;
        } catch (UnsuitableData e) {
            fail(jobs, job, e.code(), String.valueOf(e.getMessage()));
            return true;
        } catch (DataAccessException | TransactionException e) {
            // the database is away: the queue tries again, and counts
            LOG.warn("{} is interrupted: {}", job.title(), e.getMessage());
            throw e;
        } catch (OutOfMemoryError e) {
            fail(
                    jobs,
                    job,
                    "not-enough-memory",
                    "This needs more memory than the service has; give it a larger heap (-Xmx)");
            return true;
        } catch (RuntimeException e) {
            LOG.error("{} failed", job.title(), e);
            fail(jobs, job, "internal-error", "Something went wrong in Clade; its log says what");
            return true;
        } finally {
            beats.cancel(false);
        }
    }

    private <J extends Job> void fail(JobRepository<J> jobs, J job, String code, String message) {
        jobs.fail(
                job,
                json.writeValueAsString(Refusal.of(HttpStatus.UNPROCESSABLE_CONTENT, code, message)
                        .getBody()),
                clock.instant());
    }

    /** Keeps the job's row fresh, and ends the computation when it is no longer wanted. */
    private final class Watch<J extends Job> implements Progress {

        private final JobRepository<J> jobs;
        private final J job;
        private final BooleanSupplier stopping;
        private volatile String phase = "reading";
        private volatile double fraction;
        private volatile boolean unwanted;

        Watch(JobRepository<J> jobs, J job, BooleanSupplier stopping) {
            this.jobs = jobs;
            this.job = job;
            this.stopping = stopping;
        }

        @Override
        public void at(String newPhase, double newFraction) {
            phase = newPhase;
            fraction = newFraction;
            if (unwanted || stopping.getAsBoolean()) {
                throw new CancellationException();
            }
            courtesy.giveWay();
        }

        void beat() {
            try {
                unwanted = !jobs.heartbeat(job, phase, fraction, clock.instant());
            } catch (DataAccessException | TransactionException e) {
                LOG.debug("No heartbeat for {}", job.title(), e);
            }
        }
    }
}
