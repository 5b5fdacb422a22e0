package clade.clustering.spatial;

import clade.clustering.Progress;
import clade.statistics.Matrix;
import clade.statistics.Parallel;
import java.util.Arrays;

/**
 * Sorts the rows of a matrix by value, so that rows near each other in the order are near each other in space and equal rows
 * lie side by side.
 *
 * <p>Rows are in the order of the numbers of their {@link Cells} in the bounding box of all; those of one cell are in the same
 * order within their own bounding box, and so on until all are equal. So outliers cost a level, not the order, and the order
 * of distinct rows depends on which rows there are alone: not on how often each occurs, on the order of the input, or on how
 * many bits of a number are sorted at once.
 */
final class MortonSort {

    private static final int BLOCK = 1 << 14;

    /** Bits of a digit in a counting pass. */
    private static final int DIGIT = 11;

    private static final int DIGITS = 1 << DIGIT;

    /** The upper bits of a cell's number, by which all rows are sorted first; the number of the row stands below them. */
    private static final int UPPER = 2 * DIGIT;

    private static final int ROW_BITS = Integer.SIZE - 1;
    private static final int ROW = Integer.MAX_VALUE;

    /** The most rows that are sorted by insertion. */
    private static final int FEW = 48;

    /** Bits of a number by which more are sorted at a time. */
    private static final int WINDOW = 32;

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
        sort(x.values());
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
        return order[place] & ROW;
    }

    /** Whether the row at a place equals the one before it. */
    boolean repeats(int place) {
        return order[place] < 0;
    }

    private void sort(double[] values) {
        int n = order.length;
        Cells all = new Cells(columns);
        Parallel.blocks(n, BLOCK, (from, to) -> {
            Cells part = new Cells(columns);
            for (int i = from; i < to; i++) {
                part.cover(values, i * columns);
            }
            synchronized (all) {
                all.cover(part);
            }
        });
        all.cut();
        long[] unsorted = new long[n];
        Parallel.blocks(n, BLOCK, (from, to) -> {
            for (int i = from; i < to; i++) {
                unsorted[i] = (all.number(values, i * columns) >>> (Cells.BITS - UPPER) << ROW_BITS) | i;
            }
        });
        progress.at("sorting", 0);
        long[] keyed = sorted(unsorted);
        progress.at("sorting", 0);
        Parallel.blocks(n, BLOCK / 4, (from, to) -> {
            // those of equal upper bits belong to the block in which they begin
            int first = from == 0 ? 0 : endOfEqual(keyed, from - 1, to);
            if (first < to) {
                new Part(values, keyed, first, endOfEqual(keyed, to - 1, n)).place(all);
            }
            progress.at("sorting", 0);
        });
    }

    /** The first place after {@code place} whose upper bits differ, at most {@code limit}. */
    private static int endOfEqual(long[] keyed, int place, int limit) {
        int end = place + 1;
        while (end < limit && keyed[end] >>> ROW_BITS == keyed[place] >>> ROW_BITS) {
            end++;
        }
        return end;
    }

    private static long[] sorted(long[] keyed) {
        if (keyed.length < DIGITS) {
            Arrays.sort(keyed);
            return keyed;
        }
        long[] other = new long[keyed.length];
        countingPass(keyed, other, ROW_BITS);
        countingPass(other, keyed, ROW_BITS + DIGIT);
        return keyed;
    }

    private static void countingPass(long[] source, long[] target, int shift) {
        int[] next = new int[DIGITS + 1];
        for (long row : source) {
            next[(int) ((row >>> shift) & (DIGITS - 1)) + 1]++;
        }
        for (int digit = 0; digit < DIGITS; digit++) {
            next[digit + 1] += next[digit];
        }
        for (long row : source) {
            target[next[(int) ((row >>> shift) & (DIGITS - 1))]++] = row;
        }
    }

    /** Consecutive places of the order, sorted by the upper bits of their rows' numbers; their rows are brought together once. */
    private final class Part {

        private final long[] keyed;
        private final int start;
        private final int[] rowNumbers;
        private final double[] rows;
        private final long[] numbers;
        private final int[] members;

        Part(double[] values, long[] keyed, int start, int end) {
            this.keyed = keyed;
            this.start = start;
            rowNumbers = new int[end - start];
            rows = new double[(end - start) * columns];
            numbers = new long[end - start];
            members = new int[end - start];
            for (int i = 0; i < rowNumbers.length; i++) {
                rowNumbers[i] = (int) keyed[start + i] & ROW;
                members[i] = i;
                for (int c = 0; c < columns; c++) {
                    rows[i * columns + c] = values[rowNumbers[i] * columns + c] + 0.0; // −0.0 + 0.0 is 0.0
                }
            }
        }

        void place(Cells cells) {
            int end = start + members.length;
            int from = start;
            while (from < end) {
                int to = endOfEqual(keyed, from, end);
                if (to > from + 1) {
                    place(from - start, to - start, cells);
                }
                from = to;
            }
            for (int i = 0; i < members.length; i++) {
                int row = members[i] & ROW;
                order[start + i] = rowNumbers[row] | (members[i] & REPEATS);
                for (int c = 0; c < columns; c++) {
                    byColumn[c][start + i] = rows[row * columns + c];
                }
            }
        }

        /** Sorts the members from place {@code from} to {@code to}, all in one box. */
        private void place(int from, int to, Cells cells) {
            for (int i = from; i < to; i++) {
                numbers[i] = cells.number(rows, members[i] * columns);
            }
            sortByNumber(from, to);
            int first = from;
            for (int i = from + 1; i <= to; i++) {
                if (i == to || numbers[i] != numbers[first]) {
                    if (i > first + 1) {
                        placeCell(first, i);
                    }
                    first = i;
                }
            }
        }

        /** Marks repeats if all members of a cell are equal, else sorts them within their own box. */
        private void placeCell(int from, int to) {
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
                inner.cover(rows, members[i] * columns);
            }
            inner.cut();
            place(from, to, inner);
        }

        private boolean equal(int a, int b) {
            for (int c = 0; c < columns; c++) {
                if (rows[a * columns + c] != rows[b * columns + c]) {
                    return false;
                }
            }
            return true;
        }

        private void sortByNumber(int from, int to) {
            if (to - from > FEW) {
                sortByWindow(from, to, Cells.BITS - WINDOW);
                return;
            }
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

        /** Sorts by {@link #WINDOW} bits of the numbers from bit {@code shift} up, then by those below; those above are equal. */
        private void sortByWindow(int from, int to, int shift) {
            long[] sorted = new long[to - from];
            for (int i = from; i < to; i++) {
                sorted[i - from] = ((numbers[i] >>> shift) & (1L << WINDOW) - 1) << ROW_BITS | i;
            }
            Arrays.sort(sorted);
            long[] newNumbers = new long[to - from];
            int[] newMembers = new int[to - from];
            for (int i = 0; i < sorted.length; i++) {
                newNumbers[i] = numbers[(int) sorted[i] & ROW];
                newMembers[i] = members[(int) sorted[i] & ROW];
            }
            System.arraycopy(newNumbers, 0, numbers, from, sorted.length);
            System.arraycopy(newMembers, 0, members, from, sorted.length);
            int first = from;
            for (int i = from + 1; shift > 0 && i <= to; i++) {
                if (i == to || numbers[i] >>> shift != numbers[first] >>> shift) {
                    if (i > first + 1) {
                        sortByWindow(first, i, Math.max(0, shift - WINDOW));
                    }
                    first = i;
                }
            }
        }
    }
}
