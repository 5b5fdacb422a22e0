package clade.segmentation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where the median of a group lies among the values of all customers. */
enum Level {
    /** At or below the first tenth of all values. */
    LOWEST,
    /** At or below the first third. */
    LOW,
    MIDDLE,
    /** At or above the second third. */
    HIGH,
    /** At or above the last tenth. */
    HIGHEST;

    /** The same without the finer parts. */
    Level coarse() {
        return this == LOWEST ? LOW : this == HIGHEST ? HIGH : this;
    }

    boolean isLow() {
        return this == LOWEST || this == LOW;
    }

    boolean isHigh() {
        return this == HIGHEST || this == HIGH;
    }

    @JsonValue
    String apiName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
