package clade.transactions;

import clade.web.SpreadsheetCells;

/** The texts of a record's fields. */
final class Cells {

    private Cells() {}

    /** The text of the field at this place, without what a spreadsheet wrote before it; empty if there is none. */
    static String text(String[] fields, int place) {
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

    /** Whether PostgreSQL can keep the text. */
    static boolean storable(String text) {
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

    /** As much of the text as a message quotes. */
    static String shown(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
}
