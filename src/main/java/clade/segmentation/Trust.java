package clade.segmentation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Two verdicts on a run: whether its segments would come out again, and whether they lie apart. One does not say the other. */
record Trust(
        @Schema(
                description =
                        "Whether the segments would come out again from another draw of customers: that of the least stable one; null with method hybrid, which is not fitted anew",
                allowableValues = {"yes", "doubtful", "no"},
                example = "yes")
        @Nullable
        String reproducible,

        @Schema(
                description =
                        "Whether they lie apart more than what the same method finds in data without segments; null for segments by rule",
                allowableValues = {"yes", "no"},
                example = "no")
        @Nullable
        String separated,

        @Schema(description = "Why, in sentences with the figures")
        List<String> reasons,

        @Schema(description = "By key of the segment; a segment with nobody among the sampled customers is left out")
        Map<String, OfSegment> segments,

        @Schema(description = "Silhouette of the clusters, and of data without segments; null for segments by rule")
        @Nullable
        Separation separation,

        @Schema(description = "Customers that it was computed on", example = "4338")
        int sampled) {

    static final String YES = "yes";
    static final String DOUBTFUL = "doubtful";
    static final String NO = "no";

    private static final double STABLE = 0.75;
    private static final double DOUBTFULLY_STABLE = 0.6;

    /** Whether one segment would come out again. */
    record OfSegment(
            @Schema(
                    description =
                            "Clusters: mean of the largest Jaccard coefficient with a cluster of 50 samples; rfm: part of its customers "
                                    + "that stays in it when the thresholds are found anew",
                    example = "0.93")
            double stability,

            @Schema(
                    allowableValues = {"yes", "doubtful", "no"},
                    example = "yes")
            String reproducible) {

        static OfSegment of(double stability) {
            return new OfSegment(stability, verdict(stability));
        }
    }

    /** How far apart clusters lie. */
    @JsonInclude
    record Separation(
            @Schema(example = "0.55") double silhouette,

            @Schema(description = "Mean over 20 data sets without segments, clustered alike", example = "0.37")
            double silhouetteNull,

            @Schema(description = "The largest of the 20", example = "0.39")
            double largestNull) {}

    /** Hennig (2007): from 0.75 on a cluster comes out again, below 0.6 it does not. */
    static String verdict(double stability) {
        return stability >= STABLE ? YES : stability >= DOUBTFULLY_STABLE ? DOUBTFUL : NO;
    }
}
