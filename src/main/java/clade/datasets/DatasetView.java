package clade.datasets;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A dataset as the API shows it: its settings, and what it holds. */
record DatasetView(
        @Schema(example = "shop") String key,
        @Schema(example = "Example Shop") String name,

        @Schema(description = "ISO 4217 code, null if unknown", example = "GBP") @Nullable
        String currency,

        @Schema(description = "Zone of its days and of times without a zone", example = "Europe/London")
        String timeZone,

        @Schema(
                description = "Regular expression of the order ids that are cancellations; null: there are none",
                example = "^C\\d+$")
        @Nullable
        String cancellationPattern,

        Instant createdAt,

        @Schema(description = "Customers with at least one transaction or known by their attributes", example = "4372")
        long customers,

        @Schema(example = "406829") long transactions,
        @Nullable Instant firstTransactionAt,
        @Nullable Instant lastTransactionAt) {}
