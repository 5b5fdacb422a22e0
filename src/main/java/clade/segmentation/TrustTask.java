package clade.segmentation;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hands published runs to whoever finds out whether they can be trusted. */
@Configuration(proxyBeanMethods = false)
class TrustTask {

    static final TaskDescriptor<Void> TRUST = TaskDescriptor.of("run-trust");

    /** One is computed at a time, and many may wait. */
    private static final Duration RETRY = Duration.ofSeconds(2);

    @Bean
    Task<Void> runTrust(TrustCoordinator coordinator, Clock clock) {
        return JobTasks.task(TRUST, coordinator::run, RETRY, clock);
    }

    @Bean
    RecurringTask<Void> lostTrust(TrustRepository trust, Clock clock) {
        return JobTasks.lost("lost-trust", TRUST, trust, clock);
    }
}
