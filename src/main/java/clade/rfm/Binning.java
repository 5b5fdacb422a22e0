package clade.rfm;

import clade.statistics.NaturalBreaks;
import clade.statistics.Quantiles;
import java.util.Arrays;
import java.util.List;

/**
 * How the values of one axis are cut into bins. Every binning ends in the same form, cut points: a value lies beyond the cut
 * points that are strictly below it, so one that equals a cut point belongs to the bin under it.
 */
public sealed interface Binning {

    /**
     * The cut points of these values.
     *
     * @param sorted at least one value, finite, ascending
     * @param bins how many bins there are to be, at least 2
     * @return bins − 1 values, ascending; equal ones leave the bins between them empty
     */
    double[] cuts(double[] sorted, int bins);

    /** Bins of equally many values: quantiles 1/n … (n − 1)/n of {@linkplain Quantiles type 7}. */
    record Quantile() implements Binning {
        @Override
        public double[] cuts(double[] sorted, int bins) {
            return Quantiles.cuts(sorted, bins);
        }
    }

    /**
     * The quantiles plus 1, and a value that equals a cut point belongs to the bin above it: the rule of the R package rfm
     * 0.3.0. In the one form of cut points "at least c" is "above the double before c".
     */
    record RfmPackage() implements Binning {
        @Override
        public double[] cuts(double[] sorted, int bins) {
            return Arrays.stream(Quantiles.cuts(sorted, bins))
                    .map(cut -> Math.nextDown(cut + 1))
                    .toArray();
        }
    }

    /**
     * {@linkplain NaturalBreaks Natural breaks}. Fewer distinct values than bins are spread over the bins, the least in the
     * first and the greatest in the last; a single value lies in the first.
     */
    record NaturalBreak() implements Binning {
        @Override
        public double[] cuts(double[] sorted, int bins) {
            double[] breaks = NaturalBreaks.of(sorted, bins);
            if (breaks.length == bins - 1) {
                return breaks;
            }
            double[] cuts = new double[bins - 1];
            Arrays.setAll(cuts, i -> breaks.length == 0 ? sorted[0] : breaks[i * breaks.length / (bins - 1)]);
            return cuts;
        }
    }

    /** Cut points that somebody chose, whatever the values; strictly ascending, finite. */
    record Fixed(List<Double> cuts) implements Binning {
        public Fixed {
            cuts = List.copyOf(cuts);
            for (int i = 0; i < cuts.size(); i++) {
                if (!Double.isFinite(cuts.get(i)) || (i > 0 && cuts.get(i) <= cuts.get(i - 1))) {
                    throw new IllegalArgumentException("cut points must be finite and ascend, were " + cuts);
                }
            }
        }

        @Override
        public double[] cuts(double[] sorted, int bins) {
            if (cuts.size() != bins - 1) {
                throw new IllegalArgumentException(
                        "%d bins need %d cut points, there are %d".formatted(bins, bins - 1, cuts.size()));
            }
            return cuts.stream().mapToDouble(Double::doubleValue).toArray();
        }
    }
}
