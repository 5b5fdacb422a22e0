package clade.database;

import java.nio.charset.StandardCharsets;

/** What PostgreSQL can keep as {@code text}. */
public final class StoredText {

    private StoredText() {}

    /** Whether it can keep this: no NUL, no half of a surrogate pair. */
    public static boolean isStorable(String text) {
        return text.indexOf('\u0000') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
