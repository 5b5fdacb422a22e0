package clade.clustering;

import java.util.OptionalInt;

/**
 * Where a falling curve that flattens out, such as inertia over k, bends most: Satopää, Albrecht, Irwin and Raghavan (2011),
 * "Finding a Kneedle in a Haystack", <a href="https://doi.org/10.1109/ICDCSW.2011.20">doi</a>, offline and without smoothing.
 *
 * <p>It finds a knee in curves of data without clusters too, and another one where the curve ends elsewhere: for show, never
 * to decide.
 */
public final class Knee {

    private Knee() {}

    /**
     * The index of the first knee; empty if there is none, as in a straight line.
     *
     * @param x strictly increasing, finite
     * @param y as many values, finite
     * @param sensitivity how many average steps of x the curve must stay away from its knee before it counts, at least 0; 1
     *     is the authors' choice
     */
    public static OptionalInt ofFallingCurve(double[] x, double[] y, double sensitivity) {
        require(x, y, sensitivity);
        int n = x.length;
        double[] difference = new double[n];
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : y) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        if (n < 3 || low == high) {
            return OptionalInt.empty();
        }
        for (int i = 0; i < n; i++) {
            difference[i] = (high - y[i]) / (high - low) - (x[i] - x[0]) / (x[n - 1] - x[0]);
        }
        double allowance = sensitivity / (n - 1);
        int candidate = -1;
        for (int i = 1; i < n; i++) {
            boolean rises = difference[i] > difference[i - 1];
            boolean peak = i + 1 < n && rises && difference[i] >= difference[i + 1];
            if (peak) {
                candidate = i;
            } else if (candidate >= 0 && difference[i] < difference[candidate] - allowance) {
                return OptionalInt.of(candidate);
            }
        }
        return OptionalInt.empty();
    }

    private static void require(double[] x, double[] y, double sensitivity) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(
                    "x and y must be of one length, are %d and %d".formatted(x.length, y.length));
        }
        if (!(sensitivity >= 0)) {
            throw new IllegalArgumentException("sensitivity must be at least 0, was " + sensitivity);
        }
        for (int i = 0; i < x.length; i++) {
            if (!Double.isFinite(x[i]) || !Double.isFinite(y[i]) || (i > 0 && x[i] <= x[i - 1])) {
                throw new IllegalArgumentException(
                        "x must increase and all values be finite; point %d is %s, %s".formatted(i, x[i], y[i]));
            }
        }
    }
}
