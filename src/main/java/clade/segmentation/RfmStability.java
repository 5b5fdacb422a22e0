package clade.segmentation;

import clade.clustering.Progress;
import clade.clustering.Stability;
import clade.rfm.RfmScheme;
import clade.rfm.RfmTable;
import clade.statistics.Draws;
import java.util.Arrays;

/**
 * Which part of the customers stays in its segment when the cut points of the scores are found anew from customers drawn with
 * replacement: the mean over {@link Stability#SAMPLES} draws.
 *
 * @param all of all customers
 * @param ofSegments of those of each segment; 0 for an empty one
 * @param sizes customers of each segment
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once and never compared
record RfmStability(double all, double[] ofSegments, int[] sizes) {

    /**
     * Finds it.
     *
     * @param values features in the definition's order, one array a customer
     * @param segmentOf the customers' segments, by index into the map's
     */
    static RfmStability of(
            Definition definition,
            Method.Rfm method,
            RfmModel model,
            double[][] values,
            int[] segmentOf,
            int segments,
            Progress progress) {
        int recency = definition.features().indexOf(Feature.RECENCY);
        int frequency = definition.features().indexOf(Feature.FREQUENCY);
        int monetary = definition.features().indexOf(Feature.MONETARY);
        int[] sizes = new int[segments];
        Arrays.stream(segmentOf).forEach(segment -> sizes[segment]++);
        double[] kept = new double[segments];
        AxisBinnings binning = method.binning();
        for (int draw = 0; draw < Stability.SAMPLES; draw++) {
            progress.at("stability", (double) draw / Stability.SAMPLES);
            Draws draws = Draws.of(definition.seed(), draw);
            RfmTable drawn = new RfmTable();
            for (int i = 0; i < values.length; i++) {
                double[] of = values[draws.below(values.length, i)];
                drawn.add(i, 0, (int) of[recency], (long) of[frequency], of[monetary]);
            }
            RfmScheme scheme =
                    RfmScheme.fit(method.scores(), binning.recency(), binning.frequency(), binning.monetary(), drawn);
            RfmModel again = new RfmModel(scheme, model.map(), null);
            for (int i = 0; i < values.length; i++) {
                double[] of = values[i];
                if (again.segmentOf(of[recency], of[frequency], of[monetary]) == segmentOf[i]) {
                    kept[segmentOf[i]]++;
                }
            }
        }
        double all = Arrays.stream(kept).sum() / Stability.SAMPLES / values.length;
        for (int segment = 0; segment < segments; segment++) {
            kept[segment] = sizes[segment] == 0 ? 0 : kept[segment] / Stability.SAMPLES / sizes[segment];
        }
        return new RfmStability(all, kept, sizes);
    }
}
