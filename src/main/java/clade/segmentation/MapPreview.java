package clade.segmentation;

import clade.rfm.SegmentMap;
import clade.web.Refusal;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Service;

/** Tells who would move between which segments if a segmentation used another map. */
@Service
class MapPreview {

    private final ScoreGrid grid;

    MapPreview(ScoreGrid grid) {
        this.grid = grid;
    }

    /** What a map would change. */
    record Preview(
            @Schema(description = "Key of the map that is tried out", example = "rfm-125")
            String map,

            @Schema(example = "rfm") String segmentation,
            @Schema(example = "1") int run,

            @Schema(description = "Customers of the run", example = "4338")
            long customers,

            @Schema(description = "Customers whose segment would have another key", example = "1200")
            long moved,

            @Schema(description = "Their revenue", example = "1200.5")
            double movedRevenue,

            @Schema(
                    description =
                            "By segment now, in the order of the run's map, and then, in the order of the new one; "
                                    + "those who stay included")
            List<Move> moves) {}

    /** Customers with the same segment now and then. */
    record Move(
            @Schema(description = "Key of the segment now", example = "champions")
            String from,

            @Schema(description = "Key of the segment under the map that is tried out", example = "loyal-customers")
            String to,

            @Schema(example = "62") long customers,

            @Schema(description = "Sum of their monetary value", example = "61043.2")
            double revenue) {}

    /** 409 without a run of method rfm, 400 where the map has another number of scores. */
    Preview of(Segmentations.Stored segmentation, SegmentMap map) {
        ScoreGrid.Scored scored = grid.read(segmentation);
        int scores = scored.model().scheme().scores();
        if (scores != map.scores()) {
            throw Refusal.badField(
                    "/segmentation",
                    "scores-do-not-fit",
                    "segmentation %s has %d scores and the map %s is of %d"
                            .formatted(segmentation.key(), scores, map.key(), map.scores()));
        }
        List<String> now = keys(scored.model().map());
        List<String> then = keys(map);
        Map<List<Integer>, List<double[]>> cells = new LinkedHashMap<>();
        scored.monetary()
                .forEach((cell, monetary) -> cells.computeIfAbsent(
                                List.of(
                                        now.indexOf(cell.segment()),
                                        map.segmentOf(cell.recency(), cell.frequency(), cell.monetary())),
                                pair -> new ArrayList<>())
                        .add(monetary));
        List<Move> moves = new ArrayList<>();
        List<double[]> moving = new ArrayList<>();
        for (int from = 0; from < now.size(); from++) {
            for (int to = 0; to < then.size(); to++) {
                List<double[]> group = cells.getOrDefault(List.of(from, to), List.of());
                if (!group.isEmpty()) {
                    moves.add(new Move(now.get(from), then.get(to), customers(group), ScoreGrid.Scored.revenue(group)));
                }
                if (!now.get(from).equals(then.get(to))) {
                    moving.addAll(group);
                }
            }
        }
        return new Preview(
                map.key(),
                segmentation.key(),
                scored.run().number(),
                customers(List.copyOf(scored.monetary().values())),
                customers(moving),
                ScoreGrid.Scored.revenue(moving),
                moves);
    }

    private static long customers(List<double[]> cells) {
        return cells.stream().mapToLong(cell -> cell.length).sum();
    }

    private static List<String> keys(SegmentMap map) {
        return map.segments().stream().map(SegmentMap.Segment::key).toList();
    }
}
