package clade.clustering.mixture;

import clade.clustering.Covariance;
import clade.clustering.Progress;
import clade.clustering.spatial.CanonicalRows;

/**
 * Expectation and maximisation by turns (Dempster, Laird and Rubin 1977, doi:10.1111/j.2517-6161.1977.tb01600.x).
 *
 * <p>A pass computes what part of each row belongs to each component and, in the same reading, the sums that the next
 * components are made of. The mean log-likelihood of a row never falls from pass to pass but for what the floor adds.
 */
public final class ExpectationMaximisation {

    private final CanonicalRows rows;
    private final Covariance shape;
    private final double[] floor;
    private final int maxPasses;
    private final double tolerance;

    /**
     * @param floor added to the d variances of every component, above 0
     * @param tolerance ends the fit when a pass changes the mean log-likelihood of a row by no more
     */
    public ExpectationMaximisation(
            CanonicalRows rows, Covariance shape, double[] floor, int maxPasses, double tolerance) {
        this.rows = rows;
        this.shape = shape;
        this.floor = floor;
        this.maxPasses = maxPasses;
        this.tolerance = tolerance;
    }

    /** Bytes that a fit of {@code rows} distinct rows needs. */
    public static long bytes(long rows, int columns, int components) {
        long sums = (long) components * Moments.perComponent(columns, true);
        long working = (components + 4L) * Responsibilities.BLOCK + 256 * (sums / components + 2L * columns + 4);
        int threads = Runtime.getRuntime().availableProcessors() + 1;
        return rows * 12 + 8 * (rows / Responsibilities.BLOCK + 1) * (sums + 4) + 8 * working * threads;
    }

    /**
     * Starts from each row belonging wholly to one of k groups.
     *
     * @param groupOf m groups of the distinct rows, in [0, k)
     * @param centres k points of d values, the groups' means or near them
     */
    public MixtureFit fromGroups(int[] groupOf, double[] centres, int k, Progress progress) {
        Components around = around(centres, k);
        double[] sums = new Pass(rows, around).sumsOfGroups(groupOf);
        return from(new Maximisation(shape, around, centres, sums, floor).components, progress);
    }

    /** Starts from components of equal shares and unit variance around k points of d values. */
    public MixtureFit fromMeans(double[] means, int k, Progress progress) {
        return from(around(means, k), progress);
    }

    private Components around(double[] means, int k) {
        return Components.around(means, k, shape == Covariance.FULL || shape == Covariance.TIED);
    }

    private MixtureFit from(Components start, Progress progress) {
        Components components = start;
        double before = Double.NEGATIVE_INFINITY;
        for (int passes = 1; ; passes++) {
            double done = (passes - 1.0) / maxPasses;
            String phase = "pass " + passes;
            Runnable tick = () -> progress.at(phase, done);
            Pass pass = new Pass(rows, components);
            double[] sums = pass.sums(components.means, tick);
            double mean = pass.logLikelihood() / rows.totalWeight();
            Maximisation next = new Maximisation(shape, components, components.means, sums, floor);
            if (next.lostDigits) {
                double[] about = next.components.means;
                next = new Maximisation(shape, components, about, pass.sums(about, tick), floor);
            }
            boolean converged = Math.abs(mean - before) <= tolerance;
            if (converged || passes == maxPasses) {
                return end(next, passes, converged, tick);
            }
            components = next.components;
            before = mean;
        }
    }

    private MixtureFit end(Maximisation last, int passes, boolean converged, Runnable tick) {
        int[] componentOf = new int[rows.size()];
        double[] probability = new double[rows.size()];
        Pass pass = new Pass(rows, last.components);
        pass.assign(componentOf, probability, tick);
        return new MixtureFit(last, pass.logLikelihood(), passes, converged, componentOf, probability);
    }
}
