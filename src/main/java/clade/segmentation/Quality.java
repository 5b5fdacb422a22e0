package clade.segmentation;

import clade.clustering.CalinskiHarabasz;
import clade.clustering.Clustering;
import clade.clustering.DaviesBouldin;
import clade.clustering.Progress;
import clade.clustering.Silhouette;
import clade.statistics.Matrix;
import java.util.LinkedHashMap;
import java.util.Map;

/** Measures of a clustering in prepared units. */
final class Quality {

    /** Part of the progress that the silhouette takes. */
    private static final double SILHOUETTE = 0.9;

    private static final int LEAST_SAMPLE = 1_000;

    private Quality() {}

    /**
     * By name. Without at least two clusters there is nothing to measure. Beyond {@link Silhouette#EXACT_ROWS} customers the
     * silhouette is that of a sample, with {@code silhouetteSample} and {@code silhouetteStandardError} beside it.
     */
    static Map<String, Double> of(Matrix x, Clustering found, long seed, Progress progress) {
        Map<String, Double> quality = new LinkedHashMap<>();
        if (found.clusters() < 2) {
            return quality;
        }
        Progress silhouetteProgress = progress.part(0, SILHOUETTE);
        boolean exact = x.rows() <= Silhouette.EXACT_ROWS;
        // as many pairs as the largest exact one has
        int sample = Math.max(LEAST_SAMPLE, (int) ((long) Silhouette.EXACT_ROWS * Silhouette.EXACT_ROWS / x.rows()));
        Silhouette silhouette = exact
                ? Silhouette.of(x, null, found.labels(), silhouetteProgress)
                : Silhouette.sample(x, null, found.labels(), sample, seed, silhouetteProgress);
        quality.put("silhouette", silhouette.mean());
        if (!exact) {
            quality.put("silhouetteSample", (double) sample);
            quality.put("silhouetteStandardError", silhouette.standardError());
        }
        Progress rest = progress.part(SILHOUETTE, 1 - SILHOUETTE);
        quality.put("calinskiHarabasz", CalinskiHarabasz.of(x, null, found.labels(), rest));
        quality.put("daviesBouldin", DaviesBouldin.of(x, null, found.labels(), rest));
        quality.values().removeIf(value -> !Double.isFinite(value));
        return quality;
    }
}
