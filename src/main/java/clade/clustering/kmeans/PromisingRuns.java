package clade.clustering.kmeans;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Of the runs for one k on {@link GroupMeans} those worth finishing on all rows: of the best few any that is about as good as
 * the best, and of several that ended at the same place one. The same whatever order they come in.
 */
final class PromisingRuns {

    /** Runs that are remembered. */
    private static final int MOST = 16;

    /**
     * By how much the inertia of a run may be above the least, as a share of it, and as a share of the scatter about the means, of
     * which a run over all rows may take off more or less.
     */
    private static final double WORSE = 0.01;

    private static final double MISJUDGED = 0.125;

    /**
     * Runs end alike if no centre is farther than this from one of the other's, as a share of the root mean squared distance of the
     * means from their centres.
     */
    private static final double NEAR = 0.2;

    private static final Comparator<Run> BEST_FIRST =
            Comparator.<Run>comparingDouble(run -> run.inertia).thenComparingInt(run -> run.restart);

    private final int dimensions;
    private final long totalWeight;
    private final double scatter;
    private final List<Run> runs = new ArrayList<>();

    /** How a run on the means ended, without its labels. */
    static final class Run {
        final int k;
        final int restart;
        final double inertia;

        /** k x dimensions values. */
        final double[] centres;

        Run(int k, int restart, Partition found) {
            this.k = k;
            this.restart = restart;
            inertia = found.inertia();
            centres = found.centres();
        }
    }

    PromisingRuns(GroupMeans means) {
        dimensions = means.tree.dimensions;
        totalWeight = means.tree.totalWeight;
        scatter = means.scatter;
    }

    synchronized void offer(Run run) {
        runs.add(run);
        runs.sort(BEST_FIRST);
        if (runs.size() > MOST) {
            runs.remove(MOST);
        }
    }

    /** The best first. */
    List<Run> toFinish() {
        double least = runs.get(0).inertia;
        double most = least * (1 + WORSE) + scatter * MISJUDGED;
        double near = NEAR * NEAR * least / totalWeight;
        List<Run> chosen = new ArrayList<>();
        for (Run run : runs) {
            if (run.inertia <= most && chosen.stream().noneMatch(other -> alike(run, other, near))) {
                chosen.add(run);
            }
        }
        return chosen;
    }

    private boolean alike(Run run, Run other, double near) {
        for (int at = 0; at < run.centres.length; at += dimensions) {
            if (nearest(run.centres, at, other.centres) > near) {
                return false;
            }
        }
        return true;
    }

    /** The squared distance of the point at {@code points[at]} to the nearest of {@code others}. */
    private double nearest(double[] points, int at, double[] others) {
        double least = Double.POSITIVE_INFINITY;
        for (int to = 0; to < others.length; to += dimensions) {
            double sum = 0;
            for (int c = 0; c < dimensions; c++) {
                double difference = points[at + c] - others[to + c];
                sum += difference * difference;
            }
            least = Math.min(least, sum);
        }
        return least;
    }
}
