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
 * <p>Of many rows in few columns the means of groups of neighbours tell nearly all: starts are drawn from and run on {@link
 * GroupMeans}, and where such a run ends is the start of one over all rows if it may become the best (as starts are refined on
 * samples by Bradley and Fayyad). So most of the passes are over a few thousand points. Where groups are not compact, for there
 * are many columns, or clusters would be nearly as small as groups, all starts are run on all rows.
 *
 * @param restarts starts by k-means++ for each k
 * @param maxPasses limit of one run; one on means and the one over all rows that starts where it ended have this limit each
 * @param tolerance of the squared moves of all centres, relative to the mean variance of the columns
 * @param seed of the starts
 * @see <a href="https://dl.acm.org/doi/10.5555/645527.657466">Bradley and Fayyad (1998), Refining initial points for k-means
 *     clustering</a>
 */
public record Restarts(int restarts, int maxPasses, double tolerance, long seed) {

    /** Up to here runs go side by side, a thread each; beyond, threads share each run, since a run's memory counts. */
    public static final int SIDE_BY_SIDE_ROWS = 1 << 17;

    /** Up to here all starts are run on all rows. */
    public static final int FEW_ROWS = 1 << 15;

    /** Means of groups can't stand for the rows if more than this of the rows' scatter is about them. */
    private static final double MOST_SCATTER = 0.125;

    /** Nor can they if there are fewer groups for each cluster. */
    private static final int LEAST_GROUPS = 8;

    /** The fraction of the work that runs on means are. */
    private static final double SHARE_OF_MEANS = 0.4;

    /**
     * The first of the streams of draws, one a restart. Any would do; with this one seed 42 finds the best known inertias of
     * the tests' real data, which few restarts reach.
     */
    static final int STREAM = 700;

    /** The best run for each k from {@code kMin} to {@code kMax}. */
    public Partition[] best(RowTree tree, int kMin, int kMax, Progress progress) {
        Best best = new Best(kMin, kMax);
        int lastByMeans = kMin - 1;
        double share = 1.0 / (kMax - kMin + 1);
        if (tree.size > FEW_ROWS) {
            GroupMeans means = new GroupMeans(tree, progress);
            if (means.scatter <= MOST_SCATTER * means.total && kMin <= means.tree.size / LEAST_GROUPS) {
                lastByMeans = Math.min(kMax, means.tree.size / LEAST_GROUPS);
                promising(tree, means, kMin, lastByMeans, best, progress.part(0, (lastByMeans - kMin + 1) * share));
            }
        }
        if (lastByMeans < kMax) {
            double done = (lastByMeans - kMin + 1) * share;
            all(tree, lastByMeans + 1, kMax, best::offer, progress.part(done, 1 - done));
        }
        return best.found;
    }

    /** Runs from all starts on the means, and finishes on all rows what may become best. */
    private void promising(RowTree tree, GroupMeans means, int kMin, int kMax, Best best, Progress progress) {
        PromisingRuns[] ofMeans = new PromisingRuns[kMax - kMin + 1];
        Arrays.setAll(ofMeans, i -> new PromisingRuns(means));
        all(
                means.tree,
                kMin,
                kMax,
                (k, restart, found) -> ofMeans[k - kMin].offer(new PromisingRuns.Run(k, restart, found)),
                progress.part(0, SHARE_OF_MEANS));
        List<PromisingRuns.Run> runs = new ArrayList<>();
        for (int i = ofMeans.length - 1; i >= 0; i--) { // the largest k, which take longest, first
            runs.addAll(ofMeans[i].toFinish());
        }
        boolean sideBySide = runs.size() > 1 && tree.size <= SIDE_BY_SIDE_ROWS;
        double leastMove = leastMove(tree);
        double share = (1 - SHARE_OF_MEANS) / runs.size();
        AtomicInteger begun = new AtomicInteger();
        Parallel.blocks(runs.size(), sideBySide ? 1 : runs.size(), (from, to) -> {
            for (PromisingRuns.Run run : runs.subList(from, to)) {
                double done = SHARE_OF_MEANS + begun.getAndIncrement() * share;
                best.offer(
                        run.k,
                        run.restart,
                        new Lloyd(tree, run.centres, !sideBySide)
                                .run(maxPasses, leastMove, false, progress, done, share));
            }
        });
    }

    /** Runs from all starts. */
    private void all(RowTree tree, int kMin, int kMax, Sink sink, Progress progress) {
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
                    sink.offer(
                            k,
                            restart,
                            new Lloyd(tree, first, !sideBySide)
                                    .run(maxPasses, leastMove, false, progress, done, share));
                }
            }
        });
    }

    /** Takes runs as they end. */
    private interface Sink {
        void offer(int k, int restart, Partition found);
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
