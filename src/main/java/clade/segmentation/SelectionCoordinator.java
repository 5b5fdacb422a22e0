package clade.segmentation;

import clade.clustering.Progress;
import java.time.Clock;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.springframework.stereotype.Service;

/** Takes a queued selection through its steps: read, search, keep what was found. */
@Service
class SelectionCoordinator {

    private final JobRunner runner;
    private final SelectionRepository selections;
    private final RunReader reader;
    private final Clock clock;

    SelectionCoordinator(JobRunner runner, SelectionRepository selections, RunReader reader, Clock clock) {
        this.runner = runner;
        this.selections = selections;
        this.reader = reader;
        this.clock = clock;
    }

    /**
     * Computes a selection, if it is its turn.
     *
     * @param stopping tells whether this instance is about to end
     * @return false if the selection is to be tried again later
     */
    boolean run(long id, BooleanSupplier stopping) {
        return runner.run(selections, id, stopping, this::compute);
    }

    private void compute(SelectionRepository.Claimed selection, Progress progress) {
        Definition definition = selection.definition();
        RunInput input = reader.read(selection.datasetKey(), definition, definition.asOf(), progress);
        selections.noteInput(selection, input);
        input.requireCustomers(definition);
        FeatureCheck.checkValues(definition, input.table());
        Evidence evidence = ParameterSearch.of(definition, input.table(), progress);
        if (!selections.complete(selection, evidence, clock.instant())) {
            throw new CancellationException();
        }
    }
}
