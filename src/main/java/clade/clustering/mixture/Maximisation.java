package clade.clustering.mixture;

import clade.clustering.Covariance;
import java.util.Arrays;

/** The components that fit given responsibilities best, from the sums of {@link Moments}. */
final class Maximisation {

    /** A component that owns less than this many rows in all keeps its mean and covariance. */
    private static final double NEGLIGIBLE = 1e-10;

    /** Squares about a point so many times farther than the variance have lost too many digits. */
    private static final double FAR = 0x1p20;

    final Components components;
    /** k x d variances before the floor was added. */
    final double[] variances;
    /** Whether a mean moved so far from its point of reference that the sums are to be taken again about the new mean. */
    final boolean lostDigits;

    /**
     * @param before what the responsibilities were computed with
     * @param reference k points of d values that the sums were taken about
     * @param sums k times {@link Moments#perComponent}
     * @param floor d variances
     */
    Maximisation(Covariance shape, Components before, double[] reference, double[] sums, double[] floor) {
        int k = before.size();
        int d = before.columns;
        int triangle = Cholesky.triangle(d);
        double total = 0;
        for (int j = 0; j < k; j++) {
            total += sums[j * (sums.length / k)];
        }
        double[] shares = new double[k];
        double[] means = reference.clone();
        double[] covariances = before.covariances.clone();
        boolean lost = false;
        for (int j = 0; j < k; j++) {
            int at = j * (sums.length / k);
            int own = j * triangle;
            shares[j] = sums[at] / total;
            if (sums[at] < NEGLIGIBLE) {
                add(covariances, own, floor, -1);
                continue;
            }
            int next = at + 1 + d;
            for (int a = 0; a < d; a++) {
                double moved = sums[at + 1 + a] / sums[at];
                means[j * d + a] += moved;
                for (int b = before.correlated ? 0 : a; b <= a; b++) {
                    covariances[own + Cholesky.triangle(a) + b] =
                            sums[next++] / sums[at] - moved * (sums[at + 1 + b] / sums[at]);
                }
                double variance = Math.max(0, covariances[own + Cholesky.triangle(a) + a]);
                lost |= moved * moved > FAR * (variance + floor[a]);
            }
        }
        switch (shape) {
            case TIED -> pool(covariances, shares, triangle);
            case SPHERICAL -> level(covariances, k, d);
            default -> {}
        }
        this.lostDigits = lost;
        this.variances = new double[k * d];
        for (int j = 0; j < k; j++) {
            for (int a = 0; a < d; a++) {
                variances[j * d + a] = covariances[j * triangle + Cholesky.triangle(a) + a];
            }
            add(covariances, j * triangle, floor, 1);
        }
        if (shape == Covariance.SPHERICAL) {
            level(covariances, k, d);
        }
        for (int j = 0; j < k; j++) {
            lift(covariances, j * triangle, d);
        }
        this.components = new Components(before.correlated, shares, means, covariances);
    }

    /** Adds to the diagonal, ten times more each time, until rounding no longer makes a covariance indefinite. */
    private static void lift(double[] covariances, int own, int d) {
        int triangle = Cholesky.triangle(d);
        double widest = 0;
        for (int a = 0; a < d; a++) {
            widest = Math.max(widest, covariances[own + Cholesky.triangle(a) + a]);
        }
        for (double lift = widest * 1e-15;
                Cholesky.factor(Arrays.copyOfRange(covariances, own, own + triangle), d).length == 0;
                lift *= 10) {
            for (int a = 0; a < d; a++) {
                covariances[own + Cholesky.triangle(a) + a] += lift;
            }
        }
    }

    private static void add(double[] covariances, int own, double[] floor, int sign) {
        for (int a = 0; a < floor.length; a++) {
            covariances[own + Cholesky.triangle(a) + a] += sign * floor[a];
        }
    }

    /** Gives all components the mean of their covariances, by share. */
    private static void pool(double[] covariances, double[] shares, int triangle) {
        for (int i = 0; i < triangle; i++) {
            double sum = 0;
            for (int j = 0; j < shares.length; j++) {
                sum += shares[j] * covariances[j * triangle + i];
            }
            for (int j = 0; j < shares.length; j++) {
                covariances[j * triangle + i] = sum;
            }
        }
    }

    /** Gives all columns of a component the mean of their variances. */
    private static void level(double[] covariances, int k, int d) {
        for (int j = 0; j < k; j++) {
            int own = j * Cholesky.triangle(d);
            double sum = 0;
            for (int a = 0; a < d; a++) {
                sum += covariances[own + Cholesky.triangle(a) + a];
            }
            for (int a = 0; a < d; a++) {
                covariances[own + Cholesky.triangle(a) + a] = sum / d;
            }
        }
    }
}
