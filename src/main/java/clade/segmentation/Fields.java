package clade.segmentation;

import clade.database.StoredText;
import clade.web.Fault;
import clade.web.Refusal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a JSON object field by field. Each refusal names the field by its pointer; {@link #end} refuses fields that nobody
 * asked for.
 */
final class Fields {

    private final ObjectNode object;
    private final String pointer;
    private final Set<String> known = new TreeSet<>();

    private Fields(ObjectNode object, String pointer) {
        this.object = object;
        this.pointer = pointer;
    }

    /** The fields of {@code node}, which lies at {@code pointer}; 400 if it is no object. */
    static Fields of(@Nullable JsonNode node, String pointer) {
        if (!(node instanceof ObjectNode object)) {
            throw Refusal.badField(pointer, "invalid-value", "%s must be an object".formatted(name(pointer)));
        }
        return new Fields(object, pointer);
    }

    /** The value of a field, null if it is absent or an explicit null. */
    @Nullable
    JsonNode find(String field) {
        known.add(field);
        JsonNode value = object.get(field);
        return value == null || value.isNull() ? null : value;
    }

    @Nullable
    String text(String field) {
        JsonNode value = find(field);
        if (value == null) {
            return null;
        }
        if (!value.isString() || value.asString().isBlank() || !StoredText.isStorable(value.asString())) {
            throw refusal(field, "must be text, not blank, was " + value);
        }
        return value.asString();
    }

    String choice(String field, String otherwise, String... choices) {
        String value = text(field);
        if (value == null) {
            return otherwise;
        }
        if (!List.of(choices).contains(value)) {
            throw refusal(field, "must be %s, was %s".formatted(String.join(" or ", choices), value));
        }
        return value;
    }

    /** A whole number in [least, most]; {@code otherwise} if absent. */
    int integer(String field, int otherwise, int least, int most) {
        JsonNode value = find(field);
        return value == null ? otherwise : integer(field, value, least, most);
    }

    /** A whole number in [least, most]; 400 if absent. */
    int neededInteger(String field, int least, int most) {
        JsonNode value = find(field);
        if (value == null) {
            throw refusal(field, "is needed: a whole number of at least %d".formatted(least));
        }
        return integer(field, value, least, most);
    }

    private int integer(String field, JsonNode value, int least, int most) {
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < least || value.asInt() > most) {
            throw refusal(
                    field,
                    most == Integer.MAX_VALUE
                            ? "must be a whole number of at least %d, was %s".formatted(least, value)
                            : "must be a whole number from %d to %d, was %s".formatted(least, most, value));
        }
        return value.asInt();
    }

    long seed(String field, long otherwise) {
        JsonNode value = find(field);
        if (value == null) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw refusal(field, "must be a whole number of 64 bits, was " + value);
        }
        return value.asLong();
    }

    /** A finite number, {@code otherwise} if absent. */
    double number(String field, double otherwise) {
        JsonNode value = find(field);
        if (value == null) {
            return otherwise;
        }
        if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
            throw refusal(field, "must be a number, was " + value);
        }
        return value.asDouble();
    }

    boolean flag(String field, boolean otherwise) {
        JsonNode value = find(field);
        if (value == null) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw refusal(field, "must be true or false, was " + value);
        }
        return value.asBoolean();
    }

    /** Different texts, at least one; {@code otherwise} if absent. */
    List<String> texts(String field, List<String> otherwise) {
        JsonNode value = find(field);
        if (value == null) {
            return otherwise;
        }
        if (!value.isArray() || value.isEmpty()) {
            throw refusal(field, "must be an array of at least one text");
        }
        List<String> texts = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < value.size(); i++) {
            JsonNode element = value.get(i);
            if (!element.isString() || !seen.add(element.asString())) {
                throw refusal(field + "/" + i, "must be a text that is not there twice, was " + element);
            }
            texts.add(element.asString());
        }
        return texts;
    }

    /** The fields of an object within this one; 400 if {@code node}, the value of {@code field}, is none. */
    Fields inner(String field, JsonNode node) {
        return of(node, pointer + "/" + field);
    }

    /** The members of an object of numbers, in its order; empty if absent. */
    Map<String, Double> numbers(String field) {
        JsonNode value = find(field);
        if (value == null) {
            return Map.of();
        }
        Fields inner = inner(field, value);
        Map<String, Double> numbers = new LinkedHashMap<>();
        inner.object.propertyNames().forEach(name -> numbers.put(name, inner.number(name, 0)));
        return numbers;
    }

    /** Refuses every field that was not asked for. */
    void end() {
        List<Fault> unknown = object.propertyNames().stream()
                .filter(field -> !known.contains(field))
                .map(field -> Fault.at(
                        pointer + "/" + field,
                        "unknown-field",
                        "There is no field %s%s; known here: %s"
                                .formatted(
                                        field,
                                        pointer.isEmpty() ? "" : " in " + name(pointer),
                                        String.join(", ", known))))
                .toList();
        if (!unknown.isEmpty()) {
            throw new Refusal(HttpStatus.BAD_REQUEST, unknown.get(0).message(), unknown);
        }
    }

    /** A 400 whose message starts with the field's name. */
    Refusal refusal(String field, String rest) {
        return Refusal.badField(pointer + "/" + field, "invalid-value", field + " " + rest);
    }

    private static String name(String pointer) {
        return pointer.isEmpty() ? "The body" : pointer.substring(pointer.lastIndexOf('/') + 1);
    }
}
