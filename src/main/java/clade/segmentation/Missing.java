package clade.segmentation;

import java.util.Locale;

/** What happens to customers of whom a feature is missing. */
enum Missing {
    /** They are left out. */
    EXCLUDE,

    /** They get the median of the others; of text and booleans what most of the others have. */
    MEDIAN,

    /** They get 0; of text and booleans none of the values. */
    ZERO;

    static Missing read(Fields fields) {
        return valueOf(
                fields.choice("missing", "exclude", "exclude", "median", "zero").toUpperCase(Locale.ROOT));
    }

    String apiName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
