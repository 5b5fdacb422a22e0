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
    private static final int RADIX_BITS = 10;

    /** Lower bits of a keyed row, which number the row; its key stands above them, below the sign. */
    private static final int ROW_BITS = Integer.SIZE - 1;

    private static final long ROW = (1L << ROW_BITS) - 1;
    private static final int REPEATS = Integer.MIN_VALUE;

    private final int columns;
    private final Progress progress;

    /** The rows in their order, column by column. */
    private final double[][] byColumn;

    /** The number of the row at each place of the order, with {@link #REPEATS} if it equals the one before. */
    private final int[] order;

    MortonSort(Matrix x, Progress progress) {
        this.columns = x.columns();
        this.progress = progress;
        this.byColumn = new double[columns][x.rows()];
        this.order = new int[x.rows()];
        sortAll(x.values());
    }

    /** Number of rows. */
    int size() {
        return order.length;
    }

    /** d arrays of n values in the sorted order. */
    double[][] byColumn() {
        return byColumn;
    }

    /** Which row of the matrix is at a place of the sorted order; equal rows are in no particular order. */
    int row(int place) {
        return order[place] & ~REPEATS;
    }

    /** Whether the row at a place equals the one before it. */
    boolean repeats(int place) {
        return order[place] < 0;
    }

    private void sortAll(double[] values) {
        int n = order.length;
        Box box = new Box(columns);
        Parallel.blocks(n, BLOCK, (from, to) -> {
            Box part = new Box(columns);
            for (int i = from; i < to; i++) {
                part.cover(values, i * columns);
            }
            synchronized (box) {
                box.cover(part);
            }
        });
        box.cut();
        long[] unsorted = new long[n];
        Parallel.blocks(n, BLOCK, (from, to) -> {
            for (int i = from; i < to; i++) {
                unsorted[i] = i;
            }
            box.addKeys(values, unsorted, from, to);
        });
        progress.at("sorting", 0);
        long[] keyed = sortedByKey(unsorted);
        progress.at("sorting", 0);
        Parallel.blocks(n, BLOCK / 4, (from, to) -> {
            // the cells that begin in the block
            int first = from == 0 ? 0 : endOfCell(keyed, from - 1);
            if (first < to) {
                new Cells(values, keyed, first, endOfCell(keyed, to - 1)).place();
            }
            progress.at("sorting", 0);
        });
    }

    private static int endOfCell(long[] keyed, int place) {
        int end = place + 1;
        while (end < keyed.length && keyed[end] >>> ROW_BITS == keyed[place] >>> ROW_BITS) {
            end++;
        }
        return end;
    }

    /** Consecutive cells of the whole, whose rows are brought together once. */
    private final class Cells {

        private final long[] keyed;
        private final int start;
        private final double[] rows;
        private final Box box = new Box(columns);

        Cells(double[] values, long[] keyed, int start, int end) {
            this.keyed = Arrays.copyOfRange(keyed, start, end);
            this.start = start;
            this.rows = new double[(end - start) * columns];
            for (int i = start; i < end; i++) {
                int at = (int) (keyed[i] & ROW) * columns;
                for (int c = 0; c < columns; c++) {
                    rows[(i - start) * columns + c] = values[at + c] + 0.0; // −0.0 + 0.0 is 0.0
                }
            }
        }

        void place() {
            int at = 0;
            while (at < keyed.length) {
                int end = endOfCell(keyed, at);
                if (end == at + 1) {
                    put(start + at, at, false);
                } else {
                    long[] members = new long[end - at];
                    for (int i = at; i < end; i++) {
                        members[i - at] = i;
                    }
                    place(members, start + at);
                }
                at = end;
            }
        }

        /** Puts the rows of a cell, numbered within {@link #rows}, into their order from {@code place} on. */
        private void place(long[] members, int place) {
            box.clear();
            for (long member : members) {
                box.cover(rows, (int) member * columns);
            }
            if (box.isPoint()) {
                for (int i = 0; i < members.length; i++) {
                    put(place + i, (int) members[i], i > 0);
                }
                return;
            }
            box.cut();
            box.addKeys(rows, members, 0, members.length);
            long[] sorted = sortedByKey(members);
            int from = 0;
            while (from < sorted.length) {
                int to = endOfCell(sorted, from);
                if (to == from + 1) {
                    put(place + from, (int) (sorted[from] & ROW), false);
                } else {
                    long[] inner = Arrays.copyOfRange(sorted, from, to);
                    for (int i = 0; i < inner.length; i++) {
                        inner[i] &= ROW;
                    }
                    place(inner, place + from);
                }
                from = to;
            }
        }

        private void put(int place, int row, boolean repeats) {
            order[place] = (int) (keyed[row] & ROW) | (repeats ? REPEATS : 0);
            for (int c = 0; c < columns; c++) {
                byColumn[c][place] = rows[row * columns + c];
            }
        }
    }

    /** Sorts by the keys, in place or not: many by counting digits, few by comparing. */
    private static long[] sortedByKey(long[] keyed) {
        if (keyed.length < 1 << RADIX_BITS) {
            Arrays.sort(keyed);
            return keyed;
        }
        long some = 0;
        long all = -1;
        for (long row : keyed) {
            some |= row;
            all &= row;
        }
        long differing = some & ~all;
        long[] sorted = keyed;
        long[] turn = new long[keyed.length];
        for (int shift = ROW_BITS; shift < Long.SIZE; shift += RADIX_BITS) {
            if (((differing >>> shift) & ((1 << RADIX_BITS) - 1)) != 0) {
                countingPass(sorted, turn, shift);
                long[] swap = sorted;
                sorted = turn;
                turn = swap;
            }
        }
        return sorted;
    }

    private static void countingPass(long[] source, long[] target, int shift) {
        int mask = (1 << RADIX_BITS) - 1;
        int[] next = new int[mask + 2];
        for (long row : source) {
            next[(int) ((row >>> shift) & mask) + 1]++;
        }
        for (int digit = 0; digit < mask; digit++) {
            next[digit + 1] += next[digit];
        }
        for (long row : source) {
            target[next[(int) ((row >>> shift) & mask)]++] = row;
        }
    }

    /** A bounding box, and its cut into cells: along every column if there are few, else along the widest. */
    private static final class Box {

        /** Bits of a key for each of 1, 2, … cut columns. */
        private static final int[] BITS = {30, 15, 10, 5};

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

        /**
         * Puts above the number of each row in {@code sorted[from, to)} the number of its cell in Morton order; nothing else
         * may stand there.
         */
        void addKeys(double[] rows, long[] sorted, int from, int to) {
            int columns = low.length;
            int last = (1 << bits) - 1;
            for (int i = 0; i < cut.length; i++) {
                int column = cut[i];
                double half = shrink[i];
                double origin = low[column] * half;
                double cells = scale[i];
                for (int j = from; j < to; j++) {
                    double offset = rows[(int) (sorted[j] & ROW) * columns + column] * half - origin;
                    int cell = Math.min(last, (int) (offset * cells));
                    sorted[j] |= spread(cell, cut.length) << (ROW_BITS + i);
                }
            }
        }

        /** Moves bit b of {@code cell} to bit {@code b * columns}. */
        private static long spread(int cell, int columns) {
            long x = cell;
            return switch (columns) {
                case 1 -> x;
                case 2 -> {
                    x = (x | x << 8) & 0x00ff00ffL;
                    x = (x | x << 4) & 0x0f0f0f0fL;
                    x = (x | x << 2) & 0x33333333L;
                    yield (x | x << 1) & 0x55555555L;
                }
                case 3 -> {
                    x = (x | x << 16) & 0x030000ffL;
                    x = (x | x << 8) & 0x0300f00fL;
                    x = (x | x << 4) & 0x030c30c3L;
                    yield (x | x << 2) & 0x09249249L;
                }
                default -> {
                    x = (x | x << 12) & 0x000f000fL;
                    x = (x | x << 6) & 0x03030303L;
                    yield (x | x << 3) & 0x11111111L;
                }
            };
        }
    }
}
