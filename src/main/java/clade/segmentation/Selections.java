package clade.segmentation;

import clade.datasets.Dataset;
import clade.datasets.Datasets;
import clade.web.Refusal;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import java.time.Clock;
import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The searches for parameters of a dataset. */
@Service
class Selections {

    private final SelectionRepository selections;
    private final Datasets datasets;
    private final FeatureCheck features;
    private final SchedulerClient queue;
    private final Clock clock;

    Selections(
            SelectionRepository selections,
            Datasets datasets,
            FeatureCheck features,
            SchedulerClient queue,
            Clock clock) {
        this.selections = selections;
        this.datasets = datasets;
        this.features = features;
        this.queue = queue;
        this.clock = clock;
    }

    @Transactional
    Selection create(String datasetKey, Definition definition) {
        Dataset dataset = datasets.get(datasetKey);
        features.check(dataset.id(), definition);
        long id = selections.add(dataset.id(), definition, clock.instant());
        queue.scheduleIfNotExists(
                SelectionTask.SELECTION.instance(Long.toString(id)).build(), clock.instant());
        return get(dataset, id);
    }

    @Transactional(readOnly = true)
    List<Selection> list(String dataset) {
        return selections.list(datasets.get(dataset).id());
    }

    @Transactional(readOnly = true)
    Selection get(String dataset, long id) {
        return get(datasets.get(dataset), id);
    }

    private Selection get(Dataset dataset, long id) {
        return selections.find(dataset.id(), id).orElseThrow(() -> Refusal.notFound("selection", id));
    }

    /** Cancels; 409 once it is finished. */
    @Transactional
    Selection cancel(String datasetKey, long id) {
        Dataset dataset = datasets.get(datasetKey);
        boolean cancelled = selections.cancel(dataset.id(), id, clock.instant());
        Selection selection = get(dataset, id);
        if (!cancelled) {
            throw Refusal.conflict(
                    "selection-finished", "Selection %d is %s already".formatted(id, selection.status()));
        }
        return selection;
    }
}
