package clade.clustering;

import clade.statistics.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * The index of Davies and Bouldin: how wide clusters are for their distance apart, better low. It has no unit; noise is left
 * out.
 *
 * @see <a href="https://doi.org/10.1109/TPAMI.1979.4766909">Davies and Bouldin (1979), A cluster separation measure</a>
 */
public final class DaviesBouldin {

    private DaviesBouldin() {}

    /**
     * The mean over clusters of the greatest (s_i + s_j) / d_ij: s is the mean distance of a cluster's rows to its centre, d
     * that between two centres.
     *
     * @param weights n positive counts, null for 1 each
     * @param labels n labels of at least 0, or {@link ClusteringModel#NOISE}
     * @return at least 0; infinite if two clusters that have a width share their centre
     * @throws IllegalArgumentException if fewer than two labels occur
     * @throws UnsuitableData {@code not-finite} or {@code not-enough-memory}
     */
    public static double of(Matrix x, int @Nullable [] weights, int[] labels, Progress progress) {
        Groups groups = Groups.of("the Davies-Bouldin index", x, weights, labels, progress);
        int[] clusters = groups.clusters();
        double[][] centres = new double[clusters.length][];
        double[] widths = new double[clusters.length];
        for (int i = 0; i < clusters.length; i++) {
            double[] centre = groups.centre(clusters[i]);
            centres[i] = centre;
            widths[i] = groups.sum(clusters[i], row -> Math.sqrt(groups.squaredDistance(row, centre)))
                    / groups.sizes[clusters[i]];
        }
        double total = 0;
        for (int i = 0; i < clusters.length; i++) {
            double worst = 0;
            for (int j = 0; j < clusters.length; j++) {
                double width = widths[i] + widths[j];
                if (j != i && width > 0) {
                    worst = Math.max(worst, width / distance(centres[i], centres[j]));
                }
            }
            total += worst;
        }
        return total / clusters.length;
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int c = 0; c < a.length; c++) {
            sum += (a[c] - b[c]) * (a[c] - b[c]);
        }
        return Math.sqrt(sum);
    }
}
