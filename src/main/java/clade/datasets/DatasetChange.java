package clade.datasets;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a client sends to change a dataset: absent fields stay as they are, explicit nulls are set. */
record DatasetChange(
        @Schema(type = "string", example = "Example Shop") @Nullable
        JsonNode name,

        @Schema(type = "string", nullable = true, example = "GBP") @Nullable
        JsonNode currency,

        @Schema(type = "string", example = "Europe/London") @Nullable
        JsonNode timeZone,

        @Schema(type = "string", nullable = true, example = "^C\\d+$") @Nullable
        JsonNode cancellationPattern) {

    void applyTo(Dataset dataset) {
        if (name != null) {
            dataset.rename(DatasetSettings.name(DatasetSettings.text("name", name)));
        }
        if (currency != null) {
            dataset.setCurrency(DatasetSettings.currency(DatasetSettings.text("currency", currency)));
        }
        if (timeZone != null) {
            dataset.setTimeZone(DatasetSettings.timeZone(DatasetSettings.text("timeZone", timeZone)));
        }
        if (cancellationPattern != null) {
            dataset.setCancellationPattern(DatasetSettings.cancellationPattern(
                    DatasetSettings.text("cancellationPattern", cancellationPattern)));
        }
    }
}
