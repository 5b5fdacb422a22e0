package clade.clustering;

import clade.statistics.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * The index of Calinski and Harabasz, the variance ratio: better high. It has no unit; noise is left out.
 *
 * @see <a href="https://doi.org/10.1080/03610927408827101">Calinski and Harabasz (1974), A dendrite method for cluster
 *     analysis</a>
 */
public final class CalinskiHarabasz {

    private CalinskiHarabasz() {}

    /**
     * (B / (k − 1)) / (W / (n − k)): B is the sum of squares between the clusters' centres, W that within the clusters.
     *
     * @param weights n positive counts, null for 1 each
     * @param labels n labels of at least 0, or {@link ClusteringModel#NOISE}
     * @return at least 0; infinite if every row is its cluster's centre
     * @throws IllegalArgumentException if fewer than two labels occur
     * @throws UnsuitableData {@code not-finite} or {@code not-enough-memory}
     */
    public static double of(Matrix x, int @Nullable [] weights, int[] labels, Progress progress) {
        Groups groups = Groups.of("the Calinski-Harabasz index", x, weights, labels, progress);
        int[] clusters = groups.clusters();
        double[] mean = new double[x.columns()];
        double[][] centres = new double[clusters.length][];
        for (int i = 0; i < clusters.length; i++) {
            centres[i] = groups.centre(clusters[i]);
            for (int c = 0; c < mean.length; c++) {
                mean[c] += centres[i][c] * (groups.sizes[clusters[i]] / groups.size);
            }
        }
        double between = 0;
        double within = 0;
        for (int i = 0; i < clusters.length; i++) {
            double[] centre = centres[i];
            for (int c = 0; c < mean.length; c++) {
                between += groups.sizes[clusters[i]] * (centre[c] - mean[c]) * (centre[c] - mean[c]);
            }
            within += groups.sum(clusters[i], row -> groups.squaredDistance(row, centre));
        }
        if (within == 0) {
            return Double.POSITIVE_INFINITY;
        }
        return between / (clusters.length - 1) / (within / (groups.size - clusters.length));
    }
}
