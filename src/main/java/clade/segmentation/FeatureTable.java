package clade.segmentation;

import clade.rfm.RfmTable;
import clade.statistics.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The customers that a run is about, with a column for each feature that is known of them. Rows stand in no order that means
 * anything. The values of text and booleans are places in a list of {@linkplain #categories categories}.
 */
final class FeatureTable {

    private final int size;
    private final IntToLongFunction customers;
    private final Map<Feature, IntToDoubleFunction> values;
    private final Map<Feature, IntToDoubleFunction> facts;
    private final Map<Feature, List<String>> categories;
    private final Set<Feature> dates;

    private FeatureTable(
            int size,
            IntToLongFunction customers,
            Map<Feature, IntToDoubleFunction> values,
            Map<Feature, IntToDoubleFunction> facts,
            Map<Feature, List<String>> categories,
            Set<Feature> dates) {
        this.size = size;
        this.customers = customers;
        this.values = Map.copyOf(values);
        this.facts = Map.copyOf(facts);
        this.categories = Map.copyOf(categories);
        this.dates = Set.copyOf(dates);
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
                Map.of(Feature.RECENCY, row -> (double) purchases.lastPurchase(row)),
                Map.of(),
                Set.of());
    }

    /** Customers of whom nothing is known yet but their numbers. */
    static FeatureTable of(long[] customers) {
        return new FeatureTable(customers.length, row -> customers[row], Map.of(), Map.of(), Map.of(), Set.of());
    }

    /** The same with further columns, a value for each row, NaN where it is missing. */
    FeatureTable with(Map<Feature, double[]> columns) {
        Map<Feature, IntToDoubleFunction> all = new HashMap<>(values);
        Map<Feature, IntToDoubleFunction> allFacts = new HashMap<>(facts);
        columns.forEach((feature, column) -> {
            all.put(feature, row -> column[row]);
            allFacts.remove(feature);
        });
        return new FeatureTable(size, customers, all, allFacts, categories, dates);
    }

    FeatureTable with(Feature feature, double[] column) {
        return with(Map.of(feature, column));
    }

    /** The same with a column and what is stored of it. */
    FeatureTable with(Feature feature, double[] column, double[] stored) {
        Map<Feature, IntToDoubleFunction> allFacts = new HashMap<>(with(feature, column).facts);
        allFacts.put(feature, row -> stored[row]);
        return new FeatureTable(size, customers, with(feature, column).values, allFacts, categories, dates);
    }

    /** The same with a column of categories, whose values are places in the list of them. */
    FeatureTable with(Feature feature, double[] column, List<String> names) {
        Map<Feature, List<String>> all = new HashMap<>(categories);
        all.put(feature, List.copyOf(names));
        return new FeatureTable(size, customers, with(feature, column).values, facts, all, dates);
    }

    /** The same with a column of days since a date. */
    FeatureTable withDays(Feature feature, double[] column) {
        Set<Feature> all = new HashSet<>(dates);
        all.add(feature);
        return new FeatureTable(size, customers, with(feature, column).values, facts, categories, all);
    }

    /** Some of the customers. */
    FeatureTable rows(int[] rows) {
        return new FeatureTable(
                rows.length,
                row -> customers.applyAsLong(rows[row]),
                of(values, rows),
                of(facts, rows),
                categories,
                dates);
    }

    /** These customers, then others, of whom a feature is missing that is not known there. */
    FeatureTable and(FeatureTable others) {
        return new FeatureTable(
                size + others.size,
                row -> row < size ? customers.applyAsLong(row) : others.customers.applyAsLong(row - size),
                joined(values, others.values),
                joined(facts, others.facts),
                categories,
                dates);
    }

    private Map<Feature, IntToDoubleFunction> joined(
            Map<Feature, IntToDoubleFunction> first, Map<Feature, IntToDoubleFunction> second) {
        Map<Feature, IntToDoubleFunction> both = new HashMap<>();
        first.forEach((feature, column) -> {
            IntToDoubleFunction other = second.getOrDefault(feature, row -> Double.NaN);
            both.put(feature, row -> row < size ? column.applyAsDouble(row) : other.applyAsDouble(row - size));
        });
        return both;
    }

    private static Map<Feature, IntToDoubleFunction> of(Map<Feature, IntToDoubleFunction> columns, int[] rows) {
        Map<Feature, IntToDoubleFunction> some = new HashMap<>();
        columns.forEach((feature, column) -> some.put(feature, row -> column.applyAsDouble(rows[row])));
        return some;
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

    /** Whether somebody has a value of this feature. */
    boolean isKnownOfSome(Feature feature) {
        return IntStream.range(0, size).anyMatch(row -> !Double.isNaN(value(feature, row)));
    }

    /** Whether recency, frequency and monetary value are known. */
    boolean hasRfm() {
        return values.keySet().containsAll(Feature.RFM);
    }

    /** Whether there is money to sum; not where a dataset has no purchases. */
    boolean hasRevenue() {
        return has(Feature.MONETARY);
    }

    /** The categories of a feature that is text or boolean; empty for a number. */
    List<String> categories(Feature feature) {
        return categories.getOrDefault(feature, List.of());
    }

    Map<Feature, List<String>> categories() {
        return categories;
    }

    /** Whether the values are the days since a date of the customer. */
    boolean isDate(Feature feature) {
        return dates.contains(feature);
    }

    boolean isNumber(Feature feature) {
        return !categories.containsKey(feature);
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

    /** Of those that are to be kept of members, the ones that are known here. */
    List<Feature> kept(Definition definition) {
        return definition.keptFeatures().stream().filter(this::has).toList();
    }

    /**
     * A column of what is clustered: a number, or the indicator of one category, 1 where the feature is that and 0 elsewhere.
     *
     * @param category its place; −1 for a number
     */
    record MatrixColumn(Feature feature, int category, String name) {}

    /** The columns that features become, in their order. */
    List<MatrixColumn> columns(List<Feature> features) {
        List<MatrixColumn> columns = new ArrayList<>();
        for (Feature feature : features) {
            List<String> names = categories(feature);
            if (isNumber(feature)) {
                columns.add(new MatrixColumn(feature, -1, feature.apiName()));
            }
            for (int i = 0; i < names.size(); i++) {
                columns.add(new MatrixColumn(feature, i, indicator(feature, names.get(i))));
            }
        }
        return columns;
    }

    /** What the indicator of a category is called. */
    static String indicator(Feature feature, String category) {
        return feature.apiName() + "=" + category;
    }

    /** What a column of a matrix is, row by row. */
    IntToDoubleFunction values(MatrixColumn column) {
        IntToDoubleFunction feature = values(column.feature());
        return column.category() < 0 ? feature : row -> feature.applyAsDouble(row) == column.category() ? 1 : 0;
    }

    /** One row a customer, the {@linkplain #columns columns} of the features. */
    Matrix matrix(List<Feature> features) {
        return matrix(features, size, row -> row);
    }

    /** The same of some rows. */
    Matrix matrix(List<Feature> features, int[] rows) {
        return matrix(features, rows.length, i -> rows[i]);
    }

    private Matrix matrix(List<Feature> features, int count, IntUnaryOperator rowOf) {
        List<MatrixColumn> columns = columns(features);
        double[] matrix = new double[Math.multiplyExact(count, columns.size())];
        for (int j = 0; j < columns.size(); j++) {
            IntToDoubleFunction column = values(columns.get(j));
            for (int i = 0; i < count; i++) {
                matrix[i * columns.size() + j] = column.applyAsDouble(rowOf.applyAsInt(i));
            }
        }
        return Matrix.of(count, columns.size(), matrix);
    }
}
