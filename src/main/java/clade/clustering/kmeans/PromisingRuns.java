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

    /** By how much the inertia of a run may be above the least, as a share of it. */
    private static final double WORSE = 0.01;

    /** Runs end alike if no centre is farther from one of the other's, as a share of the rows' root mean squared distance. */
    private static final double NEAR = 0.2;

    private static final Comparator<Run> BEST_FIRST =
            Comparator.comparingDouble(Run::inertia).thenComparingInt(Run::restart);

    private final int dimensions;
    private final long totalWeight;
    private final List<Run> runs = new ArrayList<>();

    /** How a run on the means ended. */
    record Run(int k, int restart, Partition found) {

        double inertia() {
            return found.inertia();
        }

        double[] centres() {
            return found.centres();
        }
    }

    PromisingRuns(RowTree tree) {
        dimensions = tree.dimensions;
        totalWeight = tree.totalWeight;
    }

    synchronized void offer(Run run) {
        runs.add(run);
        runs.sort(BEST_FIRST);
        if (runs.size() > MOST) {
            runs.remove(MOST);
        }
    }

    double leastInertia() {
        return runs.get(0).inertia();
    }

    /** The best first. */
    List<Run> toFinish() {
        List<Run> chosen = new ArrayList<>();
        for (Run run : runs) {
            if (run.inertia() <= leastInertia() * (1 + WORSE)
                    && chosen.stream().noneMatch(other -> alike(run, other))) {
                chosen.add(run);
            }
        }
        return chosen;
    }

    private boolean alike(Run run, Run other) {
        double near = NEAR * NEAR * leastInertia() / totalWeight;
        for (int at = 0; at < run.centres().length; at += dimensions) {
            if (nearest(run.centres(), at, other.centres()) > near) {
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
