package clade.segmentation.report;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where to begin: segments on a board of value against ease, each of its scores between 0 and 1 with 0.5 in the middle. */
public record Priorities(
        @Schema(example = "rfm") String segmentation,
        @Schema(example = "1") int run,
        @Schema(example = "1") long version,

        @Schema(description = "Null where the features know no time") @Nullable
        Instant asOf,

        @Schema(description = "Length of the periods that waiting is told from", example = "P90D")
        String period,

        Weights weights,

        @Schema(description = "Segments with customers, highest total first")
        List<Entry> board,

        @Schema(
                description = "Keys of the three to start with; noise is none of them, for it has no one action",
                example = "[\"champions\",\"loyal-customers\",\"cant-lose-them\"]")
        List<String> startWith,

        @Schema(description = "How each score is computed") Map<String, String> explanation) {

    private static final int TO_START_WITH = 3;

    private static final double MIDDLE = 0.5;

    private static final Map<String, Double> CHEAPNESS = Map.of("low", 1.0, "medium", 0.5, "high", 0.0);

    private static final Map<String, String> EXPLANATION = Map.of(
            "size",
            "share of the customers / (share + 1 / number of segments with customers): 0.5 for a segment as large as the average one",
            "revenue",
            "the same of the share of revenue in the run's window, the best evidence there is of what a segment can bring; 0 "
                    + "where it is negative; left out where revenue is not known",
            "reach",
            "how likely a member bought more recently than a customer drawn from all, ties counting half: who bought lately is "
                    + "reached most easily. Clade knows nothing of consents and addresses. Left out where there is no recency",
            "cost",
            "1 for a channel of low cost, 0.5 for medium, 0 for high, as the action matrix says; left out where it does not say",
            "value",
            "weighted mean of size and revenue",
            "ease",
            "weighted mean of reach and cost",
            "total",
            "mean of value and ease; equal totals stand in the order of their revenue",
            "quadrant",
            "start-here: value and ease of at least 0.5; worth-the-effort: value alone; automate: ease alone; later: neither",
            "waiting",
            "revenue in a period and in the one after it, observed and not forecast. From the newest validation of the same "
                    + "definition where there is one and segments keep their keys from run to run, else of the present members");

    /** What is known of a segment. {@code recency} is the score of reach; {@code cost} low, medium or high. */
    public record Input(
            String key,
            String name,
            boolean noise,
            long size,
            @Nullable Double revenue,
            @Nullable Double reach,
            @Nullable String cost,
            @Nullable String action,
            Waiting waiting) {}

    /** A segment on the board. */
    @Schema(name = "Priority")
    public record Entry(
            @Schema(example = "champions") String segment,
            @Schema(example = "Champions") String name,
            @Schema(example = "604") long size,
            @Schema(example = "0.14") double share,
            @Nullable Double revenue,
            @Nullable Double revenueShare,
            Scores scores,

            @Schema(
                    description = "Null where an axis has no score",
                    allowableValues = {"start-here", "worth-the-effort", "automate", "later"},
                    example = "start-here")
            @Nullable
            String quadrant,

            @Schema(description = "Title of its action", example = "Reward and listen") @Nullable
            String action,

            @Schema(description = "Its scores in a sentence")
            String sentence,

            Waiting waiting) {}

    /** Of a segment; null where it can't be told. */
    @Schema(name = "PriorityScores")
    public record Scores(
            @Schema(example = "0.58") double size,
            @Nullable @Schema(example = "0.83") Double revenue,
            @Nullable @Schema(example = "0.91") Double reach,
            @Nullable @Schema(example = "1.0") Double cost,
            @Nullable @Schema(example = "0.71") Double value,
            @Nullable @Schema(example = "0.96") Double ease,
            @Schema(example = "0.83") double total) {}

    /** Puts the segments with customers on the board. */
    public static Priorities of(
            String segmentation,
            int run,
            long version,
            @Nullable Instant asOf,
            String period,
            Weights weights,
            List<Input> segments,
            @Nullable String currency) {
        List<Input> present =
                segments.stream().filter(segment -> segment.size() > 0).toList();
        long customers = present.stream().mapToLong(Input::size).sum();
        double revenue = present.stream()
                .mapToDouble(segment -> segment.revenue() == null ? 0 : segment.revenue())
                .sum();
        List<Entry> board = new ArrayList<>();
        List<String> noise = new ArrayList<>();
        for (Input segment : present) {
            double share = (double) segment.size() / customers;
            Double revenueShare =
                    segment.revenue() == null || revenue <= 0 ? null : Double.valueOf(segment.revenue() / revenue);
            board.add(entry(segment, share, revenueShare, present.size(), weights, currency));
            if (segment.noise()) {
                noise.add(segment.key());
            }
        }
        board.sort(Comparator.comparingDouble((Entry entry) -> -entry.scores().total())
                .thenComparingDouble(entry -> entry.revenue() == null ? 0 : -entry.revenue())
                .thenComparing(Entry::segment));
        return new Priorities(
                segmentation,
                run,
                version,
                asOf,
                period,
                weights,
                board,
                board.stream()
                        .map(Entry::segment)
                        .filter(key -> !noise.contains(key))
                        .limit(TO_START_WITH)
                        .toList(),
                EXPLANATION);
    }

    private static Entry entry(
            Input segment,
            double share,
            @Nullable Double revenueShare,
            int segments,
            Weights weights,
            @Nullable String currency) {
        double size = againstEven(share, segments);
        Double revenue = revenueShare == null ? null : Double.valueOf(againstEven(revenueShare, segments));
        Double cost = segment.cost() == null ? null : CHEAPNESS.get(segment.cost());
        Double value = mean(size, weights.size(), revenue, weights.revenue());
        Double ease = mean(segment.reach(), weights.reach(), cost, weights.cost());
        double total =
                value == null || ease == null ? value != null ? value : ease != null ? ease : 0 : (value + ease) / 2;
        return new Entry(
                segment.key(),
                segment.name(),
                segment.size(),
                share,
                segment.revenue(),
                revenueShare,
                new Scores(size, revenue, segment.reach(), cost, value, ease, total),
                quadrant(value, ease),
                segment.action(),
                sentence(segment, share, revenueShare, currency),
                segment.waiting());
    }

    private static double againstEven(double share, int segments) {
        double positive = Math.max(0, share);
        return positive / (positive + 1.0 / segments);
    }

    private static @Nullable Double mean(@Nullable Double a, double weightOfA, @Nullable Double b, double weightOfB) {
        double weights = (a == null ? 0 : weightOfA) + (b == null ? 0 : weightOfB);
        return weights == 0
                ? null
                : Double.valueOf(((a == null ? 0 : a * weightOfA) + (b == null ? 0 : b * weightOfB)) / weights);
    }

    private static @Nullable String quadrant(@Nullable Double value, @Nullable Double ease) {
        if (value == null || ease == null) {
            return null;
        }
        return value >= MIDDLE
                ? ease >= MIDDLE ? "start-here" : "worth-the-effort"
                : ease >= MIDDLE ? "automate" : "later";
    }

    private static String sentence(
            Input segment, double share, @Nullable Double revenueShare, @Nullable String currency) {
        List<String> parts = new ArrayList<>();
        parts.add("%s (%s)".formatted(Figures.customers(segment.size()), Figures.percent(share)));
        if (segment.revenue() != null) {
            parts.add("brought %s%s"
                    .formatted(
                            Figures.money(segment.revenue(), currency),
                            revenueShare == null
                                    ? ""
                                    : " (%s of the revenue)".formatted(Figures.percent(revenueShare))));
        }
        if (segment.reach() != null) {
            parts.add("bought more recently than %s of all".formatted(Figures.percent(segment.reach())));
        }
        if (segment.cost() != null) {
            parts.add("%s cost to reach".formatted(segment.cost()));
        }
        return String.join("; ", parts) + ".";
    }
}
