package clade.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * How many values lie between edges that are evenly spaced on a scale. Their number follows Freedman and Diaconis (1981, <a
 * href="https://doi.org/10.1007/BF01025868">On the histogram as a density estimator</a>): bins of twice the interquartile range
 * over the cube root of n, on that scale; Sturges' 1 + log2 n where the quartiles are equal; 1 to {@value #MOST_BINS} in any
 * case.
 *
 * <p>A bin holds the values from its lower edge up to its upper one, which it does not hold; only the last holds its upper edge,
 * the greatest value. Where all values are whole numbers edges are whole too, the last the greatest value plus 1, and bins that
 * would hold no whole number are left out.
 *
 * @param edges ascending, in the values' unit, one more than there are bins; the first is the least value
 * @param counts one a bin; they add up to n
 */
public record Histogram(List<Double> edges, List<Integer> counts) {

    /** Bins beyond which nobody could read it. */
    public static final int MOST_BINS = 50;

    private static final double WHOLE_LIMIT = 1e15;

    public Histogram {
        edges = List.copyOf(edges);
        counts = List.copyOf(counts);
    }

    /**
     * Of some values.
     *
     * @param sorted at least one, finite, ascending
     * @param scale rises strictly from the least to the greatest value
     * @param inverse of {@code scale}
     */
    public static Histogram of(double[] sorted, DoubleUnaryOperator scale, DoubleUnaryOperator inverse) {
        double least = sorted[0];
        double greatest = sorted[sorted.length - 1];
        boolean whole = whole(sorted);
        List<Double> edges = new ArrayList<>(List.of(least));
        double from = scale.applyAsDouble(least);
        double width = scale.applyAsDouble(greatest) - from;
        int bins = bins(sorted, scale, width);
        for (int i = 1; i < bins; i++) {
            double edge = inverse.applyAsDouble(from + width * i / bins);
            edge = whole ? Math.ceil(edge) : edge;
            if (edge > edges.get(edges.size() - 1) && (whole ? edge <= greatest : edge < greatest)) {
                edges.add(edge);
            }
        }
        edges.add(whole ? greatest + 1 : greatest);
        return new Histogram(edges, counts(sorted, edges));
    }

    private static boolean whole(double[] sorted) {
        for (double value : sorted) {
            if (value != Math.rint(value) || Math.abs(value) > WHOLE_LIMIT) {
                return false;
            }
        }
        return true;
    }

    private static int bins(double[] sorted, DoubleUnaryOperator scale, double width) {
        if (!(width > 0)) {
            return 1;
        }
        // quartiles of a rising scale lie between its values at the neighbours, so the sorted values are scaled as they
        // are
        double[] scaled = new double[sorted.length];
        java.util.Arrays.setAll(scaled, i -> scale.applyAsDouble(sorted[i]));
        double range = Quantiles.at(scaled, 3, 4) - Quantiles.at(scaled, 1, 4);
        double bins = range > 0
                ? Math.ceil(width / (2 * range / Math.cbrt(sorted.length)))
                : 1 + Math.ceil(Math.log(sorted.length) / Math.log(2));
        return (int) Math.min(MOST_BINS, Math.max(1, bins));
    }

    private static List<Integer> counts(double[] sorted, List<Double> edges) {
        List<Integer> counts = new ArrayList<>();
        int from = 0;
        for (int bin = 1; bin < edges.size(); bin++) {
            int to = from;
            while (to < sorted.length && (bin == edges.size() - 1 || sorted[to] < edges.get(bin))) {
                to++;
            }
            counts.add(to - from);
            from = to;
        }
        return counts;
    }
}
