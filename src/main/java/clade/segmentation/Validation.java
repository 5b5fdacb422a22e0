package clade.segmentation;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A look back at whether a segmentation held, as the API shows it. */
record Validation(
        @Schema(example = "1") long id,
        @Schema(example = "rfm") String segmentation,

        @Schema(
                allowableValues = {"queued", "running", "completed", "failed", "cancelled"},
                example = "completed")
        String status,

        @Schema(description = "Null once it is finished") Run.@Nullable Progress progress,
        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,

        @Schema(example = "P90D") String horizon,

        @Schema(description = "Start of the horizon: the definition is computed as of it; null until it is known")
        @Nullable
        Instant asOf,

        @Schema(description = "End of the horizon: the definition's own as-of") @Nullable
        Instant until,

        @Schema(description = "When the newest upload it saw was merged") @Nullable
        Instant dataCutoff,

        @Schema(description = "In a segment as of the start", example = "3370") @Nullable
        Long customers,

        @Schema(description = "Customers without a purchase by then", example = "968") @Nullable
        Long withoutPurchase,

        @Schema(
                type = "object",
                description = "For how many customers a feature was missing then, by feature; empty if none was",
                example = "{\"meanGap\":1493}")
        @JsonRawValue
        @Nullable
        String missing,

        @Schema(description = "Customers left out because a feature was missing", example = "0") @Nullable
        Long excluded,

        @Schema(implementation = DefinitionSchema.class, description = "The segmentation's when it was asked for")
        @JsonRawValue
        String definition,

        @JsonUnwrapped @Nullable Held held,

        @Schema(type = "object", description = "Why it failed: title, detail, code, errors") @JsonRawValue @Nullable
        String problem) {

    /**
     * What it found.
     *
     * @param findings sentences
     */
    record Held(
            @Schema(description = "As of the start of the horizon, in the order of answers")
            List<Since> segments,

            @Schema(description = "By outcome; null where it can't be told, as the findings say") @Nullable
            Separation repeat,

            @Nullable Separation revenue,

            @Schema(description = "What it means, as sentences")
            List<String> findings,

            @Schema(description = "How each figure is computed")
            List<String> methods,

            @Schema(description = "What may not be meant, as sentences")
            List<String> warnings) {}

    /** What the customers of a segment did since. */
    record Since(
            @Schema(example = "champions") String segment,
            @Schema(example = "Champions") String name,
            boolean noise,
            @Schema(example = "604") long customers,

            @Schema(description = "Customers who bought again, their rate and its interval; null without customers")
            @Nullable
            Rate repeat,

            @Schema(description = "Orders with a purchase, a customer")
            Amount orders,

            @Schema(description = "What a customer brought, net of returns unless the definition ignores them")
            Amount revenue,

            @Schema(description = "What they brought in the period of the same length before", example = "81234.5")
            double revenueBefore) {}

    /** A rate with its 95 % interval. */
    record Rate(
            @Schema(example = "480") long customers,
            @Schema(example = "0.79") double rate,
            @Schema(example = "0.76") double lower,
            @Schema(example = "0.82") double upper) {}

    /** A total, its mean a customer, and the mean's 95 % interval; null for fewer than two customers. */
    record Amount(
            double total,
            @Nullable Double mean,
            @Nullable Double lower,
            @Nullable Double upper) {}

    /** How well the segments tell the future apart, beside chance and beside a cut of recency alone. */
    @Schema(name = "FutureSeparation")
    record Separation(
            @Schema(
                    description =
                            "Epsilon squared: part of the differences between customers that the segments explain",
                    example = "0.18")
            double explained,

            @Schema(example = "0.16") double lower,
            @Schema(example = "0.20") double upper,

            @Schema(
                    description = "The mean of the same measure where customers are dealt to the segments at random",
                    example = "0.0")
            double chance,

            @Schema(description = "Which one in twenty of these exceeds", example = "0.001")
            double chanceP95,

            @Schema(description = "Of the permutation test", example = "0.001")
            double pValue,

            @Schema(description = "Whether the p-value is at most 0.05")
            boolean betterThanChance,

            @Schema(description = "The cut of recency alone; null where it parts nobody") @Nullable
            RecencyCut recencyCut) {}

    /** The two groups that recency alone makes, measured like the segments. */
    record RecencyCut(
            @Schema(
                    description = "Customers whose last purchase is at most so many days ago, and the others",
                    example = "52")
            double days,

            @Schema(example = "0.09") double explained,
            @Schema(example = "0.07") double lower,
            @Schema(example = "0.11") double upper,

            @Schema(description = "What the segments explain less what the cut explains", example = "0.09")
            double difference,

            @Schema(example = "0.07") double differenceLower,
            @Schema(example = "0.11") double differenceUpper,

            @Schema(
                    description = "Of the segments against the cut; no-difference where the interval holds 0",
                    allowableValues = {"better", "worse", "no-difference"})
            String verdict) {}
}
