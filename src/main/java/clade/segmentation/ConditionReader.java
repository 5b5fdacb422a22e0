package clade.segmentation;

import clade.clustering.UnsuitableData;
import clade.customers.Attribute;
import clade.customers.AttributeValues;
import clade.customers.Attributes;
import clade.segmentation.conditions.Condition;
import clade.segmentation.conditions.ConditionException;
import clade.segmentation.conditions.Facts;
import clade.segmentation.conditions.Type;
import clade.segmentation.conditions.Vocabulary;
import clade.web.Refusal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Checks conditions against a dataset, and reads what they ask of its customers. */
@Component // not @Repository, which would turn a CancellationException into an error of data access
class ConditionReader {

    private static final int FETCH = 10_000;
    private static final int ISO_DATE = 10;

    private final JdbcClient jdbc;
    private final Attributes attributes;
    private final AttributeValues values;

    ConditionReader(JdbcClient jdbc, Attributes attributes, AttributeValues values) {
        this.jdbc = jdbc;
        this.attributes = attributes;
        this.values = values;
    }

    /** Refuses (400) a condition that names an attribute or a segmentation that the dataset does not have. */
    @Transactional(readOnly = true)
    void check(long dataset, Definition definition) {
        List<Placed> conditions = definition.conditions();
        if (conditions.isEmpty()) {
            return;
        }
        Vocabulary vocabulary = vocabulary(dataset);
        for (Placed placed : conditions) {
            try {
                placed.condition().check(vocabulary);
            } catch (ConditionException e) {
                throw Refusal.badField(
                        placed.pointer(),
                        "invalid-value",
                        "%s %s"
                                .formatted(
                                        placed.pointer()
                                                .substring(placed.pointer().lastIndexOf('/') + 1),
                                        e.getMessage()));
            }
        }
    }

    /**
     * The tests of these conditions and what they ask of the table's customers, from the snapshot of the caller's transaction.
     * {@link UnsuitableData} if one names what is no longer there, or a segmentation without a completed run.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    Matching matching(long dataset, List<Placed> conditions, FeatureTable table) {
        Vocabulary vocabulary = vocabulary(dataset);
        return new Matching(
                conditions.stream().map(placed -> compile(placed, vocabulary)).toList(),
                facts(dataset, conditions, table));
    }

    private static Predicate<Facts> compile(Placed placed, Vocabulary vocabulary) {
        try {
            return placed.condition().compile(vocabulary);
        } catch (ConditionException e) {
            throw new UnsuitableData("unknown-in-condition", "%s, %s".formatted(placed.pointer(), e.getMessage()));
        }
    }

    private Vocabulary vocabulary(long dataset) {
        Map<String, Type> types = attributes.list(dataset).stream()
                .collect(Collectors.toMap(Attribute::name, attribute -> type(attribute)));
        Set<String> segmentations = new TreeSet<>(jdbc.sql("select key from segmentation where dataset_id = :dataset")
                .param("dataset", dataset)
                .query(String.class)
                .list());
        return new Vocabulary(Feature.words(), Feature.periodWords(), types, segmentations);
    }

    private static Type type(Attribute attribute) {
        return switch (attribute.type()) {
            case NUMBER -> Type.NUMBER;
            case TEXT -> Type.TEXT;
            case BOOLEAN -> Type.BOOLEAN;
            case DATE -> Type.DATE;
        };
    }

    private CustomerFacts facts(long dataset, List<Placed> conditions, FeatureTable table) {
        Map<String, IntToDoubleFunction> numbers = new HashMap<>();
        Set<String> attributesUsed = new TreeSet<>();
        Set<String> segmentationsUsed = new TreeSet<>();
        for (Placed placed : conditions) {
            Condition condition = placed.condition();
            condition.features().forEach(name -> numbers.put(name, table.values(Feature.parse(name))));
            attributesUsed.addAll(condition.attributes());
            segmentationsUsed.addAll(condition.segmentations());
        }
        CustomerRows rowOf = new CustomerRows(table);
        Map<String, String[]> segments = new HashMap<>();
        segmentationsUsed.forEach(key -> segments.put(key, segments(dataset, key, table, rowOf)));
        return new CustomerFacts(numbers, attributes(dataset, attributesUsed, table, rowOf), segments);
    }

    private String[] segments(long dataset, String key, FeatureTable table, CustomerRows rowOf) {
        Long id = jdbc.sql("""
                        select id from segmentation where dataset_id = :dataset and key = :key and current_run is not null""")
                .param("dataset", dataset)
                .param("key", key)
                .query(Long.class)
                .optional()
                .orElseThrow(() -> new UnsuitableData(
                        "no-completed-run",
                        "A condition asks for segments of %s, which has no completed run: run it first"
                                .formatted(key)));
        String[] segments = new String[table.size()];
        Map<String, String> known = new HashMap<>();
        jdbc.sql(
                        "select customer_id, segment from membership where segmentation_id = :segmentation and until_run is null")
                .param("segmentation", id)
                .withFetchSize(FETCH)
                .query(row -> {
                    int at = rowOf.find(row.getLong(1));
                    if (at >= 0) {
                        segments[at] = known.computeIfAbsent(row.getString(2), segment -> segment);
                    }
                });
        return segments;
    }

    private Map<String, Object[]> attributes(long dataset, Set<String> names, FeatureTable table, CustomerRows rowOf) {
        if (names.isEmpty()) {
            return Map.of();
        }
        Map<String, Type> types = new LinkedHashMap<>();
        attributes.list(dataset).stream()
                .filter(attribute -> names.contains(attribute.name()))
                .forEach(attribute -> types.put(attribute.name(), type(attribute)));
        List<String> order = new ArrayList<>(types.keySet());
        Map<String, Object[]> columns = new HashMap<>();
        order.forEach(name -> columns.put(name, new Object[table.size()]));
        Map<Object, Object> known = new HashMap<>();
        values.read(dataset, order, (customer, texts) -> {
            int row = rowOf.find(customer);
            if (row >= 0) {
                for (int i = 0; i < texts.size(); i++) {
                    String name = order.get(i);
                    Objects.requireNonNull(columns.get(name))[row] = value(types.get(name), texts.get(i), known);
                }
            }
        });
        return columns;
    }

    /** The value of a stored text; equal ones are one object while there are few. */
    private static @Nullable Object value(@Nullable Type type, @Nullable String text, Map<Object, Object> known) {
        if (text == null || type == null) {
            return null;
        }
        Object value = switch (type) {
            case NUMBER -> Double.valueOf(text);
            case BOOLEAN -> Boolean.valueOf(text);
            case DATE -> LocalDate.parse(text.substring(0, ISO_DATE)); // days are compared, not times
            case TEXT, ANY -> text;
        };
        if (known.size() < FETCH) {
            known.putIfAbsent(value, value);
        }
        return known.getOrDefault(value, value);
    }
}
