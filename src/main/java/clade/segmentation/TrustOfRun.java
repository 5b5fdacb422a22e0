package clade.segmentation;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How far the trust of a run has got, as the API shows it. */
record TrustOfRun(
        @Schema(
                allowableValues = {"queued", "running", "completed", "failed", "cancelled"},
                example = "completed")
        String status,

        @Schema(description = "Null once it is finished") Run.@Nullable Progress progress,

        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,

        @Schema(implementation = Trust.class, description = "Null until it is completed") @JsonRawValue @Nullable
        String trust,

        @Schema(type = "object", description = "Why it failed") @JsonRawValue @Nullable
        String problem) {}
