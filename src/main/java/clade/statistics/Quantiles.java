package clade.statistics;

import java.math.BigDecimal;

/**
 * Quantiles of type 7 (Hyndman and Fan 1996, <a href="https://doi.org/10.1080/00031305.1996.10473566">doi</a>): linear
 * between the order statistics around position p(m - 1). The position is found in exact arithmetic, so that a quantile
 * which falls on an order statistic is that value and not a neighbour of it.
 *
 * <p>All methods take m values, at least one, finite and in ascending order.
 */
public final class Quantiles {

    private Quantiles() {}

    /**
     * The quantile k/n: position k(m - 1)/n.
     *
     * @param k in [0, n]
     */
    public static double at(double[] sorted, int k, int n) {
        if (n < 1 || k < 0 || k > n) {
            throw new IllegalArgumentException(
                    "a quantile k/n needs 0 <= k <= n and n >= 1, was %d/%d".formatted(k, n));
        }
        requireValues(sorted);
        long position = (long) k * (sorted.length - 1);
        return between(sorted, (int) (position / n), (double) (position % n) / n);
    }

    /**
     * The quantile p, taken as the decimal fraction that it is written as (0.99 is 99/100).
     *
     * @param p in [0, 1]
     */
    public static double at(double[] sorted, double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("a quantile must be in [0, 1], was " + p);
        }
        requireValues(sorted);
        BigDecimal position = BigDecimal.valueOf(p).multiply(BigDecimal.valueOf(sorted.length - 1L));
        int below = position.intValue();
        return between(
                sorted, below, position.subtract(BigDecimal.valueOf(below)).doubleValue());
    }

    /** The n - 1 quantiles 1/n … (n - 1)/n, which cut the values into n parts; n at least 1. */
    public static double[] cuts(double[] sorted, int n) {
        if (n < 1) {
            throw new IllegalArgumentException("the number of parts must be at least 1, was " + n);
        }
        double[] cuts = new double[n - 1];
        for (int k = 1; k < n; k++) {
            cuts[k - 1] = at(sorted, k, n);
        }
        return cuts;
    }

    private static double between(double[] sorted, int below, double fraction) {
        double low = sorted[below];
        // past the last value there is no neighbour, and 0 times an overflowing difference would be NaN
        return fraction == 0 ? low : low + fraction * (sorted[below + 1] - low);
    }

    private static void requireValues(double[] sorted) {
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no values, no quantile");
        }
    }
}
