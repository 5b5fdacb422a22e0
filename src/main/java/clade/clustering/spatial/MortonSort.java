package clade.clustering.spatial;

import clade.clustering.Progress;
import clade.statistics.Matrix;
import clade.statistics.Parallel;

/**
 * Sorts the rows of a matrix by value, so that rows near each other in the order are near each other in space and equal rows
 * lie side by side.
 *
 * <p>Rows are in the order of the numbers of their {@link Cells} in the bounding box of all; those of one cell are in the same
 * order within their own bounding box, and so on until all are equal. So outliers cost a level, not the order, and the order
 * of distinct rows depends on which rows there are alone: not on how often each occurs, nor on the order of the input.
 *
 * <p>The rows themselves are moved once, to buckets by the upper bits of their numbers, which fit into the cache.
 */
final class MortonSort {

    private static final int BLOCK = 1 << 15;
    private static final int BUCKETS = 1 << Cells.UPPER;

    /** Bits by which the members of a bucket are parted at a time. */
    private static final int DIGIT = 6;

    private static final int DIGITS = 1 << DIGIT;

    /** The most members that are sorted by insertion. */
    private static final int FEW = 32;

    private static final int REPEATS = Integer.MIN_VALUE;

    private final int columns;
    private final int size;

    /** The rows, row after row, −0.0 made 0.0: by buckets, in the end in their order. */
    private final double[] rows;

    /** Which row of the matrix each of these is; in the end with {@link #REPEATS} if it equals the one before. */
    private final int[] rowNumbers;

    MortonSort(Matrix x, Progress progress) {
        columns = x.columns();
        size = x.rows();
        rows = new double[size * columns];
        rowNumbers = new int[size];
        Cells all = Cells.around(x);
        progress.at("sorting", 0);
        int[] starts = toBuckets(x.values(), all);
        progress.at("sorting", 0);
        Parallel.blocks(BUCKETS, BUCKETS / 256, (first, last) -> {
            for (int bucket = first; bucket < last; bucket++) {
                if (starts[bucket] + 1 < starts[bucket + 1]) {
                    new Bucket(starts[bucket], starts[bucket + 1]).sort(all);
                }
            }
            progress.at("sorting", 0);
        });
    }

    /** Number of rows. */
    int size() {
        return size;
    }

    /** Which row of the matrix is at a place of the sorted order; equal rows are in no particular order. */
    int row(int place) {
        return rowNumbers[place] & ~REPEATS;
    }

    /** A value of the row at a place of the sorted order, −0.0 made 0.0. */
    double value(int place, int column) {
        return rows[place * columns + column];
    }

    /** Whether the row at a place equals the one before it. */
    boolean repeats(int place) {
        return rowNumbers[place] < 0;
    }

    /** Brings the rows to their buckets and gives where each bucket starts, and the end. */
    private int[] toBuckets(double[] values, Cells cells) {
        char[] bucketOf = new char[size];
        int blocks = (size + BLOCK - 1) / BLOCK;
        int[][] next = new int[blocks][BUCKETS];
        Parallel.blocks(size, BLOCK, (from, to) -> {
            int[] count = next[from / BLOCK];
            for (int i = from; i < to; i++) {
                bucketOf[i] = (char) cells.upper(values, i * columns);
                count[bucketOf[i]]++;
            }
        });
        int[] starts = starts(next, BUCKETS);
        Parallel.blocks(size, BLOCK, (from, to) -> {
            int[] places = next[from / BLOCK];
            for (int i = from; i < to; i++) {
                int place = places[bucketOf[i]]++;
                rowNumbers[place] = i;
                for (int c = 0; c < columns; c++) {
                    rows[place * columns + c] = values[i * columns + c] + 0.0; // −0.0 + 0.0 is 0.0
                }
            }
        });
        return starts;
    }

    /** Where each bucket starts, and the end, from how many each block has; these become where the block's begin. */
    static int[] starts(int[][] next, int buckets) {
        int[] starts = new int[buckets + 1];
        for (int bucket = 0; bucket < buckets; bucket++) {
            int at = starts[bucket];
            for (int[] block : next) {
                int count = block[bucket];
                block[bucket] = at;
                at += count;
            }
            starts[bucket + 1] = at;
        }
        return starts;
    }

    /** Consecutive places of the order, and the rows that belong there. */
    private final class Bucket {

        private final int start;

        /** The rows at the places, counted from {@code start}, with {@link #REPEATS}; and the numbers of their cells. */
        private final int[] members;

        private final long[] numbers;

        Bucket(int start, int end) {
            this.start = start;
            members = new int[end - start];
            numbers = new long[end - start];
            for (int i = 0; i < members.length; i++) {
                members[i] = i;
            }
        }

        void sort(Cells cells) {
            sort(0, members.length, cells);
            double[] sorted = new double[members.length * columns];
            int[] sortedNumbers = new int[members.length];
            for (int i = 0; i < members.length; i++) {
                int row = start + (members[i] & ~REPEATS);
                sortedNumbers[i] = rowNumbers[row] | (members[i] & REPEATS);
                for (int c = 0; c < columns; c++) {
                    sorted[i * columns + c] = rows[row * columns + c];
                }
            }
            System.arraycopy(sorted, 0, rows, start * columns, sorted.length);
            System.arraycopy(sortedNumbers, 0, rowNumbers, start, sortedNumbers.length);
        }

        /** Sorts the members at the places from {@code from} to {@code to}, all in one box. */
        private void sort(int from, int to, Cells cells) {
            for (int i = from; i < to; i++) {
                numbers[i] = cells.number(rows, (start + members[i]) * columns);
            }
            sortByNumber(from, to);
            int first = from;
            for (int i = from + 1; i <= to; i++) {
                if (i == to || numbers[i] != numbers[first]) {
                    if (i > first + 1) {
                        sortCell(first, i);
                    }
                    first = i;
                }
            }
        }

        /** Marks repeats if all members of a cell are equal, else sorts them within their own box. */
        private void sortCell(int from, int to) {
            int differing = from + 1;
            while (differing < to && equal(members[from], members[differing])) {
                differing++;
            }
            if (differing == to) {
                for (int i = from + 1; i < to; i++) {
                    members[i] |= REPEATS;
                }
                return;
            }
            Cells inner = new Cells(columns);
            for (int i = from; i < to; i++) {
                inner.cover(rows, (start + members[i]) * columns);
            }
            inner.cut();
            sort(from, to, inner);
        }

        private boolean equal(int a, int b) {
            for (int c = 0; c < columns; c++) {
                if (rows[(start + a) * columns + c] != rows[(start + b) * columns + c]) {
                    return false;
                }
            }
            return true;
        }

        private void sortByNumber(int from, int to) {
            if (to - from <= FEW) {
                insert(from, to);
                return;
            }
            long differing = 0;
            for (int i = from + 1; i < to; i++) {
                differing |= numbers[i] ^ numbers[from];
            }
            if (differing == 0) {
                return;
            }
            int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(differing) - DIGIT);
            int[] ends = new int[DIGITS + 1];
            for (int i = from; i < to; i++) {
                ends[digit(i, shift) + 1]++;
            }
            ends[0] = from;
            for (int digit = 0; digit < DIGITS; digit++) {
                ends[digit + 1] += ends[digit];
            }
            part(from, to, shift, ends);
            int first = from;
            for (int digit = 0; digit < DIGITS; digit++) {
                if (ends[digit] > first + 1) {
                    sortByNumber(first, ends[digit]);
                }
                first = ends[digit];
            }
        }

        private int digit(int i, int shift) {
            return (int) (numbers[i] >>> shift) & (DIGITS - 1);
        }

        /** Orders by one digit: {@code ends} are where each begins, and then where it ends. */
        private void part(int from, int to, int shift, int[] ends) {
            long[] parted = new long[to - from];
            int[] partedMembers = new int[to - from];
            for (int i = from; i < to; i++) {
                int place = ends[digit(i, shift)]++ - from;
                parted[place] = numbers[i];
                partedMembers[place] = members[i];
            }
            System.arraycopy(parted, 0, numbers, from, parted.length);
            System.arraycopy(partedMembers, 0, members, from, parted.length);
        }

        private void insert(int from, int to) {
            for (int i = from + 1; i < to; i++) {
                long number = numbers[i];
                int member = members[i];
                int at = i;
                while (at > from && numbers[at - 1] > number) {
                    numbers[at] = numbers[at - 1];
                    members[at] = members[at - 1];
                    at--;
                }
                numbers[at] = number;
                members[at] = member;
            }
        }
    }
}
