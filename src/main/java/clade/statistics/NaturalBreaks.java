package clade.statistics;

import java.util.Arrays;

/**
 * Natural breaks: the cut of sorted values into classes with the least sum of squared distances to the class means, which is
 * k-means in one dimension, solved exactly (Fisher 1958, <a href="https://doi.org/10.1080/01621459.1958.10501479">On grouping
 * for maximum homogeneity</a>; Jenks 1977 for maps).
 *
 * <p>Dynamic programming over the n distinct values and their counts. The best start of the last class never moves left as
 * values are added, so each of the k layers is filled by halving in O(n log n) (Grønlund et al. 2017, <a
 * href="https://arxiv.org/abs/1701.07204">Fast exact k-means, k-medians and Bregman divergence clustering in 1D</a>);
 * O(k n log n) time, O(k n) memory. Sums carry twice the digits of a double, so that narrow classes of large values are told
 * apart. Of cuts that are equally good the one with the earliest last class is taken.
 */
public final class NaturalBreaks {

    private final double[] values;
    /** Sums over the first i distinct values: of counts, of values, of squares (the last two as a double and its rest). */
    private final long[] counts;

    private final double[] sums;
    private final double[] sumRests;
    private final double[] squares;
    private final double[] squareRests;

    /** Least cost of the first i + 1 values in one class less than the layer being filled, and in as many. */
    private double[] before;

    private double[] cost;

    private NaturalBreaks(double[] sorted) {
        int n = 1;
        for (int i = 1; i < sorted.length; i++) {
            n += sorted[i] != sorted[i - 1] ? 1 : 0;
        }
        values = new double[n];
        counts = new long[n + 1];
        sums = new double[n + 1];
        sumRests = new double[n + 1];
        squares = new double[n + 1];
        squareRests = new double[n + 1];
        before = new double[n];
        cost = new double[n];
        // a power of two keeps squares in range and changes no other bit
        double greatest = Math.max(Math.abs(sorted[0]), Math.abs(sorted[sorted.length - 1]));
        double unit = Math.scalb(1.0, Math.max(Math.getExponent(greatest), Double.MIN_EXPONENT));
        int from = 0;
        for (int i = 0; i < n; i++) {
            int to = from;
            while (to < sorted.length && sorted[to] == sorted[from]) {
                to++;
            }
            values[i] = sorted[from];
            counts[i + 1] = to;
            accumulate(i, values[i] / unit, to - from);
            from = to;
        }
    }

    /**
     * The greatest value of each class but the last, ascending: classes − 1 of them, or one less than there are distinct values
     * where those are fewer than classes.
     *
     * @param sorted at least one value, finite, ascending
     * @param classes at least 1
     */
    public static double[] of(double[] sorted, int classes) {
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no values, no breaks");
        }
        if (classes < 1) {
            throw new IllegalArgumentException("the number of classes must be at least 1, was " + classes);
        }
        NaturalBreaks breaks = new NaturalBreaks(sorted);
        return classes >= breaks.values.length
                ? Arrays.copyOf(breaks.values, breaks.values.length - 1)
                : breaks.best(classes);
    }

    private double[] best(int classes) {
        int n = values.length;
        int[][] starts = new int[classes][n];
        for (int i = 0; i < n; i++) {
            cost[i] = cost(0, i);
        }
        for (int layer = 1; layer < classes; layer++) {
            double[] free = before;
            before = cost;
            cost = free;
            fill(starts[layer], layer, layer, n - 1, layer, n - 1);
        }
        double[] breaks = new double[classes - 1];
        int last = n - 1;
        for (int layer = classes - 1; layer > 0; layer--) {
            last = starts[layer][last] - 1;
            breaks[layer - 1] = values[last];
        }
        return breaks;
    }

    /** Finds the best start of the last class for the first i + 1 values, i in [from, to], where it lies in [least, most]. */
    private void fill(int[] starts, int layer, int from, int to, int least, int most) {
        if (from > to) {
            return;
        }
        int middle = (from + to) >>> 1;
        double lowest = Double.POSITIVE_INFINITY;
        int best = least;
        for (int start = Math.max(layer, least); start <= Math.min(middle, most); start++) {
            double candidate = before[start - 1] + cost(start, middle);
            if (candidate < lowest) {
                lowest = candidate;
                best = start;
            }
        }
        cost[middle] = lowest;
        starts[middle] = best;
        fill(starts, layer, from, middle - 1, least, best);
        fill(starts, layer, middle + 1, to, best, most);
    }

    /** Sum of squared distances of the distinct values from..to, each as often as it occurs, to their mean. */
    private double cost(int from, int to) {
        double count = (double) (counts[to + 1] - counts[from]);
        double sum = sums[to + 1] - sums[from];
        double sumRest = differenceRest(sums[to + 1], sums[from], sum) + (sumRests[to + 1] - sumRests[from]);
        double square = squares[to + 1] - squares[from];
        double squareRest =
                differenceRest(squares[to + 1], squares[from], square) + (squareRests[to + 1] - squareRests[from]);
        double product = sum * sum;
        double productRest = Math.fma(sum, sum, -product) + 2 * sum * sumRest;
        double quotient = product / count;
        double quotientRest = (Math.fma(-quotient, count, product) + productRest) / count;
        return Math.max(0, (square - quotient) + (squareRest - quotientRest));
    }

    private void accumulate(int i, double value, int count) {
        double times = value * count;
        double timesRest = Math.fma(value, count, -times);
        sums[i + 1] = sums[i] + times;
        sumRests[i + 1] = sumRests[i] + (differenceRest(sums[i], -times, sums[i + 1]) + timesRest);
        double square = value * times;
        double squareRest = Math.fma(value, times, -square) + value * timesRest;
        squares[i + 1] = squares[i] + square;
        squareRests[i + 1] = squareRests[i] + (differenceRest(squares[i], -square, squares[i + 1]) + squareRest);
    }

    /** What rounding took from {@code a - b}, exactly (Knuth's two-sum). */
    private static double differenceRest(double a, double b, double difference) {
        double bRounded = a - difference;
        double aRounded = difference + bRounded;
        return (a - aRounded) + (bRounded - b);
    }
}
