package clade.clustering.spatial;

import clade.clustering.Progress;
import clade.statistics.Matrix;

/**
 * The order of {@link CanonicalRows} for those who seldom ask: two rows are told apart by the numbers of their cells in the
 * bounding box of all, which suffices for most; only where it does not are all rows sorted, once. Belongs to one thread
 * until {@link #sort} was called.
 */
public final class CanonicalOrder {

    private final Matrix x;
    private final Cells cells;
    /** Place of each row among the distinct ones; empty before the rows are sorted. */
    private int[] ranks = new int[0];

    /**
     * The order of n x d finite values, n and d at least 1.
     *
     * @param low the least value of each column
     * @param high the greatest value of each column
     */
    public CanonicalOrder(Matrix x, double[] low, double[] high) {
        this.x = x;
        cells = new Cells(x.columns());
        cells.cover(low, 0);
        cells.cover(high, 0);
        cells.cut();
    }

    /** A number that is less for rows that come before; rows of one number may come in any order. */
    public long number(int row) {
        return cells.number(x.values(), row * x.columns());
    }

    /** Sorts all rows, so that any number of threads may compare them and get to know their ranks. */
    public void sort(Progress progress) {
        if (ranks.length == 0) {
            ranks = CanonicalRows.of(x, null, progress).canonicalOf();
        }
    }

    /** The place of a row among the distinct ones, which equal rows share. */
    public int rank(int row) {
        sort(Progress.NONE);
        return ranks[row];
    }

    /** Negative, 0 or positive if row {@code a} comes before row {@code b}, equals it or comes after it. */
    public int compare(int a, int b) {
        int byNumber = ranks.length == 0 ? Long.compare(number(a), number(b)) : 0;
        return byNumber != 0 ? byNumber : Integer.compare(rank(a), rank(b));
    }
}
