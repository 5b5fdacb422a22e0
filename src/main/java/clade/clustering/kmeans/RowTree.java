package clade.clustering.kmeans;

import clade.clustering.spatial.CanonicalRows;
import clade.statistics.ExactSum;
import clade.statistics.Parallel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Canonical rows under a tree of bounding boxes with exact sums, shared by all fits of the same rows.
 *
 * <p>Level 0 are leaves of {@link #LEAF} consecutive rows; a node above has {@link #FAN} consecutive nodes of the level below.
 * Rows near each other in canonical order are near each other in space, so this is a packed octree without pointers.
 */
public final class RowTree {

    static final int LEAF = 64;
    static final int FAN = 8;

    /** Enough nodes at the top to share among threads. */
    private static final int ROOTS = 64;

    /** Per leaf and column {@link #LEAF} values; a last leaf that has fewer rows repeats its last one. */
    final double[][] tiles;

    final int[] weights;
    final int size;
    final int dimensions;
    final List<Level> levels = new ArrayList<>();

    private final ExactSum[] formats;
    private final int[] digitsBefore;

    /** Longs of an exact sum of rows, all columns together. */
    final int digits;

    public RowTree(CanonicalRows rows) {
        double[][] columns = rows.byColumn();
        weights = rows.weights();
        size = rows.size();
        dimensions = rows.columns();
        tiles = new double[Math.multiplyExact((size + LEAF - 1) / LEAF, dimensions)][];
        formats = new ExactSum[dimensions];
        digitsBefore = new int[dimensions];
        Parallel.blocks(dimensions, 1, (c, end) -> formats[c] = ExactSum.fitting(columns[c]));
        int total = 0;
        for (int c = 0; c < dimensions; c++) {
            digitsBefore[c] = total;
            total += formats[c].digits();
        }
        digits = total;
        levels.add(leaves(columns));
        while (top().count > ROOTS) {
            levels.add(above(top()));
        }
    }

    Level top() {
        return levels.get(levels.size() - 1);
    }

    Level leafLevel() {
        return levels.get(0);
    }

    private Level leaves(double[][] columns) {
        Level level = new Level((size + LEAF - 1) / LEAF);
        Parallel.blocks(level.count, 512, (first, last) -> {
            for (int leaf = first; leaf < last; leaf++) {
                int from = leaf * LEAF;
                int to = Math.min(size, from + LEAF);
                for (int i = from; i < to; i++) {
                    level.weights[leaf] += weights[i];
                }
                for (int c = 0; c < dimensions; c++) {
                    double[] tile = Arrays.copyOfRange(columns[c], from, from + LEAF);
                    Arrays.fill(tile, to - from, LEAF, tile[to - from - 1]);
                    tiles[leaf * dimensions + c] = tile;
                    double low = tile[0];
                    double high = tile[0];
                    for (double value : tile) {
                        low = value < low ? value : low;
                        high = value > high ? value : high;
                    }
                    level.low[leaf * dimensions + c] = low;
                    level.high[leaf * dimensions + c] = high;
                    int at = leaf * digits + digitsBefore[c];
                    for (int i = from; i < to; i++) {
                        formats[c].add(level.sums, at, tile[i - from], weights[i]);
                    }
                }
            }
        });
        return level;
    }

    private Level above(Level below) {
        Level level = new Level((below.count + FAN - 1) / FAN);
        for (int node = 0; node < level.count; node++) {
            int to = Math.min(below.count, (node + 1) * FAN);
            for (int c = 0; c < dimensions; c++) {
                double low = Double.POSITIVE_INFINITY;
                double high = Double.NEGATIVE_INFINITY;
                for (int child = node * FAN; child < to; child++) {
                    low = Math.min(low, below.low[child * dimensions + c]);
                    high = Math.max(high, below.high[child * dimensions + c]);
                }
                level.low[node * dimensions + c] = low;
                level.high[node * dimensions + c] = high;
            }
            for (int child = node * FAN; child < to; child++) {
                level.weights[node] += below.weights[child];
                for (int digit = 0; digit < digits; digit++) {
                    level.sums[node * digits + digit] += below.sums[child * digits + digit];
                }
            }
        }
        return level;
    }

    /** Moves a row, {@code times} over, from the exact sum that starts at {@code sums[from]} to that at {@code sums[to]}. */
    void moveRow(long[] sums, int from, int to, int row, int times) {
        for (int c = 0; c < dimensions; c++) {
            int digit = digitsBefore[c];
            formats[c].move(sums, from + digit, to + digit, value(row, c), times);
        }
    }

    /** Column {@code c} of the exact sum that starts at {@code sums[at]}, rounded once. */
    double sum(long[] sums, int at, int c) {
        return formats[c].value(sums, at + digitsBefore[c]);
    }

    /** The population variance of a column, a row counted as often as its weight, averaged over the columns. */
    double meanVariance() {
        double total = 0;
        for (int c = 0; c < dimensions; c++) {
            total += variance(c);
        }
        return total / dimensions;
    }

    private double variance(int c) {
        long[] sum = new long[formats[c].digits()];
        long weight = 0;
        for (int i = 0; i < size; i++) {
            formats[c].add(sum, 0, value(i, c), weights[i]);
            weight += weights[i];
        }
        double mean = formats[c].value(sum, 0) / weight;
        double squares = 0;
        for (int i = 0; i < size; i++) {
            squares += weights[i] * (value(i, c) - mean) * (value(i, c) - mean);
        }
        return squares / weight;
    }

    private double value(int row, int c) {
        return tiles[row / LEAF * dimensions + c][row % LEAF];
    }

    /** The squared distance of a row to the point that starts at {@code point[at]}: the one formula that decides. */
    double squaredDistance(int row, double[] point, int at) {
        int tile = row / LEAF * dimensions;
        int place = row % LEAF;
        double sum = 0;
        for (int c = 0; c < dimensions; c++) {
            double difference = tiles[tile + c][place] - point[at + c];
            sum += difference * difference;
        }
        return sum;
    }

    /** The squared distances of the rows of a leaf to the point that starts at {@code point[at]}, by the same formula. */
    void squaredDistances(int leaf, double[] point, int at, double[] squares) {
        for (int c = 0; c < dimensions; c++) {
            double[] tile = tiles[leaf * dimensions + c];
            if (c == 0) {
                square(tile, point[at], squares);
            } else {
                addSquare(tile, point[at + c], squares);
            }
        }
    }

    private static void square(double[] tile, double value, double[] squares) {
        for (int i = 0; i < LEAF; i++) {
            double difference = tile[i] - value;
            squares[i] = difference * difference;
        }
    }

    private static void addSquare(double[] tile, double value, double[] squares) {
        for (int i = 0; i < LEAF; i++) {
            double difference = tile[i] - value;
            squares[i] += difference * difference;
        }
    }

    /** The point that a row is. */
    void copyRow(int row, double[] point, int at) {
        for (int c = 0; c < dimensions; c++) {
            point[at + c] = value(row, c);
        }
    }

    /** Nodes of one depth: per node a box, a weight and an exact sum. */
    final class Level {
        final int count;
        final double[] low;
        final double[] high;
        final int[] weights;
        final long[] sums;

        private Level(int count) {
            this.count = count;
            low = new double[count * dimensions];
            high = new double[count * dimensions];
            weights = new int[count];
            sums = new long[Math.multiplyExact(count, digits)];
        }
    }
}
