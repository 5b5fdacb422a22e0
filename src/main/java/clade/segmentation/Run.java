package clade.segmentation;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A run as the API shows it. */
record Run(
        @Schema(example = "value") String segmentation,

        @Schema(description = "1 for the first of its segmentation", example = "1")
        int number,

        @Schema(
                allowableValues = {"queued", "running", "completed", "failed", "cancelled"},
                example = "completed")
        String status,

        @Schema(description = "Null once it is finished") @Nullable
        Progress progress,

        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,

        @Schema(
                description =
                        "The instant that features are computed for; null until it is known, and where nothing depends on it:"
                                + " attributes alone, no date among them, in a dataset without transactions")
        @Nullable
        Instant asOf,

        @Schema(description = "When the newest upload it saw was merged") @Nullable
        Instant dataCutoff,

        @Schema(example = "4338") @Nullable Long customers,

        @Schema(
                description = "Customers left out for want of a purchase in the window; null for attributes alone",
                example = "34")
        @Nullable
        Long withoutPurchase,

        @Schema(
                type = "object",
                description = "For how many customers a feature is missing, by feature; empty if none is",
                example = "{\"meanGap\":1493}")
        @JsonRawValue
        @Nullable
        String missing,

        @Schema(description = "Customers left out because a feature is missing", example = "0") @Nullable
        Long excluded,

        @Schema(implementation = DefinitionSchema.class, description = "The whole definition, its defaults filled in")
        @JsonRawValue
        String definition,

        @Schema(
                type = "object",
                description = "What was taken where the definition says auto: k (also the number of components) or eps",
                example = "{\"k\":4}")
        @JsonRawValue
        @Nullable
        String chosen,

        @Schema(implementation = Evidence.class, description = "Why that was taken; null without auto")
        @JsonRawValue
        @Nullable
        String evidence,

        @Schema(type = "object", description = "Measures by name, in prepared units") @JsonRawValue @Nullable
        String quality,

        @Schema(type = "array", description = "What may not be meant, as sentences") @JsonRawValue
        String warnings,

        @Schema(type = "object", description = "Why it failed: title, detail, code, errors") @JsonRawValue @Nullable
        String problem,

        @Schema(
                description = "Whether its members follow what happens after it, while it is the current run",
                example = "true")
        boolean live,

        @Schema(description = "A sentence; null if it is live") @Nullable
        String notLiveBecause,

        @Schema(
                implementation = Trust.class,
                description =
                        "Whether its segments would come out again and lie apart; computed after publishing, null until then")
        @JsonRawValue
        @Nullable
        String trust) {

    /** How far a run has got: what it does, and the fraction that is done, in [0, 1]. */
    record Progress(
            @Schema(example = "clustering") String phase,
            @Schema(example = "0.4") double fraction) {}
}
