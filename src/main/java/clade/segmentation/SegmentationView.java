package clade.segmentation;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A segmentation as the API shows it. */
record SegmentationView(
        @Schema(example = "value") String key,
        @Schema(example = "Value clusters") String name,
        Instant createdAt,

        @Schema(description = "Number of the run that its segments are read from; null before the first completed one")
        @Nullable
        Integer currentRun,

        @Schema(
                implementation = DefinitionSchema.class,
                description = "The whole definition, its defaults filled in; the next run uses it")
        @JsonRawValue
        String definition,

        @Schema(
                description =
                        "Counts what was published and each live change since: an answer of the same version is the same",
                example = "1")
        long version,

        @Schema(
                description =
                        "Whether members follow what happens: of the current run, before the first completed one as defined",
                example = "true")
        boolean live,

        @Schema(description = "A sentence; null if it is live") @Nullable
        String notLiveBecause,

        @Schema(description = "Its newest run") Run latestRun) {}
