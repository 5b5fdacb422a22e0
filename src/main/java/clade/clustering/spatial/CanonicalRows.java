package clade.clustering.spatial;

import clade.clustering.Progress;
import clade.clustering.UnsuitableData;
import clade.statistics.Matrix;
import clade.statistics.Parallel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The distinct rows of a matrix in an order that depends on them alone: −0.0 made 0.0, equal rows merged, their weights
 * added. Rows near each other in the order lie near each other in space ({@link MortonSort}).
 *
 * <p>Whatever is computed from canonical rows is therefore the same for any order of the input, and the same for a row of
 * weight w as for w equal rows.
 */
public final class CanonicalRows {

    private static final int BLOCK = 1 << 14;

    private final double[][] byColumn;
    private final int[] weights;
    private final int[] canonicalOf;

    private CanonicalRows(double[][] byColumn, int[] weights, int[] canonicalOf) {
        this.byColumn = byColumn;
        this.weights = weights;
        this.canonicalOf = canonicalOf;
    }

    /**
     * Sorts and merges the rows of {@code x}.
     *
     * @param x n x d, n and d at least 1
     * @param weights n positive counts whose sum is below 2^31; null means 1 each
     * @throws UnsuitableData {@code not-finite} if a value is NaN or infinite
     * @throws IllegalArgumentException if there are no rows or columns, or the weights are not as said
     */
    public static CanonicalRows of(Matrix x, int @Nullable [] weights, Progress progress) {
        require(x, weights);
        progress.at("sorting", 0);
        return merge(new MortonSort(x, progress), x.columns(), weights);
    }

    /**
     * Checks that there are rows and columns, and the weights.
     *
     * @throws IllegalArgumentException if there are no rows or columns, or the weights are not positive counts
     */
    public static void require(Matrix x, int @Nullable [] weights) {
        if (x.rows() == 0 || x.columns() == 0) {
            throw new IllegalArgumentException(
                    "there must be at least one row and one column, were %d and %d".formatted(x.rows(), x.columns()));
        }
        if (weights != null) {
            requireCounts(weights, x.rows());
        }
    }

    /**
     * Checks that no value is NaN or infinite.
     *
     * @throws UnsuitableData {@code not-finite}, naming the first such row and column
     */
    public static void requireFinite(Matrix x) {
        double[] values = x.values();
        Parallel.blocks(values.length, 4 * BLOCK, (from, to) -> {
            double zero = 0;
            for (int i = from; i < to; i++) {
                zero += values[i] * 0; // NaN once a value is not finite
            }
            if (zero != 0) {
                throw notFinite(x);
            }
        });
    }

    private static UnsuitableData notFinite(Matrix x) {
        int at = 0;
        while (Double.isFinite(x.values()[at])) {
            at++;
        }
        return new UnsuitableData(
                "not-finite",
                "row %d, column %d (from 0) is %s; every value must be a finite number"
                        .formatted(at / x.columns(), at % x.columns(), x.values()[at]));
    }

    private static void requireCounts(int[] weights, int rows) {
        if (weights.length != rows) {
            throw new IllegalArgumentException("%d rows need %d weights, got %d".formatted(rows, rows, weights.length));
        }
        long total = 0;
        for (int i = 0; i < rows; i++) {
            if (weights[i] < 1) {
                throw new IllegalArgumentException(
                        "weights must be at least 1, was %d in row %d".formatted(weights[i], i));
            }
            total += weights[i];
        }
        if (total > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("the sum of the weights must be below 2^31, was " + total);
        }
    }

    private static CanonicalRows merge(MortonSort sorted, int columns, int @Nullable [] weights) {
        int n = sorted.size();
        int[] distinct = new int[(n - 1) / BLOCK + 2];
        Parallel.blocks(n, BLOCK, (from, to) -> {
            int count = 0;
            for (int i = from; i < to; i++) {
                count += sorted.repeats(i) ? 0 : 1;
            }
            distinct[from / BLOCK + 1] = count;
        });
        Arrays.parallelPrefix(distinct, Integer::sum);
        int size = distinct[distinct.length - 1];
        double[][] byColumn = new double[columns][size];
        int[] merged = new int[size];
        int[] canonicalOf = new int[n];
        Parallel.blocks(n, BLOCK, (from, to) -> {
            int i = from;
            while (i < to && sorted.repeats(i)) {
                i++; // belongs to the block before
            }
            int row = distinct[from / BLOCK] - 1;
            while (i < to || (i < n && sorted.repeats(i) && row >= distinct[from / BLOCK])) {
                if (!sorted.repeats(i)) {
                    row++;
                    for (int c = 0; c < columns; c++) {
                        byColumn[c][row] = sorted.value(i, c);
                    }
                }
                int input = sorted.row(i);
                canonicalOf[input] = row;
                merged[row] += weights == null ? 1 : weights[input];
                i++;
            }
        });
        return new CanonicalRows(byColumn, merged, canonicalOf);
    }

    /** Number of distinct rows, m. */
    public int size() {
        return weights.length;
    }

    /** Number of columns, d. */
    public int columns() {
        return byColumn.length;
    }

    /** d arrays of m values, in canonical order: for reading only. */
    public double[][] byColumn() {
        return byColumn;
    }

    /** m positive counts: for reading only. */
    public int[] weights() {
        return weights;
    }

    /** Sum of the weights, below 2^31. */
    public long totalWeight() {
        return Arrays.stream(weights).asLongStream().sum();
    }

    /** Which distinct row each of the n input rows is: for reading only. */
    public int[] canonicalOf() {
        return canonicalOf;
    }

    /** One value an input row, n in all, from one a distinct row. */
    public int[] toInput(int[] canonicalLabels) {
        int[] labels = new int[canonicalOf.length];
        Parallel.blocks(labels.length, BLOCK, (from, to) -> {
            for (int i = from; i < to; i++) {
                labels[i] = canonicalLabels[canonicalOf[i]];
            }
        });
        return labels;
    }

    /** One value an input row, n in all, from one a distinct row. */
    public double[] toInput(double[] canonicalValues) {
        double[] values = new double[canonicalOf.length];
        Parallel.blocks(values.length, BLOCK, (from, to) -> {
            for (int i = from; i < to; i++) {
                values[i] = canonicalValues[canonicalOf[i]];
            }
        });
        return values;
    }
}
