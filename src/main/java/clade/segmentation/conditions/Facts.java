package clade.segmentation.conditions;

import org.jspecify.annotations.Nullable;

/** What is known of one customer. */
public interface Facts {

    /** Value of a feature by its name ({@code frequency}, {@code ordersIn:P90D}); NaN: missing. */
    double number(String feature);

    /** Value of an attribute: Number, String, Boolean or LocalDate by its type; null: missing. */
    @Nullable
    Object attribute(String name);

    /** Key of the segment of another segmentation that the customer is in; null: in none. */
    @Nullable
    String segment(String segmentation);
}
