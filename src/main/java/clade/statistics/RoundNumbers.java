package clade.statistics;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers that people can keep in mind. */
public final class RoundNumbers {

    private static final int LARGEST_POWER = 18;
    private static final int SMALLEST_POWER = -12;

    private RoundNumbers() {}

    /**
     * A number in [low, high) with as few decimals or as many trailing zeros as there is: a multiple of the largest power of ten
     * that has one there, of several the one nearest to the middle. {@code low} itself if all are finer than 1e-12.
     *
     * @param low finite and below {@code high}
     */
    public static double between(double low, double high) {
        if (!(low < high)) {
            throw new IllegalArgumentException("low must be below high, were %s and %s".formatted(low, high));
        }
        BigDecimal from = BigDecimal.valueOf(low);
        BigDecimal to = BigDecimal.valueOf(high);
        BigDecimal middle = from.add(to).divide(BigDecimal.valueOf(2));
        for (int power = LARGEST_POWER; power >= SMALLEST_POWER; power--) {
            BigDecimal step = BigDecimal.ONE.scaleByPowerOfTen(power);
            BigDecimal first = from.divide(step, 0, RoundingMode.CEILING);
            if (first.multiply(step).compareTo(to) < 0) {
                BigDecimal last = to.divide(step, 0, RoundingMode.CEILING).subtract(BigDecimal.ONE);
                BigDecimal wanted = middle.divide(step, 0, RoundingMode.HALF_DOWN);
                double found = wanted.max(first).min(last).multiply(step).doubleValue();
                if (found >= low && found < high) {
                    return found;
                }
            }
        }
        return low;
    }
}
