package clade.clustering.mixture;

import java.util.Arrays;

/**
 * What part of each row of a block belongs to each component. Every row is computed by itself, by the same operations in
 * whatever block it is. Belongs to one thread.
 */
public final class Responsibilities {

    /** Rows of a block at most. */
    public static final int BLOCK = 1_024;

    /** Loops run over so many rows at a time: what they touch stays in the fastest cache. */
    private static final int STRIP = 256;

    /** Exponents of densities go no lower, so that a row far from everything still has finite parts. */
    private static final double FARTHEST = 1e300;

    /** Component by component the parts, one a row of the block, in [0, 1]. */
    final double[][] parts;
    /** Row by row the greatest logarithm of a component's share times density. */
    final double[] top;
    /** Row by row the sum over the components of share times density, over the greatest. */
    final double[] sum;

    private final Components components;
    private final double[][] offset;
    private final double[] whitened;
    private final double[] squared;
    private final double[] scratch;

    public Responsibilities(Components components) {
        this.components = components;
        this.parts = new double[components.size()][BLOCK];
        this.top = new double[BLOCK];
        this.sum = new double[BLOCK];
        this.offset = new double[components.columns][STRIP];
        this.whitened = new double[STRIP];
        this.squared = new double[STRIP];
        this.scratch = new double[BLOCK];
    }

    /** Part of a row of the block last evaluated that belongs to component {@code j}. */
    public double part(int j, int row) {
        return parts[j][row];
    }

    /** The component that the greatest part of a row belongs to, ties to the first. */
    int likeliest(int row) {
        int likeliest = 0;
        for (int j = 1; j < parts.length; j++) {
            if (parts[j][row] > parts[likeliest][row]) {
                likeliest = j;
            }
        }
        return likeliest;
    }

    /** Evaluates the rows [first, first + length) of the columns, at most {@link #BLOCK}. */
    public void evaluate(double[][] byColumn, int first, int length) {
        Arrays.fill(top, 0, length, Double.NEGATIVE_INFINITY);
        for (int j = 0; j < parts.length; j++) {
            for (int from = 0; from < length; from += STRIP) {
                logDensities(j, byColumn, first, from, Math.min(STRIP, length - from));
            }
            raise(top, parts[j], length);
        }
        Arrays.fill(sum, 0, length, 0);
        for (double[] part : parts) {
            subtract(part, top, length);
            Exponential.replace(part, length, scratch);
            add(sum, part, length);
        }
        for (int i = 0; i < length; i++) {
            scratch[i] = 1 / sum[i];
        }
        for (double[] part : parts) {
            multiply(part, scratch, length);
        }
    }

    private void logDensities(int j, double[][] byColumn, int first, int from, int length) {
        int d = components.columns;
        int factor = j * Cholesky.triangle(d);
        Arrays.fill(squared, 0, length, 0);
        for (int a = 0; a < d; a++) {
            shift(offset[a], byColumn[a], first + from, components.means[j * d + a], length);
            int row = factor + Cholesky.triangle(a);
            scale(whitened, offset[a], components.factors[row + a], length);
            for (int b = 0; components.correlated && b < a; b++) {
                addScaled(whitened, offset[b], components.factors[row + b], length);
            }
            addSquares(squared, whitened, length);
        }
        double peak = components.peaks[j];
        double[] part = parts[j];
        for (int i = 0; i < length; i++) {
            part[from + i] = peak - Math.min(0.5 * squared[i], FARTHEST);
        }
    }

    static void shift(double[] to, double[] column, int first, double mean, int length) {
        for (int i = 0; i < length; i++) {
            to[i] = column[first + i] - mean;
        }
    }

    private static void scale(double[] to, double[] x, double factor, int length) {
        for (int i = 0; i < length; i++) {
            to[i] = factor * x[i];
        }
    }

    private static void addScaled(double[] to, double[] x, double factor, int length) {
        for (int i = 0; i < length; i++) {
            to[i] += factor * x[i];
        }
    }

    private static void addSquares(double[] to, double[] x, int length) {
        for (int i = 0; i < length; i++) {
            to[i] += x[i] * x[i];
        }
    }

    private static void raise(double[] to, double[] x, int length) {
        for (int i = 0; i < length; i++) {
            to[i] = Math.max(to[i], x[i]);
        }
    }

    private static void subtract(double[] from, double[] x, int length) {
        for (int i = 0; i < length; i++) {
            from[i] -= x[i];
        }
    }

    private static void add(double[] to, double[] x, int length) {
        for (int i = 0; i < length; i++) {
            to[i] += x[i];
        }
    }

    static void multiply(double[] to, double[] x, int length) {
        for (int i = 0; i < length; i++) {
            to[i] *= x[i];
        }
    }
}
