package clade.web;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Where a page ended, as an opaque token of {@code [A-Za-z0-9_-]}. */
public final class Cursor {

    /** Parts are joined by a character that XML, JSON and PostgreSQL text can't hold unescaped, so none of them contains it. */
    private static final String SEPARATOR = "\u0000";

    private Cursor() {}

    public static String encode(Object... parts) {
        String joined = java.util.Arrays.stream(parts)
                .map(String::valueOf)
                .collect(java.util.stream.Collectors.joining(SEPARATOR));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(joined.getBytes(StandardCharsets.UTF_8));
    }

    /** The parts that {@link #encode} was given; a token that it did not make is a 400 naming {@code cursor}. */
    public static List<String> decode(String token, int parts) {
        try {
            String joined = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getUrlDecoder().decode(token)))
                    .toString();
            List<String> decoded = List.of(joined.split(SEPARATOR, -1));
            if (decoded.size() == parts) {
                return decoded;
            }
        } catch (IllegalArgumentException | CharacterCodingException e) {
            // falls through to the refusal
        }
        throw refused();
    }

    /** A whole number among the parts. */
    public static long number(String part) {
        try {
            return Long.parseLong(part);
        } catch (NumberFormatException e) {
            throw refused();
        }
    }

    private static Refusal refused() {
        return Refusal.badParameter(
                "cursor",
                "invalid-cursor",
                "cursor must be the \"next\" of an earlier page, or absent for the first page");
    }
}
