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

        @Schema(description = "Its newest run") Run latestRun) {}
