package clade.segmentation;

import clade.web.SpreadsheetCells;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Cells of the lists that are sent as CSV. */
final class CsvCells {

    private static final double WRITTEN_IN_FULL = 1e7;

    private CsvCells() {}

    /** Quoted where RFC 4180 wants it, or where it would look like a comment. */
    static void appendText(StringBuilder line, String text) {
        String cell = SpreadsheetCells.written(text);
        boolean quoted = cell.startsWith("#");
        for (int i = 0; !quoted && i < cell.length(); i++) {
            char c = cell.charAt(i);
            quoted = c == ',' || c == '"' || c == '\n' || c == '\r';
        }
        if (quoted) {
            line.append('"').append(cell.replace("\"", "\"\"")).append('"');
        } else {
            line.append(cell);
        }
    }

    /** A value as the API shows it; null is an empty cell. */
    static void append(StringBuilder line, @Nullable Object value) {
        if (value instanceof Double number) {
            appendNumber(line, number);
        } else if (value != null) {
            appendText(line, value.toString());
        }
    }

    /** As JSON writes it, but without an exponent, which some importers take for text; NaN, a missing value, is an empty cell. */
    static void appendNumber(StringBuilder line, double value) {
        if (Double.isNaN(value)) {
            return;
        }
        long whole = (long) value;
        if (whole == value && Math.abs(value) < WRITTEN_IN_FULL && whole != 0) {
            line.append(whole).append(".0");
            return;
        }
        String shortest = Double.toString(value);
        line.append(shortest.indexOf('E') < 0 ? shortest : new BigDecimal(shortest).toPlainString());
    }
}
