package clade.segmentation;

import clade.clustering.Progress;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** Takes a queued run through its steps: read, compute, publish. */
@Service
class RunCoordinator {

    /** Part of the progress that the choice of a parameter takes. */
    private static final double CHOOSING = 0.5;

    /** Customers from which the planner must hear of a run at once. */
    private static final int MANY = 10_000;

    private final JobRunner runner;
    private final RunRepository runs;
    private final RunReader reader;
    private final RunPublisher publisher;
    private final Memberships memberships;
    private final SegmentMaps maps;
    private final NoiseReasons reasons;
    private final JsonMapper json;

    RunCoordinator(
            JobRunner runner,
            RunRepository runs,
            RunReader reader,
            RunPublisher publisher,
            Memberships memberships,
            SegmentMaps maps,
            NoiseReasons reasons,
            JsonMapper json) {
        this.runner = runner;
        this.runs = runs;
        this.reader = reader;
        this.publisher = publisher;
        this.memberships = memberships;
        this.maps = maps;
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
        Outcome outcome = reasons.explain(run, input, segment(run, input, watch));
        FeatureTable lapsed = input.lapsed();
        if (lapsed != null) {
            Lapsed.Extended extended = Lapsed.extend(run.definition(), input.table(), lapsed, outcome);
            input = input.with(extended.table());
            outcome = extended.outcome();
        }
        watch.at("publishing", 0);
        publisher.publish(run, input, outcome, watch);
        if (input.table().size() >= MANY) {
            memberships.countAnew();
        }
    }

    private Outcome segment(RunRepository.Claimed run, RunInput input, Progress watch) {
        Definition definition = run.definition();
        if (definition.method() instanceof Rules rules) {
            return RulesSegmenter.segment(
                    definition, rules, Objects.requireNonNull(input.matching()), input.table(), watch);
        }
        if (definition.method() instanceof Hybrid hybrid) {
            return new HybridSegmenter(
                            definition,
                            hybrid,
                            input.table(),
                            (inner, table, progress) -> segment(run.dataset(), inner, table, evidence -> {}, progress))
                    .segment(watch);
        }
        return segment(
                run.dataset(),
                definition,
                input.table(),
                evidence -> runs.noteEvidence(run, json.writeValueAsString(evidence)),
                watch);
    }

    /** By a method that makes use of no other; {@code found} hears why an open parameter was taken as it was. */
    private Outcome segment(
            long dataset, Definition definition, FeatureTable table, Consumer<Evidence> found, Progress watch) {
        FeatureCheck.checkValues(definition, table);
        if (definition.method() instanceof Method.Rfm rfm) {
            return RfmSegmenter.segment(definition, rfm, maps.of(dataset, rfm), table);
        }
        Method.Clusters method = (Method.Clusters) definition.method();
        if (!method.isOpen()) {
            return new ClusterSegmenter(definition, table).segment(method, watch);
        }
        Evidence evidence =
                ParameterSearch.of(definition, table, (phase, fraction) -> watch.at(phase, CHOOSING * fraction));
        found.accept(evidence);
        Method.Clusters chosen = method.with(evidence.suggestion());
        Outcome outcome = new ClusterSegmenter(definition.with(chosen), table)
                .segment(chosen, (phase, fraction) -> watch.at(phase, CHOOSING + (1 - CHOOSING) * fraction));
        return evidence.suggestion().clear()
                ? outcome
                : outcome.withWarning(evidence.suggestion().reason());
    }
}
