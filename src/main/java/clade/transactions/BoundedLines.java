package clade.transactions;

import java.io.BufferedReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Lines of a text, none longer than a limit: a file without line breaks must not fill the memory. */
final class BoundedLines {

    private final BufferedReader text;
    private final int longest;
    private long number;
    private boolean afterReturn;

    BoundedLines(BufferedReader text, int longest) {
        this.text = text;
        this.longest = longest;
    }

    /** The next line without its end (LF, CR or CRLF), or null after the last. */
    @Nullable
    String next() throws IOException {
        StringBuilder line = new StringBuilder();
        number++;
        while (true) {
            int c = text.read();
            if (c == '\n' && afterReturn) {
                afterReturn = false;
                continue;
            }
            afterReturn = c == '\r';
            if (c < 0) {
                return line.isEmpty() ? null : line.toString();
            }
            if (c == '\n' || c == '\r') {
                return line.toString();
            }
            if (line.length() == longest) {
                throw FaultyFile.of(
                        "row-too-long",
                        "Line %d is longer than %d characters (clade.uploads.row-length)".formatted(number, longest));
            }
            line.append((char) c);
        }
    }
}
