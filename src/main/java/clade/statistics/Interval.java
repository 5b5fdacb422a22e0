package clade.statistics;

import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;
import org.jspecify.annotations.Nullable;

/**
 * Where a value that was estimated from a sample may lie.
 *
 * @param lower at most {@code upper}
 */
public record Interval(double lower, double upper) {

    /**
     * Of a proportion: Wilson's score interval, without continuity correction.
     *
     * @param successes in [0, trials]
     * @param trials at least 1
     * @param level of confidence, in (0, 1)
     * @see <a href="https://doi.org/10.1080/01621459.1927.10502953">Wilson (1927), Probable inference, the law of succession,
     *     and statistical inference</a>
     */
    public static Interval ofProportion(long successes, long trials, double level) {
        if (trials < 1 || successes < 0 || successes > trials) {
            throw new IllegalArgumentException("no proportion: %d of %d".formatted(successes, trials));
        }
        double z = normalQuantile(level);
        double n = trials;
        double p = successes / n;
        double middle = (2 * successes + z * z) / (2 * (n + z * z));
        double half = z * Math.sqrt(z * z + 4 * n * p * (1 - p)) / (2 * (n + z * z));
        return new Interval(successes == 0 ? 0 : middle - half, successes == trials ? 1 : middle + half);
    }

    /**
     * Of a mean: Student's t interval. Null for fewer than two values.
     *
     * @param level of confidence, in (0, 1)
     * @see <a href="https://doi.org/10.1093/biomet/6.1.1">Student (1908), The probable error of a mean</a>
     */
    public static @Nullable Interval ofMean(double[] values, double level) {
        int n = values.length;
        if (n < 2) {
            return null;
        }
        double mean = ExactSum.of(values) / n;
        double[] squares = new double[n];
        for (int i = 0; i < n; i++) {
            squares[i] = (values[i] - mean) * (values[i] - mean);
        }
        double error = Math.sqrt(ExactSum.of(squares) / (n - 1.0) / n);
        double half = new TDistribution(null, n - 1.0).inverseCumulativeProbability((1 + level) / 2) * error;
        return new Interval(mean - half, mean + half);
    }

    /** Of an estimate whose error is about normal. */
    public static Interval around(double estimate, double standardError, double level) {
        double half = normalQuantile(level) * standardError;
        return new Interval(estimate - half, estimate + half);
    }

    private static double normalQuantile(double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("level must lie between 0 and 1, was " + level);
        }
        return new NormalDistribution(null, 0, 1).inverseCumulativeProbability((1 + level) / 2);
    }
}
