package clade.transactions;

import clade.web.Refusal;
import clade.web.SpreadsheetCells;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.StringArrayHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Text with a record a line: quoted fields between delimiters (RFC 4180 and its dialects), or fields between blanks. */
final class DelimitedRecords implements Records {

    /** The delimiters that are recognised by themselves. */
    private static final char[] DELIMITERS = {',', ';', '\t', '|'};

    private static final Pattern BLANKS = Pattern.compile("[ \\t\\u00A0]+");
    private static final int SNIFFED_RECORDS = 20;

    private final Iterator<String[]> rows;
    private final String delimiter;
    private final List<String> columns;
    private final ReadingLimits limits;

    /** Number of the record that is read next; 0 is the header. */
    private long number;

    /**
     * @param text the file
     * @param head the beginning of the same text, by which a delimiter is recognised
     * @param positional the columns of a file without a header
     */
    DelimitedRecords(
            Reader text,
            String head,
            @Nullable String declared,
            @Nullable List<String> positional,
            ReadingLimits limits) {
        this.limits = limits;
        if (FileParameters.WHITESPACE.equals(declared)) {
            this.delimiter = FileParameters.WHITESPACE;
            this.rows = new BlankSeparated(text, limits);
        } else {
            this.delimiter = declared != null ? declared : String.valueOf(sniffed(head, limits));
            this.rows = quoted(text, delimiter.charAt(0), limits);
        }
        this.columns = positional != null ? positional : header();
        this.number = 1;
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public String delimiter() {
        return delimiter;
    }

    @Override
    public @Nullable Entry next() throws IOException {
        String[] fields = row();
        while (fields != null && fields.length == 1 && fields[0].isBlank() && columns.size() > 1) {
            fields = row();
        }
        if (fields == null) {
            return null;
        }
        number++;
        if (fields.length == columns.size()) {
            return new Entry(fields, null);
        }
        Rejection ragged = new Rejection(
                "", "ragged-row", "The row has %s, the header %d".formatted(counted(fields.length), columns.size()));
        return new Entry(fitted(fields), ragged);
    }

    /** Surplus fields are kept at the end of the last column, so that the row can be given back whole. */
    private String[] fitted(String[] fields) {
        int width = columns.size();
        String[] fitted = Arrays.copyOf(fields, width);
        Arrays.fill(fitted, Math.min(fields.length, width), width, "");
        if (fields.length > width) {
            String glue = delimiter.length() == 1
                    ? delimiter + " "
                    : " "; // with a blank, 8 and 9 don't become the number 8,9
            fitted[width - 1] = String.join(glue, Arrays.asList(fields).subList(width - 1, fields.length));
        }
        return fitted;
    }

    private List<String> header() {
        String[] names;
        try {
            names = row();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (names == null) {
            throw FaultyFile.of("empty-file", "The file is empty; a header and at least one row were expected");
        }
        if (names.length > limits.columns()) {
            throw tooManyColumns();
        }
        List<String> trimmed = new ArrayList<>(names.length);
        for (String name : names) {
            trimmed.add(SpreadsheetCells.read(name.strip()));
        }
        return trimmed;
    }

    private String @Nullable [] row() throws IOException {
        try {
            return rows.hasNext() ? rows.next() : null;
        } catch (CsvParseException e) {
            throw unreadable(e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** What the splitting stopped at: a fault of the file below it, or one of the text itself. */
    private RuntimeException unreadable(CsvParseException e) throws IOException {
        if (e.getCause() instanceof Refusal refusal) {
            return refusal;
        }
        if (e.getCause() instanceof IOException lost) {
            throw lost;
        }
        String message = String.valueOf(e.getMessage());
        if (message.contains("Unclosed")) {
            return FaultyFile.of("unclosed-quote", "The file can't be split into rows: " + message);
        }
        if (message.contains("fields")) {
            return tooManyColumns();
        }
        if (message.contains("max")) {
            return refusal(
                    "row-too-long",
                    "%s is longer than %d characters (clade.uploads.row-length), or a quote in it is not closed"
                            .formatted(where(), limits.rowLength()));
        }
        return e;
    }

    private Refusal tooManyColumns() {
        return refusal(
                "too-many-columns",
                "%s has more than %d columns (clade.uploads.columns)".formatted(where(), limits.columns()));
    }

    private Refusal refusal(String code, String message) {
        return number == 0 ? FaultyFile.of(code, message) : FaultyFile.atRow(number, code, message);
    }

    private String where() {
        return number == 0 ? "The header" : "Row " + number;
    }

    @SuppressWarnings("removal") // a stray character after a closing quote is one row's fault, not the file's end
    private static Iterator<String[]> quoted(Reader text, char delimiter, ReadingLimits limits) {
        return CsvReader.builder()
                .fieldSeparator(delimiter)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowExtraCharsAfterClosingQuote(true)
                .allowUnclosedQuote(false)
                .detectBomHeader(false)
                .maxBufferSize(bufferSize(limits.rowLength()))
                .build(
                        StringArrayHandler.of(rows -> rows.maxFields(Math.max(limits.columns(), 1) + 1)
                                .maxFieldSize(limits.rowLength())
                                .maxRecordSize(limits.rowLength())),
                        text)
                .iterator();
    }

    /** Room for a row and the next piece of text; a power of two, as FastCSV 4.4.0 overruns a buffer that doubling does not reach. */
    private static int bufferSize(int rowLength) {
        return Integer.highestOneBit(Math.min(rowLength, 1 << 29) + (1 << 14)) * 2;
    }

    /** The delimiter that parts the first records most evenly; of those that do so equally well, into the most fields. */
    private static char sniffed(String head, ReadingLimits limits) {
        char best = ',';
        int bestAgreeing = 0;
        int bestWidth = 1;
        for (char candidate : DELIMITERS) {
            int width = 0;
            int agreeing = 0;
            int records = 0;
            try {
                Iterator<String[]> rows = quoted(new java.io.StringReader(head), candidate, limits);
                while (records < SNIFFED_RECORDS && rows.hasNext()) {
                    int fields = rows.next().length;
                    width = records == 0 ? fields : width;
                    agreeing += fields == width ? 1 : 0;
                    records++;
                }
            } catch (CsvParseException e) {
                // the head may end inside a quoted field: the records before it tell enough
            }
            if (width > 1 && (agreeing > bestAgreeing || (agreeing == bestAgreeing && width > bestWidth))) {
                best = candidate;
                bestAgreeing = agreeing;
                bestWidth = width;
            }
        }
        return best;
    }

    private static String counted(int fields) {
        return fields == 1 ? "1 field" : fields + " fields";
    }

    /** Lines whose fields stand between blanks, without quotes. */
    private static final class BlankSeparated implements Iterator<String[]> {

        private final BoundedLines lines;
        private @Nullable String next;

        BlankSeparated(Reader text, ReadingLimits limits) {
            this.lines = new BoundedLines(new BufferedReader(text, 1 << 16), limits.rowLength());
        }

        @Override
        public boolean hasNext() {
            try {
                while (next == null || next.isBlank()) {
                    next = lines.next();
                    if (next == null) {
                        return false;
                    }
                }
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String[] next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException();
            }
            String[] fields = BLANKS.split(next.strip());
            next = null;
            return fields;
        }
    }
}
