package clade.segmentation.report;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the data says of the cost of waiting: what a segment brought in a period and in the one after it.
 *
 * @param cost the revenue of the first period less that of the second, 0 if it grew; null if it can't be told
 */
@Schema(description = "What a segment brought in a period, and in the one after it")
public record Waiting(
        @Schema(
                description =
                        "By how much revenue fell from one period to the next; 0 if it grew, null if it can't be told")
        @Nullable
        Double cost,

        @Schema(
                description =
                        "validation: the customers who were in the segment at the start of the later period, whatever became of "
                                + "them; present-members: those who are in it now; null if it can't be told",
                allowableValues = {"validation", "present-members"},
                example = "present-members")
        @Nullable
        String basis,

        @Schema(description = "Number of the validation, if it rests on one") @Nullable
        Long validation,

        @Schema(description = "Start of the earlier period") @Nullable
        Instant from,

        @Schema(description = "End of the earlier period, start of the later one") @Nullable
        Instant middle,

        @Schema(description = "End of the later period") @Nullable
        Instant to,

        @Schema(description = "In the earlier period") @Nullable
        Double revenueBefore,

        @Schema(description = "In the later period") @Nullable
        Double revenueSince,

        @Schema(description = "How it was computed, or why it can't be")
        String sentence) {

    /** It can't be told; {@code reason} is a sentence. */
    public static Waiting unknown(String reason) {
        return new Waiting(null, null, null, null, null, null, null, null, reason);
    }

    /** Of customers who are in the segment now. */
    public static Waiting ofPresentMembers(
            Instant from,
            Instant middle,
            Instant to,
            String period,
            double before,
            double since,
            @Nullable String currency) {
        String change = since < before
                ? "%s less. Part of that is due to how they were chosen (who stopped buying is put here), so read it as the"
                                .formatted(Figures.money(before - since, currency))
                        + " most that waiting has cost; a validation tells what such a segment does next."
                : "%s. Nothing here says that waiting has cost anything."
                        .formatted(since == before ? "the same" : Figures.money(since - before, currency) + " more");
        return new Waiting(
                Math.max(0, before - since),
                "present-members",
                null,
                from,
                middle,
                to,
                before,
                since,
                "Its present members brought %s in the last %s and %s in the %s before: %s"
                        .formatted(
                                Figures.money(since, currency),
                                period,
                                Figures.money(before, currency),
                                period,
                                change));
    }

    /** Of the customers who were in the segment of this key when a validation looked back. */
    public static Waiting ofValidation(
            long validation,
            Instant from,
            Instant middle,
            Instant to,
            String period,
            double before,
            double since,
            @Nullable String currency) {
        String change = since < before
                ? "%s less, which is what %s of waiting cost."
                        .formatted(Figures.money(before - since, currency), period)
                : "%s. Waiting has cost nothing there."
                        .formatted(since == before ? "the same" : Figures.money(since - before, currency) + " more");
        return new Waiting(
                Math.max(0, before - since),
                "validation",
                validation,
                from,
                middle,
                to,
                before,
                since,
                "The customers who were in it on %s brought %s in the %s before and %s in the %s since: %s"
                        .formatted(
                                middle.toString().substring(0, 10),
                                Figures.money(before, currency),
                                period,
                                Figures.money(since, currency),
                                period,
                                change));
    }
}
