package clade.transactions;

import clade.web.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The text of a file in one charset for the whole of it: the declared one, else that of its byte order mark, else strict
 * UTF-8, else Windows-1252 if every byte before the first that is not UTF-8 was ASCII. Any other file is refused (422): its
 * charset must be declared.
 */
final class DecodingReader extends Reader {

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final boolean guessed;
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).limit(0);
    private CharsetDecoder decoder;
    private boolean asciiSoFar = true;
    private boolean ended;
    private boolean flushed;

    DecodingReader(InputStream in, @Nullable Charset declared) throws IOException {
        this.in = in;
        while (bytes.remaining() < 4 && fill()) {
            // a byte order mark has at most three bytes, which may arrive one by one
        }
        Charset marked = byteOrderMark();
        this.guessed = declared == null && marked == null;
        if (declared != null && !(declared.equals(StandardCharsets.UTF_16) && marked != null)) {
            this.decoder = strict(declared);
        } else {
            this.decoder = strict(marked != null ? marked : StandardCharsets.UTF_8);
        }
    }

    /** The charset's name; final once the file has been read to its end. */
    String charset() {
        return decoder.charset().name();
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (flushed) {
            return -1;
        }
        CharBuffer chars = CharBuffer.wrap(buffer, offset, length).slice();
        while (chars.position() == 0) {
            int before = bytes.position();
            CoderResult result = decoder.decode(bytes, chars, ended);
            asciiSoFar = asciiSoFar && guessed && ascii(before, bytes.position());
            if (result.isError()) {
                if (!guessed || !asciiSoFar || decoder.charset().equals(WINDOWS_1252)) {
                    throw undecodable();
                }
                decoder = strict(WINDOWS_1252);
            } else if (result.isUnderflow()) {
                if (ended) {
                    decoder.flush(chars);
                    flushed = true;
                    break;
                }
                fill();
            }
        }
        return chars.position() == 0 ? -1 : chars.position();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Reads more behind the bytes not yet decoded; false at the end of the file. */
    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        bytes.compact();
        int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
        if (read > 0) {
            bytes.position(bytes.position() + read);
        }
        bytes.flip();
        ended = read < 0;
        return !ended;
    }

    private @Nullable Charset byteOrderMark() {
        if (startsWith(0xEF, 0xBB, 0xBF)) {
            bytes.position(3);
            return StandardCharsets.UTF_8;
        }
        if (startsWith(0xFE, 0xFF)) {
            bytes.position(2);
            return StandardCharsets.UTF_16BE;
        }
        if (startsWith(0xFF, 0xFE)) {
            bytes.position(2);
            return StandardCharsets.UTF_16LE;
        }
        return null;
    }

    private boolean startsWith(int... mark) {
        if (bytes.remaining() < mark.length) {
            return false;
        }
        for (int i = 0; i < mark.length; i++) {
            if ((bytes.get(i) & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean ascii(int from, int to) {
        byte[] array = bytes.array();
        for (int i = from; i < to; i++) {
            if (array[i] < 0) {
                return false;
            }
        }
        return true;
    }

    private Refusal undecodable() {
        return FaultyFile.mendedBy(
                "charset",
                "unreadable-charset",
                guessed
                        ? "The text is neither UTF-8 throughout nor Windows-1252; say which it is by charset, such as charset=ISO-8859-15"
                        : "The text is not %s throughout; say which charset it is by charset".formatted(charset()));
    }

    private static CharsetDecoder strict(Charset charset) {
        return charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }
}
