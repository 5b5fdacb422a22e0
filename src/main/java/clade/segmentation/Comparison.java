package clade.segmentation;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Two segmentations of the same customers, side by side, as the API shows them. */
record Comparison(
        Side left,
        Side right,

        @Schema(description = "Customers in both, of whom everything below tells", example = "4338")
        long customers,

        @Schema(description = "Customers in the left one alone", example = "0")
        long onlyLeft,

        @Schema(description = "Customers in the right one alone", example = "0")
        long onlyRight,

        @Schema(
                description =
                        "Sum of the customers' monetary value in the left run's window, else the right's; null if neither "
                                + "knows it",
                example = "8911407.904")
        @Nullable
        Double revenue,

        @Schema(description = "The dataset's; null if it has none", example = "GBP") @Nullable
        String currency,

        @Schema(
                description = "1 for equal partitions, about 0 for unrelated ones; null without customers",
                example = "0.31")
        @Nullable
        Double adjustedRand,

        @Nullable Double adjustedMutualInformation,
        @Nullable Double normalizedMutualInformation,

        @Schema(description = "The pairs of segments that share customers, in the order of the segments")
        List<Cell> contingency,

        @Schema(description = "What a client would ask, answered in sentences")
        List<String> findings,

        @Schema(description = "The figures behind each of the findings, in their order")
        List<Finding> details) {

    /** One of the two. */
    record Side(
            @Schema(example = "value") String segmentation,
            @Schema(example = "Value clusters") String name,
            @Schema(example = "k-means") String method,
            @Schema(example = "1") int run,
            @Nullable Instant asOf,
            List<Group> segments) {}

    /** A segment, as far as its members are customers of both sides. */
    record Group(
            @Schema(example = "champions") String segment,
            @Schema(example = "Champions") String name,
            boolean noise,
            @Schema(example = "604") long customers,

            @Schema(description = "Of the customers in both", example = "0.14") @Nullable
            Double share,

            @Nullable Double revenue,

            @Schema(description = "Of the revenue of the customers in both", example = "0.48") @Nullable
            Double revenueShare) {}

    /** The customers of one left and one right segment. */
    record Cell(
            @Schema(example = "champions") String left,
            @Schema(example = "c1") String right,
            @Schema(example = "412") long customers,
            @Nullable Double revenue) {}

    /**
     * What a finding rests on.
     *
     * @param side whose segments are meant; null if both are, or none
     * @param customers that it is about
     * @param where these customers are, on the other side or, without a side, on both
     */
    record Finding(
            @Schema(
                    description =
                            "agreement, whale-group, top-spenders, small-group, least-engaged, union, same or noise; "
                                    + "with an empty list of segments the answer is none",
                    example = "whale-group")
            String kind,

            @Schema(allowableValues = {"left", "right"}) @Nullable
            String side,

            List<String> segments,
            long customers,
            @Nullable Double revenue,
            List<Part> where,
            String sentence) {}

    /** Customers of a finding that are in one segment. */
    record Part(
            @Schema(allowableValues = {"left", "right"}) String side,
            @Schema(example = "c1") String segment,
            long customers,

            @Schema(description = "Their part of that segment's customers", example = "0.16")
            double share) {}
}
