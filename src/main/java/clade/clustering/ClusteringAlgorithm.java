package clade.clustering;

import clade.statistics.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * A way to find clusters: a record of settings, checked when it is made, without state of its own.
 *
 * <p>Every fit is exact and repeatable: same rows, weights and seed give bit-identical labels whatever the order of the rows
 * and the number of threads. Threads are those of the {@link java.util.concurrent.ForkJoinPool} that the caller runs in
 * (outside one, the common pool).
 */
public sealed interface ClusteringAlgorithm permits KMeans, Dbscan, Hdbscan, Hierarchical, GaussianMixture {

    /**
     * Clusters the rows of {@code x}.
     *
     * @param x n rows (customers) of d columns on comparable scales, all finite, n and d at least 1
     * @param weights n positive whole counts: a row of weight w counts as w equal rows; null means 1 each
     * @param seed of all random draws; methods without any ignore it
     * @param progress hears phase and fraction, and may cancel
     * @throws UnsuitableData if a value is not finite (row and column named), if there are too few distinct rows, or if
     *     {@link #memoryNeeded} is more than the heap can still give
     * @throws java.util.concurrent.CancellationException if {@code progress} cancels
     */
    Clustering fit(Matrix x, int @Nullable [] weights, long seed, Progress progress);

    /** Bytes that a fit of {@code rows} x {@code columns} needs at its peak beyond the matrix itself: an upper estimate. */
    long memoryNeeded(int rows, int columns);
}
