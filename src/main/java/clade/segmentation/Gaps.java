package clade.segmentation;

import clade.clustering.UnsuitableData;
import clade.statistics.Quantiles;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A table without gaps.
 *
 * @param missing by the names of the features that lacked a value for somebody: for how many customers
 * @param excluded customers who were left out for that
 */
record Gaps(FeatureTable table, Map<String, Long> missing, long excluded) {

    /** Closes the gaps of some of a table's features; {@code localAsOf} in {@linkplain Feature#localMicros local microseconds}. */
    static Gaps close(FeatureTable table, List<Feature> features, Missing missing, long localAsOf) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Feature feature : features) {
            IntToDoubleFunction column = table.values(feature);
            long count = IntStream.range(0, table.size())
                    .filter(row -> Double.isNaN(column.applyAsDouble(row)))
                    .count();
            if (count > 0) {
                counts.put(feature.apiName(), count);
            }
            if (count == table.size() && count > 0) {
                throw new UnsuitableData(
                        "no-values",
                        "%s is missing for all of the %,d customers; leave it out of the features"
                                .formatted(feature.apiName(), count));
            }
        }
        if (counts.isEmpty()) {
            return new Gaps(table, counts, 0);
        }
        List<Feature> gappy = features.stream()
                .filter(feature -> counts.containsKey(feature.apiName()))
                .toList();
        if (missing == Missing.EXCLUDE) {
            List<IntToDoubleFunction> columns =
                    gappy.stream().map(table::values).toList();
            int[] whole = IntStream.range(0, table.size())
                    .filter(row -> columns.stream().noneMatch(column -> Double.isNaN(column.applyAsDouble(row))))
                    .toArray();
            return new Gaps(table.rows(whole), counts, table.size() - whole.length);
        }
        FeatureTable filled = table;
        for (Feature feature : gappy) {
            double[] column = filled(table, feature, missing);
            filled = feature.equals(Feature.RECENCY)
                    ? filled.with(feature, column, moments(table, column, localAsOf))
                    : filled.with(feature, column);
        }
        return new Gaps(filled, counts, 0);
    }

    private static double[] filled(FeatureTable table, Feature feature, Missing missing) {
        double[] column = table.column(feature);
        double[] known = Arrays.stream(column)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        double value;
        if (!table.isNumber(feature)) {
            value = missing == Missing.ZERO ? Double.NaN : mostFrequent(known);
        } else {
            value = missing == Missing.ZERO ? 0 : Quantiles.at(known, 1, 2);
        }
        Arrays.setAll(column, row -> Double.isNaN(column[row]) ? value : column[row]);
        return column;
    }

    /** The local microseconds that recencies stand for: where one was filled in, so many days before the as-of. */
    private static double[] moments(FeatureTable table, double[] recencies, long localAsOf) {
        IntToDoubleFunction facts = table.facts(Feature.RECENCY);
        double[] moments = new double[recencies.length];
        for (int row = 0; row < moments.length; row++) {
            double fact = facts.applyAsDouble(row);
            recencies[row] = Math.floor(recencies[row]);
            moments[row] = Double.isNaN(fact) ? Feature.daysBefore((long) recencies[row], localAsOf) : fact;
        }
        return moments;
    }

    /** The first of those that occur most often. */
    private static double mostFrequent(double[] sorted) {
        double most = sorted[0];
        int times = 0;
        for (int from = 0, to = 0; from < sorted.length; from = to) {
            while (to < sorted.length && sorted[to] == sorted[from]) {
                to++;
            }
            if (to - from > times) {
                times = to - from;
                most = sorted[from];
            }
        }
        return most;
    }
}
