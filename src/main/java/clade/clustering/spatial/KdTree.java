package clade.clustering.spatial;

import clade.statistics.Parallel;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * A balanced k-d tree over weighted rows, in flat arrays, split at the median of the widest side (Friedman, Bentley and
 * Finkel 1977, doi:10.1145/355744.355745).
 *
 * <p>Rows are kept in tree order: a <em>position</em> in [0, size) is a place in that order, {@link #row} the row that
 * stands there. Nodes are numbered as in a heap: 1 is the root, the children of {@code q} are {@code 2q} and {@code 2q + 1},
 * and the positions of a node are consecutive.
 *
 * <p>Distances are squared Euclidean, summed column by column without fused multiply-add. Distances to boxes use the same
 * operations in the same order, so that rounding, which is monotone, never makes a box farther than a row inside it: every
 * search is exact to the bit. The tree never changes and may be searched by any number of threads.
 */
public final class KdTree {

    /** Most rows of a leaf. */
    public static final int LEAF = 16;

    /** Levels that are split with all threads on each, before every thread takes subtrees of its own. */
    private static final int SHARED_LEVELS = 4;

    /** Rows by which a pivot is chosen where there are many, and how many of them it lies beyond the wanted place. */
    private static final int SAMPLE = 64;

    private static final int MARGIN = 4;

    private final int size;
    private final int columns;
    private final int levels;
    /** First position of each leaf, and the number of positions. */
    private final int[] starts;

    private final int[] order;
    /** Weight of all positions before each. */
    private final int[] weightBefore;
    /** Position-major: the coordinates of one row are neighbours. */
    private final double[] points;
    /** For each node its least and greatest value of each column in turn. */
    private final double[] boxes;

    /**
     * Builds the tree.
     *
     * @param byColumn d arrays, of m values each, d and m at least 1, all finite
     * @param weights m positive counts whose sum is below 2^31
     */
    public KdTree(double[][] byColumn, int[] weights) {
        this(byColumn, weights, () -> {});
    }

    /** @param look called again and again while the tree is built, by any thread; what it throws ends the building */
    public KdTree(double[][] byColumn, int[] weights, Runnable look) {
        this.size = weights.length;
        this.columns = byColumn.length;
        int depth = 0;
        while (((size - 1) >> depth) + 1 > LEAF) {
            depth++;
        }
        this.levels = depth;
        this.starts = new int[(1 << levels) + 1];
        Arrays.setAll(starts, leaf -> (int) (((long) size * leaf) >> levels));
        this.order = new int[size];
        Arrays.setAll(order, i -> i);
        this.points = new double[Math.multiplyExact(size, columns)];
        Parallel.blocks(size, 1 << 14, (from, to) -> {
            for (int w = 0; w < columns; w++) {
                double[] column = byColumn[w];
                for (int i = from; i < to; i++) {
                    points[i * columns + w] = column[i];
                }
            }
        });
        this.boxes = new double[Math.multiplyExact(2 << levels, 2 * columns)];
        for (int level = 0; level < Math.min(levels, SHARED_LEVELS); level++) {
            int first = 1 << level;
            Parallel.blocks(first, 1, (node, end) -> {
                split(first + node);
                look.run();
            });
        }
        int subtrees = 1 << Math.min(levels, SHARED_LEVELS);
        Parallel.blocks(subtrees, 1, (node, end) -> {
            build(subtrees + node);
            look.run();
        });
        this.weightBefore = new int[size + 1];
        Parallel.blocks(size, 1 << 14, (from, to) -> {
            for (int i = from; i < to; i++) {
                weightBefore[i + 1] = weights[order[i]];
            }
        });
        for (int i = 0; i < size; i++) {
            weightBefore[i + 1] += weightBefore[i];
        }
        for (int node = subtrees - 1; node >= 1; node--) {
            joinBoxes(node);
        }
    }

    /** Bytes that a tree of {@code size} rows keeps. */
    public static long bytes(long size, int columns) {
        return size * (8L * columns + 8) + (size / (LEAF / 2) + 1) * 4L * 8 * columns;
    }

    private void build(int node) {
        if (isLeaf(node)) {
            box(node);
            return;
        }
        split(node);
        build(2 * node);
        build(2 * node + 1);
        joinBoxes(node);
    }

    /** Visits every node after its children, with all threads. */
    public void fromLeavesUp(IntConsumer work) {
        int subtrees = 1 << Math.min(levels, SHARED_LEVELS);
        Parallel.blocks(subtrees, 1, (node, end) -> fromLeavesUp(subtrees + node, work));
        for (int node = subtrees - 1; node >= 1; node--) {
            work.accept(node);
        }
    }

    private void fromLeavesUp(int node, IntConsumer work) {
        if (!isLeaf(node)) {
            fromLeavesUp(2 * node, work);
            fromLeavesUp(2 * node + 1, work);
        }
        work.accept(node);
    }

    private void box(int node) {
        int to = to(node) * columns;
        for (int w = 0; w < columns; w++) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (int at = from(node) * columns + w; at < to; at += columns) {
                double value = points[at];
                low = value < low ? value : low;
                high = value > high ? value : high;
            }
            boxes[2 * (node * columns + w)] = low;
            boxes[2 * (node * columns + w) + 1] = high;
        }
    }

    private void joinBoxes(int node) {
        if (isLeaf(node)) {
            return;
        }
        int at = 2 * node * columns;
        int left = 2 * at;
        int right = left + 2 * columns;
        for (int w = 0; w < 2 * columns; w += 2) {
            boxes[at + w] = Math.min(boxes[left + w], boxes[right + w]);
            boxes[at + w + 1] = Math.max(boxes[left + w + 1], boxes[right + w + 1]);
        }
    }

    /** Orders the rows of a node so that those of the left child are not above those of the right in the widest column. */
    private void split(int node) {
        box(node);
        double widest = -1;
        int column = 0;
        for (int w = 0; w < columns; w++) {
            double width = boxes[2 * (node * columns + w) + 1] - boxes[2 * (node * columns + w)];
            if (width > widest) {
                widest = width;
                column = w;
            }
        }
        int middle = from(2 * node + 1);
        int low = from(node);
        int high = to(node) - 1;
        while (low < high) {
            double pivot = pivot(low, high, middle, column);
            int i = low;
            int j = high;
            while (i <= j) {
                while (points[i * columns + column] < pivot) {
                    i++;
                }
                while (points[j * columns + column] > pivot) {
                    j--;
                }
                if (i <= j) {
                    swap(i++, j--);
                }
            }
            if (middle <= j) {
                high = j;
            } else if (middle >= i) {
                low = i;
            } else {
                return;
            }
        }
    }

    /**
     * A value that is likely to lie a little beyond the wanted one, on the side of the longer rest, so that the wanted one and
     * few others remain (after Floyd and Rivest 1975, doi:10.1145/360680.360691).
     */
    private double pivot(int low, int high, int wanted, int column) {
        int size = high - low + 1;
        if (size <= 4 * SAMPLE) {
            double a = points[low * columns + column];
            double b = points[((low + high) >>> 1) * columns + column];
            double c = points[high * columns + column];
            return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
        }
        double[] sample = new double[SAMPLE];
        for (int i = 0; i < SAMPLE; i++) {
            sample[i] = points[(low + (int) ((long) size * i / SAMPLE)) * columns + column];
        }
        Arrays.sort(sample);
        int at = (int) ((long) SAMPLE * (wanted - low) / size);
        int beyond = at + (2 * at < SAMPLE ? MARGIN : -MARGIN);
        return sample[Math.max(0, Math.min(SAMPLE - 1, beyond))];
    }

    private void swap(int i, int j) {
        int row = order[i];
        order[i] = order[j];
        order[j] = row;
        for (int w = 0; w < columns; w++) {
            double value = points[i * columns + w];
            points[i * columns + w] = points[j * columns + w];
            points[j * columns + w] = value;
        }
    }

    public int size() {
        return size;
    }

    public int columns() {
        return columns;
    }

    /** Number of the first leaf, and of leaves. */
    public int leaves() {
        return 1 << levels;
    }

    public boolean isLeaf(int node) {
        return node >> levels != 0;
    }

    /** First position of a node. */
    public int from(int node) {
        return starts[(node << levelsBelow(node)) - leaves()];
    }

    /** The position after the last one of a node. */
    public int to(int node) {
        return starts[((node + 1) << levelsBelow(node)) - leaves()];
    }

    private int levelsBelow(int node) {
        return levels - (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(node));
    }

    /** The leaf that holds a position. */
    public int leafOf(int position) {
        return leaves() + (int) ((((position + 1L) << levels) - 1) / size);
    }

    /** The row at a position. */
    public int row(int position) {
        return order[position];
    }

    /** The weight of the row at a position. */
    public int weight(int position) {
        return weight(position, position + 1);
    }

    /** The weight of the rows at positions from (inclusive) to to (exclusive). */
    public int weight(int from, int to) {
        return weightBefore[to] - weightBefore[from];
    }

    /** Copies the coordinates at a position into {@code point}. */
    public void copy(int position, double[] point) {
        System.arraycopy(points, position * columns, point, 0, columns);
    }

    /** Squared distance from {@code point} to the row at a position. */
    public double squared(int position, double[] point) {
        int at = position * columns;
        if (columns == 3) {
            double a = points[at] - point[0];
            double b = points[at + 1] - point[1];
            double c = points[at + 2] - point[2];
            return a * a + b * b + c * c;
        }
        double sum = 0;
        for (int w = 0; w < columns; w++) {
            double difference = points[at + w] - point[w];
            sum += difference * difference;
        }
        return sum;
    }

    /** Squared distance between the rows at two positions. */
    public double squared(int a, int b) {
        int i = a * columns;
        int j = b * columns;
        if (columns == 3) {
            double x = points[i] - points[j];
            double y = points[i + 1] - points[j + 1];
            double z = points[i + 2] - points[j + 2];
            return x * x + y * y + z * z;
        }
        double sum = 0;
        for (int w = 0; w < columns; w++) {
            double difference = points[i + w] - points[j + w];
            sum += difference * difference;
        }
        return sum;
    }

    /** Least squared distance from {@code point} to the box of a node: 0 inside. */
    public double nearest(int node, double[] point) {
        int at = 2 * node * columns;
        if (columns == 3) {
            double a = outside(point[0], boxes[at], boxes[at + 1]);
            double b = outside(point[1], boxes[at + 2], boxes[at + 3]);
            double c = outside(point[2], boxes[at + 4], boxes[at + 5]);
            return a * a + b * b + c * c;
        }
        double sum = 0;
        for (int w = 0; w < columns; w++) {
            double outside = outside(point[w], boxes[at + 2 * w], boxes[at + 2 * w + 1]);
            sum += outside * outside;
        }
        return sum;
    }

    /** Least squared distance from the row at a position to the box of a node: 0 inside. */
    public double nearest(int node, int position) {
        int at = 2 * node * columns;
        int row = position * columns;
        if (columns == 3) {
            double a = outside(points[row], boxes[at], boxes[at + 1]);
            double b = outside(points[row + 1], boxes[at + 2], boxes[at + 3]);
            double c = outside(points[row + 2], boxes[at + 4], boxes[at + 5]);
            return a * a + b * b + c * c;
        }
        double sum = 0;
        for (int w = 0; w < columns; w++) {
            double outside = outside(points[row + w], boxes[at + 2 * w], boxes[at + 2 * w + 1]);
            sum += outside * outside;
        }
        return sum;
    }

    private static double outside(double value, double low, double high) {
        return Math.max(0, Math.max(low - value, value - high));
    }

    /** Least squared distance between the boxes of two nodes; never above that of a row in each. */
    public double between(int a, int b) {
        int i = 2 * a * columns;
        int j = 2 * b * columns;
        if (columns == 3) {
            double x = apart(i, j);
            double y = apart(i + 2, j + 2);
            double z = apart(i + 4, j + 4);
            return x * x + y * y + z * z;
        }
        double sum = 0;
        for (int w = 0; w < 2 * columns; w += 2) {
            double apart = apart(i + w, j + w);
            sum += apart * apart;
        }
        return sum;
    }

    /** The gap between two intervals of {@link #boxes}. */
    private double apart(int i, int j) {
        return Math.max(0, Math.max(boxes[i] - boxes[j + 1], boxes[j] - boxes[i + 1]));
    }

    /** Squared diagonal of the box of a node: no two of its rows are farther apart. */
    public double diagonal(int node) {
        int at = 2 * node * columns;
        double sum = 0;
        for (int w = 0; w < columns; w++) {
            double width = boxes[at + 2 * w + 1] - boxes[at + 2 * w];
            sum += width * width;
        }
        return sum;
    }
}
