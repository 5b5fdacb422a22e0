package clade.segmentation;

import clade.statistics.Preparation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a dataset's features are like, as the API shows it. */
@Schema(name = "Exploration")
record ExplorationView(
        @Nullable Instant asOf,

        @Schema(
                description = "Customers with a purchase in the window; all of them for attributes alone",
                example = "4338")
        long customers,

        @Schema(description = "Customers left out for want of one; null for attributes alone", example = "34") @Nullable
        Long withoutPurchase,

        List<FeatureView> features,

        @Schema(description = "Null without customers") @Nullable
        CorrelationsView correlations,

        @Schema(
                description =
                        "The same among customers with a frequency of 2 or more, for who bought once has no rhythm; null if "
                                + "there are fewer than three")
        @Nullable
        CorrelationsView repeatBuyers,

        @Schema(description = "Which methods suit these customers, and why")
        List<String> methodAdvice) {

    /** One feature; every figure is null without customers. */
    @Schema(name = "FeatureExploration")
    record FeatureView(
            @Schema(example = "monetary") String name,

            @Schema(
                    description = "number, or category for text and booleans, which have values in place of figures",
                    allowableValues = {"number", "category"},
                    example = "number")
            String type,

            @Schema(description = "Customers who have it", example = "4338")
            int count,

            @Schema(description = "Customers who don't", example = "0")
            int missing,

            @Schema(description = "Different values", example = "4285")
            int distinct,

            @Schema(example = "2054.27") @Nullable Double mean,

            @Schema(description = "Of the population", example = "8988.2") @Nullable
            Double standardDeviation,

            @Schema(example = "3.75") @Nullable Double min,
            @Schema(example = "52.2") @Nullable Double p01,
            @Schema(example = "156.6") @Nullable Double p10,
            @Schema(example = "307.4") @Nullable Double p25,
            @Schema(example = "674.5") @Nullable Double median,
            @Schema(example = "1661.7") @Nullable Double p75,
            @Schema(example = "3646.2") @Nullable Double p90,
            @Schema(example = "19881.0") @Nullable Double p99,
            @Schema(example = "280206.0") @Nullable Double max,

            @Schema(description = "Moment skewness; null of a constant feature", example = "19.3") @Nullable
            Double skewness,

            @Schema(description = "Robust skewness, -1 to 1", example = "0.51") @Nullable
            Double medcouple,

            @Schema(description = "Moment skewness of log1p of it, where negative values count as 0", example = "0.36")
            @Nullable
            Double skewnessAfterLog1p,

            @Schema(example = "0.03") @Nullable Double medcoupleAfterLog1p,

            @Schema(description = "The value that most customers share") @Nullable
            MostFrequent mostFrequent,

            @Schema(
                    description =
                            "The default transform of a definition, on whose scale histogram and outliers are made: log1p or none",
                    example = "log1p")
            String transform,

            @Nullable HistogramView histogram,

            @Schema(description = "Beyond Tukey's fences; null where the quartiles are equal") @Nullable
            OutliersView outliers,

            @Schema(
                    description =
                            "Of text and booleans: the values with their customers, most first, 100 at most; else null")
            @Nullable
            List<ValueCount> values,

            @Schema(description = "What to mind, in sentences")
            List<String> advice) {

        /** Without figures. */
        static FeatureView without(Feature feature, int missing, String type) {
            return of(feature, type, 0, missing, 0, null, List.of());
        }

        /** Of text or booleans. */
        static FeatureView ofValues(
                Feature feature, int count, int missing, int distinct, List<ValueCount> values, List<String> advice) {
            return of(feature, "category", count, missing, distinct, values, advice);
        }

        private static FeatureView of(
                Feature feature,
                String type,
                int count,
                int missing,
                int distinct,
                @Nullable List<ValueCount> values,
                List<String> advice) {
            String transform = feature.kind().transform() == Preparation.Transform.LOG1P ? "log1p" : "none";
            return new FeatureView(
                    feature.apiName(),
                    type,
                    count,
                    missing,
                    distinct,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    transform,
                    null,
                    null,
                    values,
                    advice);
        }
    }

    /** A text and how many customers have it. */
    record ValueCount(
            @Schema(example = "Female") String value,
            @Schema(example = "112") int customers) {}

    /** A value and how many customers have it. */
    record MostFrequent(
            @Schema(example = "1.0") double value,
            @Schema(example = "1493") int count) {}

    /** Counts between edges; a bin holds its lower edge, the last one both. */
    @Schema(name = "Histogram")
    record HistogramView(
            @Schema(
                    description = "Ascending, in the feature's unit; Freedman and Diaconis' number of bins, 50 at most",
                    example = "[1.0,2.0,3.0]")
            List<Double> edges,

            @Schema(example = "[1493,835]") List<Integer> counts) {}

    /** Fences in the feature's unit, and how many customers lie outside. */
    @Schema(name = "Outliers")
    record OutliersView(
            @Schema(example = "25.1") double lower,
            @Schema(example = "20310.7") double upper,
            @Schema(example = "58") int count) {}

    /** How features go together. */
    @Schema(name = "Correlations")
    record CorrelationsView(
            @Schema(description = "Customers they are of", example = "4338")
            int customers,

            @Schema(
                    description =
                            "The features of the rows and columns: those that are numbers and not missing for all",
                    example = "[\"recency\",\"frequency\",\"monetary\"]")
            List<String> features,

            @Schema(
                    description =
                            "A row and a column each feature, after its default transform; null beside a constant one")
            List<List<@Nullable Double>> pearson,

            @Schema(description = "Of the ranks; ties in their middle")
            List<List<@Nullable Double>> spearman) {}
}
