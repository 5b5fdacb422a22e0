package clade.segmentation;

import clade.rfm.Binning;
import clade.rfm.CompositeScore;
import clade.rfm.RfmScheme;
import clade.rfm.RfmTable;
import clade.rfm.SegmentMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Scores customers and looks their segments up in a map. */
final class RfmSegmenter {

    /** The member value that weights give. */
    private static final String COMPOSITE = "compositeScore";

    private RfmSegmenter() {}

    /** {@code table} holds at least one customer. */
    static Outcome segment(Definition definition, Method.Rfm method, SegmentMap map, RfmTable table) {
        AxisBinnings binning = method.binning();
        RfmScheme scheme =
                RfmScheme.fit(method.scores(), binning.recency(), binning.frequency(), binning.monetary(), table);
        RfmModel model = new RfmModel(scheme, map, method.weights());
        int[] segmentOf = new int[table.size()];
        for (int row = 0; row < table.size(); row++) {
            segmentOf[row] =
                    model.segmentOf(table.recencyDays(row), (double) table.frequency(row), table.monetary(row));
        }
        SegmentProfiles profiles =
                new SegmentProfiles(table, segmentOf, map.segments().size());
        Outcome.Scores scores = scores(scheme, table);
        return new Outcome(
                segments(definition, map, table, profiles),
                segmentOf,
                scores,
                composite(method.weights(), scores, table.size()),
                Map.of(),
                warnings(method, scores, table.size()),
                model.write());
    }

    private static Map<String, double[]> composite(
            @Nullable CompositeScore weights, Outcome.Scores scores, int customers) {
        if (weights == null) {
            return Map.of();
        }
        double[] composite = new double[customers];
        Arrays.setAll(composite, row -> weights.of(scores.recency(row), scores.frequency(row), scores.monetary(row)));
        return Map.of(COMPOSITE, composite);
    }

    /** One for each axis on which equal values leave fewer bins than asked for. */
    private static List<String> warnings(Method.Rfm method, Outcome.Scores scores, int customers) {
        int[][] counts = new int[AxisBinnings.AXES.size()][method.scores() + 1];
        for (int row = 0; row < customers; row++) {
            counts[0][scores.recency(row)]++;
            counts[1][scores.frequency(row)]++;
            counts[2][scores.monetary(row)]++;
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
                                customers,
                                String.join(", ", used)));
            }
        }
        return warnings;
    }

    private static List<Segment> segments(
            Definition definition, SegmentMap map, RfmTable table, SegmentProfiles profiles) {
        Wording wording = new Wording(table, profiles);
        double total = profiles.totalRevenue();
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < map.segments().size(); i++) {
            SegmentMap.Segment named = map.segments().get(i);
            double revenue = profiles.revenue(i);
            segments.add(new Segment(
                    named.key(),
                    named.name(),
                    profiles.size(i),
                    profiles.share(i),
                    revenue,
                    total == 0 ? null : revenue / total,
                    false,
                    profiles.summaries(definition.features(), i),
                    null,
                    null,
                    wording.description(i),
                    Actions.find(named.key())));
        }
        return segments;
    }

    private static Outcome.Scores scores(RfmScheme scheme, RfmTable table) {
        return new Outcome.Scores() {
            @Override
            public int recency(int row) {
                return scheme.recencyScore(table.recencyDays(row));
            }

            @Override
            public int frequency(int row) {
                return scheme.frequencyScore((double) table.frequency(row));
            }

            @Override
            public int monetary(int row) {
                return scheme.monetaryScore(table.monetary(row));
            }
        };
    }
}
