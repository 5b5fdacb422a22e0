package clade.transactions;

import clade.customers.AttributeType;
import clade.web.Refusal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The columns of a file of customers that are attributes, and what their values tell about their types. */
final class AttributeColumns {

    private static final int LONGEST_NAME = 255;

    private final ColumnMap columns;
    private final Map<String, AttributeType> declared;
    private final Map<String, AttributeType> kept;
    private final Supplier<Dates> newDates;
    private final Supplier<Decimals> newDecimals;
    private final List<@Nullable ValueEvidence> evidence = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private Dates dates;
    private Decimals decimals;

    /**
     * No columns yet.
     *
     * @param declared types that the request declares, by column
     * @param kept types of attributes that are stored
     */
    AttributeColumns(
            ColumnMap columns,
            Map<String, AttributeType> declared,
            Map<String, AttributeType> kept,
            Supplier<Dates> newDates,
            Supplier<Decimals> newDecimals) {
        this.columns = columns;
        this.declared = declared;
        this.kept = kept;
        this.newDates = newDates;
        this.newDecimals = newDecimals;
        this.dates = newDates.get();
        this.decimals = newDecimals.get();
    }

    /** Takes in the columns that are new since the last call; refuses the file (422) if one has a name that can't be used. */
    void learn() {
        for (int place = evidence.size(); place < columns.size(); place++) {
            if (!columns.isSpare(place)) {
                evidence.add(null);
                continue;
            }
            String name = name(place);
            check(name);
            evidence.add(new ValueEvidence(settled(name), newDates.get(), newDecimals.get()));
        }
    }

    /** Refuses the file (422) if a type is declared for a column that is not there. */
    void check() {
        for (String name : declared.keySet()) {
            if (!names.contains(name)) {
                throw FaultyFile.mendedBy(
                        "types",
                        "no-such-column",
                        name.equals(columns.nameOf(Field.CUSTOMER_ID))
                                ? "The column %s is the customer's id, which is text and no attribute".formatted(name)
                                : "There is no column %s; %s".formatted(name, columns.found()));
            }
        }
    }

    /** Lets the record's values count for the decision about types and formats. */
    void observe(String[] fields) {
        for (int place = 0; place < evidence.size(); place++) {
            ValueEvidence of = evidence.get(place);
            if (of != null) {
                String value = Cells.text(fields, place);
                if (!value.isEmpty()) {
                    of.observe(value);
                }
            }
        }
    }

    /** The types and formats by the values seen so far. */
    AttributeScheme decided() {
        decimals = newDecimals.get();
        dates = newDates.get();
        for (ValueEvidence of : evidence) {
            if (of != null && of.counts(AttributeType.NUMBER)) {
                decimals.add(of.decimals());
            }
            if (of != null && of.counts(AttributeType.DATE)) {
                dates.add(of.dates());
            }
        }
        decimals.lead(decimals.decided());
        dates.lead(dates.decided());
        List<Optional<AttributeType>> types = evidence.stream()
                .map(of -> of == null
                        ? Optional.<AttributeType>empty()
                        : Optional.ofNullable(of.type(decimals.leading(), dates.leading())))
                .toList();
        return new AttributeScheme(types, decimals.leading(), dates.leading());
    }

    /** Refuses the file (422) if what was decided last could as well have been decided otherwise. */
    void checkFormats() {
        decimals.check();
        dates.check();
    }

    /** The separator that was decided last; null if no number is read. */
    @Nullable
    String decimal() {
        return decimals.report();
    }

    /** The format of dates that was decided last, as a pattern; null if no date is read. */
    @Nullable
    String dateFormat() {
        return dates.report();
    }

    /** Whether there is an attribute at this place of the file. */
    boolean has(int place) {
        return evidence.get(place) != null;
    }

    /** Places of columns seen so far. */
    int size() {
        return evidence.size();
    }

    String name(int place) {
        return columns.name(place).strip();
    }

    boolean isDeclared(int place) {
        return declared.containsKey(name(place));
    }

    /** Whether its type does not depend on the file. */
    boolean isSettled(int place) {
        return settled(name(place)) != null;
    }

    private @Nullable AttributeType settled(String name) {
        AttributeType type = declared.get(name);
        return type == null ? kept.get(name) : type;
    }

    private void check(String name) {
        if (!names.add(name)) {
            throw unusable(
                    "duplicate-column", "There are two columns %s; give one another name".formatted(shown(name)));
        }
        if (name.length() > LONGEST_NAME) {
            throw unusable(
                    "too-long",
                    "The column %s has a name of more than %d characters; give it a shorter one"
                            .formatted(shown(name), LONGEST_NAME));
        }
        if (!Cells.storable(name)) {
            throw unusable(
                    "unreadable-text",
                    "The name of the column %s holds a NUL or half a character".formatted(shown(name)));
        }
    }

    private static String shown(String name) {
        return Cells.shown(name).replace('\u0000', '\uFFFD');
    }

    private static Refusal unusable(String code, String message) {
        return FaultyFile.of(code, message);
    }
}
