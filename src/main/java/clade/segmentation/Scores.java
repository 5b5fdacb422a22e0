package clade.segmentation;

import clade.rfm.Binning;
import clade.rfm.RfmScheme;
import clade.statistics.Quantiles;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Scores of recency, frequency and monetary value. */
record Scores(int recency, int frequency, int monetary) {

    private static final int QUINTILES = 5;

    /** Of a customer with these values, one a feature; the features are all three. */
    static Scores of(RfmScheme scheme, List<Feature> features, double[] values) {
        return new Scores(
                scheme.recencyScore(values[features.indexOf(Feature.RECENCY)]),
                scheme.frequencyScore(values[features.indexOf(Feature.FREQUENCY)]),
                scheme.monetaryScore(values[features.indexOf(Feature.MONETARY)]));
    }

    /** Cuts of the three axes at their quantiles; {@code table} holds at least one customer. */
    static RfmScheme quantiles(int scores, FeatureTable table) {
        Binning quantile = new Binning.Quantile();
        return RfmScheme.fit(
                scores,
                quantile,
                quantile,
                quantile,
                table.size(),
                table.values(Feature.RECENCY),
                table.values(Feature.FREQUENCY),
                table.values(Feature.MONETARY));
    }

    /** Quintile score of each value among all of them, at least one. */
    static double[] quintiles(double[] values, boolean lowIsBest) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] cuts = Quantiles.cuts(sorted, QUINTILES);
        return Arrays.stream(values)
                .map(value -> {
                    long below = Arrays.stream(cuts).filter(cut -> cut < value).count();
                    return lowIsBest ? QUINTILES - below : 1 + below;
                })
                .toArray();
    }

    /** Of a customer of a table. */
    static Scores of(RfmScheme scheme, FeatureTable table, int row) {
        return new Scores(
                scheme.recencyScore(table.value(Feature.RECENCY, row)),
                scheme.frequencyScore(table.value(Feature.FREQUENCY, row)),
                scheme.monetaryScore(table.value(Feature.MONETARY, row)));
    }

    Map<String, Integer> byName() {
        Map<String, Integer> byName = new LinkedHashMap<>();
        byName.put("recency", recency);
        byName.put("frequency", frequency);
        byName.put("monetary", monetary);
        return byName;
    }

    /** The scores one after the other, such as 543. */
    String code() {
        return "" + recency + frequency + monetary;
    }
}
