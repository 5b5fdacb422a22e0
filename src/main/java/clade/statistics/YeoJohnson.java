package clade.statistics;

import java.util.Arrays;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.univariate.BrentOptimizer;
import org.apache.commons.math3.optim.univariate.SearchInterval;
import org.apache.commons.math3.optim.univariate.UnivariateObjectiveFunction;

/**
 * The power transform of Yeo and Johnson, "A new family of power transformations to improve normality or symmetry",
 * Biometrika 87 (2000), <a href="https://doi.org/10.1093/biomet/87.4.954">doi</a>: increasing, defined for any sign, the
 * identity at exponent 1.
 */
final class YeoJohnson {

    /** A power of 1 + |x| that falls below e^-20 would leave less than seven digits to tell values apart by. */
    private static final double LARGEST_LOG = 20;

    /** Keeps the search short where all values are tiny. */
    private static final double LEAST_LOG = 1e-4;

    private static final double TOLERANCE = 1e-9;
    private static final int MOST_EVALUATIONS = 1000;

    private YeoJohnson() {}

    static double transform(double x, double lambda) {
        return ofSignedLog(signedLog(x), lambda);
    }

    private static double signedLog(double x) {
        return x >= 0 ? StrictMath.log1p(x) : -StrictMath.log1p(-x);
    }

    private static double ofSignedLog(double log, double lambda) {
        return log >= 0 ? power(log, lambda) : -power(-log, 2 - lambda);
    }

    /** (e^(log * exponent) - 1) / exponent, without loss of digits near exponent 0. */
    private static double power(double log, double exponent) {
        return exponent == 0 ? log : StrictMath.expm1(exponent * log) / exponent;
    }

    /**
     * The exponent of greatest likelihood if the transformed values are normal, among those that keep the values well apart
     * in double precision.
     *
     * @param sorted finite values, ascending; 1 if all are equal
     */
    static double fit(double[] sorted) {
        if (sorted[0] == sorted[sorted.length - 1]) {
            return 1;
        }
        double[] logs = Arrays.stream(sorted).map(YeoJohnson::signedLog).toArray();
        double steepestAbove = LARGEST_LOG / Math.max(logs[logs.length - 1], LEAST_LOG);
        double steepestBelow = LARGEST_LOG / Math.max(-logs[0], LEAST_LOG);
        double lowest = Math.max(-steepestAbove, 2 - Math.max(1, steepestBelow));
        double highest = Math.min(Math.max(1, steepestAbove), 2 + steepestBelow);
        Likelihood likelihood = new Likelihood(logs);
        return new BrentOptimizer(TOLERANCE, TOLERANCE)
                .optimize(
                        new MaxEval(MOST_EVALUATIONS),
                        GoalType.MAXIMIZE,
                        new UnivariateObjectiveFunction(likelihood::at),
                        new SearchInterval(lowest, highest))
                .getPoint();
    }

    /** Log-likelihood a value, but for a constant, over the distinct values and how often each occurs. */
    private static final class Likelihood {

        private final double[] logs;
        private final int[] counts;
        private final int total;
        private final double meanLog;

        Likelihood(double[] sortedLogs) {
            double[] distinct = new double[sortedLogs.length];
            int[] times = new int[sortedLogs.length];
            int last = -1;
            double sum = 0;
            for (double log : sortedLogs) {
                if (last < 0 || log != distinct[last]) {
                    distinct[++last] = log;
                }
                times[last]++;
                sum += log;
            }
            logs = Arrays.copyOf(distinct, last + 1);
            counts = Arrays.copyOf(times, last + 1);
            total = sortedLogs.length;
            meanLog = sum / total;
        }

        double at(double lambda) {
            double[] values = new double[logs.length];
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                values[i] = ofSignedLog(logs[i], lambda);
                sum += counts[i] * values[i];
            }
            double mean = sum / total;
            double squares = 0;
            for (int i = 0; i < values.length; i++) {
                squares += counts[i] * (values[i] - mean) * (values[i] - mean);
            }
            double logLikelihood = (lambda - 1) * meanLog - StrictMath.log(squares / total) / 2;
            // values that collapse into one, or overflow, are no transform at all
            return squares > 0 && Double.isFinite(logLikelihood) ? logLikelihood : -Double.MAX_VALUE;
        }
    }
}
