package clade.datasets;

import clade.database.StoredText;
import clade.web.Refusal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Currency;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Checks the settings of a dataset as clients write them; a refusal names the field. */
final class DatasetSettings {

    static final String DEFAULT_CANCELLATIONS = "^C\\d+$";

    private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final int NAME_LENGTH = 200;
    private static final int PATTERN_LENGTH = 200;

    private DatasetSettings() {}

    /** The text of a field that is there; null if it is an explicit null. */
    static @Nullable String text(String field, JsonNode value) {
        if (!value.isString() && !value.isNull()) {
            throw Refusal.badField("/" + field, "invalid-value", field + " must be text or null, was " + value);
        }
        return value.isNull() ? null : value.asString();
    }

    static String key(@Nullable String key) {
        if (key == null || !KEY.matcher(key).matches()) {
            throw Refusal.badField(
                    "/key",
                    "invalid-value",
                    "key must be 1 to 63 lower-case letters, digits and hyphens, the first no hyphen, was " + key);
        }
        return key;
    }

    static String name(@Nullable String name) {
        if (name == null || name.isBlank() || name.length() > NAME_LENGTH || !StoredText.isStorable(name)) {
            throw Refusal.badField(
                    "/name", "invalid-value", "name must be 1 to %d characters, not blank".formatted(NAME_LENGTH));
        }
        return name.strip();
    }

    static @Nullable String currency(@Nullable String currency) {
        if (currency == null) {
            return null;
        }
        try {
            return Currency.getInstance(currency).getCurrencyCode();
        } catch (IllegalArgumentException e) {
            throw Refusal.badField(
                    "/currency", "invalid-value", "currency must be an ISO 4217 code such as GBP, was " + currency);
        }
    }

    static ZoneId timeZone(@Nullable String zone) {
        try {
            return ZoneId.of(zone == null ? "UTC" : zone);
        } catch (DateTimeException e) {
            throw Refusal.badField(
                    "/timeZone",
                    "invalid-value",
                    "timeZone must be a time zone such as Europe/London or UTC, was " + zone);
        }
    }

    static @Nullable String cancellationPattern(@Nullable String pattern) {
        if (pattern == null) {
            return null;
        }
        if (pattern.length() > PATTERN_LENGTH) {
            throw badPattern("has more than %d characters".formatted(PATTERN_LENGTH));
        }
        if (!StoredText.isStorable(pattern)) {
            throw badPattern("holds a character that can't be stored");
        }
        try {
            return Pattern.compile(pattern).pattern();
        } catch (PatternSyntaxException e) {
            throw badPattern(e.getDescription());
        }
    }

    private static Refusal badPattern(String why) {
        return Refusal.badField(
                "/cancellationPattern",
                "invalid-value",
                "cancellationPattern must be a regular expression such as ^C\\d+$, or null: " + why);
    }
}
