package clade.rfm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clade.rfm.SegmentMap.Axis;
import clade.rfm.SegmentMap.Block;
import clade.rfm.SegmentMap.Fault;
import clade.rfm.SegmentMap.Flaw;
import clade.rfm.SegmentMap.Range;
import clade.rfm.SegmentMap.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentMapTests {

    private static final List<Axis> RF = List.of(Axis.RECENCY, Axis.FREQUENCY);

    @Test
    void theGridNamesEveryCellAsPublished() {
        // rows: recency score 5 down to 1; columns: frequency score 1 to 5
        String[][] expected = {
            {"new-customers", "potential-loyalists", "potential-loyalists", "champions", "champions"},
            {"promising", "potential-loyalists", "potential-loyalists", "loyal-customers", "loyal-customers"},
            {"about-to-sleep", "about-to-sleep", "need-attention", "loyal-customers", "loyal-customers"},
            {"hibernating", "hibernating", "at-risk", "at-risk", "cant-lose-them"},
            {"hibernating", "hibernating", "at-risk", "at-risk", "cant-lose-them"}
        };
        SegmentMap map = BuiltInMaps.rfGrid();

        for (int recency = 5; recency >= 1; recency--) {
            for (int frequency = 1; frequency <= 5; frequency++) {
                assertThat(map.segments()
                                .get(map.segmentOf(recency, frequency, 1))
                                .key())
                        .as("R%d F%d", recency, frequency)
                        .isEqualTo(expected[5 - recency][frequency - 1]);
            }
        }
    }

    @Test
    void aMapWithAGapListsTheCells() {
        assertThatThrownBy(() -> new SegmentMap("gap", "", 2, RF, List.of(segment("a", block(1, 2, 1, 1)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the map gap must give each cell exactly one segment: R1 F2 is in none; R2 F2 is in none");
    }

    @Test
    void aMapWithAnOverlapListsTheCells() {
        assertThatThrownBy(() -> new SegmentMap(
                        "twice", "", 2, RF, List.of(segment("a", block(1, 2, 1, 2)), segment("b", block(2, 2, 2, 2)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("R2 F2 is in a and b");
    }

    @Test
    void flawsTellSegmentAndBlock() {
        List<Segment> segments = List.of(
                segment("a", block(1, 1, 1, 2), block(2, 2, 1, 3)), segment("b", block(2, 1, 1, 1), block(2, 2, 2, 2)));

        assertThat(SegmentMap.flaws(2, RF, segments))
                .containsExactly(
                        new Flaw(Fault.OUTSIDE_SCORES, 0, 1, "F 1 to 3 of a is not within 1 to 2, the lower one first"),
                        new Flaw(Fault.OUTSIDE_SCORES, 1, 0, "R 2 to 1 of b is not within 1 to 2, the lower one first"),
                        new Flaw(Fault.CELL_IN_TWO_SEGMENTS, 1, 1, "R2 F2 is in a and b"));
    }

    @Test
    void aMapOfThreeAxesLooksAtAllThree() {
        SegmentMap map = new SegmentMap(
                "rich",
                "",
                2,
                List.of(Axis.RECENCY, Axis.FREQUENCY, Axis.MONETARY),
                List.of(segment("poor", block(1, 2, 1, 2, 1, 1)), segment("rich", block(1, 2, 1, 2, 2, 2))));

        assertThat(map.segmentOf(1, 2, 2)).isEqualTo(1);
        assertThat(map.segmentOf(2, 2, 1)).isEqualTo(0);
    }

    @Test
    void valueIsTheMeanOfFrequencyAndMonetaryRoundedHalfUp() {
        Segment[] byValue = new Segment[5];
        for (int value = 1; value <= 5; value++) {
            byValue[value - 1] = segment("v" + value, block(1, 5, value, value));
        }
        SegmentMap map = new SegmentMap("value", "", 5, List.of(Axis.RECENCY, Axis.VALUE), List.of(byValue));

        for (int frequency = 1; frequency <= 5; frequency++) {
            for (int monetary = 1; monetary <= 5; monetary++) {
                long value = Math.round((frequency + monetary) / 2.0);
                assertThat(map.segmentOf(3, frequency, monetary)).isEqualTo((int) value - 1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void flawsAreThoseOfCountingEachCell(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 300; round++) {
            int scores = random.nextInt(2, 4);
            List<Segment> segments = new ArrayList<>();
            int[][] covered = new int[scores + 1][scores + 1];
            for (int s = 0; s < random.nextInt(1, 6); s++) {
                int r = random.nextInt(1, scores + 1);
                int f = random.nextInt(1, scores + 1);
                int toR = random.nextInt(r, scores + 1);
                int toF = random.nextInt(f, scores + 1);
                segments.add(segment("s" + s, block(r, toR, f, toF)));
                for (int i = r; i <= toR; i++) {
                    for (int j = f; j <= toF; j++) {
                        covered[i][j]++;
                    }
                }
            }
            int expected = 0;
            for (int i = 1; i <= scores; i++) {
                for (int j = 1; j <= scores; j++) {
                    expected += Math.abs(covered[i][j] - 1);
                }
            }

            assertThat(SegmentMap.flaws(scores, RF, segments)).hasSize(expected);
        }
    }

    private static Segment segment(String key, Block... blocks) {
        return new Segment(key, key, List.of(blocks));
    }

    /** From and to of each axis. */
    private static Block block(int... limits) {
        List<Range> ranges = new ArrayList<>();
        for (int i = 0; i < limits.length; i += 2) {
            ranges.add(new Range(limits[i], limits[i + 1]));
        }
        return new Block(ranges);
    }
}
