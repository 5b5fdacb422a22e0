package clade.segmentation;

import clade.rfm.BuiltInMaps;
import clade.rfm.RfmScheme;
import clade.rfm.SegmentMap;
import org.jspecify.annotations.Nullable;

/** The named RFM segment that most members of each group would be in, by quintiles of a run's customers. */
final class Personas {

    private static final SegmentMap MAP = BuiltInMaps.rfGrid();

    private final int[][] counts;
    private final int[] sizes;

    /** {@code groupOf} holds a group in [0, groups) for each row of the table. */
    Personas(FeatureTable table, int[] groupOf, int groups) {
        counts = new int[groups][MAP.segments().size()];
        sizes = new int[groups];
        if (!table.hasRfm()) {
            return;
        }
        RfmScheme scheme = Scores.quantiles(MAP.scores(), table);
        for (int row = 0; row < groupOf.length; row++) {
            Scores scores = Scores.of(scheme, table, row);
            counts[groupOf[row]][MAP.segmentOf(scores.recency(), scores.frequency(), scores.monetary())]++;
            sizes[groupOf[row]]++;
        }
    }

    /** Null for an empty group, and where recency, frequency and monetary value are not known of all. */
    Segment.@Nullable Persona find(int group) {
        if (sizes[group] == 0) {
            return null;
        }
        int most = 0;
        for (int named = 1; named < counts[group].length; named++) {
            if (counts[group][named] > counts[group][most]) {
                most = named;
            }
        }
        return new Segment.Persona(MAP.segments().get(most).name(), (double) counts[group][most] / sizes[group]);
    }

    /** What to do about those who are like this. */
    static Segment.@Nullable Action action(Segment.Persona persona) {
        return MAP.segments().stream()
                .filter(segment -> segment.name().equals(persona.segment()))
                .findFirst()
                .map(segment -> Actions.find(segment.key()))
                .orElse(null);
    }
}
