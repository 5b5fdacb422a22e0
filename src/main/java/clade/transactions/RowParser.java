package clade.transactions;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the fields of one record after another as the values of a row, or says what is wrong with it. */
final class RowParser {

    /** Digits before and behind the decimal point: far above any price, far below what could fill memory or overflow. */
    static final int MOST_WHOLE_DIGITS = 15;

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

    private final CustomerIds ids = new CustomerIds();
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
        ids.warn(warnings);
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
        String id = text(fields, Field.CUSTOMER_ID);
        reject(CustomerIds.fault(id, columns.nameOf(Field.CUSTOMER_ID)));
        return ids.read(id);
    }

    private long occurredAt(String[] fields) {
        String text = text(fields, Field.OCCURRED_AT);
        if (text.isEmpty()) {
            reject(Field.OCCURRED_AT, Field.OCCURRED_AT.missing(), "There is no time");
        } else if (!dates.read(text)) {
            reject(
                    Field.OCCURRED_AT,
                    "unreadable-date",
                    "%s is no date of this file's format".formatted(Cells.shown(text)));
        } else if (dates.micros() > latest) {
            reject(
                    Field.OCCURRED_AT,
                    "in-the-future",
                    "%s is more than 24 hours after the upload".formatted(Cells.shown(text)));
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
            reject(field, "unreadable-number", "%s is no number".formatted(Cells.shown(text)));
            return null;
        }
        BigDecimal number = decimals.value();
        if (!inRange(number)) {
            reject(field, "number-out-of-range", outOfRange(text));
            return null;
        }
        return number;
    }

    /** Whether the number has no more digits than are stored. */
    static boolean inRange(BigDecimal number) {
        return (number.signum() == 0 || number.precision() - number.scale() <= MOST_WHOLE_DIGITS)
                && number.scale() <= MOST_DECIMALS;
    }

    static String outOfRange(String text) {
        return "%s has more than %d digits before or %d behind the decimal point"
                .formatted(Cells.shown(text), MOST_WHOLE_DIGITS, MOST_DECIMALS);
    }

    private @Nullable String id(String[] fields, Field field) {
        String text = text(fields, field);
        if (text.isEmpty()) {
            return null;
        }
        reject(CustomerIds.faultOfId(text, columns.nameOf(field), field));
        return text;
    }

    private String text(String[] fields, Field field) {
        return Cells.text(fields, columns.of(field));
    }

    private void reject(@Nullable Rejection fault) {
        if (rejection == null) {
            rejection = fault;
        }
    }

    private void reject(Field field, String code, String message) {
        if (rejection == null) {
            rejection = new Rejection(columns.nameOf(field), code, message);
        }
    }
}
