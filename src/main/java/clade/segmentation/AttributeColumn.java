package clade.segmentation;

import clade.clustering.UnsuitableData;
import clade.customers.AttributeType;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An attribute of customers as it is read: numbers, local microseconds of dates, or numbers of categories. */
final class AttributeColumn {

    /** Days beyond which a date is none: some 10,000 years. */
    private static final double MOST_DAYS = 3_652_425;

    private final AttributeType type;
    private final Map<String, Integer> numberOf = new HashMap<>();
    private double[] values = new double[0];

    AttributeColumn(AttributeType type) {
        this.type = type;
    }

    void set(int row, @Nullable String text) {
        if (row >= values.length) {
            int length = values.length;
            values = Arrays.copyOf(values, Math.max(1024, 2 * row));
            Arrays.fill(values, length, values.length, Double.NaN);
        }
        values[row] = text == null ? Double.NaN : value(text);
    }

    private double value(String text) {
        return switch (type) {
            case NUMBER -> Double.parseDouble(text) + 0.0;
            case DATE -> Feature.localMicros(local(text));
            case TEXT, BOOLEAN -> {
                Integer known = numberOf.get(text);
                if (known == null) {
                    known = numberOf.size();
                    numberOf.put(text, known);
                }
                yield known;
            }
        };
    }

    /** A date as it is stored: a day, or a day and a time, local to the dataset. */
    static LocalDateTime local(String text) {
        return text.indexOf('T') < 0 ? LocalDate.parse(text).atStartOfDay() : LocalDateTime.parse(text);
    }

    /** The table with this column as a feature. */
    FeatureTable addTo(FeatureTable table, Feature feature, long localAsOf) {
        double[] column = column(table.size());
        switch (type) {
            case NUMBER -> {
                return table.with(feature, column);
            }
            case DATE -> {
                Arrays.setAll(
                        column,
                        row -> Double.isNaN(column[row])
                                ? Double.NaN
                                : Feature.wholeDays((long) column[row], localAsOf));
                return table.withDays(feature, column);
            }
            default -> {
                // by name, not by who came first
                List<String> names = numberOf.keySet().stream().sorted().toList();
                double[] place = new double[names.size()];
                for (int i = 0; i < names.size(); i++) {
                    place[numberOf.getOrDefault(names.get(i), 0)] = i;
                }
                Arrays.setAll(column, row -> Double.isNaN(column[row]) ? Double.NaN : place[(int) column[row]]);
                return table.with(feature, column, names);
            }
        }
    }

    /** The table with this column as recency, frequency or monetary value. */
    FeatureTable addAs(Feature role, FeatureTable table, Feature attribute, long localAsOf) {
        double[] column = column(table.size());
        boolean recency = role.equals(Feature.RECENCY);
        if (type == AttributeType.NUMBER && !recency) {
            return table.with(role, column);
        }
        if (!recency || !(type == AttributeType.NUMBER || type == AttributeType.DATE)) {
            throw new UnsuitableData(
                    "unsuitable-attribute",
                    "%s is of type %s; the role %s needs a number%s"
                            .formatted(
                                    attribute.apiName(),
                                    type.label(),
                                    role.apiName(),
                                    recency ? " of days or a date" : ""));
        }
        double[] days = new double[column.length];
        for (int row = 0; row < column.length; row++) {
            if (type == AttributeType.NUMBER && Math.abs(column[row]) > MOST_DAYS) {
                throw new UnsuitableData(
                        "unsuitable-attribute",
                        "%s is %s for a customer, which can't be days of recency"
                                .formatted(attribute.apiName(), column[row]));
            }
            if (Double.isNaN(column[row])) {
                days[row] = Double.NaN;
            } else if (type == AttributeType.DATE) {
                days[row] = Feature.recencyDays((long) column[row], localAsOf);
            } else {
                days[row] = Math.max(0, Math.floor(column[row]));
                column[row] = Feature.daysBefore((long) days[row], localAsOf);
            }
        }
        return table.with(role, days, column);
    }

    private double[] column(int size) {
        double[] column = Arrays.copyOf(values, size);
        if (size > values.length) {
            Arrays.fill(column, values.length, size, Double.NaN);
        }
        return column;
    }
}
