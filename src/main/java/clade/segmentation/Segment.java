package clade.segmentation;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A segment as the API shows it. */
record Segment(
        @Schema(example = "champions") String key,
        @Schema(example = "Champions") String name,

        @Schema(description = "Customers in it", example = "604")
        long size,

        @Schema(description = "Its part of the run's customers, 0 to 1", example = "0.1392346703550023") @Nullable
        Double share,

        @Schema(description = "Sum of its members' monetary value in the run's window", example = "4303871.89")
        @Nullable
        Double revenue,

        @Schema(description = "Its part of the run's revenue", example = "0.48296205676637827") @Nullable
        Double revenueShare,

        @Schema(
                description =
                        "The least part of its customers, the best ones, that brings 80 % of its revenue; null without revenue. As the"
                                + " run was published",
                example = "0.31")
        @Nullable
        Double paretoShare,

        @Schema(description = "Whether it holds the customers that are in no cluster")
        boolean noise,

        @Schema(
                description =
                        "By feature, in its own units; null for an empty segment. As the run was published: live changes are"
                                + " counted in size, share, revenue and revenueShare alone")
        Map<String, @Nullable Summary> features,

        @Schema(description = "Centre of a cluster in prepared units, by feature or component; null for maps") @Nullable
        Map<String, Double> centre,

        @Schema(description = "The named RFM segment that most of a cluster's members would be in") @Nullable
        Persona persona,

        String description,
        @Nullable Action action,
        @JsonUnwrapped SegmentProfile profile) {

    /** With its members counted anew, and all that describes them as it was. */
    Segment counted(long newSize, @Nullable Double newShare, double newRevenue, @Nullable Double newRevenueShare) {
        return new Segment(
                key,
                name,
                newSize,
                newShare,
                newRevenue,
                newRevenueShare,
                paretoShare,
                noise,
                features,
                centre,
                persona,
                description,
                action,
                profile);
    }

    /** The same under another name, with another profile. */
    Segment with(String otherName, SegmentProfile otherProfile) {
        return new Segment(
                key,
                otherName,
                size,
                share,
                revenue,
                revenueShare,
                paretoShare,
                noise,
                features,
                centre,
                persona,
                description,
                action,
                otherProfile);
    }

    /** One feature within a segment. */
    record Summary(double mean, double median, double p10, double p90) {}

    /** A named RFM segment, and the part of a cluster that it would hold. */
    record Persona(
            @Schema(example = "Champions") String segment,
            @Schema(example = "0.82") double share) {}

    /** The same with another action. */
    Segment with(@Nullable Action other) {
        return new Segment(
                key,
                name,
                size,
                share,
                revenue,
                revenueShare,
                paretoShare,
                noise,
                features,
                centre,
                persona,
                description,
                other,
                profile);
    }

    /** What to do about a segment. What a dataset has not said of its own action is null. */
    record Action(
            @Schema(example = "Reward and listen") String title,

            @Schema(example = "Keep them buying at their own pace, and let them bring others") @Nullable
            String goal,

            @Schema(example = "Personal e-mail, before everybody else hears") @Nullable
            String channel,

            @Schema(example = "Early access, or a gift with the next order") @Nullable
            String offer,

            @Schema(example = "Discounts: they buy at full price") @Nullable
            String avoid,

            @Schema(
                    description = "Of reaching them through this channel, per customer",
                    allowableValues = {"low", "medium", "high"},
                    example = "low")
            @Nullable
            String cost,

            List<String> steps) {}
}
