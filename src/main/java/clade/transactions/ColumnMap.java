package clade.transactions;

import clade.web.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which column of a file holds which field. A column that the request names for a field is taken; the others are recognised by
 * their names. Columns come in the file's order; a field asked for twice or a needed one not found is refused (422).
 */
final class ColumnMap {

    private static final String RESERVED = "clade_";
    private static final int NONE = -1;

    private final Set<Field> known;
    private final Map<Field, String> asked;
    private final List<String> columns = new ArrayList<>();
    private final Map<Field, Integer> places = new EnumMap<>(Field.class);

    private ColumnMap(Set<Field> known, Map<Field, String> asked) {
        this.known = known;
        this.asked = asked;
    }

    /** The columns of a file of transactions. */
    static ColumnMap ofTransactions(Map<Field, String> asked) {
        return new ColumnMap(EnumSet.allOf(Field.class), asked);
    }

    /** The columns of a file of customers, of which the id alone is a field. */
    static ColumnMap ofCustomers(Map<Field, String> asked) {
        return new ColumnMap(EnumSet.of(Field.CUSTOMER_ID), asked);
    }

    /** Takes in the columns that are new since the last call. */
    void learn(List<String> seen) {
        for (int place = columns.size(); place < seen.size(); place++) {
            String column = seen.get(place);
            columns.add(column);
            List<Field> askedFor = asked.entrySet().stream()
                    .filter(entry -> same(entry.getValue(), column, seen))
                    .map(Map.Entry::getKey)
                    .toList();
            if (!askedFor.isEmpty()) {
                for (Field field : askedFor) {
                    take(field, place);
                }
            } else {
                Field field = Field.named(column);
                if (field != null && known.contains(field) && !asked.containsKey(field)) {
                    take(field, place);
                }
            }
        }
    }

    /** Refuses the file if a needed field has no column. */
    void check() {
        for (Map.Entry<Field, String> entry : asked.entrySet()) {
            if (of(entry.getKey()) < 0) {
                throw FaultyFile.mendedBy(
                        entry.getKey().label,
                        "no-such-column",
                        "There is no column %s; %s".formatted(entry.getValue(), found()));
            }
        }
        need(Field.CUSTOMER_ID, "the customer's id");
        if (!known.contains(Field.OCCURRED_AT)) {
            return;
        }
        need(Field.OCCURRED_AT, "the time");
        if (of(Field.AMOUNT) < 0 && of(Field.UNIT_PRICE) < 0) {
            throw FaultyFile.mendedBy(
                    Field.AMOUNT.label,
                    "missing-column",
                    "No column was recognised as the amount, nor as a unit price; %s. Name one: ?amount= and its name"
                            .formatted(found()));
        }
    }

    /** The place of the field's column, or -1. */
    int of(Field field) {
        return places.getOrDefault(field, NONE);
    }

    /** The name of the field's column, or the field's own name where it has none. */
    String nameOf(Field field) {
        return of(field) < 0 ? field.label : columns.get(of(field));
    }

    /** True if the column was recognised by its name alone. */
    boolean recognised(Field field) {
        return of(field) >= 0 && !asked.containsKey(field);
    }

    /** Column by field, for the report. */
    Map<String, String> report() {
        Map<String, String> report = new LinkedHashMap<>();
        for (Field field : Field.values()) {
            if (of(field) >= 0) {
                report.put(field.label, columns.get(of(field)));
            }
        }
        return report;
    }

    /** Columns that hold no field; those that the list of rejected rows added are not mentioned. */
    List<String> ignored() {
        List<String> ignored = new ArrayList<>();
        for (int place : original()) {
            if (!places.containsValue(place) && !columns.get(place).equals("-")) {
                ignored.add(columns.get(place));
            }
        }
        return ignored;
    }

    /** Columns seen so far. */
    int size() {
        return columns.size();
    }

    String name(int place) {
        return columns.get(place);
    }

    /** Whether the column has a name but holds no field and was not added by the list of rejected rows. */
    boolean isSpare(int place) {
        String name = columns.get(place);
        return !places.containsValue(place) && !name.startsWith(RESERVED) && !name.isBlank() && !name.equals("-");
    }

    /** Columns without a name; those that the request leaves out are not mentioned. */
    List<String> nameless() {
        return columns.stream().filter(String::isBlank).toList();
    }

    /** Names of the columns to give back with rejected rows. */
    List<String> originalNames() {
        return Arrays.stream(original()).mapToObj(columns::get).toList();
    }

    /** Places of the columns to give back: all but those that the list of rejected rows added. */
    int[] original() {
        return java.util.stream.IntStream.range(0, columns.size())
                .filter(place -> !columns.get(place).startsWith(RESERVED))
                .toArray();
    }

    private void take(Field field, int place) {
        int taken = of(field);
        if (taken >= 0) {
            throw FaultyFile.mendedBy(
                    field.label,
                    "ambiguous-column",
                    "The columns %s and %s both mean %s; name the right one, such as ?%s=%s"
                            .formatted(
                                    columns.get(taken),
                                    columns.get(place),
                                    field.label,
                                    field.label,
                                    encoded(columns.get(taken))));
        }
        places.put(field, place);
    }

    /** A column is asked for by its exact name, or, where no column has that, by the same letters. */
    private static boolean same(String asked, String column, List<String> seen) {
        return asked.equals(column)
                || (!seen.contains(asked) && Field.comparable(asked).equals(Field.comparable(column)));
    }

    private void need(Field field, String meaning) {
        if (of(field) < 0) {
            throw FaultyFile.mendedBy(
                    field.label,
                    "missing-column",
                    "No column was recognised as %s; %s. Name it: ?%s= and its name"
                            .formatted(meaning, found(), field.label));
        }
    }

    /** What a refusal says of the columns seen so far. */
    String found() {
        String shown = columns.stream().limit(50).map(ColumnMap::shortened).collect(Collectors.joining(", "));
        return "found " + (columns.isEmpty() ? "no columns" : shown)
                + (columns.size() > 50 ? " and %d more".formatted(columns.size() - 50) : "");
    }

    private static String shortened(String name) {
        return name.length() > 60 ? name.substring(0, 60) + "…" : name;
    }

    /** The name as it is written in a query. */
    static String encoded(String name) {
        return java.net.URLEncoder.encode(name, java.nio.charset.StandardCharsets.UTF_8)
                .replace("+", "%20");
    }

    /** Refuses ids of rows that are ids of orders: the column was only recognised, and recurs with other content. */
    Refusal notAnIdOfRows(long row, String id) {
        String column = nameOf(Field.TRANSACTION_ID);
        return FaultyFile.mendedBy(
                Field.ORDER_ID.label,
                "transaction-id-recurs",
                ("The column %s holds %s again in row %d with other content, so it is no id of single rows; if it is the"
                                + " order's, say ?orderId=%s")
                        .formatted(column, id, row, encoded(column)));
    }
}
