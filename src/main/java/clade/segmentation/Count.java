package clade.segmentation;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How many clusters a method is to find.
 *
 * @param number null where the data is to say: from {@code least} to {@code most}
 */
record Count(@Nullable Integer number, int least, int most) {

    private static final int DEFAULT_MOST = 10;

    /** Beyond, each further number to try costs as much as all of the usual range. */
    private static final int MOST_TRIED = 50;

    private static final String LEAST_FIELD = "kMin";
    private static final String MOST_FIELD = "kMax";

    /** The fields of a range. */
    static final List<String> BOUNDS = List.of(LEAST_FIELD, MOST_FIELD);

    /** A number, or {@code "auto"} with a range beside it. {@code least} is the first number that makes sense to try. */
    static Count read(Fields fields, String field, int least) {
        JsonNode value = fields.find(field);
        if (value != null && value.isString() && value.asString().equals("auto")) {
            return range(fields, least);
        }
        for (String bound : BOUNDS) {
            if (fields.find(bound) != null) {
                throw fields.refusal(bound, "has no effect unless %s is \"auto\": leave it out".formatted(field));
            }
        }
        if (value == null) {
            throw fields.refusal(field, "is needed: a whole number of at least 1, or \"auto\"");
        }
        int number = fields.neededInteger(field, 1, Method.MOST_CLUSTERS);
        return new Count(number, number, number);
    }

    /** The numbers to try: {@code kMin} and {@code kMax}. */
    static Count range(Fields fields, int least) {
        int from = fields.integer(LEAST_FIELD, least, least, MOST_TRIED);
        int to = fields.integer(MOST_FIELD, Math.max(from, DEFAULT_MOST), 1, MOST_TRIED);
        if (to < from) {
            throw fields.refusal(
                    MOST_FIELD, "must be at least %s, which is %d, was %d".formatted(LEAST_FIELD, from, to));
        }
        return new Count(null, from, to);
    }

    boolean isOpen() {
        return number == null;
    }

    /** The number, which must not be open. */
    int get() {
        if (number == null) {
            throw new IllegalStateException("the number of clusters is not chosen yet");
        }
        return number;
    }

    Count of(int chosen) {
        return new Count(chosen, chosen, chosen);
    }

    void write(ObjectNode json, String field) {
        if (number == null) {
            json.put(field, "auto").put(LEAST_FIELD, least).put(MOST_FIELD, most);
        } else {
            json.put(field, number);
        }
    }
}
