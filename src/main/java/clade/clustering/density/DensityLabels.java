package clade.clustering.density;

import clade.clustering.Progress;
import clade.clustering.spatial.CanonicalOrder;
import clade.clustering.spatial.CanonicalRows;
import clade.clustering.spatial.KdTree;
import clade.statistics.Matrix;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What DBSCAN finds: for each row its cluster, and whether it is a core row. */
public final class DensityLabels {

    /** Rows that are looked at to tell whether many are equal. */
    private static final int SAMPLE = 1 << 14;

    /** Share of those that equal another from which on equal rows are merged first. */
    private static final double MANY = 0.1;

    private final int[] labels;
    private final boolean[] core;
    private final int clusters;

    /**
     * Numbers the clusters.
     *
     * @param names of the rows' clusters, each in [0, m), −1 for noise: renumbered in place
     * @param weights of the rows, null for 1 each
     * @param order of the rows, null if they are in canonical order
     */
    DensityLabels(int[] names, boolean[] core, int @Nullable [] weights, @Nullable CanonicalOrder order) {
        this(names, core, Numbering.byWeight(names, weights, order).length);
    }

    private DensityLabels(int[] labels, boolean[] core, int clusters) {
        this.labels = labels;
        this.core = core;
        this.clusters = clusters;
    }

    /**
     * Clusters rows in any order by DBSCAN: over a grid where cells have few neighbours, else over a tree. The rows are merged
     * and brought into canonical order only where it pays or is needed.
     *
     * @param x n x d finite values
     * @param weights n positive counts whose sum is below 2^31; null means 1 each
     */
    public static DensityLabels of(Matrix x, int @Nullable [] weights, double eps, int minPoints, Progress progress) {
        if (x.columns() <= Grid.MOST_COLUMNS && !manyAreEqual(x)) {
            Grid grid = Grid.of(x, weights, eps, progress);
            if (grid != null) {
                return GridDbscan.fit(grid, x, weights, eps, minPoints, progress);
            }
        }
        CanonicalRows rows = CanonicalRows.of(x, weights, progress);
        DensityLabels merged = of(rows, eps, minPoints, progress);
        boolean[] core = new boolean[x.rows()];
        for (int i = 0; i < core.length; i++) {
            core[i] = merged.core[rows.canonicalOf()[i]];
        }
        return new DensityLabels(rows.toInput(merged.labels), core, merged.clusters);
    }

    /** Clusters canonical rows: what is found is in their order. */
    public static DensityLabels of(CanonicalRows rows, double eps, int minPoints, Progress progress) {
        if (rows.columns() <= Grid.MOST_COLUMNS) {
            Matrix distinct = matrix(rows);
            Grid grid = Grid.of(distinct, rows.weights(), eps, progress);
            if (grid != null) {
                return GridDbscan.fit(grid, distinct, rows.weights(), eps, minPoints, progress);
            }
        }
        return TreeDbscan.fit(rows, eps, minPoints, progress);
    }

    /** Bytes that are needed at most. */
    public static long bytes(long rows, int columns) {
        // for each row and cell; and canonical rows beside the grid, if ties ask for them, or beside the tree
        return rows * (16L * columns + 40)
                + (columns <= Grid.MOST_COLUMNS ? Grid.bytes(rows, columns) : KdTree.bytes(rows, columns));
    }

    private static Matrix matrix(CanonicalRows rows) {
        int columns = rows.columns();
        double[] values = new double[rows.size() * columns];
        for (int w = 0; w < columns; w++) {
            double[] column = rows.byColumn()[w];
            for (int i = 0; i < column.length; i++) {
                values[i * columns + w] = column[i];
            }
        }
        return Matrix.of(rows.size(), columns, values);
    }

    /** Whether many of the rows, by a sample of them, equal another, so that merging them first pays. */
    public static boolean manyAreEqual(Matrix x) {
        int step = Math.max(1, x.rows() / SAMPLE);
        long[] hashes = new long[x.rows() / step];
        for (int i = 0; i < hashes.length; i++) {
            long hash = 0;
            for (int w = 0; w < x.columns(); w++) {
                hash = (hash ^ Double.doubleToRawLongBits(x.get(i * step, w) + 0.0)) * 0x9E3779B97F4A7C15L;
                hash ^= hash >>> 32;
            }
            hashes[i] = hash;
        }
        Arrays.sort(hashes);
        int equal = 0;
        for (int i = 1; i < hashes.length; i++) {
            equal += hashes[i] == hashes[i - 1] ? 1 : 0;
        }
        return equal > MANY * hashes.length;
    }

    /** A label in [0, clusters) for each row, −1 for noise: for reading only. */
    public int[] labels() {
        return labels;
    }

    /** Which of the rows are core rows: for reading only. */
    public boolean[] core() {
        return core;
    }

    public int clusters() {
        return clusters;
    }
}
