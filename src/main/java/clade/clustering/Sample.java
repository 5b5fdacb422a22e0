package clade.clustering;

import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Draws;
import clade.statistics.Matrix;

/** Draws rows at random, the same ones whatever order the rows come in. */
public final class Sample {

    private Sample() {}

    /**
     * Indices of {@code size} different rows of {@code x}, or of all if there are no more, equal rows side by side: in an
     * order that depends on the values of the rows alone. Of equal rows, which ones are drawn depends on their order.
     *
     * @param size at least 1
     * @throws UnsuitableData if a value is not finite
     */
    public static int[] of(Matrix x, int size, long seed) {
        if (size < 1) {
            throw new IllegalArgumentException("the size of a sample must be at least 1, was " + size);
        }
        int[] order = canonicalOrder(x);
        int[] sample = positions(order.length, Math.min(size, order.length), Draws.of(seed, 0));
        for (int i = 0; i < sample.length; i++) {
            sample[i] = order[sample[i]];
        }
        return sample;
    }

    /** {@code size} of the numbers below {@code n}, ascending: selection sampling, Knuth's algorithm 3.4.2 S. */
    static int[] positions(int n, int size, Draws draws) {
        int[] chosen = new int[size];
        int left = size;
        for (int i = 0; left > 0; i++) {
            if (draws.uniform(i) * (n - i) < left) {
                chosen[size - left--] = i;
            }
        }
        return chosen;
    }

    /** All rows' indices, by value. */
    private static int[] canonicalOrder(Matrix x) {
        CanonicalRows rows = CanonicalRows.of(x, null, Progress.NONE);
        int[] next = new int[rows.size() + 1];
        for (int canonical : rows.canonicalOf()) {
            next[canonical + 1]++;
        }
        for (int i = 1; i < next.length; i++) {
            next[i] += next[i - 1];
        }
        int[] order = new int[x.rows()];
        for (int i = 0; i < order.length; i++) {
            order[next[rows.canonicalOf()[i]]++] = i;
        }
        return order;
    }

    /** How many rows of {@code x} differ from each other. */
    public static int distinctRows(Matrix x) {
        return CanonicalRows.of(x, null, Progress.NONE).size();
    }

    /** The rows of {@code x} with these indices, in their order. */
    public static Matrix rows(Matrix x, int[] indices) {
        int d = x.columns();
        double[] values = new double[Math.multiplyExact(indices.length, d)];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(x.values(), indices[i] * d, values, i * d, d);
        }
        return Matrix.of(indices.length, d, values);
    }
}
