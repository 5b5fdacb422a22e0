package clade.segmentation;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hands queued validations to the runner. */
@Configuration(proxyBeanMethods = false)
class ValidationTask {

    static final TaskDescriptor<Void> VALIDATION = TaskDescriptor.of("validation");

    @Bean
    Task<Void> validation(ValidationCoordinator coordinator, Clock clock) {
        return JobTasks.task(VALIDATION, coordinator::run, clock);
    }

    @Bean
    RecurringTask<Void> lostValidations(ValidationRepository validations, Clock clock) {
        return JobTasks.lost("lost-validations", VALIDATION, validations, clock);
    }
}
