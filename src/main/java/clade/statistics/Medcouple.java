package clade.statistics;

import java.util.Arrays;

/**
 * Medcouple, a measure of skewness in [−1, 1] that outliers hardly move: the median of ((b − m) − (m − a)) / (b − a) over all
 * pairs a ≤ m ≤ b around the median m (Brys, Hubert and Struyf 2004, <a href="https://doi.org/10.1198/106186004X12632">A robust
 * measure of skewness</a>). Of k values equal to the median, the k² pairs count −1, 0 and 1 as often above as below.
 *
 * <p>Exact, in O(n) memory and a fixed number of passes over the sorted values: the number of pairs up to a bound is counted
 * along a staircase, and the bound halved over the doubles. The median of an even number of pairs is the mean of the two in the
 * middle.
 */
public final class Medcouple {

    private static final long INFINITY = Double.doubleToLongBits(Double.POSITIVE_INFINITY);

    /** Distances to the median of the values from it upwards, and of those from it downwards; ascending. */
    private final double[] above;

    private final double[] below;

    private Medcouple(double[] sorted) {
        double median = Quantiles.at(sorted, 1, 2);
        above = Arrays.stream(sorted)
                .filter(value -> value >= median)
                .map(value -> value - median)
                .toArray();
        int least = (int) Arrays.stream(sorted).filter(value -> value <= median).count();
        below = new double[least];
        Arrays.setAll(below, i -> median - sorted[least - 1 - i]);
    }

    /**
     * The medcouple; 0 of a constant column.
     *
     * @param sorted at least one value, finite, ascending, no further apart than a double can hold
     */
    public static double of(double[] sorted) {
        Medcouple pairs = new Medcouple(sorted);
        long count = (long) pairs.above.length * pairs.below.length;
        double lower = pairs.ranked((count + 1) / 2);
        double upper = pairs.ranked(count / 2 + 1);
        return (skew(lower) + skew(upper)) / 2;
    }

    /** A pair's ratio of upper to lower distance says the same as its skew, and rounding never changes the order of two. */
    private static double skew(double ratio) {
        return ratio == Double.POSITIVE_INFINITY ? 1 : (ratio - 1) / (ratio + 1);
    }

    /** The ratio of this rank, from 1, ascending. */
    private double ranked(long rank) {
        long low = 0;
        long high = INFINITY;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (countUpTo(Double.longBitsToDouble(middle)) >= rank) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return Double.longBitsToDouble(low);
    }

    /** How many pairs have a ratio of at most this. Ratios rise along {@code above} and fall along {@code below}. */
    private long countUpTo(double ratio) {
        long count = 0;
        int first = 0; // of below, from which on the ratio is small enough
        for (int i = 0; i < above.length; i++) {
            while (first < below.length && ratio(i, first) > ratio) {
                first++;
            }
            count += below.length - first;
        }
        return count;
    }

    /** Ratio of the distances of a pair; those at the median itself are told apart by their places. */
    private double ratio(int i, int j) {
        if (below[j] > 0) {
            return above[i] / below[j];
        }
        return above[i] > 0 || i > j ? Double.POSITIVE_INFINITY : i == j ? 1 : 0;
    }
}
