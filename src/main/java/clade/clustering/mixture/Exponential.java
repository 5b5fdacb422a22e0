package clade.clustering.mixture;

/**
 * e to the power of numbers that are not above 0, within 1 ulp and the same on every machine, unlike {@link Math#exp}; written
 * as plain loops that the compiler turns into vector instructions.
 */
final class Exponential {

    /** Results below 2^-86, about 1e-26, are given as 0: beside a sum of at least 1 they are nothing. */
    private static final int LEAST_EXPONENT = -86;

    private static final double LOWEST = -61;
    private static final double LOG2_E = 0x1.71547652b82fep0;
    /** ln 2 in two parts, the first short enough that its products with exponents are exact (as in fdlibm). */
    private static final double LN2_HIGH = 0x1.62e42feep-1;

    private static final double LN2_LOW = 0x1.a39ef35793c76p-33;
    /** Adding and subtracting it rounds to a whole number. */
    private static final double ROUND = 0x1.8p52;

    /** Two to the power of −i. */
    private static final double[] POWERS = new double[90];

    static {
        for (int i = 0; i <= -LEAST_EXPONENT; i++) {
            POWERS[i] = Math.scalb(1.0, -i);
        }
    }

    private Exponential() {}

    /**
     * Replaces the first {@code length} values, none above 0, by their powers of e.
     *
     * @param scratch as long as {@code x} at least
     */
    static void replace(double[] x, int length, double[] scratch) {
        for (int i = 0; i < length; i++) {
            double v = Math.max(x[i], LOWEST);
            double exponent = (v * LOG2_E + ROUND) - ROUND;
            double r = (v - exponent * LN2_HIGH) - exponent * LN2_LOW;
            scratch[i] = exponent;
            x[i] = series(r);
        }
        for (int i = 0; i < length; i++) {
            x[i] *= POWERS[(int) -scratch[i]];
        }
    }

    /** The Taylor series to r^13: for |r| ≤ ln 2 / 2 what it leaves out is below 2^-57. */
    private static double series(double r) {
        double p = 1 / 6227020800.0;
        p = p * r + 1 / 479001600.0;
        p = p * r + 1 / 39916800.0;
        p = p * r + 1 / 3628800.0;
        p = p * r + 1 / 362880.0;
        p = p * r + 1 / 40320.0;
        p = p * r + 1 / 5040.0;
        p = p * r + 1 / 720.0;
        p = p * r + 1 / 120.0;
        p = p * r + 1 / 24.0;
        p = p * r + 1 / 6.0;
        p = p * r + 0.5;
        return 1 + (r + r * r * p);
    }
}
