package clade.segmentation;

import clade.rfm.RfmTable;
import clade.statistics.Matrix;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;

/**
 * The customers that a run is about, with a column for each feature that is known of them. Rows stand in no order that means
 * anything.
 */
final class FeatureTable {

    private final int size;
    private final IntToLongFunction customers;
    private final Map<Feature, IntToDoubleFunction> values;
    private final Map<Feature, IntToDoubleFunction> facts;

    /**
     * @param customers number of the customer in each row
     * @param values of each feature, NaN where it is missing
     * @param facts what is stored of a feature, if that is something else than its value: numbers that stay the same while the
     *     customer does nothing
     */
    FeatureTable(
            int size,
            IntToLongFunction customers,
            Map<Feature, IntToDoubleFunction> values,
            Map<Feature, IntToDoubleFunction> facts) {
        this.size = size;
        this.customers = customers;
        this.values = Map.copyOf(values);
        this.facts = Map.copyOf(facts);
    }

    /** Recency, frequency and monetary value of those who purchased; takes no memory beyond that table's. */
    static FeatureTable of(RfmTable purchases) {
        return new FeatureTable(
                purchases.size(),
                purchases::customer,
                Map.of(
                        Feature.RECENCY, purchases::recencyDays,
                        Feature.FREQUENCY, row -> (double) purchases.frequency(row),
                        Feature.MONETARY, purchases::monetary),
                Map.of(Feature.RECENCY, row -> (double) purchases.lastPurchase(row)));
    }

    /** The same with further columns, a value for each row, NaN where it is missing. */
    FeatureTable with(Map<Feature, double[]> columns) {
        Map<Feature, IntToDoubleFunction> all = new HashMap<>(values);
        columns.forEach((feature, column) -> all.put(feature, row -> column[row]));
        return new FeatureTable(size, customers, all, facts);
    }

    /** Number of customers. */
    int size() {
        return size;
    }

    /** Number of the customer in this row. */
    long customer(int row) {
        return customers.applyAsLong(row);
    }

    /** What is known of these customers. */
    Set<Feature> features() {
        return values.keySet();
    }

    boolean has(Feature feature) {
        return values.containsKey(feature);
    }

    /** Value of a feature in each row, NaN where it is missing; IllegalArgumentException if the table has no such column. */
    IntToDoubleFunction values(Feature feature) {
        IntToDoubleFunction column = values.get(feature);
        if (column == null) {
            throw new IllegalArgumentException("no column %s, there are %s".formatted(feature, values.keySet()));
        }
        return column;
    }

    double value(Feature feature, int row) {
        return values(feature).applyAsDouble(row);
    }

    /** A feature's values, for the caller to change. */
    double[] column(Feature feature) {
        double[] column = new double[size];
        Arrays.setAll(column, values(feature));
        return column;
    }

    /** What is stored of a feature in each row: a number that stays the same while the customer does nothing. */
    IntToDoubleFunction facts(Feature feature) {
        IntToDoubleFunction fact = facts.get(feature);
        return fact == null ? values(feature) : fact;
    }

    /** One row a customer, one column a feature. */
    Matrix matrix(List<Feature> features) {
        return matrix(features, size, row -> row);
    }

    /** The same of some rows. */
    Matrix matrix(List<Feature> features, int[] rows) {
        return matrix(features, rows.length, i -> rows[i]);
    }

    private Matrix matrix(List<Feature> features, int count, IntUnaryOperator rowOf) {
        double[] matrix = new double[Math.multiplyExact(count, features.size())];
        for (int column = 0; column < features.size(); column++) {
            IntToDoubleFunction feature = values(features.get(column));
            for (int i = 0; i < count; i++) {
                matrix[i * features.size() + column] = feature.applyAsDouble(rowOf.applyAsInt(i));
            }
        }
        return Matrix.of(count, features.size(), matrix);
    }
}
