package clade.segmentation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run found, before it is published.
 *
 * @param segments in the order of answers
 * @param segmentOf n indices into {@code segments}, one a row of the run's table
 * @param scores n codes of recency, frequency and monetary score (each 1 to 10); null unless the method is rfm
 * @param memberValues n values each, by name: what the method says of each member
 * @param quality measures by name
 * @param warnings sentences for the user
 * @param model what is needed to assign customers later without a new fit
 */
@SuppressWarnings("ArrayRecordComponent") // a run's columns, handed over once and never compared
record Outcome(
        List<Segment> segments,
        int[] segmentOf,
        @Nullable Scores scores,
        Map<String, double[]> memberValues,
        Map<String, Double> quality,
        List<String> warnings,
        byte[] model) {

    /** The same with one more warning, before the others. */
    Outcome withWarning(String warning) {
        List<String> all = new ArrayList<>(List.of(warning));
        all.addAll(warnings);
        return new Outcome(segments, segmentOf, scores, memberValues, quality, all, model);
    }

    /** Three scores a customer. */
    interface Scores {
        int recency(int row);

        int frequency(int row);

        int monetary(int row);
    }
}
