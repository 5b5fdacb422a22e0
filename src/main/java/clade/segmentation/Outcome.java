package clade.segmentation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a run found, before it is published.
 *
 * @param segments in the order of answers
 * @param segmentOf n indices into {@code segments}, one a row of the run's table
 * @param memberValues n values each, by name: what the method says of each member
 * @param quality measures by name
 * @param warnings sentences for the user
 * @param model what is needed to assign customers later without a new fit
 */
@SuppressWarnings("ArrayRecordComponent") // a run's columns, handed over once and never compared
record Outcome(
        List<Segment> segments,
        int[] segmentOf,
        Map<String, double[]> memberValues,
        Map<String, Double> quality,
        List<String> warnings,
        byte[] model) {

    /** The same with one more warning, before the others. */
    Outcome withWarning(String warning) {
        List<String> all = new ArrayList<>(List.of(warning));
        all.addAll(warnings);
        return new Outcome(segments, segmentOf, memberValues, quality, all, model);
    }
}
