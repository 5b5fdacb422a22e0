package clade.segmentation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What sets a segment apart, in words and as data; as the run was published. */
record SegmentProfile(
        @Schema(
                description = "The name that its profile gives it, which is its name unless somebody gave it another",
                example = "Frequent big spenders, recent")
        String profileName,

        @Schema(
                description =
                        "Whether what was true of the segment when somebody gave it its name still is; null if nobody did",
                example = "true")
        @Nullable
        Boolean nameStillTrue,

        @Schema(description = "What has changed since it was named")
        List<String> nameChanges,

        @Schema(
                description = "Where its median lies among all customers' values: low, middle or high, by thirds",
                example = "{\"recency\":\"low\",\"frequency\":\"high\",\"monetary\":\"high\"}")
        Map<String, Level> levels,

        @Schema(description = "What sets it apart, most first")
        List<Distinction> distinguishing,

        @Schema(description = "A rule in original units that says who is in it; null for noise and where nothing tells")
        @Nullable
        Rule rule,

        @Schema(description = "Who is in noise, by reason; for noise of customers with purchases alone") @Nullable
        List<Reason> reasons,

        @Schema(hidden = true) @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        Given given) {

    /** Of a run that was published before there were profiles. */
    static SegmentProfile none(String name) {
        return new SegmentProfile(name, null, List.of(), Map.of(), List.of(), null, null, null);
    }

    /** A feature on which a segment differs from the other customers. */
    record Distinction(
            @Schema(example = "monetary") String feature,
            @Schema(example = "2510.4") double median,

            @Schema(description = "Of all customers outside the segment", example = "530.2")
            double medianOfOthers,

            @Schema(
                    description =
                            "The difference of the two over the median absolute deviation of all customers from their own segment's "
                                    + "median; null if that is 0, for then every other value sets the segment apart",
                    example = "4.1")
            @Nullable
            Double difference) {}

    /** Conditions that all hold for most of its customers, and for few others. */
    record Rule(
            @Schema(example = "last bought at most 50 days ago and spent more than 1,200")
            String text,

            List<Condition> conditions,

            @Schema(description = "Part of the customers under the rule that are in the segment", example = "0.97")
            double precision,

            @Schema(description = "Part of the segment's customers that are under the rule", example = "0.91")
            double recall,

            @Schema(description = "Customers under the rule", example = "720")
            long customers) {}

    /** A range of a feature. */
    record Condition(
            @Schema(example = "monetary") String feature,

            @Schema(description = "Null: no lower bound", example = "1200.0") @Nullable
            Double above,

            @Schema(description = "Null: no upper bound") @Nullable
            Double atMost) {}

    /** Customers in noise for one reason. */
    record Reason(
            @Schema(
                    allowableValues = {"whale", "bulk", "dormant", "new", "in-between"},
                    example = "whale")
            String reason,

            @Schema(example = "12") long size,

            @Schema(description = "Sum of their monetary value", example = "210331.5")
            double revenue) {}

    /** A name that somebody gave, and what was true of the segment then. */
    record Given(String name, int run, Map<String, Level> levels, Map<String, Double> medians) {}

    SegmentProfile with(@Nullable Given newGiven, @Nullable Boolean stillTrue, List<String> changes) {
        return new SegmentProfile(profileName, stillTrue, changes, levels, distinguishing, rule, reasons, newGiven);
    }

    SegmentProfile with(@Nullable List<Reason> newReasons) {
        return new SegmentProfile(
                profileName, nameStillTrue, nameChanges, levels, distinguishing, rule, newReasons, given);
    }
}
