package clade.segmentation;

import clade.statistics.DecimalSum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds those who bought nothing in the window to what a run found, as a segment of their own, before noise. */
final class Lapsed {

    /** Key of their segment. */
    static final String KEY = "lapsed";

    private Lapsed() {}

    /** A run's customers with the lapsed behind them, and what was found of all. */
    record Extended(FeatureTable table, Outcome outcome) {}

    static Extended extend(Definition definition, FeatureTable table, FeatureTable lapsed, Outcome found) {
        FeatureTable all = table.and(lapsed);
        int place = (int)
                found.segments().stream().filter(segment -> !segment.noise()).count();
        int[] segmentOf = Arrays.copyOf(found.segmentOf(), all.size());
        for (int row = 0; row < segmentOf.length; row++) {
            segmentOf[row] = row >= table.size() ? place : segmentOf[row] + (segmentOf[row] >= place ? 1 : 0);
        }
        Map<String, double[]> memberValues = new HashMap<>();
        found.memberValues().forEach((name, values) -> {
            double[] longer = Arrays.copyOf(values, all.size());
            Arrays.fill(longer, table.size(), all.size(), Double.NaN);
            memberValues.put(name, longer);
        });
        return new Extended(
                all,
                new Outcome(
                        segments(definition, all, lapsed, found, place),
                        segmentOf,
                        memberValues,
                        found.quality(),
                        found.warnings(),
                        found.model(),
                        found.reasonOf() == null ? null : Arrays.copyOf(found.reasonOf(), all.size())));
    }

    /** All segments, their shares counted over everybody. */
    private static List<Segment> segments(
            Definition definition, FeatureTable all, FeatureTable lapsed, Outcome found, int place) {
        double total = DecimalSum.of(all.column(Feature.MONETARY));
        List<Segment> segments = new ArrayList<>();
        for (Segment segment : found.segments()) {
            double revenue = segment.revenue() == null ? 0 : segment.revenue();
            segments.add(segment.counted(
                    segment.size(), (double) segment.size() / all.size(), revenue, share(revenue, total)));
        }
        double revenue = DecimalSum.of(lapsed.column(Feature.MONETARY));
        Map<String, Segment.@Nullable Summary> summaries = new LinkedHashMap<>();
        SegmentProfiles profiles = new SegmentProfiles(lapsed, new int[lapsed.size()], 1);
        definition
                .features()
                .forEach(feature -> summaries.put(
                        feature.apiName(),
                        lapsed.size() > 0 && lapsed.has(feature) ? profiles.summary(feature, 0) : null));
        segments.add(
                place,
                new Segment(
                        KEY,
                        "Lapsed",
                        lapsed.size(),
                        (double) lapsed.size() / all.size(),
                        revenue,
                        share(revenue, total),
                        null,
                        false,
                        summaries,
                        null,
                        null,
                        "%,d customers whose purchases all lie before the window of %s."
                                .formatted(lapsed.size(), definition.window()),
                        Actions.find("hibernating"),
                        SegmentProfile.none("Lapsed")));
        return segments;
    }

    private static @Nullable Double share(double revenue, double total) {
        return total == 0 ? null : (Double) (revenue / total);
    }
}
