package clade.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** The configured API keys: names and SHA-256 digests; the keys themselves are never kept. */
public final class ApiKeys {

    private static final Pattern ENTRY = Pattern.compile("([A-Za-z0-9._-]{1,64}):([0-9a-fA-F]{64})");

    private final List<Entry> entries;

    private record Entry(String name, String digest) {}

    private ApiKeys(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** {@code name:sha256} entries as configured in {@code clade.api-keys}. */
    static ApiKeys of(List<String> configured) {
        List<Entry> entries = new ArrayList<>();
        for (String text : configured) {
            var entry = ENTRY.matcher(text.strip());
            if (!entry.matches()) {
                // the value itself may hold a secret that was pasted by mistake: it is not repeated
                throw new InvalidConfigurationPropertyValueException(
                        "clade.api-keys",
                        "entry " + (entries.size() + 1),
                        "each entry is name:sha256 (the name of letters, digits, '.', '_' or '-'; the digest 64 hexadecimal digits). "
                                + "`java -jar clade.jar new-api-key NAME` prints a new pair");
            }
            entries.add(new Entry(entry.group(1), entry.group(2).toLowerCase(Locale.ROOT)));
        }
        return new ApiKeys(entries);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** The name of the entry that {@code key} belongs to; takes the same time wherever a digest differs. */
    Optional<String> nameOf(String key) {
        byte[] digest = sha256(key).getBytes(StandardCharsets.US_ASCII);
        String found = null;
        for (Entry entry : entries) {
            if (MessageDigest.isEqual(entry.digest().getBytes(StandardCharsets.US_ASCII), digest)) {
                found = entry.name();
            }
        }
        return Optional.ofNullable(found);
    }

    /** A new random key and the setting that admits it, for people to read. */
    public static String newPair(String name) {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        String key = "clade_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        String entry = name + ":" + sha256(key);
        if (!ENTRY.matcher(entry).matches()) {
            throw new IllegalArgumentException("A key's name is 1 to 64 letters, digits, '.', '_' or '-', was " + name);
        }
        return "key:     %s%nsetting: clade.api-keys=%s%n".formatted(key, entry);
    }

    private static String sha256(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
