package clade.clustering.density;

import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Parallel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows in cells of side eps/√d, so that any two rows of a cell are neighbours; only cells that hold rows are kept, sorted by
 * their keys. Rows stand in cell order, within a cell in canonical order; a <em>position</em> is a place in that order.
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
    private static final int BLOCK = 1 << 14;

    final int columns;
    /** Canonical row at each position. */
    final int[] order;
    /** Coordinates, position after position. */
    final double[] points;
    /** Weight of all positions before each. */
    final int[] weightBefore;
    /** Sorted keys of the cells. */
    final long[] keys;
    /** First position of each cell, and the number of positions. */
    final int[] starts;
    /** For each cell its rows' least and greatest value of each column in turn. */
    final double[] boxes;
    /** The cells that can hold neighbours of a cell's rows, as ranges of keys relative to its own: nearest ranges first. */
    final long[] lowOffsets;

    final long[] highOffsets;

    private Grid(CanonicalRows rows, long[] rowKeys, long[] lowOffsets, long[] highOffsets) {
        this.columns = rows.columns();
        this.lowOffsets = lowOffsets;
        this.highOffsets = highOffsets;
        int size = rows.size();
        // canonical order is local: rows of a cell come in few runs, and runs are what is sorted
        long[] runKeys = rowKeys; // in place: there are no more runs than rows read
        int[] runStarts = new int[size + 1];
        int runs = 0;
        for (int i = 0; i < size; i++) {
            if (i == 0 || rowKeys[i] != runKeys[runs - 1]) {
                runKeys[runs] = rowKeys[i];
                runStarts[runs++] = i;
            }
        }
        runStarts[runs] = size;
        int[] runOrder = RadixSort.order(runKeys, runs);
        this.order = new int[size];
        long[] cellKeys = new long[runs];
        int[] cellStarts = new int[runs + 1];
        int cells = 0;
        int at = 0;
        for (int r = 0; r < runs; r++) {
            int run = runOrder[r];
            if (r == 0 || runKeys[run] != cellKeys[cells - 1]) {
                cellKeys[cells] = runKeys[run];
                cellStarts[cells++] = at;
            }
            for (int i = runStarts[run]; i < runStarts[run + 1]; i++) {
                order[at++] = i;
            }
        }
        cellStarts[cells] = size;
        // as fine a grid as there are rows needs the memory most
        this.keys = cells == runs ? cellKeys : Arrays.copyOf(cellKeys, cells);
        this.starts = cells == runs ? cellStarts : Arrays.copyOf(cellStarts, cells + 1);
        this.points = new double[Math.multiplyExact(size, columns)];
        this.weightBefore = new int[size + 1];
        Parallel.blocks(size, BLOCK, (from, to) -> {
            for (int w = 0; w < columns; w++) {
                double[] column = rows.byColumn()[w];
                for (int i = from; i < to; i++) {
                    points[i * columns + w] = column[order[i]];
                }
            }
        });
        for (int i = 0; i < size; i++) {
            weightBefore[i + 1] = weightBefore[i] + rows.weights()[order[i]];
        }
        this.boxes = new double[2 * columns * cells];
        Parallel.blocks(cells, BLOCK / 16, (from, to) -> {
            for (int cell = from; cell < to; cell++) {
                box(cell);
            }
        });
    }

    /** The grid for a radius, or null if it would be too fine for the spread of the rows. */
    static @Nullable Grid of(CanonicalRows rows, double eps) {
        int columns = rows.columns();
        double side = eps / Math.sqrt(columns) * (1 - SLACK);
        int reach = 1 + (int) Math.sqrt(columns);
        double[] low = new double[columns];
        long[] stride = new long[columns];
        long span = 1;
        for (int w = columns - 1; w >= 0; w--) {
            double high = Double.NEGATIVE_INFINITY;
            low[w] = Double.POSITIVE_INFINITY;
            for (double value : rows.byColumn()[w]) {
                low[w] = Math.min(low[w], value);
                high = Math.max(high, value);
            }
            double cells = (high - low[w]) / side;
            if (!(cells < MOST_CELLS)) {
                return null;
            }
            stride[w] = span;
            // empty cells between the rows of the grid, so that a step over its edge meets no cell
            span *= (long) cells + 1 + reach;
        }
        long[] rowKeys = new long[rows.size()];
        Parallel.blocks(rows.size(), BLOCK, (from, to) -> {
            for (int w = 0; w < columns; w++) {
                double[] column = rows.byColumn()[w];
                for (int i = from; i < to; i++) {
                    rowKeys[i] += stride[w] * (long) ((column[i] - low[w]) / side);
                }
            }
        });
        List<long[]> ranges = ranges(columns, reach, stride);
        return new Grid(
                rows,
                rowKeys,
                ranges.stream().mapToLong(range -> range[0]).toArray(),
                ranges.stream().mapToLong(range -> range[1]).toArray());
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
        for (int w = 0; w < columns; w++) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (int i = starts[cell]; i < starts[cell + 1]; i++) {
                low = Math.min(low, points[i * columns + w]);
                high = Math.max(high, points[i * columns + w]);
            }
            boxes[2 * (cell * columns + w)] = low;
            boxes[2 * (cell * columns + w) + 1] = high;
        }
    }

    int cells() {
        return keys.length;
    }

    int weight(int cell) {
        return weightBefore[starts[cell + 1]] - weightBefore[starts[cell]];
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
            double outside = Math.max(0, Math.max(boxes[i] - boxes[j + 1], boxes[j] - boxes[i + 1]));
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
            int[] ranges = IntStream.range(0, lowOffsets.length)
                    .filter(range -> !forwards || highOffsets[range] > 0)
                    .toArray();
            low = Arrays.stream(ranges).mapToLong(range -> lowOffsets[range]).toArray();
            high = Arrays.stream(ranges).mapToLong(range -> highOffsets[range]).toArray();
            first = new int[ranges.length];
            end = new int[ranges.length];
            for (int range = 0; range < first.length; range++) {
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
