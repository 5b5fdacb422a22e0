package clade.transactions;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What an upload brings. */
enum UploadKind {
    TRANSACTIONS,
    CUSTOMERS;

    /** The name in reports and in the table. */
    @JsonValue
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of a name that comes from the table. */
    static UploadKind get(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
