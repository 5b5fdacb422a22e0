package clade.web;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Clears away what idempotent requests were answered, when its day is over. */
@Configuration(proxyBeanMethods = false)
class IdempotencyConfiguration {

    private static final Duration SWEEP = Duration.ofMinutes(10);

    @Bean
    RecurringTask<Void> expiredRequests(IdempotentRequests requests) {
        return Tasks.recurring("idempotent-requests-expired", FixedDelay.of(SWEEP))
                .execute((task, context) -> requests.sweep());
    }
}
