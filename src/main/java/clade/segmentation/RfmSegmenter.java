package clade.segmentation;

import clade.rfm.Binning;
import clade.rfm.RfmScheme;
import clade.rfm.SegmentMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Scores customers and looks their segments up in a map. */
final class RfmSegmenter {

    private RfmSegmenter() {}

    /** {@code table} holds at least one customer. */
    static Outcome segment(Definition definition, Method.Rfm method, SegmentMap map, FeatureTable table) {
        AxisBinnings binning = method.binning();
        IntToDoubleFunction recency = table.values(Feature.RECENCY);
        IntToDoubleFunction frequency = table.values(Feature.FREQUENCY);
        IntToDoubleFunction monetary = table.values(Feature.MONETARY);
        RfmScheme scheme = RfmScheme.fit(
                method.scores(),
                binning.recency(),
                binning.frequency(),
                binning.monetary(),
                table.size(),
                recency,
                frequency,
                monetary);
        RfmModel model = new RfmModel(scheme, map, method.weights());
        int[] segmentOf = new int[table.size()];
        for (int row = 0; row < table.size(); row++) {
            segmentOf[row] = model.segmentOf(
                    recency.applyAsDouble(row), frequency.applyAsDouble(row), monetary.applyAsDouble(row));
        }
        SegmentProfiles profiles =
                new SegmentProfiles(table, segmentOf, map.segments().size());
        return new Outcome(
                segments(definition, map, table, profiles, segmentOf),
                segmentOf,
                Map.of(),
                Map.of(),
                warnings(method, scheme, table),
                model.write());
    }

    /** One for each axis on which equal values leave fewer bins than asked for. */
    private static List<String> warnings(Method.Rfm method, RfmScheme scheme, FeatureTable table) {
        int[][] counts = new int[AxisBinnings.AXES.size()][method.scores() + 1];
        for (int row = 0; row < table.size(); row++) {
            Scores scores = Scores.of(scheme, table, row);
            counts[0][scores.recency()]++;
            counts[1][scores.frequency()]++;
            counts[2][scores.monetary()]++;
        }
        List<String> warnings = new ArrayList<>();
        for (int axis = 0; axis < counts.length; axis++) {
            int[] customersOf = counts[axis];
            List<String> used = IntStream.rangeClosed(1, method.scores())
                    .filter(score -> customersOf[score] > 0)
                    .mapToObj(score -> "%d has %,d".formatted(score, customersOf[score]))
                    .toList();
            boolean chosen = method.binning().all().get(axis) instanceof Binning.Fixed;
            if (!chosen && used.size() < method.scores()) {
                warnings.add("%s falls into %d of %d scores, for equal values score alike: of %,d customers score %s."
                        .formatted(
                                AxisBinnings.AXES.get(axis),
                                used.size(),
                                method.scores(),
                                table.size(),
                                String.join(", ", used)));
            }
        }
        return warnings;
    }

    private static List<Segment> segments(
            Definition definition, SegmentMap map, FeatureTable table, SegmentProfiles profiles, int[] segmentOf) {
        SortedColumns columns = new SortedColumns(table);
        Wording wording = new Wording(table, columns, profiles, definition.features());
        ProfileFinder finder = new ProfileFinder(
                definition, table, columns, profiles, segmentOf, map.segments().size(), -1);
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < map.segments().size(); i++) {
            SegmentMap.Segment named = map.segments().get(i);
            segments.add(new Segment(
                    named.key(),
                    named.name(),
                    profiles.size(i),
                    profiles.share(i),
                    profiles.revenue(i),
                    profiles.revenueShare(i),
                    profiles.paretoShare(i),
                    false,
                    profiles.summaries(definition.shownFeatures(), i),
                    null,
                    null,
                    wording.description(i),
                    Actions.find(named.key()),
                    finder.of(i, named.name(), wording.levels(i))));
        }
        return segments;
    }
}
