package clade.clustering;

import clade.statistics.Matrix;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of a fit.
 *
 * <p>Clusters are numbered by descending total weight, ties by their first row in canonical order, whatever the order of
 * the input rows.
 */
public final class Clustering {

    private final int[] labels;
    private final int clusters;
    private final @Nullable Matrix centres;
    private final ClusteringModel model;
    private final Map<String, Double> quality;
    private final Map<String, double[]> memberValues;
    private final List<String> warnings;

    /**
     * What a fit hands over; the arrays are its own from now on.
     *
     * @param labels n values in [0, clusters) or {@link ClusteringModel#NOISE}
     * @param centres clusters x d in the units of the fitted rows, null for a method without centres
     * @param quality measures that the fit itself knows, by their API name in camelCase ({@code inertia}, {@code bic}, …)
     * @param memberValues n values each, by name ({@code probability}, {@code strength}, {@code outlierScore})
     * @param warnings whole sentences for the user: what looks wrong in the settings, with the figures
     */
    public Clustering(
            int[] labels,
            int clusters,
            @Nullable Matrix centres,
            ClusteringModel model,
            Map<String, Double> quality,
            Map<String, double[]> memberValues,
            List<String> warnings) {
        this.labels = labels;
        this.clusters = clusters;
        this.centres = centres;
        this.model = model;
        this.quality = Map.copyOf(quality);
        this.memberValues = Map.copyOf(memberValues);
        this.warnings = List.copyOf(warnings);
    }

    /** One label an input row: for reading only. */
    public int[] labels() {
        return labels;
    }

    /** Number of clusters found, noise not counted. */
    public int clusters() {
        return clusters;
    }

    public @Nullable Matrix centres() {
        return centres;
    }

    public ClusteringModel model() {
        return model;
    }

    public Map<String, Double> quality() {
        return quality;
    }

    public Map<String, double[]> memberValues() {
        return memberValues;
    }

    public List<String> warnings() {
        return warnings;
    }
}
