package clade.segmentation;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The instant that features are computed for, as a client may write it: an instant, a local date-time, a date (start of that
 * local day), {@code latest} (the dataset's newest transaction plus one local day) or {@code now}.
 */
record AsOf(String text) {

    static final AsOf LATEST = new AsOf("latest");

    private static final int FIRST_YEAR = 1;
    private static final int LAST_YEAR = 9999;

    AsOf {
        if (!isRelative(text) && parse(text, ZoneId.of("UTC")).isEmpty()) {
            throw new IllegalArgumentException(
                    "must be an instant (2011-12-10T12:50:00Z), a local date-time (2011-12-10T12:50:00), a date (2011-12-10), "
                            + "\"latest\" or \"now\", was " + text);
        }
    }

    /** The field {@code asOf}, null if it is absent; a refusal names it. */
    static @Nullable AsOf find(Fields fields) {
        String text = fields.text("asOf");
        try {
            return text == null ? null : new AsOf(text);
        } catch (IllegalArgumentException e) {
            throw fields.refusal("asOf", String.valueOf(e.getMessage()));
        }
    }

    /** The instant in the dataset's zone; {@code newest} is its newest transaction, null if it has none. */
    Instant resolve(ZoneId zone, @Nullable Instant newest, Instant now) {
        if (!isRelative(text)) {
            return parse(text, zone).orElseThrow();
        }
        return newest == null || text.equals("now")
                ? now
                : newest.atZone(zone).plusDays(1).toInstant();
    }

    /** Whether it is {@code latest} or {@code now}, which move with the data or the time. */
    boolean isRelative() {
        return isRelative(text);
    }

    private static boolean isRelative(String text) {
        return text.equals("latest") || text.equals("now");
    }

    private static Optional<Instant> parse(String text, ZoneId zone) {
        try {
            Instant parsed = text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
                    : isLocal(text)
                            ? LocalDateTime.parse(text).atZone(zone).toInstant()
                            : OffsetDateTime.parse(text).toInstant();
            int year = parsed.atZone(zone).getYear();
            return year < FIRST_YEAR || year > LAST_YEAR ? Optional.empty() : Optional.of(parsed);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static boolean isLocal(String text) {
        return !text.matches(".*(?:[Zz]|[+-]\\d\\d(?::?\\d\\d){0,2})");
    }
}
