package clade.transactions;

import clade.web.SpreadsheetCells;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the fields of one record after another as the values of a row, or says what is wrong with it. */
final class RowParser {

    private static final Pattern WHOLE_AS_DECIMAL = Pattern.compile("\\d+\\.0+");
    private static final int LONGEST_ID = 255;

    /** Digits before and behind the decimal point: far above any price, far below what could fill memory or overflow. */
    private static final int MOST_WHOLE_DIGITS = 15;

    private static final int MOST_DECIMALS = 30;

    private final ColumnMap columns;
    private final Dates dates;
    private final Decimals decimals;
    private final Predicate<String> cancels;
    private final long latest;
    private final boolean identified;
    private @Nullable Rejection rejection;
    private String orderJudged = "";
    private boolean orderCancels;

    private long wholeAsDecimal;
    private long withOrder;
    private long cancelled;

    /**
     * @param cancellation order ids that take money back; null: none
     * @param received when the upload came in: rows more than 24 h later are refused
     * @param identified true if each row needs a transaction or order id
     */
    RowParser(
            ColumnMap columns,
            Dates dates,
            Decimals decimals,
            @Nullable Pattern cancellation,
            Instant received,
            boolean identified) {
        this.columns = columns;
        this.dates = dates;
        this.decimals = decimals;
        this.cancels = cancellation == null
                ? id -> false
                : id -> cancellation.matcher(id).find();
        this.latest = (received.getEpochSecond() + 86_400) * 1_000_000 + received.getNano() / 1000;
        this.identified = identified;
    }

    /** Lets the record's dates and numbers count for the decision about formats. */
    void observe(String[] fields) {
        String date = text(fields, Field.OCCURRED_AT);
        if (!date.isEmpty()) {
            dates.read(date);
        }
        for (Field field : new Field[] {Field.QUANTITY, Field.UNIT_PRICE, Field.AMOUNT}) {
            String number = text(fields, field);
            if (!number.isEmpty()) {
                decimals.read(number);
            }
        }
    }

    /** Fills the row, and returns null; or returns the first fault in the order of the fields. */
    @Nullable
    Rejection parse(String[] fields, Row row) {
        rejection = null;
        row.customerId = customerId(fields);
        row.occurredAt = occurredAt(fields);
        row.orderId = id(fields, Field.ORDER_ID);
        row.transactionId = id(fields, Field.TRANSACTION_ID);
        row.productId = id(fields, Field.PRODUCT_ID);
        boolean hasAmount = columns.of(Field.AMOUNT) >= 0;
        row.quantity = number(fields, Field.QUANTITY, !hasAmount && columns.of(Field.QUANTITY) >= 0);
        row.unitPrice = number(fields, Field.UNIT_PRICE, !hasAmount);
        BigDecimal given = number(fields, Field.AMOUNT, hasAmount);
        if (identified && row.orderId == null && row.transactionId == null) {
            reject(
                    Field.TRANSACTION_ID,
                    "missing-identity",
                    "A row of application/json needs a transactionId or an orderId");
        }
        if (rejection != null) {
            return rejection;
        }
        if (given != null) {
            row.amount = given;
        } else {
            BigDecimal price = java.util.Objects.requireNonNull(row.unitPrice);
            row.amount = row.quantity == null ? price : row.quantity.multiply(price);
        }
        row.kind = kind(row);
        return null;
    }

    /** Warnings about the rows accepted so far. */
    void warn(Map<String, Warning> warnings) {
        if (wholeAsDecimal > 0) {
            Warning.add(
                    warnings,
                    "ids-ending-in-.0",
                    wholeAsDecimal,
                    "Customer ids such as 13085.0 were taken as 13085: a spreadsheet or data frame made numbers of them");
        }
        if (columns.of(Field.ORDER_ID) < 0) {
            Warning.add(
                    warnings,
                    "no-order-id",
                    null,
                    "There is no column of order ids, so each row counts as an order of its own; if there is one, say ?orderId=…");
        }
        if (withOrder > 0 && cancelled * 2 > withOrder) {
            Warning.add(
                    warnings,
                    "mostly-cancelled",
                    cancelled,
                    "Most rows look like cancellations, because their order ids match the dataset's cancellationPattern;"
                            + " if that is not meant, set another pattern or null");
        }
        if (columns.of(Field.AMOUNT) >= 0 && columns.of(Field.UNIT_PRICE) >= 0) {
            Warning.add(
                    warnings,
                    "amount-wins",
                    null,
                    "The column %s is the money of a row; %s was stored but not multiplied"
                            .formatted(columns.nameOf(Field.AMOUNT), columns.nameOf(Field.UNIT_PRICE)));
        }
    }

    /** Return: less than nothing, or an order that cancels; purchase: more than nothing. */
    private short kind(Row row) {
        boolean cancelling = row.orderId != null && cancelling(row.orderId);
        withOrder += row.orderId == null ? 0 : 1;
        cancelled += cancelling ? 1 : 0;
        int sign = row.amount.signum();
        return sign == 0 ? Row.NEITHER : sign < 0 || cancelling ? Row.RETURN : Row.PURCHASE;
    }

    private boolean cancelling(String orderId) {
        if (!orderId.equals(orderJudged)) {
            orderJudged = orderId;
            orderCancels = cancels.test(orderId);
        }
        return orderCancels;
    }

    private String customerId(String[] fields) {
        String id = id(fields, Field.CUSTOMER_ID);
        if (id == null) {
            reject(Field.CUSTOMER_ID, Field.CUSTOMER_ID.missing(), "There is no customer id");
            return "";
        }
        if (id.endsWith("0") && WHOLE_AS_DECIMAL.matcher(id).matches()) {
            wholeAsDecimal++;
            return id.substring(0, id.indexOf('.'));
        }
        return id;
    }

    private long occurredAt(String[] fields) {
        String text = text(fields, Field.OCCURRED_AT);
        if (text.isEmpty()) {
            reject(Field.OCCURRED_AT, Field.OCCURRED_AT.missing(), "There is no time");
        } else if (!dates.read(text)) {
            reject(Field.OCCURRED_AT, "unreadable-date", "%s is no date of this file's format".formatted(shown(text)));
        } else if (dates.micros() > latest) {
            reject(
                    Field.OCCURRED_AT,
                    "in-the-future",
                    "%s is more than 24 hours after the upload".formatted(shown(text)));
        } else {
            return dates.micros();
        }
        return 0;
    }

    private @Nullable BigDecimal number(String[] fields, Field field, boolean needed) {
        String text = text(fields, field);
        if (text.isEmpty()) {
            if (needed) {
                reject(field, field.missing(), "There is no %s".formatted(field.label));
            }
            return null;
        }
        if (!decimals.read(text)) {
            reject(field, "unreadable-number", "%s is no number".formatted(shown(text)));
            return null;
        }
        BigDecimal number = decimals.value();
        if ((number.signum() != 0 && number.precision() - number.scale() > MOST_WHOLE_DIGITS)
                || number.scale() > MOST_DECIMALS) {
            reject(
                    field,
                    "number-out-of-range",
                    "%s has more than %d digits before or %d behind the decimal point"
                            .formatted(shown(text), MOST_WHOLE_DIGITS, MOST_DECIMALS));
            return null;
        }
        return number;
    }

    private @Nullable String id(String[] fields, Field field) {
        String text = text(fields, field);
        if (text.isEmpty()) {
            return null;
        }
        if (text.length() > LONGEST_ID) {
            reject(field, "too-long", "%s has more than %d characters".formatted(field.label, LONGEST_ID));
        } else if (!storable(text)) {
            reject(field, "unreadable-text", "%s holds a NUL or half a character".formatted(field.label));
        }
        return text;
    }

    private String text(String[] fields, Field field) {
        int place = columns.of(field);
        return place < 0 || place >= fields.length ? "" : SpreadsheetCells.read(trimmed(fields[place]));
    }

    /** Blanks at both ends are no part of a value, the unbreakable one included. */
    private static String trimmed(String text) {
        int length = text.length();
        if (length == 0 || (visibleAscii(text.charAt(0)) && visibleAscii(text.charAt(length - 1)))) {
            return text;
        }
        int from = 0;
        int to = length;
        while (from < to && blank(text.charAt(from))) {
            from++;
        }
        while (from < to && blank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean visibleAscii(char c) {
        return c > ' ' && c < 0x7F;
    }

    private static boolean blank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static boolean storable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    private void reject(Field field, String code, String message) {
        if (rejection == null) {
            rejection = new Rejection(columns.nameOf(field), code, message);
        }
    }

    private static String shown(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
}
