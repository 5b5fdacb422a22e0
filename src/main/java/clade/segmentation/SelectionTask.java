package clade.segmentation;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hands queued selections to the runner. */
@Configuration(proxyBeanMethods = false)
class SelectionTask {

    static final TaskDescriptor<Void> SELECTION = TaskDescriptor.of("selection");

    @Bean
    Task<Void> selection(SelectionCoordinator coordinator, Clock clock) {
        return JobTasks.task(SELECTION, coordinator::run, clock);
    }

    @Bean
    RecurringTask<Void> lostSelections(SelectionRepository selections, Clock clock) {
        return JobTasks.lost("lost-selections", SELECTION, selections, clock);
    }
}
