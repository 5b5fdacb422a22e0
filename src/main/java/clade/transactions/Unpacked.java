package clade.transactions;

import clade.web.Fault;
import clade.web.Refusal;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.springframework.http.HttpStatus;

/** The bytes of a file without their packing, and not more of them than allowed. */
final class Unpacked extends FilterInputStream {

    private static final int BUFFER = 1 << 16;

    private final long limit;
    private long read;

    private Unpacked(InputStream in, long limit) {
        super(in);
        this.limit = limit;
    }

    /**
     * @param gzip unpacks it once for that; a file that begins as gzip is unpacked in any case
     * @param limit bytes unpacked at most, 0 for any number; more are refused (413)
     */
    static InputStream of(InputStream file, boolean gzip, long limit) throws IOException {
        InputStream sent = gzip ? gunzip(file) : file;
        PushbackInputStream begun = new PushbackInputStream(sent, 4);
        byte[] magic = begun.readNBytes(4);
        begun.unread(magic);
        if (begins(magic, 'P', 'K', 3, 4)) {
            throw FaultyFile.of(
                    "not-text",
                    "This is a zip file or an Excel workbook; save the sheet as CSV, or pack the text with gzip");
        }
        if (begins(magic, 0xD0, 0xCF, 0x11, 0xE0)) {
            throw FaultyFile.of("not-text", "This is an old Excel workbook; save the sheet as CSV");
        }
        if (begins(magic, '%', 'P', 'D', 'F')) {
            throw FaultyFile.of("not-text", "This is a PDF; rows of text were expected");
        }
        return new Unpacked(begins(magic, 0x1F, 0x8B) ? gunzip(begun) : begun, limit);
    }

    /** All members of a gzip file; a damaged one is refused (422). */
    static InputStream gunzip(InputStream packed) throws IOException {
        try {
            return new Gunzipped(new GZIPInputStream(new Endless(packed), BUFFER));
        } catch (ZipException | EOFException e) {
            throw damaged(e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        read += Math.max(count, 0);
        if (limit > 0 && read > limit) {
            String message = "The file has more than %d bytes unpacked (clade.uploads.body-size)".formatted(limit);
            throw new Refusal(HttpStatus.CONTENT_TOO_LARGE, message, List.of(Fault.at("", "too-large", message)));
        }
        return count;
    }

    private static boolean begins(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 0xFF) != (magic[i] & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    private static Refusal damaged(IOException e) {
        String how = e.getMessage() == null ? "" : ": " + e.getMessage();
        return FaultyFile.of("damaged-gzip", "The gzip file is damaged or cut off" + how);
    }

    private static final class Gunzipped extends FilterInputStream {

        Gunzipped(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return super.read(buffer, offset, length);
            } catch (ZipException | EOFException e) {
                throw damaged(e);
            }
        }
    }

    /** GZIPInputStream looks for a further member only where bytes are said to be at hand, which a network seldom says. */
    private static final class Endless extends FilterInputStream {

        Endless(InputStream in) {
            super(in);
        }

        @Override
        public int available() {
            return 1;
        }
    }
}
