package clade.datasets;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a client sends to make a dataset; only the key is needed. A JsonNode tells an explicit null from an absent field. */
record NewDataset(
        @Schema(
                description = "Its name in paths: lower-case letters, digits and hyphens",
                example = "shop",
                requiredMode = Schema.RequiredMode.REQUIRED)
        @Nullable
        String key,

        @Schema(description = "Its name for people; default: the key", example = "Example Shop") @Nullable
        String name,

        @Schema(description = "ISO 4217 code of its amounts", example = "GBP") @Nullable
        String currency,

        @Schema(description = "Zone of its days and of times without a zone; default UTC", example = "Europe/London")
        @Nullable
        String timeZone,

        @Schema(
                description = "Regular expression of the order ids that are cancellations; default ^C\\d+$; null: none",
                example = "^C\\d+$",
                type = "string",
                nullable = true)
        @Nullable
        JsonNode cancellationPattern) {

    Dataset toDataset(Instant now) {
        String checkedKey = DatasetSettings.key(key);
        return new Dataset(
                checkedKey,
                name == null ? checkedKey : DatasetSettings.name(name),
                DatasetSettings.currency(currency),
                DatasetSettings.timeZone(timeZone),
                cancellationPattern == null
                        ? DatasetSettings.DEFAULT_CANCELLATIONS
                        : DatasetSettings.cancellationPattern(
                                DatasetSettings.text("cancellationPattern", cancellationPattern)),
                now);
    }
}
