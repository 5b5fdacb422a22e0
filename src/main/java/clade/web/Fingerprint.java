package clade.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A digest (SHA-256) of bytes that come piece by piece. One word can be left out wherever it stands: clients draw the boundary of
 * a multipart body anew for each try.
 */
final class Fingerprint {

    private final MessageDigest digest = sha256();
    private final byte[] word;
    private final int[] fallback;
    private int matched;

    /** Leaves {@code word} out; nothing if it is empty. */
    Fingerprint(String word) {
        this.word = word.getBytes(StandardCharsets.ISO_8859_1);
        this.fallback = fallbacks(this.word);
    }

    /** Of a text that is there at once. */
    static byte[] of(String text) {
        return sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    }

    void add(byte[] bytes, int offset, int length) {
        if (word.length == 0) {
            digest.update(bytes, offset, length);
            return;
        }
        for (int i = offset; i < offset + length; i++) {
            add(bytes[i]);
        }
    }

    /** Ends it. */
    byte[] value() {
        digest.update(word, 0, matched);
        return digest.digest();
    }

    /** Knuth, Morris and Pratt: what may be the beginning of the word is held back until the next byte tells. */
    private void add(byte next) {
        while (matched > 0 && word[matched] != next) {
            digest.update(word, 0, matched - fallback[matched]);
            matched = fallback[matched];
        }
        if (word[matched] != next) {
            digest.update(next);
        } else if (++matched == word.length) {
            matched = 0;
        }
    }

    /** By length of what has matched: how much of it may be a new beginning. */
    private static int[] fallbacks(byte[] word) {
        int[] fallback = new int[word.length + 1];
        int length = 0;
        for (int i = 1; i < word.length; i++) {
            while (length > 0 && word[length] != word[i]) {
                length = fallback[length];
            }
            if (word[length] == word[i]) {
                length++;
            }
            fallback[i + 1] = length;
        }
        return fallback;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
