package clade.rfm;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Names a segment for every cell of a grid of scores. A map that leaves a cell out or names two segments for one can't be made:
 * {@link #flaws} says why.
 */
public final class SegmentMap {

    private final String key;
    private final String description;
    private final int scores;
    private final List<Axis> axes;
    private final List<Segment> segments;
    private final int[] segmentOfCell;

    /** What a map looks at. */
    public enum Axis {
        RECENCY,
        FREQUENCY,
        MONETARY,
        /** The mean of frequency and monetary score, rounded half up. */
        VALUE;

        private int score(int recency, int frequency, int monetary) {
            return switch (this) {
                case RECENCY -> recency;
                case FREQUENCY -> frequency;
                case MONETARY -> monetary;
                case VALUE -> (frequency + monetary + 1) / 2;
            };
        }
    }

    /** A named segment and the blocks of cells that belong to it. */
    public record Segment(String key, String name, List<Block> blocks) {
        public Segment {
            blocks = List.copyOf(blocks);
        }
    }

    /** All cells whose scores lie in the ranges, one a map's axis, in its order. */
    public record Block(List<Range> ranges) {
        public Block {
            ranges = List.copyOf(ranges);
        }

        private boolean holds(int[] cell) {
            return IntStream.range(0, cell.length)
                    .allMatch(axis -> ranges.get(axis).from() <= cell[axis]
                            && cell[axis] <= ranges.get(axis).to());
        }
    }

    /** Scores from one to another, both included. */
    public record Range(int from, int to) {}

    /** How something can fail to be a map. */
    public enum Fault {
        OUTSIDE_SCORES,
        CELL_IN_NO_SEGMENT,
        CELL_IN_TWO_SEGMENTS
    }

    /**
     * A reason why something is no map.
     *
     * @param segment index of the segment at fault, −1 if none is
     * @param block index of its block at fault, −1 if none is
     * @param message a clause such as "R1 F2 is in none"
     */
    public record Flaw(Fault fault, int segment, int block, String message) {}

    /**
     * A map over a grid of scores; the segments' order is the order in which answers list them.
     *
     * @param description where it is from, for people
     * @param axes each once
     * @throws IllegalArgumentException that lists the {@linkplain #flaws flaws}
     */
    public SegmentMap(String key, String description, int scores, List<Axis> axes, List<Segment> segments) {
        this.key = key;
        this.description = description;
        this.scores = scores;
        this.axes = List.copyOf(axes);
        this.segments = List.copyOf(segments);
        List<Flaw> flaws = flaws(scores, axes, segments);
        if (!flaws.isEmpty()) {
            throw new IllegalArgumentException("the map %s must give each cell exactly one segment: %s"
                    .formatted(key, flaws.stream().map(Flaw::message).collect(Collectors.joining("; "))));
        }
        this.segmentOfCell = new int[cells(scores, axes)];
        for (int cell = 0; cell < segmentOfCell.length; cell++) {
            segmentOfCell[cell] =
                    covering(segments, coordinates(cell, scores, axes)).get(0)[0];
        }
    }

    /**
     * Why these segments don't give each cell exactly one: blocks outside the scores, cells that lie in no segment, and blocks
     * that cover a cell which an earlier block covers. Empty if they make a map.
     */
    public static List<Flaw> flaws(int scores, List<Axis> axes, List<Segment> segments) {
        List<Flaw> flaws = new ArrayList<>();
        for (int s = 0; s < segments.size(); s++) {
            List<Block> blocks = segments.get(s).blocks();
            for (int b = 0; b < blocks.size(); b++) {
                for (int axis = 0; axis < axes.size(); axis++) {
                    Range range = blocks.get(b).ranges().get(axis);
                    if (range.from() < 1 || range.from() > range.to() || range.to() > scores) {
                        flaws.add(new Flaw(
                                Fault.OUTSIDE_SCORES,
                                s,
                                b,
                                "%s %d to %d of %s is not within 1 to %d, the lower one first"
                                        .formatted(
                                                letter(axes.get(axis)),
                                                range.from(),
                                                range.to(),
                                                segments.get(s).key(),
                                                scores)));
                    }
                }
            }
        }
        for (int cell = 0; cell < cells(scores, axes); cell++) {
            int[] coordinates = coordinates(cell, scores, axes);
            List<int[]> covering = covering(segments, coordinates);
            String place = place(coordinates, axes);
            if (covering.isEmpty()) {
                flaws.add(new Flaw(Fault.CELL_IN_NO_SEGMENT, -1, -1, place + " is in none"));
            }
            for (int[] second : covering.subList(Math.min(1, covering.size()), covering.size())) {
                flaws.add(new Flaw(
                        Fault.CELL_IN_TWO_SEGMENTS,
                        second[0],
                        second[1],
                        "%s is in %s and %s"
                                .formatted(
                                        place,
                                        segments.get(covering.get(0)[0]).key(),
                                        segments.get(second[0]).key())));
            }
        }
        return flaws;
    }

    public String key() {
        return key;
    }

    /** Where it is from, for people. */
    public String description() {
        return description;
    }

    /** The best score, on every axis. */
    public int scores() {
        return scores;
    }

    public List<Axis> axes() {
        return axes;
    }

    /** In the order of answers. */
    public List<Segment> segments() {
        return segments;
    }

    /** Index in {@link #segments} of the segment of three scores, each in [1, {@link #scores}]. */
    public int segmentOf(int recencyScore, int frequencyScore, int monetaryScore) {
        int cell = 0;
        for (Axis axis : axes) {
            cell = cell * scores + axis.score(recencyScore, frequencyScore, monetaryScore) - 1;
        }
        return segmentOfCell[cell];
    }

    private static int cells(int scores, List<Axis> axes) {
        int cells = 1;
        for (int axis = 0; axis < axes.size(); axis++) {
            cells = Math.multiplyExact(cells, scores);
        }
        return cells;
    }

    private static int[] coordinates(int cell, int scores, List<Axis> axes) {
        int[] coordinates = new int[axes.size()];
        int rest = cell;
        for (int axis = coordinates.length - 1; axis >= 0; axis--) {
            coordinates[axis] = 1 + rest % scores;
            rest /= scores;
        }
        return coordinates;
    }

    /** Segment and block of each block that holds a cell. */
    private static List<int[]> covering(List<Segment> segments, int[] cell) {
        List<int[]> covering = new ArrayList<>();
        for (int s = 0; s < segments.size(); s++) {
            List<Block> blocks = segments.get(s).blocks();
            for (int b = 0; b < blocks.size(); b++) {
                if (blocks.get(b).holds(cell)) {
                    covering.add(new int[] {s, b});
                }
            }
        }
        return covering;
    }

    private static String place(int[] cell, List<Axis> axes) {
        return IntStream.range(0, cell.length)
                .mapToObj(axis -> letter(axes.get(axis)) + cell[axis])
                .collect(Collectors.joining(" "));
    }

    private static String letter(Axis axis) {
        return axis.name().substring(0, 1);
    }
}
