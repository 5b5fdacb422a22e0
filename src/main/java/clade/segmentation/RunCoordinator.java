package clade.segmentation;

import clade.clustering.Progress;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** Takes a queued run through its steps: read, compute, publish. */
@Service
class RunCoordinator {

    /** Customers from which the planner must hear of a run at once. */
    private static final int MANY = 10_000;

    private final JobRunner runner;
    private final RunRepository runs;
    private final RunReader reader;
    private final RunPublisher publisher;
    private final Memberships memberships;
    private final Segmenter segmenter;
    private final NoiseReasons reasons;
    private final JsonMapper json;

    RunCoordinator(
            JobRunner runner,
            RunRepository runs,
            RunReader reader,
            RunPublisher publisher,
            Memberships memberships,
            Segmenter segmenter,
            NoiseReasons reasons,
            JsonMapper json) {
        this.runner = runner;
        this.runs = runs;
        this.reader = reader;
        this.publisher = publisher;
        this.memberships = memberships;
        this.segmenter = segmenter;
        this.reasons = reasons;
        this.json = json;
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
        AsOf asOf =
                Objects.requireNonNullElse(run.wantedAsOf(), run.definition().asOf());
        RunInput input = reader.read(run.datasetKey(), run.definition(), asOf, watch);
        runs.noteInput(run, input);
        input.requireCustomers(run.definition());
        Outcome outcome = segmenter.outcome(
                run.dataset(),
                run.definition(),
                input,
                evidence -> runs.noteEvidence(run, json.writeValueAsString(evidence)),
                watch);
        Segmenter.Found found = Segmenter.withLapsed(run.definition(), input, reasons.explain(run, input, outcome));
        watch.at("publishing", 0);
        publisher.publish(run, found.input(), found.outcome(), watch);
        if (found.input().table().size() >= MANY) {
            memberships.countAnew();
        }
    }
}
