package clade.statistics;

import java.math.BigDecimal;

/**
 * Sums of money. A double that came from a decimal stands for the shortest decimal that reads back as it, which is how it is
 * shown; these decimals are added without rounding. So 0.1 and 0.2 make 0.3, where {@link ExactSum}, which adds what the two
 * doubles are to their last bit, may round to 0.30000000000000004. In any order the same.
 */
public final class DecimalSum {

    private static final int PLACES = 4;
    private static final double UNITS = 1e4;

    /** Up to 15 digits a decimal is the only one of so many places that reads back as its double. */
    private static final double MOST_UNITS = 1e15;

    /** Where the next addition could leave the range of a long. */
    private static final long FULL = Long.MAX_VALUE - (long) MOST_UNITS;

    /** In ten-thousandths, which hold nearly all money. */
    private long units;

    private BigDecimal rest = BigDecimal.ZERO;

    /** The sum of finite values, rounded once. */
    public static double of(double[] values) {
        DecimalSum sum = new DecimalSum();
        for (double value : values) {
            sum.add(value);
        }
        return sum.value().doubleValue();
    }

    /** The decimal that a finite double stands for. */
    public static BigDecimal decimal(double value) {
        double inUnits = Math.rint(value * UNITS);
        return isDecimal(inUnits, value)
                ? BigDecimal.valueOf((long) inUnits, PLACES)
                : new BigDecimal(Double.toString(value));
    }

    /** Adds a finite value. */
    public void add(double value) {
        double inUnits = Math.rint(value * UNITS);
        if (!isDecimal(inUnits, value)) {
            rest = rest.add(decimal(value));
            return;
        }
        if (Math.abs(units) > FULL) {
            rest = value();
            units = 0;
        }
        units += (long) inUnits;
    }

    public BigDecimal value() {
        return rest.add(BigDecimal.valueOf(units, PLACES));
    }

    /** Whether so many units read back as the value: a quotient of two whole numbers below 2^53 is rounded but once. */
    private static boolean isDecimal(double inUnits, double value) {
        return Math.abs(inUnits) <= MOST_UNITS && inUnits / UNITS == value;
    }
}
