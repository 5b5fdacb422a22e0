package clade.clustering.spatial;

import clade.clustering.Progress;
import clade.clustering.UnsuitableData;
import clade.statistics.Matrix;
import clade.statistics.Parallel;
import java.util.Arrays;

/**
 * The rows of a matrix in an order in which rows near each other lie near each other in space: as {@link CanonicalRows} are,
 * but only as far as an index of boxes of some dozen rows can use, in no order that is unique, and equal rows not merged. In
 * a third of the time, for what needs no more.
 *
 * <p>Rows are parted by the numbers of their cells along a Morton curve through their bounding box, as {@link Cells} has it,
 * in two steps of up to 12 bits; crowded cells again by their own box.
 */
public final class SpatialRows {

    private static final int BLOCK = 1 << 14;
    private static final int STEP = 12;

    /** So few rows are left as they are. */
    private static final int FEW = 32;

    /** So many rows of a cell are parted once more. */
    private static final int MANY = 128;

    /** Rows that are to lie in a cell, on average, as a power of two. */
    private static final int IN_CELL = 3;

    private final int columns;
    private final int size;
    private final double[] values;

    /** In order, in the lower half which row of the matrix it is, in the upper the number of its cell. */
    private final long[] entries;

    private final double greatest;

    /**
     * Orders the rows of {@code x}.
     *
     * @throws UnsuitableData {@code not-finite} if a value is NaN or infinite
     */
    public SpatialRows(Matrix x, Progress progress) {
        columns = x.columns();
        size = x.rows();
        values = x.values();
        progress.at("sorting", 0);
        Cells all = Cells.around(x);
        greatest = all.greatestMagnitude();
        long[] numbered = new long[size];
        entries = new long[size];
        int bits = bits(size);
        int[] starts = toBuckets(all, numbered, bits);
        progress.at("sorting", 0);
        int buckets = 1 << bits;
        Parallel.blocks(buckets, Math.max(1, buckets / 64), (first, last) -> {
            Refining refining = new Refining(numbered);
            for (int bucket = first; bucket < last; bucket++) {
                refining.second(starts[bucket], starts[bucket + 1], 2 * STEP - bits);
            }
            progress.at("sorting", 0);
        });
    }

    /** Number of rows, n. */
    public int size() {
        return size;
    }

    /** Number of columns, d. */
    public int columns() {
        return columns;
    }

    /** The greatest magnitude of a value. */
    public double greatest() {
        return greatest;
    }

    /** Which row of the matrix stands at a place of the order. */
    public int row(int place) {
        return (int) entries[place];
    }

    /** One value a row of the matrix, from one a place of the order. */
    public int[] toInput(int[] byPlace) {
        int[] byRow = new int[size];
        Parallel.blocks(size, BLOCK, (from, to) -> {
            for (int place = from; place < to; place++) {
                byRow[(int) entries[place]] = byPlace[place];
            }
        });
        return byRow;
    }

    /** Copies column {@code c} of the rows from the place {@code from} on, −0.0 made 0.0. */
    public void copy(int from, int count, int c, double[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = values[(int) entries[from + i] * columns + c] + 0.0; // −0.0 + 0.0 is 0.0
        }
    }

    /** How many bits part so many rows. */
    private static int bits(int count) {
        return Math.max(1, Math.min(STEP, Integer.SIZE - Integer.numberOfLeadingZeros(count >> IN_CELL)));
    }

    /** Numbers all rows and brings them to their buckets; gives where each bucket starts, and the end. */
    private int[] toBuckets(Cells cells, long[] numbered, int bits) {
        int shift = Integer.SIZE + 2 * STEP - bits;
        int blocks = (size + BLOCK - 1) / BLOCK;
        int[][] next = new int[blocks][1 << bits];
        Parallel.blocks(size, BLOCK, (from, to) -> {
            int[] count = next[from / BLOCK];
            for (int i = from; i < to; i++) {
                numbered[i] = i;
            }
            cells.number(values, numbered, from, to);
            for (int i = from; i < to; i++) {
                count[(int) (numbered[i] >>> shift)]++;
            }
        });
        int[] starts = MortonSort.starts(next, 1 << bits);
        Parallel.blocks(size, BLOCK, (from, to) -> {
            int[] at = next[from / BLOCK];
            for (int i = from; i < to; i++) {
                entries[at[(int) (numbered[i] >>> shift)]++] = numbered[i];
            }
        });
        return starts;
    }

    /** Parts entries that lie in one range. */
    private final class Refining {

        private final long[] spare;
        private final int[] ends = new int[1 << STEP];

        Refining(long[] spare) {
            this.spare = spare;
        }

        /** Parts by the numbers' next bits. */
        void second(int from, int to, int bitsLeft) {
            if (to - from <= FEW) {
                return;
            }
            int bits = Math.min(bitsLeft, bits(to - from));
            part(from, to, bitsLeft - bits, bits);
            crowded(from, to, bitsLeft - bits);
        }

        /** Parts anew the cells that have too many rows. */
        private void crowded(int from, int to, int shift) {
            int first = from;
            while (first < to) {
                // leaps: what is not crowded has another number so many rows on
                int last = first + MANY;
                if (last >= to) {
                    return;
                }
                long number = entries[last] >>> (Integer.SIZE + shift);
                int begin = last;
                while (begin > first && entries[begin - 1] >>> (Integer.SIZE + shift) == number) {
                    begin--;
                }
                int end = last + 1;
                while (end < to && entries[end] >>> (Integer.SIZE + shift) == number) {
                    end++;
                }
                if (end - begin > MANY && (begin > from || end < to || shift == 0)) {
                    anew(begin, end);
                }
                first = end;
            }
        }

        /** Parts rows by the cells of their own box. */
        private void anew(int from, int to) {
            Cells cells = new Cells(columns);
            for (int i = from; i < to; i++) {
                cells.cover(values, (int) entries[i] * columns);
            }
            if (cells.isPoint()) {
                return;
            }
            cells.cut();
            cells.number(values, entries, from, to);
            int bits = bits(to - from);
            part(from, to, 2 * STEP - bits, bits);
            int first = from;
            for (int i = from + 1; i <= to; i++) {
                if (i == to
                        || entries[i] >>> (Integer.SIZE + 2 * STEP - bits)
                                != entries[first] >>> (Integer.SIZE + 2 * STEP - bits)) {
                    if (i - first < to - from) {
                        second(first, i, 2 * STEP - bits);
                    }
                    first = i;
                }
            }
        }

        private void part(int from, int to, int shift, int bits) {
            int mask = (1 << bits) - 1;
            Arrays.fill(ends, 0, mask + 1, 0);
            for (int i = from; i < to; i++) {
                ends[(int) (entries[i] >>> (Integer.SIZE + shift)) & mask]++;
            }
            int start = from;
            for (int cell = 0; cell <= mask; cell++) {
                int members = ends[cell];
                ends[cell] = start;
                start += members;
            }
            for (int i = from; i < to; i++) {
                spare[ends[(int) (entries[i] >>> (Integer.SIZE + shift)) & mask]++] = entries[i];
            }
            System.arraycopy(spare, from, entries, from, to - from);
        }
    }
}
