package clade.segmentation;

import clade.clustering.Progress;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.springframework.stereotype.Service;

/** Takes a published run through the steps that tell whether it can be trusted. */
@Service
class TrustCoordinator {

    private final JobRunner runner;
    private final TrustRepository trust;
    private final PublishedRuns runs;
    private final Clock clock;

    /** It can wait, runs can't: so it never takes more than one of the threads that compute both. */
    private final Semaphore one = new Semaphore(1);

    TrustCoordinator(JobRunner runner, TrustRepository trust, PublishedRuns runs, Clock clock) {
        this.runner = runner;
        this.trust = trust;
        this.runs = runs;
        this.clock = clock;
    }

    /**
     * Computes the trust of a run, if it is its turn.
     *
     * @param stopping tells whether this instance is about to end
     * @return false if it is to be tried again later
     */
    boolean run(long id, BooleanSupplier stopping) {
        if (!one.tryAcquire()) {
            return false;
        }
        try {
            return runner.run(trust, id, stopping, this::compute);
        } finally {
            one.release();
        }
    }

    private void compute(TrustRepository.Claimed run, Progress progress) {
        progress.at("reading", 0);
        List<TrustRepository.Drawn> drawn = trust.draw(run, TrustFinder.most(run.definition()));
        PublishedRuns.PublishedRun published = runs.get(run.id());
        double[][] values = drawn.stream()
                .map(customer -> published.values(customer.facts()))
                .toArray(double[][]::new);
        List<String> keys = trust.segments(run);
        int[] segmentOf = drawn.stream()
                .mapToInt(customer -> keys.indexOf(customer.segment()))
                .toArray();
        TrustFinder finder =
                new TrustFinder(run.definition(), published.customers(), keys, published.table(values), segmentOf);
        Trust found = finder.find(published.rfm(), progress);
        if (!trust.complete(run, found, clock.instant())) {
            throw new CancellationException();
        }
    }
}
