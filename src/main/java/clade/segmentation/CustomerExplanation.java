package clade.segmentation;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Why a customer is in its segment, and what would take it to a better one. */
record CustomerExplanation(
        @Schema(example = "12347") String customerId,
        @Schema(example = "value") String segmentation,
        @Schema(example = "1") int run,
        @Nullable Instant asOf,
        SegmentName segment,

        @Schema(description = "Why it is in noise: whale, bulk, dormant, new or in-between; null for other segments")
        @Nullable
        String reason,

        @Schema(description = "The customer's own, as of the run")
        Map<String, @Nullable Object> features,

        @Schema(
                description =
                        "What distance means: centre (to the cluster's centre), core-customer and customer (to the nearest one of the "
                                + "cluster), reach (mutual reachability), improbability (minus the logarithm of the probability), all in prepared "
                                + "units; scores (steps of scores to the nearest cell of the map); null where the method has none",
                example = "centre")
        @Nullable
        String measure,

        @Schema(description = "To the customer's segment; null for noise, which has no place", example = "0.41")
        @Nullable
        Double distance,

        @Schema(description = "The nearest other segment; null if there is none") @Nullable
        NextSegment next,

        @Schema(description = "What decides between the two segments, most first")
        List<Deciding> deciding,

        @Schema(description = "The same in sentences") List<String> sentences,

        @Schema(description = "The nearest change that would take the customer up; null where none can be offered")
        @Nullable
        Change nearestChange,

        @Schema(description = "Why none is offered; null if one is") @Nullable
        String notOfferedBecause) {

    /** A segment by key and name. */
    record SegmentName(
            @Schema(example = "c2") String key,
            @Schema(example = "Frequent buyers, recent") String name) {}

    /** Another segment and how far it is. */
    record NextSegment(
            @Schema(example = "c1") String key,

            @Schema(example = "Frequent big spenders, recent")
            String name,

            @Schema(example = "0.93") double distance) {}

    /** A feature, and what it does to the assignment. */
    record Deciding(
            @Schema(example = "monetary") String feature,
            @Schema(example = "310.2") double value,

            @Schema(description = "Median of the customer's segment", example = "402.8") @Nullable
            Double here,

            @Schema(description = "Median of the next segment", example = "2510.4") @Nullable
            Double there,

            @Schema(
                    description =
                            "Whether the customer would be in another segment with the next one's median in place of its value",
                    example = "true")
            boolean decides) {}

    /** One order that would count as a better segment. */
    record Change(
            @Schema(description = "The median of the customer's own orders", example = "38.00")
            double orderValue,

            @Schema(description = "Placed on any of these days after asOf and scored on that day", example = "24")
            int withinDays,

            @Schema(example = "loyal-customers") String segment,
            @Schema(example = "Loyal Customers") String name,

            @Schema(
                    example =
                            "One order of 38.00 within 24 days would, by today's thresholds, count as Loyal Customers.")
            String text) {}
}
