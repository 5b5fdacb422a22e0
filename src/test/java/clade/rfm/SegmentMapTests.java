package clade.rfm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clade.rfm.SegmentMap.Block;
import clade.rfm.SegmentMap.Segment;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentMapTests {

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
        SegmentMap map = SegmentMap.rfGrid();

        for (int recency = 5; recency >= 1; recency--) {
            for (int frequency = 1; frequency <= 5; frequency++) {
                assertThat(map.segments().get(map.segmentOf(recency, frequency)).key())
                        .as("R%d F%d", recency, frequency)
                        .isEqualTo(expected[5 - recency][frequency - 1]);
            }
        }
    }

    @Test
    void aMapWithAGapListsTheCells() {
        assertThatThrownBy(() -> new SegmentMap("gap", 2, List.of(segment("a", new Block(1, 2, 1, 1)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the map gap must give each cell exactly one segment: R1 F2 is in none; R2 F2 is in none");
    }

    @Test
    void aMapWithAnOverlapListsTheCells() {
        assertThatThrownBy(() -> new SegmentMap(
                        "twice", 2, List.of(segment("a", new Block(1, 2, 1, 2)), segment("b", new Block(2, 2, 2, 2)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("R2 F2 is in a and b");
    }

    @Test
    void aBlockOutsideTheScoresIsRefused() {
        assertThatThrownBy(() -> new SegmentMap("wide", 2, List.of(segment("a", new Block(1, 3, 1, 2)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("outside 1 to 2");
    }

    private static Segment segment(String key, Block... blocks) {
        return new Segment(key, key, List.of(blocks));
    }
}
