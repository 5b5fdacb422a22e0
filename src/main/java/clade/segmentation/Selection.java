package clade.segmentation;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A search for a parameter, as the API shows it. */
record Selection(
        @Schema(example = "1") long id,

        @Schema(
                allowableValues = {"queued", "running", "completed", "failed", "cancelled"},
                example = "completed")
        String status,

        @Schema(description = "Null once it is finished") Run.@Nullable Progress progress,
        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,

        @Schema(description = "The instant that features are computed for; null until it is known") @Nullable
        Instant asOf,

        @Schema(description = "When the newest upload it saw was merged") @Nullable
        Instant dataCutoff,

        @Schema(example = "4338") @Nullable Long customers,

        @Schema(description = "Customers left out for want of a purchase in the window", example = "34") @Nullable
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

        @Schema(implementation = SelectionSchema.class, description = "What was asked for, its defaults filled in")
        @JsonRawValue
        String definition,

        @JsonUnwrapped @Nullable Evidence evidence,

        @Schema(type = "object", description = "Why it failed: title, detail, code, errors") @JsonRawValue @Nullable
        String problem) {}
