package clade.transactions;

import clade.web.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Opens a file as records: unpacks and decodes it, and tells text from everything else. */
final class RecordsReader {

    private static final int HEAD = 1 << 16;

    /** The first line by which spreadsheets tell each other what parts the fields. */
    private static final Pattern SEPARATOR_LINE = Pattern.compile(
            "(?<quote>\"?)(?i:sep)=(?<separator>[\\p{Punct}\\p{Blank}&&[^\"]])\\k<quote>(?:\\r\\n?|\\n|\\z)");

    private final UploadBody body;
    private final FileParameters parameters;
    private final ReadingLimits limits;
    private final long largest;
    private @Nullable DecodingReader decoding;

    /** @param largest bytes unpacked at most, 0 for any number */
    RecordsReader(UploadBody body, FileParameters parameters, ReadingLimits limits, long largest) {
        this.body = body;
        this.parameters = parameters;
        this.limits = limits;
        this.largest = largest;
    }

    /**
     * The records of the file.
     *
     * @param file the bytes of the file as sent; the body's own, or the same ones again
     * @throws Refusal (422) if the file is no text with records
     */
    Records open(InputStream file) throws IOException {
        decoding = new DecodingReader(Unpacked.of(file, body.gzip(), largest), charset());
        PushbackReader text = new PushbackReader(decoding, HEAD);
        char[] head = new char[HEAD];
        int length = 0;
        for (int read = text.read(head); read > 0; read = text.read(head, length, HEAD - length)) {
            length += read;
        }
        text.unread(head, 0, length);
        String beginning = new String(head, 0, length);
        if (beginning.indexOf('\0') >= 0) {
            throw FaultyFile.of("not-text", "The file is binary: it holds NUL characters; rows of text were expected");
        }
        if (beginning.isBlank()) {
            throw empty();
        }
        return switch (body.kind()) {
            case JSON -> JsonRecords.document(text, decimal(), limits);
            case JSON_LINES -> JsonRecords.lines(text, decimal(), limits);
            case DELIMITED -> delimited(text, beginning);
        };
    }

    private Records delimited(Reader text, String beginning) throws IOException {
        String delimiter = parameters.declaredDelimiter();
        String head = beginning;
        Matcher told = SEPARATOR_LINE.matcher(beginning);
        if (told.lookingAt()) {
            text.skip(told.end()); // never less, as the beginning was read before
            head = beginning.substring(told.end());
            delimiter = delimiter == null ? told.group("separator") : delimiter;
            if (head.isBlank()) {
                throw empty();
            }
        }
        return new DelimitedRecords(text, head, delimiter, parameters.positionalColumns(), limits);
    }

    static Refusal empty() {
        return FaultyFile.of("empty-file", "The file has no rows; column names and at least one row were expected");
    }

    /** The charset in which the file was decoded. */
    String charsetName() {
        return decoding == null ? "" : decoding.charset();
    }

    /** The decimal separator that needs no decision: JSON has its own, also for texts unless another is declared. */
    @Nullable
    String declaredDecimal() {
        return parameters.decimal() == null && body.kind() != UploadBody.Kind.DELIMITED ? "." : parameters.decimal();
    }

    /** True if every row must tell which it is. */
    boolean needsIdentity() {
        return body.kind() == UploadBody.Kind.JSON;
    }

    private char decimal() {
        String declared = declaredDecimal();
        return declared == null ? '.' : declared.charAt(0);
    }

    private @Nullable Charset charset() {
        Charset asked = parameters.declaredCharset();
        String declared = body.charset();
        if (asked != null || declared == null) {
            return asked;
        }
        try {
            return Charset.forName(declared);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw FaultyFile.mendedBy("charset", "unknown-charset", "There is no charset " + declared);
        }
    }
}
