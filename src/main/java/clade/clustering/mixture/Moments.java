package clade.clustering.mixture;

import java.util.Arrays;

/**
 * Sums over the rows of one block, component by component: of the rows' weighted parts (1 value), of parts times offsets from
 * the component's reference point (d values), and of parts times products of two offsets (their lower triangle, or only the
 * squares). Belongs to one thread.
 *
 * <p>Rows are summed on {@value #LANES} lanes, row i on lane i mod {@value #LANES}, which are joined by halves: an order that
 * is fixed and that vector instructions can follow.
 */
final class Moments {

    private static final int LANES = 256;

    private final int columns;
    private final boolean correlated;
    private final double[][] lanes;
    private final double[][] offset;
    private final double[] product;

    Moments(int columns, boolean correlated) {
        this.columns = columns;
        this.correlated = correlated;
        this.lanes = new double[perComponent(columns, correlated)][LANES];
        this.offset = new double[columns][LANES];
        this.product = new double[LANES];
    }

    /** Sums a component has. */
    static int perComponent(int columns, boolean correlated) {
        return 1 + columns + (correlated ? Cholesky.triangle(columns) : columns);
    }

    /**
     * Sums one component over a block of rows.
     *
     * @param weighted what belongs to component j of the block's rows, weights counted
     * @param reference k points of d values
     * @param sums receives the sums of component j from {@code at} on
     */
    void sum(
            double[] weighted,
            double[][] byColumn,
            int first,
            int length,
            double[] reference,
            int j,
            double[] sums,
            int at) {
        for (double[] lane : lanes) {
            Arrays.fill(lane, 0);
        }
        for (int from = 0; from < length; from += LANES) {
            addStrip(weighted, from, byColumn, first + from, Math.min(LANES, length - from), reference, j * columns);
        }
        for (int t = 0; t < lanes.length; t++) {
            sums[at + t] = joined(lanes[t]);
        }
    }

    private void addStrip(
            double[] weighted, int from, double[][] byColumn, int first, int length, double[] reference, int mean) {
        add(lanes[0], weighted, from, length);
        int next = 1 + columns;
        for (int a = 0; a < columns; a++) {
            Responsibilities.shift(offset[a], byColumn[a], first, reference[mean + a], length);
            multiply(product, weighted, from, offset[a], length);
            add(lanes[1 + a], product, 0, length);
            for (int b = correlated ? 0 : a; b <= a; b++) {
                addProducts(lanes[next++], product, offset[b], length);
            }
        }
    }

    private static double joined(double[] lane) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                lane[i] += lane[i + half];
            }
        }
        return lane[0];
    }

    private static void add(double[] to, double[] x, int from, int length) {
        for (int i = 0; i < length; i++) {
            to[i] += x[from + i];
        }
    }

    private static void multiply(double[] to, double[] x, int from, double[] y, int length) {
        for (int i = 0; i < length; i++) {
            to[i] = x[from + i] * y[i];
        }
    }

    private static void addProducts(double[] to, double[] x, double[] y, int length) {
        for (int i = 0; i < length; i++) {
            to[i] += x[i] * y[i];
        }
    }
}
