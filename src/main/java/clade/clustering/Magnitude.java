package clade.clustering;

import clade.statistics.Matrix;

/** Refuses numbers so large that sums of their squares are infinite. */
final class Magnitude {

    static final double LARGEST = 1e140;

    private Magnitude() {}

    /**
     * Checks every value.
     *
     * @throws UnsuitableData {@code too-large}, naming the first such row and column, if one is beyond ±1e140
     */
    static void require(Matrix x) {
        double[] values = x.values();
        for (int i = 0; i < values.length; i++) {
            if (Math.abs(values[i]) > LARGEST) {
                throw new UnsuitableData(
                        "too-large",
                        "row %d, column %d (from 0) is %s; values must lie within ±%s, scale them"
                                .formatted(i / x.columns(), i % x.columns(), values[i], LARGEST));
            }
        }
    }
}
