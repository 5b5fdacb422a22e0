package clade.segmentation;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hands published runs to whoever finds out whether they can be trusted. */
@Configuration(proxyBeanMethods = false)
class TrustTask {

    private static final Logger LOG = LoggerFactory.getLogger(TrustTask.class);

    static final TaskDescriptor<Void> TRUST = TaskDescriptor.of("run-trust");

    /** One is computed at a time, and many may wait. */
    private static final Duration RETRY = Duration.ofSeconds(2);

    @Bean
    Task<Void> runTrust(
            TrustCoordinator coordinator, TrustRepository trust, ObjectProvider<SchedulerClient> queue, Clock clock) {
        return JobTasks.task(
                TRUST,
                (id, stopping) -> {
                    boolean done = coordinator.run(id, stopping);
                    if (done) {
                        trust.next().ifPresent(next -> callNow(next, queue.getObject(), clock));
                    }
                    return done;
                },
                RETRY,
                clock);
    }

    /** Who has found one calls the next: the others would come again all together, and but one of them get its turn. */
    private static void callNow(long id, SchedulerClient queue, Clock clock) {
        try {
            queue.reschedule(TaskInstanceId.of(TRUST.getTaskName(), Long.toString(id)), clock.instant());
        } catch (TaskInstanceException e) {
            LOG.debug("Trust of run {} comes by itself", id, e); // it is just being tried, or cancelled
        }
    }

    @Bean
    RecurringTask<Void> lostTrust(TrustRepository trust, Clock clock) {
        return JobTasks.lost("lost-trust", TRUST, trust, clock);
    }
}
