package clade.rfm;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Cut points that turn recency, frequency and monetary value into scores of 1 to n, n best on every axis.
 *
 * <p>With b the number of cut points strictly below a value (equal cut points each count), frequency and monetary value score
 * 1 + b and recency n − b. Equal values score alike, whatever the order of the customers.
 */
public final class RfmScheme {

    private final int scores;
    private final double[] recencyCuts;
    private final double[] frequencyCuts;
    private final double[] monetaryCuts;

    private RfmScheme(int scores, double[] recencyCuts, double[] frequencyCuts, double[] monetaryCuts) {
        this.scores = scores;
        this.recencyCuts = recencyCuts;
        this.frequencyCuts = frequencyCuts;
        this.monetaryCuts = monetaryCuts;
    }

    /** Cuts each axis at its quantiles; see {@link #fit}. */
    public static RfmScheme ofQuantiles(int scores, RfmTable table) {
        Binning quantile = new Binning.Quantile();
        return fit(scores, quantile, quantile, quantile, table);
    }

    /**
     * Cuts each axis by its own binning.
     *
     * @param scores n, 2 to 10
     * @param table at least one customer
     */
    public static RfmScheme fit(int scores, Binning recency, Binning frequency, Binning monetary, RfmTable table) {
        return fit(
                scores,
                recency,
                frequency,
                monetary,
                table.size(),
                table::recencyDays,
                row -> (double) table.frequency(row),
                table::monetary);
    }

    /** The same of columns: what each of so many customers has on an axis, none of it NaN. */
    public static RfmScheme fit(
            int scores,
            Binning recency,
            Binning frequency,
            Binning monetary,
            int customers,
            IntToDoubleFunction recencyDays,
            IntToDoubleFunction frequencies,
            IntToDoubleFunction money) {
        if (scores < 2 || scores > 10) {
            throw new IllegalArgumentException("scores must be between 2 and 10, was " + scores);
        }
        if (customers == 0) {
            throw new IllegalArgumentException("no customers, no cut points");
        }
        double[] values = new double[customers];
        return new RfmScheme(
                scores,
                cuts(recency, scores, values, recencyDays),
                cuts(frequency, scores, values, frequencies),
                cuts(monetary, scores, values, money));
    }

    /** A scheme with cut points that were found before: scores − 1 ascending values each. */
    public static RfmScheme ofCuts(double[] recencyCuts, double[] frequencyCuts, double[] monetaryCuts) {
        int scores = recencyCuts.length + 1;
        if (frequencyCuts.length != scores - 1 || monetaryCuts.length != scores - 1) {
            throw new IllegalArgumentException("all three axes need as many cut points, got %d, %d and %d"
                    .formatted(recencyCuts.length, frequencyCuts.length, monetaryCuts.length));
        }
        return new RfmScheme(scores, recencyCuts.clone(), frequencyCuts.clone(), monetaryCuts.clone());
    }

    /** n, the best score. */
    public int scores() {
        return scores;
    }

    /** Score of a recency in days: the fewer days, the better. */
    public int recencyScore(double days) {
        return scores - below(recencyCuts, days);
    }

    /** Score of a frequency: the more, the better. */
    public int frequencyScore(double frequency) {
        return 1 + below(frequencyCuts, frequency);
    }

    /** Score of a monetary value: the more, the better. */
    public int monetaryScore(double monetary) {
        return 1 + below(monetaryCuts, monetary);
    }

    /** Ascending, in days. */
    public double[] recencyCuts() {
        return recencyCuts.clone();
    }

    /** Ascending. */
    public double[] frequencyCuts() {
        return frequencyCuts.clone();
    }

    /** Ascending, in the dataset's currency. */
    public double[] monetaryCuts() {
        return monetaryCuts.clone();
    }

    private static double[] cuts(Binning binning, int scores, double[] values, IntToDoubleFunction axis) {
        Arrays.setAll(values, axis);
        Arrays.sort(values);
        return binning.cuts(values, scores);
    }

    private static int below(double[] cuts, double value) {
        int count = 0;
        for (double cut : cuts) {
            if (cut < value) {
                count++;
            }
        }
        return count;
    }
}
