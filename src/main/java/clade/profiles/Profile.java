package clade.profiles;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything about one customer. */
record Profile(
        @Schema(example = "12347") String customerId,
        @Nullable Instant firstPurchaseAt,
        @Nullable Instant lastPurchaseAt,

        @Schema(description = "Distinct orders with a purchase", example = "7")
        long orders,

        @Schema(description = "Lines that brought money", example = "182")
        long purchases,

        @Schema(description = "Lines that took money back", example = "0")
        long returns,

        @Schema(
                type = "object",
                description =
                        "The customer's attributes by name: numbers, texts, true or false, and dates as text (yyyy-MM-dd,"
                                + " or a local date-time); what is missing is left out",
                example = "{\"Age\":19,\"Gender\":\"Male\"}")
        @JsonRawValue
        String attributes,

        @Schema(
                description =
                        "Over all history as of the newest transaction plus one day, returns net; null without a purchase")
        @Nullable
        Rfm rfm,

        @Schema(description = "Its place in the current run of each segmentation that it is in")
        List<Place> segments) {

    /** A customer's place in the current run of a segmentation. */
    record Place(
            @Schema(example = "rfm") String segmentation,
            @Schema(example = "champions") String segment,
            @Schema(example = "Champions") String name,

            @Schema(
                    description = "Of the segmentation: counts what was published and each live change since",
                    example = "1")
            long version,

            @Schema(description = "When the customer came into this segment")
            Instant since,

            @Schema(description = "Key of the segment before this one, null if there was none") @Nullable
            String previous) {}

    /** Recency, frequency and monetary value, with the scores of the dataset's oldest rfm segmentation. */
    record Rfm(
            Instant asOf,

            @Schema(description = "Whole days since the last purchase", example = "2")
            long recency,

            @Schema(description = "Distinct orders with a purchase", example = "7")
            long frequency,

            @Schema(description = "Purchases less returns, in the dataset's currency", example = "4310.0")
            double monetary,

            @Schema(
                    description = "The rfm segmentation that the scores come from; null if there is none",
                    example = "rfm")
            @Nullable
            String segmentation,

            @Schema(description = "1 to n, n best; null if the customer is not in its current run") @Nullable
            Map<String, Integer> scores,

            @Schema(description = "The three scores as text", example = "555") @Nullable
            String code) {}
}
