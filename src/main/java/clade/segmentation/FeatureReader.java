package clade.segmentation;

import clade.clustering.UnsuitableData;
import clade.customers.Attribute;
import clade.customers.AttributeValues;
import clade.customers.Attributes;
import clade.datasets.Dataset;
import clade.rfm.RfmTable;
import clade.transactions.PurchaseFeature;
import clade.transactions.PurchaseFeatures;
import clade.transactions.PurchaseHistory;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Reads features of customers from their purchases and attributes. */
@Component
class FeatureReader {

    private final PurchaseHistory history;
    private final Attributes attributes;
    private final AttributeValues values;

    FeatureReader(PurchaseHistory history, Attributes attributes, AttributeValues values) {
        this.history = history;
        this.attributes = attributes;
        this.values = values;
    }

    /**
     * Those who purchased in the window, if anything is computed from that, else everybody; NaN where a feature is missing.
     * Scores are not there yet: {@link #withScores}. The transaction gives all of it from one snapshot.
     *
     * @param asOf null only where nothing depends on it
     * @param purchases whether the dataset has any transactions
     */
    @Transactional(propagation = Propagation.MANDATORY)
    FeatureTable read(Dataset dataset, @Nullable Instant asOf, FeatureRequest wanted, boolean purchases) {
        Map<Feature, AttributeColumn> columns = columns(dataset.id(), wanted.attributes());
        List<String> names = columns.keySet().stream().map(Feature::attribute).toList();
        List<AttributeColumn> inOrder = List.copyOf(columns.values());
        long localAsOf = asOf == null ? 0 : Feature.localMicros(asOf, dataset.timeZone());
        FeatureTable table;
        if (wanted.needsPurchases()) {
            table = purchased(dataset, Objects.requireNonNull(asOf), wanted);
            if (!names.isEmpty()) {
                CustomerRows rowOf = new CustomerRows(table);
                values.read(dataset.id(), names, (customer, all) -> set(inOrder, rowOf.find(customer), all));
            }
        } else {
            Longs customers = new Longs();
            values.read(dataset.id(), names, (customer, all) -> set(inOrder, customers.add(customer), all));
            table = FeatureTable.of(customers.values());
            if (purchases && asOf != null && !wanted.roles().has(Feature.MONETARY)) {
                table = withRevenue(table, dataset, asOf, wanted);
            }
        }
        for (Map.Entry<Feature, AttributeColumn> column : columns.entrySet()) {
            table = column.getValue().addTo(table, column.getKey(), localAsOf);
        }
        return withRoles(table, wanted, columns, localAsOf);
    }

    /** The same with quintile scores among these customers, of features none of which is missing. */
    static FeatureTable withScores(FeatureTable table, List<Feature> scores) {
        FeatureTable scored = table;
        for (Feature score : scores) {
            if (table.size() > 0) {
                double[] column = table.column(score.base());
                scored =
                        scored.with(score, Scores.quintiles(column, score.base().equals(Feature.RECENCY)));
            }
        }
        return scored;
    }

    private FeatureTable purchased(Dataset dataset, Instant asOf, FeatureRequest wanted) {
        Map<Feature, PurchaseFeature> further = new LinkedHashMap<>();
        for (Feature feature : wanted.all()) {
            PurchaseFeature computed = feature.purchases();
            if (computed != null) {
                further.put(feature, computed);
            }
        }
        if (further.isEmpty()) {
            return FeatureTable.of(history.rfm(
                    dataset.id(), dataset.timeZone(), asOf, wanted.window(), wanted.returns(), wanted.frequency()));
        }
        PurchaseFeatures found = history.features(
                dataset.id(),
                dataset.timeZone(),
                asOf,
                wanted.window(),
                wanted.returns(),
                wanted.frequency(),
                further.values().stream().distinct().toList());
        Map<Feature, double[]> columns = new HashMap<>();
        further.forEach((feature, computed) ->
                columns.put(feature, Objects.requireNonNull(found.columns().get(computed))));
        return FeatureTable.of(found.table()).with(columns);
    }

    /** With the monetary value of everybody, 0 without a purchase in the window. */
    private FeatureTable withRevenue(FeatureTable table, Dataset dataset, Instant asOf, FeatureRequest wanted) {
        RfmTable bought = history.rfm(
                dataset.id(), dataset.timeZone(), asOf, wanted.window(), wanted.returns(), wanted.frequency());
        CustomerRows rowOf = new CustomerRows(table);
        double[] monetary = new double[table.size()];
        for (int i = 0; i < bought.size(); i++) {
            int row = rowOf.find(bought.customer(i));
            if (row >= 0) {
                monetary[row] = bought.monetary(i);
            }
        }
        return table.with(Feature.MONETARY, monetary);
    }

    private Map<Feature, AttributeColumn> columns(long dataset, List<Feature> wanted) {
        Map<Feature, AttributeColumn> columns = new LinkedHashMap<>();
        for (Feature feature : wanted) {
            Attribute attribute = attributes
                    .find(dataset, feature.attribute())
                    .orElseThrow(() -> new UnsuitableData(
                            "unknown-attribute", unknown(attributes.list(dataset), feature.attribute())));
            columns.put(feature, new AttributeColumn(attribute.type()));
        }
        return columns;
    }

    /** Says that there is no attribute of a name, and which there are. */
    static String unknown(List<Attribute> known, String name) {
        return known.isEmpty()
                ? "There is no attribute %s: the dataset's customers have none; POST customers brings them"
                        .formatted(name)
                : "There is no attribute %s; the dataset's customers have %s"
                        .formatted(name, known.stream().map(Attribute::name).collect(Collectors.joining(", ")));
    }

    private static void set(List<AttributeColumn> columns, int row, List<@Nullable String> texts) {
        if (row >= 0) {
            for (int i = 0; i < texts.size(); i++) {
                columns.get(i).set(row, texts.get(i));
            }
        }
    }

    /** Roles of features that are wanted; and the monetary one, from which revenue comes: who has none of it brought nothing. */
    private static FeatureTable withRoles(
            FeatureTable table, FeatureRequest wanted, Map<Feature, AttributeColumn> columns, long localAsOf) {
        List<Feature> needed = wanted.needed();
        FeatureTable all = table;
        for (Map.Entry<Feature, Feature> entry : wanted.roles().attributes().entrySet()) {
            Feature role = entry.getKey();
            AttributeColumn column = Objects.requireNonNull(columns.get(entry.getValue()));
            if (needed.contains(role)) {
                all = column.addAs(role, all, entry.getValue(), localAsOf);
            } else if (role.equals(Feature.MONETARY)) {
                double[] money =
                        column.addAs(role, all, entry.getValue(), localAsOf).column(role);
                Arrays.setAll(money, row -> Double.isNaN(money[row]) ? 0 : money[row]);
                all = all.with(role, money);
            }
        }
        return all;
    }

    /** A growing list. */
    private static final class Longs {

        private long[] values = new long[1024];
        private int size;

        /** Returns the place of the value. */
        int add(long value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size] = value;
            return size++;
        }

        long[] values() {
            return Arrays.copyOf(values, size);
        }
    }
}
