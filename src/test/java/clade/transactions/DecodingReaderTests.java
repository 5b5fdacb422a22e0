package clade.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clade.web.Refusal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DecodingReaderTests {

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    @Test
    void utf8IsReadAsSuchHoweverItIsCutIntoPieces() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(200); length > 0; length--) {
                text.appendCodePoint(
                        random.nextInt(10) == 0 ? random.nextInt(0x10000, 0x10FFFF) : random.nextInt(1, 0xD7FF));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);

            DecodingReader reader = new DecodingReader(trickling(bytes, random), null);

            String expected = text.toString().startsWith("\uFEFF") ? text.substring(1) : text.toString();
            assertThat(all(reader)).isEqualTo(expected);
            assertThat(reader.charset()).isEqualTo("UTF-8");
        }
    }

    @Test
    void windows1252IsFoundAtItsFirstByteThatIsNotAscii() throws IOException {
        String text = "a".repeat(200_000) + " £ “quoted” é €";

        DecodingReader reader = reader(text.getBytes(WINDOWS_1252), null);

        assertThat(all(reader)).isEqualTo(text);
        assertThat(reader.charset()).isEqualTo("windows-1252");
    }

    @Test
    void byteOrderMarksDecide() throws IOException {
        assertThat(all(reader(
                        join(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, "é".getBytes(StandardCharsets.UTF_8)),
                        null)))
                .isEqualTo("é");
        assertThat(all(reader(
                        join(new byte[] {(byte) 0xFF, (byte) 0xFE}, "é".getBytes(StandardCharsets.UTF_16LE)), null)))
                .isEqualTo("é");
        assertThat(all(reader(
                        join(new byte[] {(byte) 0xFE, (byte) 0xFF}, "é".getBytes(StandardCharsets.UTF_16BE)), null)))
                .isEqualTo("é");
    }

    @Test
    void aFileThatIsBothOrNeitherIsAskedFor() {
        byte[] both =
                join("é".getBytes(StandardCharsets.UTF_8), "é".getBytes(WINDOWS_1252), "abc".getBytes(WINDOWS_1252));
        byte[] neither = {'a', (byte) 0x81, 'b'};
        byte[] cutOff = join("é".getBytes(StandardCharsets.UTF_8), new byte[] {(byte) 0xC3});

        for (byte[] bytes : new byte[][] {both, neither, cutOff}) {
            assertThatThrownBy(() -> all(reader(bytes, null)))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("charset");
        }
    }

    @Test
    void aDeclaredCharsetIsTakenAtItsWord() throws IOException {
        assertThat(all(reader("€".getBytes(Charset.forName("ISO-8859-15")), Charset.forName("ISO-8859-15"))))
                .isEqualTo("€");
        assertThatThrownBy(() -> all(reader(new byte[] {'a', (byte) 0xE9, 'b'}, StandardCharsets.UTF_8)))
                .isInstanceOf(Refusal.class);
    }

    private static DecodingReader reader(byte[] bytes, @Nullable Charset declared) throws IOException {
        return new DecodingReader(new ByteArrayInputStream(bytes), declared);
    }

    private static String all(DecodingReader reader) throws IOException {
        StringWriter text = new StringWriter();
        reader.transferTo(text);
        return text.toString();
    }

    private static InputStream trickling(byte[] bytes, SplittableRandom random) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public int read(byte[] buffer, int offset, int length) {
                return super.read(buffer, offset, Math.min(length, random.nextInt(1, 6)));
            }
        };
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
