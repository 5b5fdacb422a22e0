package clade.segmentation;

import clade.clustering.Progress;
import clade.segmentation.Validation.Held;
import clade.segmentation.report.Figures;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.springframework.stereotype.Service;

/** Takes a queued validation through its steps: read, segment as of the start of the horizon, measure what came of it. */
@Service
class ValidationCoordinator {

    private final JobRunner runner;
    private final ValidationRepository validations;
    private final ValidationReader reader;
    private final Segmenter segmenter;
    private final Clock clock;

    ValidationCoordinator(
            JobRunner runner,
            ValidationRepository validations,
            ValidationReader reader,
            Segmenter segmenter,
            Clock clock) {
        this.runner = runner;
        this.validations = validations;
        this.reader = reader;
        this.segmenter = segmenter;
        this.clock = clock;
    }

    /**
     * Computes a validation, if it is its turn.
     *
     * @param stopping tells whether this instance is about to end
     * @return false if the validation is to be tried again later
     */
    boolean run(long id, BooleanSupplier stopping) {
        return runner.run(validations, id, stopping, this::compute);
    }

    private void compute(ValidationRepository.Claimed validation, Progress progress) {
        Definition definition = validation.definition();
        ValidationReader.Input input = reader.read(validation, progress);
        validations.noteInput(validation, input.run(), input.until());
        Outcome outcome = segmenter.segment(validation.dataset(), definition, input.run(), evidence -> {}, progress);
        List<String> warnings = new ArrayList<>(input.warnings());
        if (definition.method().clusters()) {
            warnings.add(
                    "Clusters were found anew as of the start: their keys and names are of that time, not of the current run.");
        }
        warnings.addAll(outcome.warnings());
        Held held = new Hindsight(
                        outcome.segments(),
                        input.customers(outcome.segmentOf()),
                        Figures.period(validation.horizon()),
                        Objects.requireNonNull(input.run().asOf())
                                .atZone(input.run().zone())
                                .toLocalDate()
                                .toString(),
                        definition.seed(),
                        warnings)
                .measure(progress);
        if (!validations.complete(validation, held, clock.instant())) {
            throw new CancellationException();
        }
    }
}
