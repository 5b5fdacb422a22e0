package clade.rfm;

import java.util.ArrayList;
import java.util.List;

/**
 * Names a segment for every cell of recency score x frequency score. A map that leaves a cell out or names two segments for
 * one can't be made.
 */
public final class SegmentMap {

    private final String key;
    private final int scores;
    private final List<Segment> segments;
    private final int[] segmentOfCell;

    /** A named segment and the blocks of cells that belong to it. */
    public record Segment(String key, String name, List<Block> blocks) {
        public Segment {
            blocks = List.copyOf(blocks);
        }
    }

    /** All cells whose scores lie between the limits, both included. */
    public record Block(int recencyFrom, int recencyTo, int frequencyFrom, int frequencyTo) {}

    /**
     * A map over scores x scores cells; the segments' order is the order in which answers list them.
     *
     * @throws IllegalArgumentException that lists the cells which no segment or more than one covers, and those outside
     */
    public SegmentMap(String key, int scores, List<Segment> segments) {
        this.key = key;
        this.scores = scores;
        this.segments = List.copyOf(segments);
        this.segmentOfCell = new int[scores * scores];
        List<String> faults = new ArrayList<>();
        for (int recency = 1; recency <= scores; recency++) {
            for (int frequency = 1; frequency <= scores; frequency++) {
                List<Segment> covering = covering(recency, frequency);
                if (covering.size() == 1) {
                    segmentOfCell[cell(recency, frequency)] = this.segments.indexOf(covering.get(0));
                } else {
                    faults.add("R%d F%d is in %s".formatted(recency, frequency, names(covering)));
                }
            }
        }
        for (Segment segment : segments) {
            for (Block block : segment.blocks()) {
                if (block.recencyFrom() < 1
                        || block.recencyTo() > scores
                        || block.frequencyFrom() < 1
                        || block.frequencyTo() > scores) {
                    faults.add("%s of %s lies outside 1 to %d".formatted(block, segment.key(), scores));
                }
            }
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(
                    "the map %s must give each cell exactly one segment: %s".formatted(key, String.join("; ", faults)));
        }
    }

    /** The built-in map of five scores, {@code rf-grid}. */
    public static SegmentMap rfGrid() {
        return new SegmentMap(
                "rf-grid",
                5,
                List.of(
                        segment("champions", "Champions", 5, 5, 4, 5),
                        segment("loyal-customers", "Loyal Customers", 3, 4, 4, 5),
                        segment("potential-loyalists", "Potential Loyalists", 4, 5, 2, 3),
                        segment("new-customers", "New Customers", 5, 5, 1, 1),
                        segment("promising", "Promising", 4, 4, 1, 1),
                        segment("need-attention", "Need Attention", 3, 3, 3, 3),
                        segment("about-to-sleep", "About To Sleep", 3, 3, 1, 2),
                        segment("at-risk", "At Risk", 1, 2, 3, 4),
                        segment("cant-lose-them", "Can't Lose Them", 1, 2, 5, 5),
                        segment("hibernating", "Hibernating", 1, 2, 1, 2)));
    }

    public String key() {
        return key;
    }

    public int scores() {
        return scores;
    }

    /** In the order of answers. */
    public List<Segment> segments() {
        return segments;
    }

    /** Index in {@link #segments} of the segment of a cell; both scores in [1, {@link #scores}]. */
    public int segmentOf(int recencyScore, int frequencyScore) {
        return segmentOfCell[cell(recencyScore, frequencyScore)];
    }

    private int cell(int recencyScore, int frequencyScore) {
        return (recencyScore - 1) * scores + frequencyScore - 1;
    }

    private List<Segment> covering(int recency, int frequency) {
        return segments.stream()
                .filter(segment -> segment.blocks().stream()
                        .anyMatch(block -> block.recencyFrom() <= recency
                                && recency <= block.recencyTo()
                                && block.frequencyFrom() <= frequency
                                && frequency <= block.frequencyTo()))
                .toList();
    }

    private static String names(List<Segment> covering) {
        return covering.isEmpty()
                ? "none"
                : String.join(" and ", covering.stream().map(Segment::key).toList());
    }

    private static Segment segment(
            String key, String name, int fromRecency, int toRecency, int fromFrequency, int toFrequency) {
        return new Segment(key, name, List.of(new Block(fromRecency, toRecency, fromFrequency, toFrequency)));
    }
}
