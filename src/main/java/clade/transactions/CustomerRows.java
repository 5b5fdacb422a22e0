package clade.transactions;

import clade.customers.AttributeChanges;
import clade.customers.AttributeType;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stages records as what they say of customers: a JSON object of typed values each. */
final class CustomerRows implements RowReader {

    private final ColumnMap columns;
    private final AttributeColumns attributes;
    private final AttributeScheme scheme;
    private final Dates dates;
    private final Decimals decimals;
    private final Staging staging;
    private final boolean observing;

    private final CustomerIds ids = new CustomerIds();
    private final List<DistinctValues> distinct = new ArrayList<>();

    /** What stands before a value of the column. */
    private final List<String> keys = new ArrayList<>();

    private final StringBuilder content = new StringBuilder();
    private long[] filled = new long[0];

    /** Where each column's value begins and ends in the content of the row; equal where it is missing. */
    private int[] begins = new int[0];

    private int[] ends = new int[0];
    private long rows;
    private boolean misread;

    /**
     * Reads by the scheme.
     *
     * @param dates led by the scheme
     * @param decimals led by the scheme
     * @param observing whether the values count for another decision about the scheme
     */
    CustomerRows(
            ColumnMap columns,
            AttributeColumns attributes,
            AttributeScheme scheme,
            Dates dates,
            Decimals decimals,
            Staging staging,
            boolean observing) {
        this.columns = columns;
        this.attributes = attributes;
        this.scheme = scheme;
        this.dates = dates;
        this.decimals = decimals;
        this.staging = staging;
        this.observing = observing;
    }

    @Override
    public @Nullable Rejection take(long number, String[] fields) throws IOException {
        attributes.learn();
        String id = Cells.text(fields, columns.of(Field.CUSTOMER_ID));
        Rejection fault = CustomerIds.fault(id, columns.nameOf(Field.CUSTOMER_ID));
        if (fault != null) {
            return fault;
        }
        if (observing) {
            attributes.observe(fields);
        }
        if (misread) {
            return null;
        }
        makeRoom();
        content.setLength(0);
        for (int place = 0; place < attributes.size(); place++) {
            begins[place] = 0;
            ends[place] = 0;
            if (attributes.has(place) && place < fields.length && !Records.isAbsent(fields[place])) {
                fault = value(place, Cells.text(fields, place));
                if (misread || fault != null) {
                    return fault;
                }
            }
        }
        content.append(content.isEmpty() ? "{}" : "}");
        count();
        staging.add(ids.read(id), content.toString().getBytes(StandardCharsets.UTF_8));
        return null;
    }

    /** Whether a value did not fit the scheme, so that the file must be read again. */
    boolean misread() {
        return misread;
    }

    void warn(Map<String, Warning> warnings) {
        ids.warn(warnings);
    }

    /** The attributes of the file, in its order. */
    List<AttributeChanges.Named> named() {
        List<AttributeChanges.Named> named = new ArrayList<>();
        for (int place = 0; place < attributes.size(); place++) {
            if (attributes.has(place)) {
                named.add(new AttributeChanges.Named(
                        attributes.name(place), type(place), attributes.isDeclared(place), filled(place)));
            }
        }
        return named;
    }

    /** The same with their figures. */
    List<UploadReport.AttributeFigures> figures() throws IOException {
        List<UploadReport.AttributeFigures> figures = new ArrayList<>();
        for (int place = 0; place < attributes.size(); place++) {
            if (attributes.has(place)) {
                figures.add(new UploadReport.AttributeFigures(
                        attributes.name(place),
                        type(place),
                        rows - filled(place),
                        place < distinct.size() ? distinct.get(place).count() : 0));
            }
        }
        return figures;
    }

    private long filled(int place) {
        return place < filled.length ? filled[place] : 0;
    }

    /** Without any value a column is text. */
    private AttributeType type(int place) {
        return scheme.type(place).orElse(AttributeType.TEXT);
    }

    private void makeRoom() {
        if (filled.length == attributes.size()) {
            return;
        }
        for (int place = filled.length; place < attributes.size(); place++) {
            distinct.add(new DistinctValues(staging.newSpool()));
            keys.add(attributes.has(place) ? quoted(attributes.name(place)) + ":" : "");
        }
        filled = Arrays.copyOf(filled, attributes.size());
        begins = Arrays.copyOf(begins, attributes.size());
        ends = Arrays.copyOf(ends, attributes.size());
    }

    private void count() throws IOException {
        rows++;
        for (int place = 0; place < begins.length; place++) {
            if (begins[place] < ends[place]) {
                filled[place]++;
                distinct.get(place).add(content, begins[place], ends[place]);
            }
        }
    }

    /** Appends the value to the content, or tells what is wrong with it. */
    private @Nullable Rejection value(int place, String text) {
        content.append(content.isEmpty() ? '{' : ',');
        content.append(keys.get(place));
        if (text.isEmpty()) {
            content.append("null");
            return null;
        }
        begins[place] = content.length();
        Optional<AttributeType> type = scheme.type(place);
        Rejection fault = type.isEmpty() ? null : append(place, type.get(), text);
        ends[place] = content.length();
        boolean guessed = observing && !attributes.isSettled(place) && !type.equals(Optional.of(AttributeType.TEXT));
        if (type.isEmpty() || (fault != null && guessed)) {
            misread = true;
            return null;
        }
        return fault;
    }

    private @Nullable Rejection append(int place, AttributeType type, String text) {
        return switch (type) {
            case NUMBER -> number(place, text);
            case DATE -> date(place, text);
            case BOOLEAN -> truth(place, text);
            case TEXT -> text(place, text);
        };
    }

    private @Nullable Rejection number(int place, String text) {
        if (!decimals.read(text)) {
            return unreadable(place, "unreadable-number", text, "number");
        }
        BigDecimal number = decimals.value();
        if (!RowParser.inRange(number)) {
            return new Rejection(attributes.name(place), "number-out-of-range", RowParser.outOfRange(text));
        }
        BigDecimal shortest = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        content.append(shortest.toPlainString());
        return null;
    }

    private @Nullable Rejection date(int place, String text) {
        if (!dates.read(text)) {
            return unreadable(place, "unreadable-date", text, "date of this file's format");
        }
        LocalDateTime local = dates.local();
        content.append('"');
        content.append(
                local.toLocalTime().equals(LocalTime.MIDNIGHT)
                        ? local.toLocalDate().toString()
                        : DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(local));
        content.append('"');
        return null;
    }

    private @Nullable Rejection truth(int place, String text) {
        switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "1" -> content.append("true");
            case "false", "no", "0" -> content.append("false");
            default -> {
                return unreadable(place, "unreadable-boolean", text, "boolean (true, false, yes, no, 1, 0)");
            }
        }
        return null;
    }

    private @Nullable Rejection text(int place, String text) {
        if (!Cells.storable(text)) {
            return new Rejection(attributes.name(place), "unreadable-text", "The text holds a NUL or half a character");
        }
        quote(text, content);
        return null;
    }

    private Rejection unreadable(int place, String code, String text, String wanted) {
        String name = attributes.name(place);
        String way = attributes.isDeclared(place)
                ? ""
                : ", as which %s is stored; if all that is stored may be text, say ?types=%s:text"
                        .formatted(name, ColumnMap.encoded(name));
        return new Rejection(name, code, "%s is no %s%s".formatted(Cells.shown(text), wanted, way));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder();
        quote(text, quoted);
        return quoted.toString();
    }

    private static void quote(String text, StringBuilder into) {
        into.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                into.append('\\').append(c);
            } else if (c < ' ') {
                into.append("\\u%04x".formatted((int) c));
            } else {
                into.append(c);
            }
        }
        into.append('"');
    }
}
