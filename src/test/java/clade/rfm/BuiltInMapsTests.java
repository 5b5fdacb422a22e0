package clade.rfm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuiltInMapsTests {

    @ParameterizedTest
    @CsvSource({"3,rf-grid-3", "4,rf-grid-4", "5,rf-grid"})
    void threeFourAndFiveScoresHaveAMap(int scores, String key) {
        assertThat(BuiltInMaps.ofScores(scores)).map(SegmentMap::key).contains(key);
        assertThat(BuiltInMaps.find(key)).map(SegmentMap::scores).contains(scores);
    }

    @Test
    void otherNumbersOfScoresHaveNone() {
        assertThat(BuiltInMaps.ofScores(6)).isEmpty();
        assertThat(BuiltInMaps.find("rf-grid-6")).isEmpty();
    }

    @Test
    void theBestCellIsTheChampionsAndTheWorstIsTheLastSegment() {
        for (SegmentMap map : BuiltInMaps.list()) {
            int best = map.scores();
            assertThat(map.segmentOf(best, best, best)).as(map.key()).isZero();
            assertThat(map.segmentOf(1, 1, 1))
                    .as(map.key())
                    .isEqualTo(map.segments().size() - 1);
        }
    }

    @ParameterizedTest // cells of Klaviyo's own table
    @CsvSource({"323,champions", "232,loyal", "222,recent", "132,needs-attention", "231,at-risk", "121,inactive"})
    void klaviyosGroupsAreAsPublished(String code, String segment) {
        assertThat(segmentOf("klaviyo-6", code)).isEqualTo(segment);
    }

    @ParameterizedTest // one cell of each of the eleven published segments, and the three that copies disagree on
    @CsvSource({
        "445,champions",
        "335,loyal-customers",
        "323,potential-loyalists",
        "311,new-customers",
        "313,promising",
        "324,need-attention",
        "213,about-to-sleep",
        "124,at-risk",
        "113,cant-lose-them",
        "211,hibernating",
        "151,lost",
        "231,about-to-sleep",
        "241,about-to-sleep",
        "251,about-to-sleep"
    })
    void theElevenSegmentsAreAsPublished(String code, String segment) {
        assertThat(segmentOf("rfm-125", code)).isEqualTo(segment);
    }

    private static String segmentOf(String map, String code) {
        SegmentMap found = BuiltInMaps.find(map).orElseThrow();
        int index = found.segmentOf(code.charAt(0) - '0', code.charAt(1) - '0', code.charAt(2) - '0');
        return found.segments().get(index).key();
    }
}
