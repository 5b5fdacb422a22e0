package clade.segmentation;

import clade.clustering.Progress;
import clade.clustering.UnsuitableData;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.springframework.stereotype.Service;

/** Takes a queued run through its steps: read, compute, publish. */
@Service
class RunCoordinator {

    private final JobRunner runner;
    private final RunRepository runs;
    private final RunReader reader;
    private final RunPublisher publisher;

    RunCoordinator(JobRunner runner, RunRepository runs, RunReader reader, RunPublisher publisher) {
        this.runner = runner;
        this.runs = runs;
        this.reader = reader;
        this.publisher = publisher;
    }

    /**
     * Computes a run, if it is its turn.
     *
     * @param stopping tells whether this instance is about to end
     * @return false if the run is to be tried again later
     */
    boolean run(long id, BooleanSupplier stopping) {
        return runner.run(runs, id, stopping, this::compute);
    }

    private void compute(RunRepository.Claimed run, Progress watch) {
        RunInput input = reader.read(run, watch);
        runs.noteInput(run, input);
        if (input.table().size() == 0) {
            throw new UnsuitableData(
                    "no-purchases",
                    "No customer has a purchase %s %s; upload transactions, or change asOf or window"
                            .formatted(
                                    run.definition().window() == null ? "before" : "in the window that ends at",
                                    input.asOf()));
        }
        Outcome outcome = run.definition().method() instanceof Method.Rfm rfm
                ? RfmSegmenter.segment(run.definition(), rfm, input.table())
                : new ClusterSegmenter(run.definition(), input.table())
                        .segment((Method.Clusters) run.definition().method(), watch);
        watch.at("publishing", 0);
        if (!publisher.publish(run, input, outcome)) {
            throw new CancellationException();
        }
    }
}
