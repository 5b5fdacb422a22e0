package clade.segmentation;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hands queued runs to the runner. */
@Configuration(proxyBeanMethods = false)
class RunTask {

    static final TaskDescriptor<Void> RUN = TaskDescriptor.of("segmentation-run");

    private static final Duration SWEEP = Duration.ofSeconds(20);

    @Bean
    Task<Void> segmentationRun(RunCoordinator coordinator, Clock clock) {
        return JobTasks.task(RUN, coordinator::run, clock);
    }

    @Bean
    RecurringTask<Void> lostRuns(RunRepository runs, Clock clock) {
        return JobTasks.lost("segmentation-lost-runs", RUN, runs, clock);
    }

    /** What no run needs to be told any more is forgotten. */
    @Bean
    RecurringTask<Void> toldChanges(LiveMemberships live, MembershipEndings endings) {
        return Tasks.recurring("segmentation-told-changes", FixedDelay.of(SWEEP))
                .execute((task, context) -> {
                    live.sweep();
                    endings.apply();
                });
    }
}
