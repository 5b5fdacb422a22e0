package clade.clustering.spatial;

import clade.clustering.Progress;
import clade.statistics.Matrix;
import clade.statistics.Parallel;
import java.util.Arrays;

/**
 * Sorts the rows of a matrix by value along a Morton curve (Morton 1966, "A computer oriented geodetic data base"), so that
 * rows near each other in the order are near each other in space and equal rows lie side by side.
 *
 * <p>The bounding box of the rows is cut into equal cells, taken in Morton order; the rows of a cell are sorted in the same
 * way within their own bounding box, until all are equal. So outliers cost a level, not the order, and the order of distinct
 * rows depends on which rows there are alone: not on how often each occurs, nor on the order of the input.
 */
final class MortonSort {

    private static final int BLOCK = 1 << 14;
    private static final int RADIX_BITS = 11;

    private final int columns;
    private final Progress progress;

    /** The rows, row after row, sorted by their cells in the bounding box of all. */
    private final double[] rows;

    /** Which row of the matrix each of these is. */
    private final int[] order;

    /** Per place in the sorted order a key in the upper half and the number of one of {@link #rows} in the lower. */
    private final long[] keyed;

    MortonSort(Matrix x, Progress progress) {
        this.columns = x.columns();
        this.progress = progress;
        int n = x.rows();
        keyed = new long[n];
        rows = new double[n * columns];
        order = new int[n];
        sortAll(x.values(), n);
    }

    /** Number of rows. */
    int size() {
        return order.length;
    }

    /** Which row of the matrix is at a place of the sorted order; equal rows are in no particular order. */
    int row(int place) {
        return order[(int) keyed[place]];
    }

    double value(int place, int column) {
        return rows[(int) keyed[place] * columns + column];
    }

    private void sortAll(double[] values, int n) {
        Box box = new Box(columns);
        Parallel.blocks(n, BLOCK, (first, last) -> {
            Box part = new Box(columns);
            for (int i = first; i < last; i++) {
                part.cover(values, i * columns);
            }
            synchronized (box) {
                box.cover(part);
            }
        });
        box.cut();
        Parallel.blocks(n, BLOCK, (first, last) -> {
            for (int i = first; i < last; i++) {
                keyed[i] = (long) box.key(values, i * columns) << Integer.SIZE | i;
            }
        });
        progress.at("sorting", 0);
        sortKeyed(0, n);
        int[] starts = cellStarts(n);
        Parallel.blocks(n, BLOCK, (first, last) -> {
            for (int i = first; i < last; i++) {
                int row = (int) keyed[i];
                order[i] = row;
                keyed[i] = i;
                for (int c = 0; c < columns; c++) {
                    rows[i * columns + c] = values[row * columns + c];
                }
            }
        });
        progress.at("sorting", 0);
        Parallel.blocks(starts.length - 1, BLOCK / 32, (first, last) -> {
            Box inner = new Box(columns);
            for (int cell = first; cell < last; cell++) {
                sort(starts[cell], starts[cell + 1], inner);
            }
            progress.at("sorting", 0);
        });
    }

    private int[] cellStarts(int n) {
        int[] starts = new int[n + 1];
        int cells = 0;
        for (int i = 0; i < n; i++) {
            if (i == 0 || keyed[i] >>> Integer.SIZE != keyed[i - 1] >>> Integer.SIZE) {
                starts[cells++] = i;
            }
        }
        starts[cells] = n;
        return Arrays.copyOf(starts, cells + 1);
    }

    private void sort(int from, int to, Box box) {
        if (to - from < 2) {
            return;
        }
        box.clear();
        for (int i = from; i < to; i++) {
            box.cover(rows, (int) keyed[i] * columns);
        }
        if (box.isPoint()) {
            return;
        }
        box.cut();
        for (int i = from; i < to; i++) {
            int row = (int) keyed[i];
            keyed[i] = (long) box.key(rows, row * columns) << Integer.SIZE | row;
        }
        sortKeyed(from, to);
        int start = from;
        for (int i = from + 1; i <= to; i++) {
            if (i == to || keyed[i] >>> Integer.SIZE != keyed[start] >>> Integer.SIZE) {
                sort(start, i, box);
                start = i;
            }
        }
    }

    /** Sorts keyed[from, to): many by two counting passes over the key, few by comparing. */
    private void sortKeyed(int from, int to) {
        if (to - from < 1 << RADIX_BITS) {
            Arrays.sort(keyed, from, to);
            return;
        }
        long[] turn = new long[to - from];
        countingPass(keyed, from, turn, 0, to - from, Integer.SIZE);
        countingPass(turn, 0, keyed, from, to - from, Integer.SIZE + RADIX_BITS);
    }

    private static void countingPass(long[] source, int from, long[] target, int at, int count, int shift) {
        int mask = (1 << RADIX_BITS) - 1;
        int[] next = new int[mask + 2];
        for (int i = from; i < from + count; i++) {
            next[(int) (source[i] >>> shift & mask) + 1]++;
        }
        next[0] = at;
        for (int digit = 0; digit < mask; digit++) {
            next[digit + 1] += next[digit];
        }
        for (int i = from; i < from + count; i++) {
            target[next[(int) (source[i] >>> shift & mask)]++] = source[i];
        }
    }

    /** A bounding box, and its cut into cells: along every column if there are few, else along the widest. */
    private static final class Box {

        /** Bits of a key for each of 1, 2, … cut columns. */
        private static final int[] BITS = {20, 10, 7, 5};

        private final double[] low;
        private final double[] high;
        private final int[] cut;
        private final int bits;
        private final double[] scale;
        private final double[] shrink;

        Box(int columns) {
            low = new double[columns];
            high = new double[columns];
            cut = new int[Math.min(columns, BITS.length)];
            bits = BITS[cut.length - 1];
            scale = new double[cut.length];
            shrink = new double[cut.length];
            clear();
        }

        void clear() {
            Arrays.fill(low, Double.POSITIVE_INFINITY);
            Arrays.fill(high, Double.NEGATIVE_INFINITY);
        }

        /** Takes in the row that starts at {@code rows[at]}. */
        void cover(double[] rows, int at) {
            for (int c = 0; c < low.length; c++) {
                double value = rows[at + c];
                low[c] = value < low[c] ? value : low[c];
                high[c] = value > high[c] ? value : high[c];
            }
        }

        void cover(Box other) {
            for (int c = 0; c < low.length; c++) {
                low[c] = Math.min(low[c], other.low[c]);
                high[c] = Math.max(high[c], other.high[c]);
            }
        }

        boolean isPoint() {
            for (int c = 0; c < low.length; c++) {
                if (low[c] < high[c]) {
                    return false;
                }
            }
            return true;
        }

        /** Chooses the columns to cut, the widest first where not all are, and the width of a cell along each. */
        void cut() {
            chooseColumns();
            for (int i = 0; i < cut.length; i++) {
                double least = low[cut[i]];
                double greatest = high[cut[i]];
                // halves, where the width itself would overflow
                shrink[i] = greatest - least < Double.POSITIVE_INFINITY ? 1 : 0.5;
                scale[i] = least < greatest ? ((1 << bits) - 1e-6) / (greatest * shrink[i] - least * shrink[i]) : 0;
            }
        }

        private void chooseColumns() {
            if (cut.length == low.length) {
                Arrays.setAll(cut, c -> c);
                return;
            }
            for (int i = 0; i < cut.length; i++) {
                int widest = -1;
                for (int c = 0; c < low.length; c++) {
                    boolean taken = false;
                    for (int j = 0; j < i; j++) {
                        taken |= cut[j] == c;
                    }
                    if (!taken && (widest < 0 || high[c] - low[c] > high[widest] - low[widest])) {
                        widest = c;
                    }
                }
                cut[i] = widest;
            }
        }

        /** The number of the cell, in Morton order, of the row that starts at {@code rows[at]}. */
        int key(double[] rows, int at) {
            int key = 0;
            for (int i = 0; i < cut.length; i++) {
                double offset = rows[at + cut[i]] * shrink[i] - low[cut[i]] * shrink[i];
                int cell = Math.min((1 << bits) - 1, (int) (offset * scale[i]));
                key |= spread(cell, cut.length) << i;
            }
            return key;
        }

        /** Moves bit b of {@code cell} to bit {@code b * columns}. */
        private static int spread(int cell, int columns) {
            return switch (columns) {
                case 1 -> cell;
                case 2 -> {
                    int x = (cell | cell << 8) & 0x00ff00ff;
                    x = (x | x << 4) & 0x0f0f0f0f;
                    x = (x | x << 2) & 0x33333333;
                    yield (x | x << 1) & 0x55555555;
                }
                case 3 -> {
                    int x = (cell | cell << 16) & 0x030000ff;
                    x = (x | x << 8) & 0x0300f00f;
                    x = (x | x << 4) & 0x030c30c3;
                    yield (x | x << 2) & 0x09249249;
                }
                default -> {
                    int x = (cell | cell << 12) & 0x000f000f;
                    x = (x | x << 6) & 0x03030303;
                    yield (x | x << 3) & 0x11111111;
                }
            };
        }
    }
}
