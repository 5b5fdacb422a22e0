package clade.customers;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What the values of an attribute are. */
public enum AttributeType {
    NUMBER("number"),
    TEXT("string"),
    BOOLEAN("boolean"),

    /** A day, or a day and a time, local to the dataset. */
    DATE("string");

    private final String json;

    AttributeType(String json) {
        this.json = json;
    }

    /** The name in requests, answers and tables: {@code number}. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of that name, if there is one. */
    public static Optional<AttributeType> find(String label) {
        return Arrays.stream(values())
                .filter(type -> type.label().equals(label))
                .findFirst();
    }

    /** The type of a name that comes from a table. */
    static AttributeType get(String label) {
        return find(label).orElseThrow(() -> new IllegalArgumentException("There is no attribute type " + label));
    }

    /** What {@code jsonb_typeof} says of a stored value. */
    String json() {
        return json;
    }
}
