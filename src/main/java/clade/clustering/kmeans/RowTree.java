package clade.clustering.kmeans;

import clade.clustering.spatial.CanonicalRows;
import clade.clustering.spatial.SpatialRows;
import clade.statistics.Parallel;
import clade.statistics.WideSum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows under a tree of bounding boxes with exact sums, shared by all fits of the same rows.
 *
 * <p>Level 0 are leaves of {@link #LEAF} consecutive rows; a node above has {@link #FAN} consecutive nodes of the level below.
 * Rows near each other in the order are near each other in space, so this is a packed octree without pointers.
 */
public final class RowTree {

    static final int LEAF = 256;
    static final int FAN = 8;

    /** Enough nodes at the top to share among threads. */
    private static final int ROOTS = 64;

    /** Leaves that a thread makes at a time. */
    private static final int BLOCK = 256;

    /** Per leaf and column {@link #LEAF} values; a last leaf that has fewer rows repeats its last one. */
    final double[][] tiles;

    /** Per leaf and column by how much the tile's values are above the middle of the leaf's box, in the leaf's {@link #unit}. */
    final float[][] offsets;

    final int[] weights;
    final long totalWeight;
    final int size;
    final int dimensions;
    final List<Level> levels = new ArrayList<>();

    private final WideSum[] formats;
    private final int[] digitsBefore;

    /** Longs of an exact sum of rows, all columns together. */
    final int digits;

    /** Values of one column of consecutive rows. */
    private interface Rows {
        void copy(int from, int count, int c, double[] to);
    }

    public RowTree(CanonicalRows rows) {
        this(rows.byColumn(), rows.weights());
    }

    RowTree(double[][] byColumn, int[] weights) {
        this(
                (from, count, c, to) -> System.arraycopy(byColumn[c], from, to, 0, count),
                weights.length,
                byColumn.length,
                weights);
    }

    /** {@code weights} are of the rows in their order in the matrix, or null for 1 each. */
    public RowTree(SpatialRows rows, int @Nullable [] weights) {
        this(rows::copy, rows.size(), rows.columns(), inOrder(rows, weights));
    }

    private RowTree(Rows rows, int size, int dimensions, int[] weights) {
        this.weights = weights;
        this.size = size;
        this.dimensions = dimensions;
        tiles = new double[Math.multiplyExact((size + LEAF - 1) / LEAF, dimensions)][];
        offsets = new float[tiles.length][];
        Level leaves = new Level(tiles.length / dimensions);
        copyRows(rows, leaves);
        long total = 0;
        for (int weight : leaves.weights) {
            total += weight;
        }
        totalWeight = total;
        formats = new WideSum[dimensions];
        digitsBefore = new int[dimensions];
        Parallel.blocks(dimensions, 1, (c, end) -> formats[c] = format(leaves, c));
        int sum = 0;
        for (int c = 0; c < dimensions; c++) {
            digitsBefore[c] = sum;
            sum += formats[c].digits();
        }
        digits = sum;
        levels.add(leaves);
        sumRows(leaves);
        while (top().count > ROOTS) {
            levels.add(above(top()));
        }
    }

    private static int[] inOrder(SpatialRows rows, int @Nullable [] weights) {
        int[] ordered = new int[rows.size()];
        if (weights == null) {
            Arrays.fill(ordered, 1);
        } else {
            Arrays.setAll(ordered, place -> weights[rows.row(place)]);
        }
        return ordered;
    }

    private void copyRows(Rows rows, Level leaves) {
        Parallel.blocks(leaves.count, BLOCK, (first, last) -> {
            double[] middle = new double[dimensions];
            double[] half = new double[dimensions];
            for (int leaf = first; leaf < last; leaf++) {
                int from = leaf * LEAF;
                int count = Math.min(size - from, LEAF);
                for (int i = from; i < from + count; i++) {
                    leaves.weights[leaf] += weights[i];
                }
                for (int c = 0; c < dimensions; c++) {
                    double[] tile = new double[LEAF];
                    rows.copy(from, count, c, tile);
                    if (count < LEAF) {
                        Arrays.fill(tile, count, LEAF, tile[count - 1]);
                    }
                    tiles[leaf * dimensions + c] = tile;
                    bound(tile, leaves.boxes, leaf * 2 * dimensions + c, dimensions);
                }
                leaves.measure(leaf, middle, half);
                double perUnit = 1 / unit(half);
                for (int c = 0; c < dimensions; c++) {
                    offsets[leaf * dimensions + c] = new float[LEAF];
                    offset(tiles[leaf * dimensions + c], middle[c], perUnit, offsets[leaf * dimensions + c]);
                }
            }
        });
    }

    private static void offset(double[] tile, double middle, double perUnit, float[] offsets) {
        for (int i = 0; i < LEAF; i++) {
            offsets[i] = (float) ((tile[i] - middle) * perUnit);
        }
    }

    /** The least power of two above all half sides of a leaf's box, of those that have a reciprocal. */
    static double unit(double[] half) {
        double most = Double.MIN_NORMAL;
        for (double side : half) {
            most = Math.max(most, side);
        }
        return Math.scalb(1.0, Math.getExponent(most) + 1);
    }

    /** Finds the least and greatest value as numbers of like order, which costs no branches and no care for NaN. */
    private static void bound(double[] tile, double[] boxes, int low, int toHigh) {
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        for (int i = 0; i < LEAF; i++) {
            long bits = Double.doubleToRawLongBits(tile[i]);
            bits ^= (bits >> 63) & Long.MAX_VALUE;
            least = Math.min(least, bits);
            greatest = Math.max(greatest, bits);
        }
        boxes[low] = Double.longBitsToDouble(least ^ ((least >> 63) & Long.MAX_VALUE));
        boxes[low + toHigh] = Double.longBitsToDouble(greatest ^ ((greatest >> 63) & Long.MAX_VALUE));
    }

    /** The boxes tell most magnitudes; only where one holds zero are its rows looked at. */
    private WideSum format(Level leaves, int c) {
        double least = Double.MAX_VALUE;
        double greatest = 0;
        for (int leaf = 0; leaf < leaves.count; leaf++) {
            double low = leaves.low(leaf, c);
            double high = leaves.high(leaf, c);
            greatest = Math.max(greatest, Math.max(-low, high));
            if (low > 0 || high < 0) {
                least = Math.min(least, Math.min(Math.abs(low), Math.abs(high)));
            } else if (low != high) {
                for (double value : tiles[leaf * dimensions + c]) {
                    least = value == 0 ? least : Math.min(least, Math.abs(value));
                }
            }
        }
        return WideSum.of(least, greatest, totalWeight);
    }

    private void sumRows(Level leaves) {
        leaves.sums = new long[Math.multiplyExact(leaves.count, digits)];
        Parallel.blocks(leaves.count, BLOCK, (first, last) -> {
            for (int leaf = first; leaf < last; leaf++) {
                int from = leaf * LEAF;
                int count = Math.min(size - from, LEAF);
                for (int c = 0; c < dimensions; c++) {
                    double[] tile = tiles[leaf * dimensions + c];
                    int at = leaf * digits + digitsBefore[c];
                    if (leaves.weights[leaf] == count) {
                        formats[c].addAll(leaves.sums, at, tile, count);
                    } else {
                        for (int i = 0; i < count; i++) {
                            formats[c].add(leaves.sums, at, tile[i], weights[from + i]);
                        }
                    }
                }
            }
        });
    }

    Level top() {
        return levels.get(levels.size() - 1);
    }

    Level leafLevel() {
        return levels.get(0);
    }

    private Level above(Level below) {
        Level level = new Level((below.count + FAN - 1) / FAN);
        level.sums = new long[level.count * digits];
        for (int node = 0; node < level.count; node++) {
            int to = Math.min(below.count, (node + 1) * FAN);
            for (int c = 0; c < dimensions; c++) {
                double low = Double.POSITIVE_INFINITY;
                double high = Double.NEGATIVE_INFINITY;
                for (int child = node * FAN; child < to; child++) {
                    low = Math.min(low, below.low(child, c));
                    high = Math.max(high, below.high(child, c));
                }
                level.boxes[node * 2 * dimensions + c] = low;
                level.boxes[(node * 2 + 1) * dimensions + c] = high;
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

    /** Moves rows from the exact sums of their old labels to those of their new ones. */
    void moveRows(long[] sums, LabelChanges changes) {
        for (int c = 0; c < dimensions; c++) {
            for (int i = 0; i < changes.count; i++) {
                changes.values[i] = value(changes.rows[i], c);
            }
            formats[c].moveAll(
                    sums,
                    digitsBefore[c],
                    digits,
                    changes.values,
                    changes.from,
                    changes.to,
                    changes.weights,
                    changes.count);
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
        long[] sums = new long[digits];
        for (int node = 0; node < top().count; node++) {
            for (int digit = 0; digit < digits; digit++) {
                sums[digit] += top().sums[node * digits + digit];
            }
        }
        double mean = sum(sums, 0, c) / totalWeight;
        double squares = 0;
        for (int i = 0; i < size; i++) {
            squares += weights[i] * (value(i, c) - mean) * (value(i, c) - mean);
        }
        return squares / totalWeight;
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

        /** Per node the least values of its columns, then the greatest. */
        final double[] boxes;

        final int[] weights;
        long[] sums = {};

        private Level(int count) {
            this.count = count;
            boxes = new double[Math.multiplyExact(count, 2 * dimensions)];
            weights = new int[count];
        }

        double low(int node, int c) {
            return boxes[node * 2 * dimensions + c];
        }

        double high(int node, int c) {
            return boxes[(node * 2 + 1) * dimensions + c];
        }

        /** Gets the middle of a node's box and its half sides. */
        void measure(int node, double[] middle, double[] half) {
            int low = node * 2 * dimensions;
            int high = low + dimensions;
            for (int c = 0; c < dimensions; c++) {
                double between = (boxes[low + c] + boxes[high + c]) * 0.5;
                double above = boxes[high + c] - between;
                double below = between - boxes[low + c];
                middle[c] = between;
                half[c] = above > below ? above : below;
            }
        }
    }
}
