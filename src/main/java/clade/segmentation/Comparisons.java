package clade.segmentation;

import clade.clustering.Agreement;
import clade.clustering.ContingencyTable;
import clade.datasets.Dataset;
import clade.datasets.Datasets;
import clade.segmentation.PublishedRuns.PublishedRun;
import clade.web.Cursor;
import clade.web.Refusal;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Compares two segmentations of a dataset, or two runs of one. */
@Service
class Comparisons {

    private final Datasets datasets;
    private final Segmentations segmentations;
    private final SegmentRepository segments;
    private final RunRepository runs;
    private final ComparisonRepository comparisons;

    Comparisons(
            Datasets datasets,
            Segmentations segmentations,
            SegmentRepository segments,
            RunRepository runs,
            ComparisonRepository comparisons) {
        this.datasets = datasets;
        this.segmentations = segmentations;
        this.segments = segments;
        this.runs = runs;
        this.comparisons = comparisons;
    }

    /** A segmentation and the number of a run, null for the current one with what happened since. */
    record Asked(String segmentation, @Nullable Integer run) {}

    /** A segment of a side of a list of members. */
    record Place(
            @Schema(example = "value") String segmentation,
            @Schema(example = "1") int run,
            @Schema(example = "c1") String segment) {}

    /** A customer in both segments. */
    record Member(
            @Schema(example = "12347") String customerId,

            @Schema(description = "As of the left run; those that it has not, as of the right one")
            Map<String, @Nullable Object> features) {}

    /** A page, and the cursor of the next one. */
    record Page(
            Place left,
            Place right,
            List<Member> customers,

            @Schema(description = "Cursor of the next page; null at the end") @Nullable
            String next) {}

    private record Side(Asked asked, Segmentations.Stored segmentation, Run run, ComparisonRepository.Side read) {}

    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    Comparison compare(String datasetKey, Asked leftAsked, Asked rightAsked) {
        Dataset dataset = datasets.get(datasetKey);
        Side left = side(datasetKey, leftAsked);
        Side right = side(datasetKey, rightAsked);
        ComparisonTable table = comparisons.table(left.read(), right.read());
        ContingencyTable counts = table.cells().isEmpty() ? null : table.counts();
        Double adjustedRand = counts == null ? null : Agreement.adjustedRand(counts);
        List<Comparison.Finding> findings =
                ComparisonFindings.of(table, adjustedRand, title(left, right), title(right, left), dataset.currency());
        return new Comparison(
                view(left, table),
                view(right, table.swapped()),
                table.customers(),
                table.onlyLeft(),
                table.onlyRight(),
                table.revenue(),
                dataset.currency(),
                adjustedRand,
                counts == null ? null : Agreement.adjustedMutualInformation(counts),
                counts == null ? null : Agreement.normalisedMutualInformation(counts),
                table.cells().stream()
                        .map(cell -> new Comparison.Cell(
                                table.left().get(cell.left()).key(),
                                table.right().get(cell.right()).key(),
                                cell.customers(),
                                cell.revenue()))
                        .toList(),
                findings.stream().map(Comparison.Finding::sentence).toList(),
                findings);
    }

    /** Customers of a left and a right segment, by customer id. */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    Page members(
            String dataset,
            Asked leftAsked,
            String leftSegment,
            Asked rightAsked,
            String rightSegment,
            int limit,
            @Nullable String cursor) {
        Side left = side(dataset, leftAsked);
        Side right = side(dataset, rightAsked);
        segments.check(left.read().run(), leftSegment);
        segments.check(right.read().run(), rightSegment);
        String after = cursor == null
                ? ""
                : after(cursor, left.run().number(), right.run().number());
        List<ComparisonRepository.Member> found =
                comparisons.members(left.read(), leftSegment, right.read(), rightSegment, after, limit + 1);
        List<Member> members = new ArrayList<>();
        found.stream()
                .limit(limit)
                .forEach(member -> members.add(new Member(
                        member.customer(), ComparisonRepository.features(left.read(), right.read(), member))));
        String next = found.size() <= limit
                ? null
                : Cursor.encode(
                        left.run().number(),
                        right.run().number(),
                        members.get(limit - 1).customerId());
        return new Page(
                new Place(left.segmentation().key(), left.run().number(), leftSegment),
                new Place(right.segmentation().key(), right.run().number(), rightSegment),
                members,
                next);
    }

    /** Hands over the whole list, by customer id, from one snapshot; {@code begin} hears the names of the features first. */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    void export(
            String dataset,
            Asked leftAsked,
            String leftSegment,
            Asked rightAsked,
            String rightSegment,
            Consumer<List<String>> begin,
            Consumer<Member> each) {
        Side left = side(dataset, leftAsked);
        Side right = side(dataset, rightAsked);
        segments.check(left.read().run(), leftSegment);
        segments.check(right.read().run(), rightSegment);
        begin.accept(ComparisonRepository.featureNames(left.read(), right.read()));
        comparisons.each(
                left.read(),
                leftSegment,
                right.read(),
                rightSegment,
                member -> each.accept(new Member(
                        member.customer(), ComparisonRepository.features(left.read(), right.read(), member))));
    }

    private static String after(String cursor, int left, int right) {
        List<String> parts = Cursor.decode(cursor, 3);
        if (Cursor.number(parts.get(0)) != left || Cursor.number(parts.get(1)) != right) {
            throw Refusal.of(
                    HttpStatus.GONE,
                    "run-replaced",
                    "The page before was of the runs %s and %s, these are %d and %d: start again without cursor"
                            .formatted(parts.get(0), parts.get(1), left, right));
        }
        return parts.get(2);
    }

    private Side side(String dataset, Asked asked) {
        Segmentations.Stored segmentation = segmentations.get(dataset, asked.segmentation());
        PublishedRun run = segments.published(segmentation, asked.run());
        List<ComparisonTable.Segment> known = segments.list(segmentation, asked.run()).segments().stream()
                .map(segment -> new ComparisonTable.Segment(segment.key(), segment.name(), segment.noise()))
                .toList();
        return new Side(
                asked,
                segmentation,
                runs.get(run.id()),
                new ComparisonRepository.Side(segmentation.id(), run, asked.run() != null, known));
    }

    private static Definition definition(Side side) {
        return Definition.stored(side.run().definition());
    }

    /** The name of a side, told apart from the other's. */
    private static String title(Side side, Side other) {
        String name = definition(side).name();
        if (!name.equals(definition(other).name())) {
            return name;
        }
        return side.segmentation().key().equals(other.segmentation().key())
                ? "%s (%s)"
                        .formatted(
                                name,
                                side.asked().run() == null
                                        ? "now"
                                        : "run " + side.run().number())
                : "%s (%s)".formatted(name, side.segmentation().key());
    }

    private static Comparison.Side view(Side side, ComparisonTable table) {
        return new Comparison.Side(
                side.segmentation().key(),
                definition(side).name(),
                definition(side).method().name(),
                side.run().number(),
                side.read().run().asOf(),
                table.groups());
    }
}
