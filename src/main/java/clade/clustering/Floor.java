package clade.clustering;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link GaussianMixture} adds to the variance of every component in every column, so that none collapses onto the
 * rows that share a value.
 *
 * @param constant the same for all columns, above 0; null for a floor by the data: in each column the greater of 1e-6 of its
 *     variance and Δ² / 12, Δ the widest gap from a value that at least 5 % of the rows share to its nearest other value. (A
 *     count rounded to steps of Δ has that much variance inside a step, Sheppard 1897.)
 */
public record Floor(@Nullable Double constant) {

    public static final Floor BY_DATA = new Floor(null);

    public Floor {
        if (constant != null && !(constant > 0 && constant <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("floor must be a positive number, was " + constant);
        }
    }

    /** The same variance for every column: 1e-6 is what scikit-learn adds. */
    public static Floor of(double constant) {
        return new Floor(constant);
    }
}
