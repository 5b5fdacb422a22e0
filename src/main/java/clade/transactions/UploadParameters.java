package clade.transactions;

import clade.web.Fault;
import clade.web.Refusal;
import io.swagger.v3.oas.annotations.Parameter;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** How an upload asks to be read, in its query parameters. What is absent is found out from the file. */
record UploadParameters(
        @Parameter(description = "Column that holds the customer's id", example = "Customer ID") @Nullable
        String customerId,

        @Parameter(description = "Column that holds the time of the transaction", example = "InvoiceDate") @Nullable
        String occurredAt,

        @Parameter(
                description =
                        "Column that holds the order's id. Absent and not found: every row is an order of its own")
        @Nullable
        String orderId,

        @Parameter(
                description =
                        "Column that holds an id of the row itself. Absent and not found: a row is known by its values")
        @Nullable
        String transactionId,

        @Parameter(description = "Column that holds the product's id") @Nullable
        String productId,

        @Parameter(description = "Column that holds the number of units; 1 where there is none") @Nullable
        String quantity,

        @Parameter(description = "Column that holds the price of one unit") @Nullable
        String unitPrice,

        @Parameter(description = "Column that holds the money of the row; wins over quantity x unit price") @Nullable
        String amount,

        @Parameter(
                description =
                        "Format of the dates, as a pattern of letters (y year, M month, d day, H hour, m minute, s second,"
                                + " XXX offset), `epoch-seconds` or `epoch-milliseconds`",
                example = "d/M/yyyy H:mm")
        @Nullable
        String dateFormat,

        @Parameter(description = "Decimal separator of the numbers: `.` or `,`", example = ",") @Nullable
        String decimal,

        @Parameter(description = "Charset of the file", example = "ISO-8859-15") @Nullable
        String charset,

        @Parameter(
                description =
                        "What parts the fields: one character, `comma`, `semicolon`, `tab`, `pipe`, or `whitespace`"
                                + " for fields between blanks",
                example = "semicolon")
        @Nullable
        String delimiter,

        @Parameter(
                description = "`none` if the first row is data already; `columns` then names the columns",
                example = "none")
        @Nullable
        String header,

        @Parameter(
                description = "Names of the columns of a file without a header, in order; `-` for one to leave out",
                example = "customerId,-,occurredAt,quantity,amount")
        @Nullable
        String columns,

        @Parameter(
                description = "`keep` (default) takes equal rows of one file for as many transactions, `drop` for one",
                example = "drop")
        @Nullable
        String duplicates) {

    static final String WHITESPACE = "whitespace";

    /** Refuses values that mean nothing (400). */
    void check() {
        oneOf("decimal", decimal, ".", ",");
        oneOf("header", header, "none", "first");
        oneOf("duplicates", duplicates, "keep", "drop");
        if ("none".equals(header) != (columns != null)) {
            throw new Refusal(
                    HttpStatus.BAD_REQUEST,
                    "header=none and columns=… belong together",
                    List.of(Fault.ofParameter(
                            columns == null ? "columns" : "header",
                            "missing",
                            columns == null
                                    ? "header=none needs the columns by name, such as columns=customerId,occurredAt,amount"
                                    : "columns is for files without a header: say header=none")));
        }
        declaredCharset();
        declaredDateFormat();
        declaredDelimiter();
    }

    /** The parameters of a request that leaves everything to the file. */
    static UploadParameters none() {
        return new UploadParameters(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    /** The columns that the request names, by field. */
    Map<Field, String> mapping() {
        Map<Field, String> mapping = new EnumMap<>(Field.class);
        put(mapping, Field.CUSTOMER_ID, customerId);
        put(mapping, Field.OCCURRED_AT, occurredAt);
        put(mapping, Field.ORDER_ID, orderId);
        put(mapping, Field.TRANSACTION_ID, transactionId);
        put(mapping, Field.PRODUCT_ID, productId);
        put(mapping, Field.QUANTITY, quantity);
        put(mapping, Field.UNIT_PRICE, unitPrice);
        put(mapping, Field.AMOUNT, amount);
        return mapping;
    }

    @Nullable
    Charset declaredCharset() {
        return Charsets.find(charset);
    }

    @Nullable
    DateFormat declaredDateFormat() {
        return DateFormat.find(dateFormat);
    }

    @Nullable
    String declaredDelimiter() {
        return Delimiters.find(delimiter);
    }

    /** The names of a file without a header; null where the first record holds them. */
    @Nullable
    List<String> positionalColumns() {
        return columns == null
                ? null
                : Arrays.stream(columns.split(",", -1)).map(String::strip).toList();
    }

    boolean dropsDuplicates() {
        return "drop".equals(duplicates);
    }

    private static void put(Map<Field, String> mapping, Field field, @Nullable String column) {
        if (column != null && !column.isBlank()) {
            mapping.put(field, column.strip());
        }
    }

    private static void oneOf(String parameter, @Nullable String value, String... allowed) {
        if (value != null && !Arrays.asList(allowed).contains(value)) {
            throw invalid(parameter, "%s must be %s, was %s".formatted(parameter, String.join(" or ", allowed), value));
        }
    }

    private static Refusal invalid(String parameter, String message) {
        return Refusal.badParameter(parameter, "invalid-value", message);
    }

    private static final class Charsets {

        static @Nullable Charset find(@Nullable String name) {
            try {
                return name == null ? null : Charset.forName(name.strip());
            } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                throw invalid("charset", "There is no charset " + name);
            }
        }
    }

    private static final class Delimiters {

        private static final Map<String, String> NAMES =
                Map.of("comma", ",", "semicolon", ";", "tab", "\t", "\\t", "\t", "pipe", "|", WHITESPACE, WHITESPACE);

        static @Nullable String find(@Nullable String given) {
            if (given == null) {
                return null;
            }
            String delimiter = NAMES.getOrDefault(given, given);
            char first = delimiter.isEmpty() ? '"' : delimiter.charAt(0);
            boolean one = delimiter.length() == 1
                    && first != '"'
                    && first != '\n'
                    && first != '\r'
                    && !Character.isLetterOrDigit(first)
                    && !Character.isSurrogate(first);
            if (!one && !delimiter.equals(WHITESPACE)) {
                throw invalid(
                        "delimiter",
                        "delimiter must be comma, semicolon, tab, pipe, whitespace or one character that is neither"
                                + " a letter, a digit nor a quote, was " + given);
            }
            return delimiter;
        }
    }
}
