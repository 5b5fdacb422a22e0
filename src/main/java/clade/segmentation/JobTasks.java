package clade.segmentation;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Clock;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** How the queue hands over jobs. It holds only a job's id; the job's row holds the rest. */
final class JobTasks {

    private static final Duration RETRY = Duration.ofMillis(200);
    private static final Duration SWEEP = Duration.ofSeconds(20);
    private static final Duration SILENCE = Duration.ofSeconds(40);

    private JobTasks() {}

    /** Computes the job of an id; false if it is to be tried again later. */
    interface Computation {
        boolean run(long id, BooleanSupplier stopping);
    }

    static Task<Void> task(TaskDescriptor<Void> descriptor, Computation computation, Clock clock) {
        return task(descriptor, computation, RETRY, clock);
    }

    /** {@code retry} is how long a job waits that is not to be computed yet. */
    static Task<Void> task(TaskDescriptor<Void> descriptor, Computation computation, Duration retry, Clock clock) {
        return Tasks.custom(descriptor)
                // the runner itself records what is wrong with a job: what arrives here is the database being away or
                // this
                // instance stopping, and either passes
                .onFailure((FailureHandler<Void>) (failed, operations) ->
                        operations.reschedule(failed, clock.instant().plus(RETRY)))
                .onDeadExecutionRevive()
                .execute((task, context) -> computation.run(
                                Long.parseLong(task.getId()),
                                () -> context.getSchedulerState().isShuttingDown())
                        ? new CompletionHandler.OnCompleteRemove<>()
                        : (complete, operations) ->
                                operations.reschedule(complete, clock.instant().plus(retry)));
    }

    /** A job whose task was lost (a dump restored without its queue, say) is queued again. */
    static RecurringTask<Void> lost(String name, TaskDescriptor<Void> descriptor, JobRepository<?> jobs, Clock clock) {
        return Tasks.recurring(name, FixedDelay.of(SWEEP)).execute((task, context) -> {
            SchedulerClient queue = context.getSchedulerClient();
            jobs.silent(SILENCE, clock.instant())
                    .forEach(id -> queue.scheduleIfNotExists(
                            descriptor.instance(Long.toString(id)).build(), clock.instant()));
        });
    }
}
