package clade.statistics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one column is like, the same whatever the order of its values. Quantiles are of {@linkplain Quantiles type 7}, the
 * standard deviation is that of the population, skewness is the third moment over its cube.
 *
 * <p>Histogram and fences are made on a scale, the values themselves or log1p (negative values count as 0): Tukey's fences, 1.5
 * interquartile ranges beyond the quartiles, call a tenth of a skewed column outliers where they are put to the raw values.
 *
 * @param count of the values, at least 1
 * @param distinct different values among them
 * @param quantiles at {@link #PROBABILITIES}
 * @param skewness null of a constant column
 * @param medcouple robust skewness in [−1, 1], see {@link Medcouple}
 * @param skewnessAfterLog1p null where log1p leaves a constant column
 * @param medcoupleAfterLog1p robust skewness of log1p of the values
 * @param negative how many values are below 0
 * @param mode the value that occurs most often, the least of several
 * @param modeCount how often it does
 * @param topShare part of the sum that the highest 1 % of the values (at least one) bring; null if the sum is not above 0
 * @param outliers null where the quartiles are equal
 */
@SuppressWarnings("ArrayRecordComponent") // five numbers handed over once and never compared
public record Distribution(
        int count,
        int distinct,
        double mean,
        double standardDeviation,
        double[] quantiles,
        @Nullable Double skewness,
        double medcouple,
        @Nullable Double skewnessAfterLog1p,
        double medcoupleAfterLog1p,
        int negative,
        double mode,
        int modeCount,
        @Nullable Double topShare,
        Histogram histogram,
        @Nullable Fences outliers) {

    /** In percent. */
    public static final java.util.List<Integer> PROBABILITIES = java.util.List.of(0, 1, 10, 25, 50, 75, 90, 99, 100);

    private static final double FENCE = 1.5;

    /**
     * Limits beyond which values are outliers.
     *
     * @param lower in the column's unit; the least value where none can lie below
     * @param upper in the column's unit
     * @param count of the values outside
     */
    public record Fences(double lower, double upper, int count) {}

    /**
     * Of a column.
     *
     * @param sorted at least one value, finite, ascending
     * @param log1p whether histogram and fences are made on the scale of log1p
     */
    public static Distribution of(double[] sorted, boolean log1p) {
        double[] logs = new double[sorted.length];
        Arrays.setAll(logs, i -> log1p(sorted[i]));
        Moments moments = Moments.of(sorted);
        int distinct = 0;
        int negative = 0;
        double mode = sorted[0];
        int modeCount = 0;
        int run = 0;
        for (int i = 0; i < sorted.length; i++) {
            boolean fresh = i == 0 || sorted[i] != sorted[i - 1];
            distinct += fresh ? 1 : 0;
            negative += sorted[i] < 0 ? 1 : 0;
            run = fresh ? 1 : run + 1;
            if (run > modeCount) {
                modeCount = run;
                mode = sorted[i];
            }
        }
        return new Distribution(
                sorted.length,
                distinct,
                moments.mean(),
                moments.standardDeviation(),
                PROBABILITIES.stream()
                        .mapToDouble(percent -> Quantiles.at(sorted, percent, 100))
                        .toArray(),
                skewness(sorted, moments),
                Medcouple.of(sorted),
                skewness(logs, Moments.of(logs)),
                Medcouple.of(logs),
                negative,
                mode,
                modeCount,
                topShare(sorted),
                // log1p of what is negative does not rise, so such a column keeps its own scale
                log1p && negative == 0
                        ? Histogram.of(sorted, Distribution::log1p, StrictMath::expm1)
                        : Histogram.of(sorted, value -> value, value -> value),
                fences(sorted, log1p ? logs : sorted, log1p));
    }

    /** The quantile of one of {@link #PROBABILITIES}. */
    public double percentile(int percent) {
        return quantiles[PROBABILITIES.indexOf(percent)];
    }

    private static double log1p(double value) {
        return StrictMath.log1p(Math.max(value, 0));
    }

    private static @Nullable Double skewness(double[] values, Moments moments) {
        if (moments.standardDeviation() == 0) {
            return null;
        }
        double[] cubes = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            double score = (values[i] - moments.mean()) / moments.standardDeviation();
            cubes[i] = score * score * score;
        }
        return ExactSum.of(cubes) / values.length;
    }

    private static @Nullable Double topShare(double[] sorted) {
        double total = ExactSum.of(sorted);
        int top = Math.max(1, sorted.length / 100);
        return total > 0 ? ExactSum.of(Arrays.copyOfRange(sorted, sorted.length - top, sorted.length)) / total : null;
    }

    private static @Nullable Fences fences(double[] sorted, double[] scaled, boolean log1p) {
        double first = Quantiles.at(scaled, 1, 4);
        double third = Quantiles.at(scaled, 3, 4);
        if (first == third) {
            return null;
        }
        double lower = first - FENCE * (third - first);
        double upper = third + FENCE * (third - first);
        int count = 0;
        for (double value : scaled) {
            count += value < lower || value > upper ? 1 : 0;
        }
        double least = sorted[0];
        return log1p
                ? new Fences(lower < 0 ? Math.min(least, 0) : StrictMath.expm1(lower), StrictMath.expm1(upper), count)
                : new Fences(lower, upper, count);
    }
}
