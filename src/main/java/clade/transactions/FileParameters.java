package clade.transactions;

import clade.web.Fault;
import clade.web.Refusal;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** How an upload of any kind asks to be read. What is absent is found out from the file. */
interface FileParameters {

    String WHITESPACE = "whitespace";

    @Nullable
    String dateFormat();

    @Nullable
    String decimal();

    @Nullable
    String charset();

    @Nullable
    String delimiter();

    @Nullable
    String header();

    @Nullable
    String columns();

    /** Refuses values that mean nothing (400). */
    default void checkReading() {
        oneOf("decimal", decimal(), ".", ",");
        oneOf("header", header(), "none", "first");
        if ("none".equals(header()) != (columns() != null)) {
            throw new Refusal(
                    HttpStatus.BAD_REQUEST,
                    "header=none and columns=… belong together",
                    List.of(Fault.ofParameter(
                            columns() == null ? "columns" : "header",
                            "missing",
                            columns() == null
                                    ? "header=none needs the columns by name, such as columns=customerId,occurredAt,amount"
                                    : "columns is for files without a header: say header=none")));
        }
        declaredCharset();
        declaredDateFormat();
        declaredDelimiter();
    }

    default @Nullable Charset declaredCharset() {
        return Charsets.find(charset());
    }

    default @Nullable DateFormat declaredDateFormat() {
        return DateFormat.find(dateFormat());
    }

    default @Nullable String declaredDelimiter() {
        return Delimiters.find(delimiter());
    }

    /** The names of a file without a header; null where the first record holds them. */
    default @Nullable List<String> positionalColumns() {
        String names = columns();
        return names == null
                ? null
                : Arrays.stream(names.split(",", -1)).map(String::strip).toList();
    }

    static void oneOf(String parameter, @Nullable String value, String... allowed) {
        if (value != null && !Arrays.asList(allowed).contains(value)) {
            throw invalid(parameter, "%s must be %s, was %s".formatted(parameter, String.join(" or ", allowed), value));
        }
    }

    static Refusal invalid(String parameter, String message) {
        return Refusal.badParameter(parameter, "invalid-value", message);
    }

    /** What the API says of the parameters that all kinds have. */
    final class Words {

        static final String CUSTOMER_ID = "Column that holds the customer's id";
        static final String DATE_FORMAT =
                "Format of the dates, as a pattern of letters (y year, M month, d day, H hour, m minute, s second,"
                        + " XXX offset), `epoch-seconds` or `epoch-milliseconds`";
        static final String DECIMAL = "Decimal separator of the numbers: `.` or `,`";
        static final String CHARSET = "Charset of the file";
        static final String DELIMITER =
                "What parts the fields: one character, `comma`, `semicolon`, `tab`, `pipe`, or `whitespace`"
                        + " for fields between blanks";
        static final String HEADER = "`none` if the first row is data already; `columns` then names the columns";
        static final String COLUMNS =
                "Names of the columns of a file without a header, in order; `-` for one to leave out";

        private Words() {}
    }

    /** The charsets of this platform. */
    final class Charsets {

        private Charsets() {}

        static @Nullable Charset find(@Nullable String name) {
            try {
                return name == null ? null : Charset.forName(name.strip());
            } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                throw invalid("charset", "There is no charset " + name);
            }
        }
    }

    /** What may part fields. */
    final class Delimiters {

        private static final Map<String, String> NAMES =
                Map.of("comma", ",", "semicolon", ";", "tab", "\t", "\\t", "\t", "pipe", "|", WHITESPACE, WHITESPACE);

        private Delimiters() {}

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
