package clade.statistics;

import java.util.Arrays;
import java.util.List;

/**
 * How much columns go together: a row and a column each column of equal length and finite values; 1 of a column with itself, NaN
 * beside a constant one. The same bits whatever the order of the rows.
 */
public final class Correlations {

    private Correlations() {}

    /** Spearman's: of the ranks, ties ranked in their middle. */
    public static Matrix spearman(List<double[]> columns) {
        return pearson(columns.stream().map(Correlations::ranks).toList());
    }

    /** Pearson's: of the values. */
    public static Matrix pearson(List<double[]> columns) {
        int d = columns.size();
        List<double[]> scores =
                columns.stream().map(Correlations::standardScores).toList();
        double[] values = new double[d * d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                double correlation = correlation(scores.get(i), scores.get(j));
                double within = i == j && !Double.isNaN(correlation) ? 1 : Math.max(-1, Math.min(1, correlation));
                values[i * d + j] = within;
                values[j * d + i] = within;
            }
        }
        return Matrix.of(d, d, values);
    }

    private static double correlation(double[] a, double[] b) {
        if (a.length == 0) {
            return Double.NaN;
        }
        double[] products = new double[a.length];
        for (int row = 0; row < products.length; row++) {
            products[row] = a[row] * b[row];
            if (Double.isNaN(products[row])) {
                return Double.NaN;
            }
        }
        return ExactSum.of(products) / a.length;
    }

    /** NaN throughout for a constant column. */
    private static double[] standardScores(double[] column) {
        double[] scores = new double[column.length];
        if (column.length > 0) {
            Moments moments = Moments.of(column);
            double divisor = moments.standardDeviation() == 0 ? Double.NaN : moments.standardDeviation();
            Arrays.setAll(scores, row -> (column[row] - moments.mean()) / divisor);
        }
        return scores;
    }

    private static double[] ranks(double[] column) {
        double[] sorted = column.clone();
        Arrays.sort(sorted);
        int distinct = 0;
        double[] values = new double[sorted.length];
        double[] ranks = new double[sorted.length];
        for (int from = 0; from < sorted.length; ) {
            int to = from;
            while (to < sorted.length && sorted[to] == sorted[from]) {
                to++;
            }
            values[distinct] = sorted[from] + 0.0;
            ranks[distinct++] = (from + to + 1) / 2.0;
            from = to;
        }
        int last = distinct;
        double[] result = new double[column.length];
        // plus 0.0 makes -0.0 the 0.0 that it equals, for the search would tell them apart
        Arrays.setAll(result, row -> ranks[Arrays.binarySearch(values, 0, last, column[row] + 0.0)]);
        return result;
    }
}
