package clade.segmentation;

import clade.web.Refusal;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import java.time.Clock;
import java.time.Period;
import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The looks back at whether the segmentations of a dataset held. */
@Service
class Validations {

    private final ValidationRepository validations;
    private final Segmentations segmentations;
    private final SchedulerClient queue;
    private final Clock clock;

    Validations(ValidationRepository validations, Segmentations segmentations, SchedulerClient queue, Clock clock) {
        this.validations = validations;
        this.segmentations = segmentations;
        this.queue = queue;
        this.clock = clock;
    }

    @Transactional
    Validation create(String dataset, String segmentation, Period horizon) {
        Segmentations.Stored stored = segmentations.get(dataset, segmentation);
        long id = validations.add(stored.id(), horizon, clock.instant());
        queue.scheduleIfNotExists(
                ValidationTask.VALIDATION.instance(Long.toString(id)).build(), clock.instant());
        return get(stored, id);
    }

    @Transactional(readOnly = true)
    List<Validation> list(String dataset, String segmentation) {
        return validations.list(segmentations.get(dataset, segmentation).id());
    }

    @Transactional(readOnly = true)
    Validation get(String dataset, String segmentation, long id) {
        return get(segmentations.get(dataset, segmentation), id);
    }

    private Validation get(Segmentations.Stored segmentation, long id) {
        return validations.find(segmentation.id(), id).orElseThrow(() -> Refusal.notFound("validation", id));
    }

    /** Cancels; 409 once it is finished. */
    @Transactional
    Validation cancel(String dataset, String segmentation, long id) {
        Segmentations.Stored stored = segmentations.get(dataset, segmentation);
        boolean cancelled = validations.cancel(stored.id(), id, clock.instant());
        Validation validation = get(stored, id);
        if (!cancelled) {
            throw Refusal.conflict(
                    "validation-finished", "Validation %d is %s already".formatted(id, validation.status()));
        }
        return validation;
    }
}
