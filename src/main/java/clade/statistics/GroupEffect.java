package clade.statistics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What part of the differences between values the groups explain that they are in: epsilon squared, which is 0 on average where
 * groups mean nothing, however many there are, and 1 where values differ between groups alone. Of ranks it is that of the
 * Kruskal–Wallis test; of zeros and ones that of a chi-squared test.
 *
 * <p>1 − (within / (n − k)) / (total / (n − 1)), sums of squares about the means of k groups and of all n values. Memory and one
 * estimate take O(n), a permutation test O(n) a permutation.
 *
 * @see <a href="https://doi.org/10.1073/pnas.21.9.554">Kelley (1935), An unbiased correlation ratio measure</a>
 */
public final class GroupEffect {

    private final double[] values; // less their mean, so that sums of squares lose nothing
    private final int[] groupOf;
    private final double[] sums;
    private final double[] squares;
    private final int[] sizes;
    private final int groups;

    /**
     * @param values n finite ones
     * @param groupOf n numbers of groups, from 0; groups without values count for nothing
     */
    public GroupEffect(double[] values, int[] groupOf) {
        if (values.length != groupOf.length) {
            throw new IllegalArgumentException("%d values in %d groups".formatted(values.length, groupOf.length));
        }
        double mean = values.length == 0 ? 0 : ExactSum.of(values) / values.length;
        this.values = Arrays.stream(values).map(value -> value - mean).toArray();
        this.groupOf = groupOf.clone();
        int most = Arrays.stream(groupOf).max().orElse(-1) + 1;
        sums = new double[most];
        squares = new double[most];
        sizes = new int[most];
        for (int i = 0; i < values.length; i++) {
            sums[groupOf[i]] += this.values[i];
            squares[groupOf[i]] += this.values[i] * this.values[i];
            sizes[groupOf[i]]++;
        }
        groups = (int) Arrays.stream(sizes).filter(size -> size > 0).count();
    }

    /** Whether it is defined: two groups or more, more values than groups, and values that differ. */
    public boolean isDefined() {
        return groups >= 2 && values.length > groups + 1 && total() > 0;
    }

    /** Epsilon squared, at most 1; below 0 where the groups explain less than such groups do by chance on average. */
    public double estimate() {
        return epsilonSquared(values.length, groups, within(), total());
    }

    private static double epsilonSquared(double n, double groups, double within, double total) {
        return 1 - within / (n - groups) / (total / (n - 1));
    }

    private double within() {
        double within = 0;
        for (int group = 0; group < sizes.length; group++) {
            within += spread(squares[group], sums[group], sizes[group]);
        }
        return within;
    }

    private double total() {
        return spread(Arrays.stream(squares).sum(), Arrays.stream(sums).sum(), values.length);
    }

    /** Sum of squares about the mean. */
    private static double spread(double squares, double sum, double size) {
        return size == 0 ? 0 : Math.max(0, squares - sum * sum / size);
    }

    /** The estimate without each value in turn. */
    private double[] withoutEach() {
        double within = within();
        double allSquares = Arrays.stream(squares).sum();
        double allSum = Arrays.stream(sums).sum();
        int n = values.length;
        double[] estimates = new double[n];
        for (int i = 0; i < n; i++) {
            double value = values[i];
            int group = groupOf[i];
            double withinLeft = within
                    - spread(squares[group], sums[group], sizes[group])
                    + spread(squares[group] - value * value, sums[group] - value, sizes[group] - 1);
            double totalLeft = spread(allSquares - value * value, allSum - value, n - 1);
            estimates[i] = totalLeft == 0
                    ? 0
                    : epsilonSquared(n - 1, sizes[group] == 1 ? groups - 1 : groups, withinLeft, totalLeft);
        }
        return estimates;
    }

    /** The jackknife's standard error of the estimate (Efron 1982, The jackknife, the bootstrap and other resampling plans). */
    public double standardError() {
        return jackknifeError(withoutEach());
    }

    /** The jackknife's standard error of the difference of this estimate and that of other groups of the same values. */
    public double standardErrorOfDifference(GroupEffect other) {
        if (!Arrays.equals(values, other.values)) {
            throw new IllegalArgumentException("the two must group the same values");
        }
        double[] left = withoutEach();
        double[] right = other.withoutEach();
        Arrays.setAll(left, i -> left[i] - right[i]);
        return jackknifeError(left);
    }

    private static double jackknifeError(double[] estimates) {
        double n = estimates.length;
        double mean = Arrays.stream(estimates).sum() / n;
        double spread = Arrays.stream(estimates)
                .map(estimate -> (estimate - mean) * (estimate - mean))
                .sum();
        return Math.sqrt((n - 1) / n * spread);
    }

    /**
     * What chance does.
     *
     * @param mean of the estimates with groups at random
     * @param p95 which one in twenty of them exceeds
     * @param pValue (1 + estimates at random that reach this one) / (1 + permutations)
     */
    public record Chance(double mean, double p95, double pValue) {}

    /** Called after each permutation, with the part that is done; may end the test with an exception. */
    public interface Watch {
        void at(double fraction);
    }

    /**
     * Deals the values to groups of the same sizes at random, {@code permutations} times. The same for the same order of values
     * and seed.
     *
     * @see <a href="https://doi.org/10.2202/1544-6115.1585">Phipson and Smyth (2010), Permutation p-values should never be
     *     zero</a>
     */
    public Chance chance(int permutations, long seed, @Nullable Watch watch) {
        double[] shuffled = values.clone();
        double total = total();
        double observed = estimate();
        double tolerance = 1e-12;
        double[] found = new double[permutations];
        int reached = 0;
        for (int permutation = 0; permutation < permutations; permutation++) {
            Draws draws = Draws.of(seed, permutation);
            for (int i = shuffled.length - 1; i > 0; i--) {
                int other = draws.below(i + 1, i);
                double value = shuffled[i];
                shuffled[i] = shuffled[other];
                shuffled[other] = value;
            }
            found[permutation] = epsilonSquared(values.length, groups, total - between(shuffled), total);
            if (found[permutation] >= observed - tolerance) {
                reached++;
            }
            if (watch != null) {
                watch.at((permutation + 1.0) / permutations);
            }
        }
        Arrays.sort(found);
        return new Chance(
                Arrays.stream(found).sum() / permutations,
                Quantiles.at(found, 19, 20),
                (1.0 + reached) / (1.0 + permutations));
    }

    /** Sum of squares between the groups, of values whose mean is 0. */
    private double between(double[] some) {
        double[] dealt = new double[sizes.length];
        for (int i = 0; i < some.length; i++) {
            dealt[groupOf[i]] += some[i];
        }
        double between = 0;
        for (int group = 0; group < sizes.length; group++) {
            between += sizes[group] == 0 ? 0 : dealt[group] * dealt[group] / sizes[group];
        }
        return between;
    }

    /** Ranks of values, from 1; equal ones share the mean of theirs. */
    public static double[] ranks(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] rankAt = new double[sorted.length];
        for (int from = 0; from < sorted.length; ) {
            int to = from;
            while (to < sorted.length && sorted[to] == sorted[from]) {
                to++;
            }
            Arrays.fill(rankAt, from, to, (from + to + 1) / 2.0);
            from = to;
        }
        double[] ranks = new double[values.length];
        Arrays.setAll(ranks, i -> rankAt[Math.max(0, Arrays.binarySearch(sorted, values[i]))]);
        return ranks;
    }
}
