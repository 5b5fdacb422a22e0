package clade.segmentation;

import clade.segmentation.conditions.Facts;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What conditions may ask of the customers of a table; stands on one of its rows at a time. Not for several threads. */
final class CustomerFacts implements Facts {

    private final Map<String, IntToDoubleFunction> numbers;
    private final Map<String, Object[]> attributes;
    private final Map<String, String[]> segments;
    private int row;

    /** Columns by the names of features, of attributes and by the keys of segmentations; a null where a value is missing. */
    CustomerFacts(
            Map<String, IntToDoubleFunction> numbers,
            Map<String, Object[]> attributes,
            Map<String, String[]> segments) {
        this.numbers = numbers;
        this.attributes = attributes;
        this.segments = segments;
    }

    /** Goes to a row. */
    CustomerFacts at(int next) {
        row = next;
        return this;
    }

    @Override
    public double number(String feature) {
        return column(numbers, feature).applyAsDouble(row);
    }

    @Override
    public @Nullable Object attribute(String name) {
        return column(attributes, name)[row];
    }

    @Override
    public @Nullable String segment(String segmentation) {
        return column(segments, segmentation)[row];
    }

    private static <T> T column(Map<String, T> columns, String name) {
        T column = columns.get(name);
        if (column == null) {
            throw new IllegalStateException("nothing was read of " + name);
        }
        return column;
    }
}
