package clade.segmentation;

import clade.clustering.Progress;
import java.util.Objects;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/** Finds the segments of a definition in what a run has read. */
@Component
class Segmenter {

    /** Part of the progress that the choice of a parameter takes. */
    private static final double CHOOSING = 0.5;

    private final SegmentMaps maps;

    Segmenter(SegmentMaps maps) {
        this.maps = maps;
    }

    /**
     * What was found.
     *
     * @param input what was read, the lapsed among its customers where they are wanted as a segment
     */
    record Found(RunInput input, Outcome outcome) {}

    /**
     * {@code input} holds at least one customer.
     *
     * @param noted hears why a parameter was chosen, where the definition leaves one open
     */
    Found segment(long dataset, Definition definition, RunInput input, Consumer<Evidence> noted, Progress progress) {
        return withLapsed(definition, input, outcome(dataset, definition, input, noted, progress));
    }

    /** The outcome with the lapsed among its customers, where they are wanted as a segment. */
    static Found withLapsed(Definition definition, RunInput input, Outcome outcome) {
        FeatureTable lapsed = input.lapsed();
        if (lapsed == null) {
            return new Found(input, outcome);
        }
        Lapsed.Extended extended = Lapsed.extend(definition, input.table(), lapsed, outcome);
        return new Found(input.with(extended.table()), extended.outcome());
    }

    /** As {@link #segment}, but of the customers other than the lapsed. */
    Outcome outcome(long dataset, Definition definition, RunInput input, Consumer<Evidence> noted, Progress progress) {
        if (definition.method() instanceof Rules rules) {
            return RulesSegmenter.segment(
                    definition, rules, Objects.requireNonNull(input.matching()), input.table(), progress);
        }
        if (definition.method() instanceof Hybrid hybrid) {
            return new HybridSegmenter(
                            definition,
                            hybrid,
                            input.table(),
                            (inner, table, part) -> segment(dataset, inner, table, evidence -> {}, part))
                    .segment(progress);
        }
        return segment(dataset, definition, input.table(), noted, progress);
    }

    /** By a method that makes use of no other. */
    private Outcome segment(
            long dataset, Definition definition, FeatureTable table, Consumer<Evidence> noted, Progress progress) {
        FeatureCheck.checkValues(definition, table);
        if (definition.method() instanceof Method.Rfm rfm) {
            return RfmSegmenter.segment(definition, rfm, maps.of(dataset, rfm), table);
        }
        Method.Clusters method = (Method.Clusters) definition.method();
        if (!method.isOpen()) {
            return new ClusterSegmenter(definition, table).segment(method, progress);
        }
        Evidence evidence = ParameterSearch.of(definition, table, progress.part(0, CHOOSING));
        noted.accept(evidence);
        Method.Clusters chosen = method.with(evidence.suggestion());
        Outcome outcome = new ClusterSegmenter(definition.with(chosen), table)
                .segment(chosen, progress.part(CHOOSING, 1 - CHOOSING));
        return evidence.suggestion().clear()
                ? outcome
                : outcome.withWarning(evidence.suggestion().reason());
    }
}
