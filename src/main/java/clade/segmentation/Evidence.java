package clade.segmentation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a suggested parameter rests on. For a number of clusters: candidates, elbow and, of hierarchical clustering, merges. For
 * eps: minPoints, the curve of distances and what DBSCAN finds around the suggestion.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Evidence(
        @Schema(
                description = "Customers that the candidates are measured on: all, or that many drawn at random",
                example = "4338")
        @Nullable
        Integer sampled,

        @Schema(
                description = "Customers of these that decide (silhouetteNull, excess, gap, stability)",
                example = "2000")
        @Nullable
        Integer decidedOn,

        @Schema(description = "By ascending k; numbers above that of the distinct customers are left out") @Nullable
        List<Candidate> candidates,

        @Schema(
                description = "Which measures are better high and which low",
                example = "{\"inertia\":\"low\",\"silhouette\":\"high\"}")
        @Nullable
        Map<String, String> better,

        @Nullable Elbow elbow,

        @Schema(description = "The last 50 merges of the sampled customers, the lowest first; hierarchical only")
        @Nullable
        List<Merge> merges,

        @Schema(example = "5") @Nullable Integer minPoints,

        @Schema(
                description =
                        "Distances within which customers have minPoints customers, themselves counted: at most 1000 quantiles, "
                                + "ascending, without zeros and the top 1 %",
                example = "[0.08,0.11,0.31]")
        @Nullable
        List<Double> kDistance,

        @Schema(
                description = "For each of kDistance the share of customers with at most that distance",
                example = "[0.25,0.5,0.99]")
        @Nullable
        List<Double> kDistanceShare,

        @Schema(description = "What DBSCAN finds at eps tried between the 75 % and the 99 % quantile") @Nullable
        List<Trial> around,

        Suggestion suggestion) {

    /** Which measures are better high, and which low. */
    static final Map<String, String> BETTER = Map.ofEntries(
            Map.entry("inertia", "low"),
            Map.entry("silhouette", "high"),
            Map.entry("excess", "high"),
            Map.entry("calinskiHarabasz", "high"),
            Map.entry("daviesBouldin", "low"),
            Map.entry("bic", "low"),
            Map.entry("aic", "low"),
            Map.entry("gap", "high"),
            Map.entry("stability", "high"));

    /**
     * One number of clusters. What does not apply to the method is null.
     *
     * @param silhouetteNull mean of 20 draws from data without clusters
     * @param excess of the silhouette of the deciding customers over silhouetteNull
     */
    record Candidate(
            @Schema(example = "4") int k,

            @Schema(description = "Sum of squared distances to the centres", example = "3937.9532860273657") @Nullable
            Double inertia,

            @Schema(example = "0.33586773747766047") @Nullable
            Double silhouette,

            @Schema(
                    description =
                            "Mean silhouette of 20 data sets with the same columns and correlations but no clusters",
                    example = "0.31")
            @Nullable
            Double silhouetteNull,

            @Schema(
                    description =
                            "Silhouette of the deciding customers less silhouetteNull; it counts from 0.05 on and if none of "
                                    + "the 20 reaches that silhouette",
                    example = "0.02")
            @Nullable
            Double excess,

            @Nullable Double calinskiHarabasz,
            @Nullable Double daviesBouldin,

            @Schema(description = "Mixtures only") @Nullable Double bic,
            @Schema(description = "Mixtures only") @Nullable Double aic,

            @Schema(
                    description =
                            "Components as narrow as the variance floor: with any, bic and aic take no vote. Mixtures only")
            @Nullable
            Integer componentsAtFloor,

            @Schema(description = "Gap statistic, which is shown and never decides") @Nullable
            Double gap,

            @Nullable Double gapStandardError,

            @Schema(
                    description =
                            "Lowest mean Jaccard coefficient of a segment with its like in 50 bootstrap samples: from 0.75 it "
                                    + "would come out again, below 0.6 not",
                    example = "0.9")
            @Nullable
            Double stability,

            @Schema(description = "Share of customers in the smallest segment", example = "0.16")
            double smallestShare,

            @Schema(description = "Height of the merge that makes k clusters of k + 1; hierarchical only") @Nullable
            Double height) {}

    /** Where inertia (or the height of merges) over k bends most, by Kneedle; null if nowhere. It never decides. */
    record Elbow(@Schema(example = "4") @Nullable Integer k) {}

    /** A step of hierarchical clustering. */
    record Merge(
            @Schema(description = "Clusters that are left after it", example = "4")
            int clusters,

            @Schema(description = "Distance of the two that merge, by the linkage")
            double height,

            @Schema(description = "Customers in what it makes", example = "1595")
            long size) {}

    /** What DBSCAN finds at one eps. */
    record Trial(
            @Schema(example = "0.28") double eps,
            @Schema(example = "3") int clusters,
            @Schema(example = "212") long noise,
            @Schema(example = "0.05") double noiseShare,

            @Schema(
                    description = "Mean adjusted Rand index with what the next eps on either side find",
                    example = "0.97")
            @Nullable
            Double agreement) {}

    /** The parameter to take: k or eps. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Suggestion(
            @Schema(example = "4") @Nullable Integer k,
            @Schema(example = "0.31") @Nullable Double eps,

            @Schema(description = "Whether the data prefers it; if not, it is only a place to start from")
            boolean clear,

            String reason) {}
}
