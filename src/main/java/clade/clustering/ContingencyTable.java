package clade.clustering;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How many rows two clusterings of the same rows have in common, cluster by cluster. Noise is a class of its own, its label
 * {@link ClusteringModel#NOISE}. Only cells with rows are kept: O(n + clusters) time and memory.
 */
public final class ContingencyTable {

    /** Pairs of rows are counted in a long. */
    private static final long MOST_ROWS = 1L << 32;

    private final long[] firstTotals;
    private final long[] secondTotals;
    private final long total;

    /** Cells of class i stand from cellsFrom[i] to cellsFrom[i + 1]. */
    private final int[] cellsFrom;

    private final int[] cellClass;
    private final long[] cellCount;

    private ContingencyTable(
            long[] firstTotals, long[] secondTotals, long total, int[] cellsFrom, int[] cellClass, long[] cellCount) {
        this.firstTotals = firstTotals;
        this.secondTotals = secondTotals;
        this.total = total;
        this.cellsFrom = cellsFrom;
        this.cellClass = cellClass;
        this.cellCount = cellCount;
    }

    /**
     * Counts the rows of every pair of labels.
     *
     * @param first n labels, {@link ClusteringModel#NOISE} or numbers from 0 without large gaps; n at least 1
     * @param second n labels of the same rows by another clustering
     * @param weights n positive counts, null for 1 each; their sum at most 2^32
     */
    public static ContingencyTable of(int[] first, int[] second, int @Nullable [] weights) {
        if (first.length != second.length || (weights != null && weights.length != first.length)) {
            throw new IllegalArgumentException("labels and weights must be of the same rows, are %d, %d and %s"
                    .formatted(first.length, second.length, weights == null ? "no" : weights.length));
        }
        if (first.length == 0) {
            throw new IllegalArgumentException("there are no rows to compare");
        }
        long[] firstTotals = totals(first, weights);
        long[] secondTotals = totals(second, weights);
        long total = Arrays.stream(firstTotals).sum();
        if (total > MOST_ROWS) {
            throw new IllegalArgumentException("at most %d rows can be compared, got %d".formatted(MOST_ROWS, total));
        }
        int[] rowsFrom = rowsFrom(first, firstTotals.length);
        int[] rows = byClass(first, rowsFrom);
        int[] cellsFrom = new int[rowsFrom.length];
        int[] cellClass = new int[first.length];
        long[] cellCount = new long[first.length];
        int[] cellOf = new int[secondTotals.length];
        Arrays.fill(cellOf, -1);
        int cells = 0;
        for (int i = 0; i < firstTotals.length; i++) {
            cellsFrom[i] = cells;
            for (int r = rowsFrom[i]; r < rowsFrom[i + 1]; r++) {
                int column = second[rows[r]] + 1;
                if (cellOf[column] < cellsFrom[i]) {
                    cellOf[column] = cells;
                    cellClass[cells++] = column;
                }
                cellCount[cellOf[column]] += weights == null ? 1 : weights[rows[r]];
            }
        }
        cellsFrom[firstTotals.length] = cells;
        return new ContingencyTable(
                firstTotals,
                secondTotals,
                total,
                cellsFrom,
                Arrays.copyOf(cellClass, cells),
                Arrays.copyOf(cellCount, cells));
    }

    /** Weight of each class, noise at 0 and label l at l + 1. */
    private static long[] totals(int[] labels, int @Nullable [] weights) {
        int last = ClusteringModel.NOISE;
        for (int label : labels) {
            if (label < ClusteringModel.NOISE) {
                throw new IllegalArgumentException(
                        "a label must be at least %d, was %d".formatted(ClusteringModel.NOISE, label));
            }
            last = Math.max(last, label);
        }
        long[] totals = new long[last + 2];
        for (int i = 0; i < labels.length; i++) {
            totals[labels[i] + 1] += weights == null ? 1 : weights[i];
        }
        return totals;
    }

    /** Where each class begins if rows stand by ascending label. */
    private static int[] rowsFrom(int[] labels, int classes) {
        int[] from = new int[classes + 1];
        for (int label : labels) {
            from[label + 2]++;
        }
        Arrays.parallelPrefix(from, Integer::sum);
        return from;
    }

    /** The rows' indices by ascending label. */
    private static int[] byClass(int[] labels, int[] rowsFrom) {
        int[] next = rowsFrom.clone();
        int[] rows = new int[labels.length];
        for (int i = 0; i < labels.length; i++) {
            rows[next[labels[i] + 1]++] = i;
        }
        return rows;
    }

    /** Clusters of the first clustering: its largest label + 1, noise not counted. */
    public int firstClusters() {
        return firstTotals.length - 1;
    }

    /** Clusters of the second clustering: its largest label + 1, noise not counted. */
    public int secondClusters() {
        return secondTotals.length - 1;
    }

    /** Rows in the first clustering's {@code label}. */
    public long firstTotal(int label) {
        return firstTotals[label + 1];
    }

    /** Rows in the second clustering's {@code label}. */
    public long secondTotal(int label) {
        return secondTotals[label + 1];
    }

    /** All rows. */
    public long total() {
        return total;
    }

    /** Rows that the first clustering labels {@code first} and the second {@code second}. */
    public long count(int first, int second) {
        for (int cell = cellsFrom[first + 1]; cell < cellsFrom[first + 2]; cell++) {
            if (cellClass[cell] == second + 1) {
                return cellCount[cell];
            }
        }
        return 0;
    }

    /** Visits the cells with rows, by the first clustering's label. */
    void forEachCell(CellVisitor visitor) {
        for (int label = ClusteringModel.NOISE; label < firstClusters(); label++) {
            forEachCell(label, visitor);
        }
    }

    /** Visits the cells with rows of one label of the first clustering. */
    void forEachCell(int first, CellVisitor visitor) {
        for (int cell = cellsFrom[first + 1]; cell < cellsFrom[first + 2]; cell++) {
            visitor.visit(first, cellClass[cell] - 1, cellCount[cell]);
        }
    }

    /** Hears of a cell: the two labels, and the rows they have in common. */
    @FunctionalInterface
    interface CellVisitor {
        void visit(int first, int second, long count);
    }
}
