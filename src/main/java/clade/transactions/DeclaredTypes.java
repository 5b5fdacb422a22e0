package clade.transactions;

import clade.customers.AttributeType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Types that a request declares for columns: {@code Zip:text,Joined:date}. */
final class DeclaredTypes {

    private static final Pattern WORD = Pattern.compile("[A-Za-z]+");
    private static final String TYPES = "number, text, boolean or date";

    private DeclaredTypes() {}

    /**
     * The types by column. A name may hold commas and colons.
     *
     * @throws clade.web.Refusal (400) if a part has no type, or one that there is not
     */
    static Map<String, AttributeType> of(@Nullable String types) {
        Map<String, AttributeType> declared = new LinkedHashMap<>();
        if (types == null) {
            return declared;
        }
        String name = "";
        for (String part : types.split(",", -1)) {
            name = name.isEmpty() ? part : name + "," + part;
            int colon = name.lastIndexOf(':');
            String word = name.substring(colon + 1).strip();
            AttributeType type = AttributeType.find(word).orElse(null);
            if (colon > 0 && type != null) {
                put(declared, name.substring(0, colon).strip(), type);
                name = "";
            } else if (colon > 0 && WORD.matcher(word).matches()) {
                throw FileParameters.invalid(
                        "types", "%s is no type of an attribute; types are %s".formatted(Cells.shown(word), TYPES));
            }
        }
        if (!name.isEmpty() || declared.isEmpty()) {
            throw FileParameters.invalid(
                    "types",
                    "types must be columns with their types, such as Zip:text,Joined:date, where a type is %s; was %s"
                            .formatted(TYPES, Cells.shown(types)));
        }
        return declared;
    }

    private static void put(Map<String, AttributeType> declared, String column, AttributeType type) {
        if (column.isEmpty() || declared.put(column, type) != null) {
            throw FileParameters.invalid(
                    "types",
                    column.isEmpty() ? "A type has no column" : "The column %s is given two types".formatted(column));
        }
    }
}
