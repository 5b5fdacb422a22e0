package clade.clustering.density;

import clade.clustering.Progress;
import clade.clustering.spatial.RadixSort;
import clade.statistics.Matrix;
import clade.statistics.Parallel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows in cells of side eps/√d, so that any two rows of a cell are neighbours; only cells that hold rows are kept, sorted by
 * their keys. Rows stand in cell order, within a cell in that of the input; a <em>position</em> is a place in that order.
 */
final class Grid {

    /** Beyond three columns a cell has hundreds of neighbours. */
    static final int MOST_COLUMNS = 3;

    /**
     * Cells are smaller than eps/√d by this share: far above the rounding of a cell's number, which is below 2⁻³⁰ cells
     * while there are at most {@link #MOST_CELLS} along a column, and far below what would bring further cells within eps.
     */
    private static final double SLACK = 1e-8;

    private static final double MOST_CELLS = 1 << 20;

    /** Sides whose reciprocal keeps its precision. */
    private static final double LEAST_SIDE = 1e-290;

    private static final double GREATEST_SIDE = 1e290;

    private static final int BLOCK = 1 << 15;
    private static final int BUCKET_BITS = 12;

    /** The most places of {@link #cellAt} for each row, above a number of places that is always had. */
    private static final int PLACES_PER_ROW = 4;

    private static final int FREE_PLACES = 1 << 16;

    /** In {@link #order} while the grid is built: the row is the first of its cell. */
    private static final int FIRST = Integer.MIN_VALUE;

    final int columns;
    /** Row at each position. */
    final int[] order;
    /** Coordinates, position after position. */
    final double[] points;
    /** Weight of all positions before each; null if every row weighs 1. */
    private final int @Nullable [] weightBefore;
    /** Sorted keys of the cells. */
    final long[] keys;
    /** First position of each cell, and the number of positions. */
    final int[] starts;
    /** For each cell its rows' least and greatest value of each column in turn, rounded outwards. */
    private final float[] boxes;
    /** For each key the first cell whose key is not less, while there are few keys for the rows; else empty. */
    private final int[] cellAt;

    private final long span;
    /** Least and greatest value of each column. */
    final double[] low;

    final double[] high;
    private final double perSide;
    private final long[] stride;

    /** The cells that can hold neighbours of a cell's rows, as ranges of keys relative to its own: nearest ranges first. */
    private final long[] lowOffsets;

    private final long[] highOffsets;

    /** Those of the ranges that hold cells after the one in question. */
    private final long[] lowForwards;

    private final long[] highForwards;

    private Grid(
            Matrix x,
            int @Nullable [] weights,
            double[] low,
            double[] high,
            double side,
            long[] stride,
            long span,
            Progress progress) {
        this.columns = x.columns();
        this.low = low;
        this.high = high;
        this.perSide = 1 / side;
        this.stride = stride;
        this.span = span;
        List<long[]> ranges = ranges(columns, reach(columns), stride);
        this.lowOffsets = ranges.stream().mapToLong(range -> range[0]).toArray();
        this.highOffsets = ranges.stream().mapToLong(range -> range[1]).toArray();
        List<long[]> forwards = ranges.stream().filter(range -> range[1] > 0).toList();
        this.lowForwards = forwards.stream().mapToLong(range -> range[0]).toArray();
        this.highForwards = forwards.stream().mapToLong(range -> range[1]).toArray();
        int size = x.rows();
        this.order = new int[size];
        this.points = new double[Math.multiplyExact(size, columns)];
        int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(span - 1) - BUCKET_BITS);
        int buckets = (int) ((span - 1) >>> shift) + 1;
        int[] bucketStarts = toBuckets(x.values(), shift, buckets);
        progress.at("sorting", 0.1);
        int[] cellsBefore = new int[buckets + 1];
        Parallel.blocks(buckets, Math.max(1, buckets / 64), (first, last) -> {
            Bucket bucket = new Bucket();
            for (int b = first; b < last; b++) {
                cellsBefore[b + 1] = bucket.sort(bucketStarts[b], bucketStarts[b + 1], (long) b << shift, 1L << shift);
            }
            progress.at("sorting", 0.1);
        });
        Arrays.parallelPrefix(cellsBefore, Integer::sum);
        int cells = cellsBefore[buckets];
        this.keys = new long[cells];
        this.starts = new int[cells + 1];
        this.boxes = new float[2 * columns * cells];
        starts[cells] = size;
        Parallel.blocks(buckets, Math.max(1, buckets / 64), (first, last) -> {
            int cell = cellsBefore[first];
            for (int i = bucketStarts[first]; i < bucketStarts[last]; i++) {
                if (order[i] < 0) {
                    order[i] &= ~FIRST;
                    keys[cell] = key(points, i * columns);
                    starts[cell++] = i;
                }
            }
        });
        Parallel.blocks(cells, BLOCK / 16, (from, to) -> {
            for (int cell = from; cell < to; cell++) {
                box(cell);
            }
        });
        this.weightBefore = weights == null ? null : running(weights, order);
        this.cellAt = span <= places(size) ? new int[(int) span + 1] : new int[0];
        if (cellAt.length > 0) {
            Parallel.blocks(cells + 1, BLOCK / 16, (from, to) -> {
                for (int cell = from; cell < to; cell++) {
                    int after = cell == 0 ? 0 : (int) keys[cell - 1] + 1;
                    Arrays.fill(cellAt, after, cell == cells ? cellAt.length : (int) keys[cell] + 1, cell);
                }
            });
        }
        progress.at("sorting", 0.2);
    }

    private static long places(int size) {
        return Math.max(FREE_PLACES, (long) PLACES_PER_ROW * size);
    }

    /** Bytes that the grid of rows needs at most, each in a cell of its own. */
    static long bytes(long rows, int columns) {
        return rows * (8L * columns + 20 + 8L * columns + 4 * PLACES_PER_ROW) + 4L * FREE_PLACES;
    }

    /**
     * The grid for a radius, or null if it would be too fine for the spread of the rows.
     *
     * @param x n x d finite values, d at most {@link #MOST_COLUMNS}
     * @param weights n positive counts, null for 1 each
     */
    static @Nullable Grid of(Matrix x, int @Nullable [] weights, double eps, Progress progress) {
        int columns = x.columns();
        double side = eps / Math.sqrt(columns) * (1 - SLACK);
        if (!(side > LEAST_SIDE && side < GREATEST_SIDE)) {
            return null;
        }
        progress.at("sorting", 0);
        double[] low = new double[columns];
        double[] high = new double[columns];
        bounds(x, low, high);
        long[] stride = new long[columns];
        long span = 1;
        for (int w = columns - 1; w >= 0; w--) {
            double cells = (high[w] - low[w]) * (1 / side);
            if (!(cells < MOST_CELLS)) {
                return null;
            }
            stride[w] = span;
            // empty cells between the rows of the grid, so that a step over its edge meets no cell
            span *= (long) cells + 1 + reach(columns);
        }
        return new Grid(x, weights, low, high, side, stride, span, progress);
    }

    private static int reach(int columns) {
        return 1 + (int) Math.sqrt(columns);
    }

    private static void bounds(Matrix x, double[] low, double[] high) {
        int columns = x.columns();
        double[] values = x.values();
        Arrays.fill(low, Double.POSITIVE_INFINITY);
        Arrays.fill(high, Double.NEGATIVE_INFINITY);
        Parallel.blocks(x.rows(), BLOCK, (from, to) -> {
            for (int w = 0; w < columns; w++) {
                double least = Double.POSITIVE_INFINITY;
                double greatest = Double.NEGATIVE_INFINITY;
                for (int at = from * columns + w; at < to * columns; at += columns) {
                    double value = values[at];
                    least = value < least ? value : least;
                    greatest = value > greatest ? value : greatest;
                }
                synchronized (low) {
                    low[w] = Math.min(low[w], least);
                    high[w] = Math.max(high[w], greatest);
                }
            }
        });
    }

    /** The key of the cell of the row that starts at {@code rows[at]}. */
    private long key(double[] rows, int at) {
        long key = 0;
        for (int w = 0; w < columns; w++) {
            key += stride[w] * (long) ((rows[at + w] - low[w]) * perSide);
        }
        return key;
    }

    /** Brings the rows to buckets by their keys without the {@code shift} lower bits, and gives where each bucket starts, and the end. */
    private int[] toBuckets(double[] values, int shift, int buckets) {
        int size = order.length;
        char[] bucketOf = new char[size];
        int[][] next = new int[(size + BLOCK - 1) / BLOCK][buckets];
        Parallel.blocks(size, BLOCK, (from, to) -> {
            int[] count = next[from / BLOCK];
            for (int i = from; i < to; i++) {
                char bucket = (char) (key(values, i * columns) >>> shift);
                bucketOf[i] = bucket;
                count[bucket]++;
            }
        });
        int[] bucketStarts = new int[buckets + 1];
        for (int bucket = 0; bucket < buckets; bucket++) {
            int at = bucketStarts[bucket];
            for (int[] counts : next) {
                int count = counts[bucket];
                counts[bucket] = at;
                at += count;
            }
            bucketStarts[bucket + 1] = at;
        }
        Parallel.blocks(size, BLOCK, (from, to) -> {
            int[] places = next[from / BLOCK];
            for (int i = from; i < to; i++) {
                int place = places[bucketOf[i]]++;
                order[place] = i;
                for (int w = 0; w < columns; w++) {
                    points[place * columns + w] = values[i * columns + w];
                }
            }
        });
        return bucketStarts;
    }

    /** Sorts the rows of one bucket after another by their keys. Belongs to one thread. */
    private final class Bucket {

        private long[] keyOf = new long[0];
        private int[] count = new int[0];
        private int[] rows = new int[0];
        private double[] coordinates = new double[0];

        /**
         * Sorts the rows at positions from (inclusive) to to (exclusive) and marks the first of each cell.
         *
         * @param least none of the keys is below it
         * @param range nor as much above it
         * @return number of cells
         */
        int sort(int from, int to, long least, long range) {
            int size = to - from;
            if (size == 0) {
                return 0;
            }
            if (keyOf.length < size) {
                int capacity = Math.max(size, 2 * keyOf.length);
                keyOf = new long[capacity];
                rows = new int[capacity];
                coordinates = new double[capacity * columns];
            }
            boolean several = false;
            for (int i = 0; i < size; i++) {
                keyOf[i] = key(points, (from + i) * columns) - least;
                several |= keyOf[i] != keyOf[0];
            }
            if (!several) {
                order[from] |= FIRST;
                return 1;
            }
            System.arraycopy(order, from, rows, 0, size);
            System.arraycopy(points, from * columns, coordinates, 0, size * columns);
            return range <= 4L * size + 256 ? byCounting(from, size, (int) range) : byDigits(from, size);
        }

        private int byCounting(int from, int size, int range) {
            if (count.length < range + 1) {
                count = new int[range + 1];
            }
            Arrays.fill(count, 0, range + 1, 0);
            for (int i = 0; i < size; i++) {
                count[(int) keyOf[i]]++;
            }
            int at = from;
            int cells = 0;
            for (int key = 0; key < range; key++) {
                int of = count[key];
                cells += of > 0 ? 1 : 0;
                // the first to come gets the mark
                count[key] = of > 0 ? at | FIRST : at;
                at += of;
            }
            for (int i = 0; i < size; i++) {
                int key = (int) keyOf[i];
                int place = count[key];
                count[key] = (place & ~FIRST) + 1;
                put(i, place & ~FIRST, place & FIRST);
            }
            return cells;
        }

        private int byDigits(int from, int size) {
            int[] sorted = RadixSort.order(keyOf, size);
            int cells = 0;
            for (int i = 0; i < size; i++) {
                boolean first = i == 0 || keyOf[sorted[i]] != keyOf[sorted[i - 1]];
                cells += first ? 1 : 0;
                put(sorted[i], from + i, first ? FIRST : 0);
            }
            return cells;
        }

        private void put(int i, int place, int mark) {
            order[place] = rows[i] | mark;
            for (int w = 0; w < columns; w++) {
                points[place * columns + w] = coordinates[i * columns + w];
            }
        }
    }

    /**
     * Ranges of keys, relative to a cell's own, of the cells within reach. A step of s cells leaves |s| − 1 whole cells
     * between; cells with a gap of √d sides still count, because cells are a little smaller than eps/√d.
     */
    private static List<long[]> ranges(int columns, int reach, long[] stride) {
        List<long[]> ranges = new ArrayList<>();
        int steps = 2 * reach + 1;
        for (int code = 0; code < Math.pow(steps, columns - 1); code++) {
            int rest = code;
            int gap = 0;
            long offset = 0;
            for (int w = 0; w < columns - 1; w++) {
                int step = rest % steps - reach;
                rest /= steps;
                gap += gap(step);
                offset += step * stride[w];
            }
            if (gap <= columns) {
                int along = 1 + (int) Math.sqrt(columns - gap);
                ranges.add(new long[] {offset - along, offset + along, gap, Math.abs(offset)});
            }
        }
        ranges.sort(Comparator.<long[]>comparingLong(range -> range[2]).thenComparingLong(range -> range[3]));
        return ranges;
    }

    private static int gap(int step) {
        int between = Math.max(0, Math.abs(step) - 1);
        return between * between;
    }

    private void box(int cell) {
        int from = starts[cell];
        int to = starts[cell + 1];
        for (int w = 0; w < columns; w++) {
            double least = Double.POSITIVE_INFINITY;
            double greatest = Double.NEGATIVE_INFINITY;
            for (int i = from; i < to; i++) {
                double value = points[i * columns + w];
                least = value < least ? value : least;
                greatest = value > greatest ? value : greatest;
            }
            float below = (float) least;
            float above = (float) greatest;
            boxes[2 * (cell * columns + w)] = below > least ? Math.nextDown(below) : below;
            boxes[2 * (cell * columns + w) + 1] = above < greatest ? Math.nextUp(above) : above;
        }
    }

    /** Weight of the rows before each position in this order, and of all of them. */
    private static int[] running(int[] weights, int[] order) {
        int[] before = new int[order.length + 1];
        for (int i = 0; i < order.length; i++) {
            before[i + 1] = before[i] + weights[order[i]];
        }
        return before;
    }

    int cells() {
        return keys.length;
    }

    /** Weight of the rows at positions from (inclusive) to to (exclusive). */
    int weight(int from, int to) {
        return weightBefore == null ? to - from : weightBefore[to] - weightBefore[from];
    }

    int weight(int cell) {
        return weight(starts[cell], starts[cell + 1]);
    }

    double squared(int a, int b) {
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

    /** Least squared distance from the row at a position to the box of a cell; never above that to a row inside. */
    double nearest(int cell, int position) {
        if (columns == 3) {
            int box = 6 * cell;
            int row = 3 * position;
            double x = outside(points[row], box);
            double y = outside(points[row + 1], box + 2);
            double z = outside(points[row + 2], box + 4);
            return x * x + y * y + z * z;
        }
        double sum = 0;
        for (int w = 0; w < columns; w++) {
            double outside = outside(points[position * columns + w], 2 * (cell * columns + w));
            sum += outside * outside;
        }
        return sum;
    }

    /** How far a value is outside the interval from {@code boxes[at]} to the next. */
    private double outside(double value, int at) {
        double below = boxes[at] - value;
        double above = value - boxes[at + 1];
        return below > 0 ? below : above > 0 ? above : 0;
    }

    /** Least squared distance between the boxes of two cells; never above that of a row in each. */
    double between(int a, int b) {
        double sum = 0;
        for (int w = 0; w < columns; w++) {
            int i = 2 * (a * columns + w);
            int j = 2 * (b * columns + w);
            double below = (double) boxes[i] - boxes[j + 1];
            double above = (double) boxes[j] - boxes[i + 1];
            double outside = below > 0 ? below : above > 0 ? above : 0;
            sum += outside * outside;
        }
        return sum;
    }

    /** The cells within reach of one cell after another, for ascending cells. Belongs to one thread. */
    final class Sweep {

        private final long[] low;
        private final long[] high;
        private final int[] first;
        private final int[] end;

        /** @param forwards whether only cells after the one in question matter, so that ranges before it can be left out */
        Sweep(int cell, boolean forwards) {
            low = forwards ? lowForwards : lowOffsets;
            high = forwards ? highForwards : highOffsets;
            first = new int[low.length];
            end = new int[low.length];
            for (int range = 0; range < first.length && cellAt.length == 0; range++) {
                first[range] = firstAtLeast(keys[cell] + low[range]);
                end[range] = first[range];
            }
        }

        private int firstAtLeast(long key) {
            int found = Arrays.binarySearch(keys, key);
            return found < 0 ? -found - 1 : found;
        }

        /** @param cell not below that of the call before */
        void moveTo(int cell) {
            long key = keys[cell];
            if (cellAt.length > 0) {
                int last = (int) span;
                for (int range = 0; range < first.length; range++) {
                    first[range] = cellAt[(int) Math.max(0, Math.min(last, key + low[range]))];
                    end[range] = cellAt[(int) Math.max(0, Math.min(last, key + high[range] + 1))];
                }
                return;
            }
            for (int range = 0; range < first.length; range++) {
                long least = key + low[range];
                int at = first[range];
                while (at < keys.length && keys[at] < least) {
                    at++;
                }
                first[range] = at;
                long most = key + high[range];
                at = Math.max(at, end[range]);
                while (at < keys.length && keys[at] <= most) {
                    at++;
                }
                end[range] = at;
            }
        }

        int ranges() {
            return first.length;
        }

        int first(int range) {
            return first[range];
        }

        int end(int range) {
            return end[range];
        }
    }
}
