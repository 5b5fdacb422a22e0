package clade.segmentation.report;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client gets of a segmentation: everything that its page shows. */
public record Report(
        @Schema(example = "Value segments") String title,
        @Schema(example = "rfm") String segmentation,
        @Schema(example = "1") int run,

        @Schema(description = "Counts what was published and each live change since", example = "1")
        long version,

        @Schema(description = "Null where the features know no time") @Nullable
        Instant asOf,

        Data data,

        @Schema(description = "What matters most, as sentences")
        List<String> summary,

        @Schema(description = "What was done on which data, as sentences")
        List<String> done,

        @Schema(description = "Of all customers, in the order of the definition")
        List<Feature> features,

        @Schema(description = "In the order of answers") List<Group> segments,
        Priorities priorities,

        @Schema(description = "The newest validation of this definition; null if there is none") @Nullable
        Hindsight validation,

        @Schema(description = "What to keep in mind, as sentences")
        List<String> caveats,

        Method method) {

    /** What the segmentation was computed from. */
    @Schema(name = "ReportData")
    public record Data(
            @Schema(example = "shop") String dataset,
            @Schema(example = "Example Shop") String name,
            @Schema(example = "GBP") @Nullable String currency,
            @Schema(example = "Europe/London") String timeZone,

            @Schema(description = "In a segment", example = "4338")
            long customers,

            @Schema(description = "Left out for want of a purchase; null where that does not matter", example = "34")
            @Nullable
            Long withoutPurchase,

            @Schema(example = "406829") long transactions,
            @Nullable Instant firstTransactionAt,
            @Nullable Instant lastTransactionAt,

            @Schema(description = "When the newest upload was merged that the run saw") @Nullable
            Instant dataCutoff,

            @Schema(description = "Sum over all segments; null without purchases", example = "8911407.904") @Nullable
            Double revenue,

            @Schema(
                    description = "The least part of the customers that brings 80 % of the revenue; null if not known",
                    example = "0.26")
            @Nullable
            Double paretoShare) {}

    /** A feature over all customers. */
    @Schema(name = "ReportFeature")
    public record Feature(
            @Schema(example = "recency") String name,
            @Schema(example = "Last purchase") String label,

            @Schema(description = "Null if it has none", example = "days") @Nullable
            String unit,

            double p10,
            double median,
            double p90) {

        /** A value with its unit. */
        String shown(double value) {
            return Figures.number(value) + (unit == null ? "" : " " + unit);
        }
    }

    /** A segment. */
    @Schema(name = "ReportSegment")
    public record Group(
            @Schema(example = "champions") String segment,
            @Schema(example = "Champions") String name,
            boolean noise,
            long size,
            @Nullable Double share,
            @Nullable Double revenue,
            @Nullable Double revenueShare,
            String description,

            @Schema(description = "The named RFM segment that most members of a cluster would be in, and their part")
            @Nullable
            String persona,

            @Schema(description = "By feature; null for an empty segment")
            Map<String, @Nullable Spread> features,

            @Nullable Action action) {}

    /** A feature within a segment. */
    @Schema(name = "ReportSpread")
    public record Spread(double p10, double median, double p90) {}

    /** What to do about a segment. */
    @Schema(name = "ReportAction")
    public record Action(
            String title,
            @Nullable String goal,
            @Nullable String channel,
            @Nullable String offer,
            @Nullable String avoid,
            List<String> steps) {}

    /** What a validation found. */
    @Schema(name = "ReportValidation")
    public record Hindsight(long validation, Instant asOf, Instant until, List<String> findings) {}

    /** How to repeat it. */
    @Schema(name = "ReportMethod")
    public record Method(
            @Schema(example = "k-means") String name,

            @Schema(description = "What was taken where the definition says auto; null without auto", type = "object")
            @JsonRawValue
            @Nullable
            String chosen,

            @Schema(description = "Measures by name, in prepared units")
            Map<String, Double> quality,

            @Schema(
                    description = "The whole definition: sent again on the same data it gives the same segments",
                    type = "object")
            @JsonRawValue
            String definition) {}
}
