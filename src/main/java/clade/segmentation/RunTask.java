package clade.segmentation;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hands queued runs to the runner. */
@Configuration(proxyBeanMethods = false)
class RunTask {

    static final TaskDescriptor<Void> RUN = TaskDescriptor.of("segmentation-run");

    @Bean
    Task<Void> segmentationRun(RunCoordinator coordinator, Clock clock) {
        return JobTasks.task(RUN, coordinator::run, clock);
    }

    @Bean
    RecurringTask<Void> lostRuns(RunRepository runs, Clock clock) {
        return JobTasks.lost("segmentation-lost-runs", RUN, runs, clock);
    }
}
