package clade.web;

import java.util.regex.Pattern;

/**
 * Text cells of CSV that a spreadsheet must not run as a formula. Those that begin with {@code = + - @}, tab or CR and are no
 * number are written with a leading {@code '}, which reading takes off again.
 */
public final class SpreadsheetCells {

    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");

    private SpreadsheetCells() {}

    /** The cell as it is written. */
    public static String written(String text) {
        return looksLikeFormula(text, 0) ? "'" + text : text;
    }

    /** The text that {@link #written} was given. */
    public static String read(String cell) {
        return cell.length() > 1 && cell.charAt(0) == '\'' && looksLikeFormula(cell, 1) ? cell.substring(1) : cell;
    }

    /** A formula behind quotes counts too: without one more quote it would lose one when it is read again. */
    private static boolean looksLikeFormula(String text, int from) {
        int start = from;
        while (start < text.length() && text.charAt(start) == '\'') {
            start++;
        }
        if (start == text.length()) {
            return false;
        }
        char first = text.charAt(start);
        boolean formula =
                first == '=' || first == '+' || first == '-' || first == '@' || first == '\t' || first == '\r';
        return formula && !NUMBER.matcher(text.substring(start)).matches();
    }
}
