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
 * @param memberValues n values each, by name: what the method says of each member
 * @param quality measures by name
 * @param warnings sentences for the user
 * @param model what is needed to assign customers later without a new fit
 * @param reasonOf why each customer of noise is there, null for others; null where the purchases can't tell
 */
@SuppressWarnings("ArrayRecordComponent") // a run's columns, handed over once and never compared
record Outcome(
        List<Segment> segments,
        int[] segmentOf,
        Map<String, double[]> memberValues,
        Map<String, Double> quality,
        List<String> warnings,
        byte[] model,
        String @Nullable [] reasonOf) {

    /** Without reasons of noise. */
    Outcome(
            List<Segment> segments,
            int[] segmentOf,
            Map<String, double[]> memberValues,
            Map<String, Double> quality,
            List<String> warnings,
            byte[] model) {
        this(segments, segmentOf, memberValues, quality, warnings, model, null);
    }

    /** The same with the reasons of its noise. */
    Outcome with(List<Segment> otherSegments, String[] reasons) {
        return new Outcome(otherSegments, segmentOf, memberValues, quality, warnings, model, reasons);
    }

    /** Why the customer of a row is in noise; null if it is not, or nobody can say. */
    @Nullable
    String reason(int row) {
        return reasonOf == null ? null : reasonOf[row];
    }

    /** The same with one more warning, before the others. */
    Outcome withWarning(String warning) {
        List<String> all = new ArrayList<>(List.of(warning));
        all.addAll(warnings);
        return new Outcome(segments, segmentOf, memberValues, quality, all, model, reasonOf);
    }
}
