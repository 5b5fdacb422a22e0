package clade.segmentation;

import clade.clustering.Progress;
import clade.clustering.Stability;
import clade.rfm.RfmScheme;
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
     * @param table recency, frequency and monetary value of the customers
     * @param segmentOf the customers' segments, by index into the map's
     */
    static RfmStability of(
            long seed,
            Method.Rfm method,
            RfmModel model,
            FeatureTable table,
            int[] segmentOf,
            int segments,
            Progress progress) {
        double[] recency = table.column(Feature.RECENCY);
        double[] frequency = table.column(Feature.FREQUENCY);
        double[] monetary = table.column(Feature.MONETARY);
        int customers = table.size();
        int[] sizes = new int[segments];
        Arrays.stream(segmentOf).forEach(segment -> sizes[segment]++);
        double[] kept = new double[segments];
        AxisBinnings binning = method.binning();
        for (int draw = 0; draw < Stability.SAMPLES; draw++) {
            progress.at("stability", (double) draw / Stability.SAMPLES);
            Draws draws = Draws.of(seed, draw);
            int[] drawn = new int[customers];
            Arrays.setAll(drawn, i -> draws.below(customers, i));
            RfmScheme scheme = RfmScheme.fit(
                    method.scores(),
                    binning.recency(),
                    binning.frequency(),
                    binning.monetary(),
                    customers,
                    i -> recency[drawn[i]],
                    i -> frequency[drawn[i]],
                    i -> monetary[drawn[i]]);
            RfmModel again = new RfmModel(scheme, model.map(), null);
            for (int i = 0; i < customers; i++) {
                if (again.segmentOf(recency[i], frequency[i], monetary[i]) == segmentOf[i]) {
                    kept[segmentOf[i]]++;
                }
            }
        }
        double all = Arrays.stream(kept).sum() / Stability.SAMPLES / customers;
        for (int segment = 0; segment < segments; segment++) {
            kept[segment] = sizes[segment] == 0 ? 0 : kept[segment] / Stability.SAMPLES / sizes[segment];
        }
        return new RfmStability(all, kept, sizes);
    }
}
