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
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hands queued runs to the runner. The queue holds only a run's id; the run's row holds the rest. */
@Configuration(proxyBeanMethods = false)
class RunTask {

    static final TaskDescriptor<Void> RUN = TaskDescriptor.of("segmentation-run");

    private static final Duration RETRY = Duration.ofMillis(200);
    private static final Duration SWEEP = Duration.ofSeconds(20);
    private static final Duration SILENCE = Duration.ofSeconds(40);

    @Bean
    Task<Void> segmentationRun(RunCoordinator coordinator, Clock clock) {
        return Tasks.custom(RUN)
                // the runner itself records what is wrong with a run: what arrives here is the database being away or
                // this
                // instance stopping, and either passes
                .onFailure((FailureHandler<Void>) (failed, operations) ->
                        operations.reschedule(failed, clock.instant().plus(RETRY)))
                .onDeadExecutionRevive()
                .execute((task, context) -> coordinator.run(
                                Long.parseLong(task.getId()),
                                () -> context.getSchedulerState().isShuttingDown())
                        ? new CompletionHandler.OnCompleteRemove<>()
                        : (complete, operations) ->
                                operations.reschedule(complete, clock.instant().plus(RETRY)));
    }

    /** A run whose task was lost (a dump restored without its queue, say) is queued again; what no run needs to be told any more is forgotten. */
    @Bean
    RecurringTask<Void> lostRuns(RunRepository runs, LiveMemberships live, Clock clock) {
        return Tasks.recurring("segmentation-lost-runs", FixedDelay.of(SWEEP)).execute((task, context) -> {
            live.sweep();
            SchedulerClient queue = context.getSchedulerClient();
            runs.silent(SILENCE, clock.instant())
                    .forEach(id -> queue.scheduleIfNotExists(
                            RUN.instance(Long.toString(id)).build(), clock.instant()));
        });
    }
}
