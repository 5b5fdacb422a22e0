package clade.transactions;

import clade.web.Refusal;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How dates are written. The known formats are told apart by the order of year, month and day and by what stands between them;
 * each also reads numbers without a leading zero, a time behind the date ({@code 8:26}, {@code 08:26:00.123}, {@code 8:26 PM},
 * parted by a blank or {@code T}) and a zone behind that ({@code Z}, {@code UTC}, {@code +01:00}). Any other format can be
 * declared as a pattern.
 *
 * @param order y, M and d in their order, parted by blanks; {@code MMM} a month's English name; empty for other formats
 * @param separator between the parts; 0 where there is none
 * @param yearDigits 4, or 2 for years of 2000 to 2099
 * @param pattern as reports name it
 * @param custom a declared format that is none of the known ones
 */
record DateFormat(
        String order,
        char separator,
        int yearDigits,
        String pattern,
        @Nullable DateTimeFormatter custom) {

    static final DateFormat EPOCH_SECONDS = known("", '\0', 0, "epoch-seconds");
    static final DateFormat EPOCH_MILLISECONDS = known("", '\0', 0, "epoch-milliseconds");
    static final DateFormat COMPACT = known("y M d", '\0', 4, "yyyyMMdd");

    /** All that are recognised by themselves, the one to prefer where they read a file alike first. */
    static final List<DateFormat> KNOWN = List.of(
            known("y M d", '-', 4, "yyyy-MM-dd"),
            known("y M d", '/', 4, "yyyy/MM/dd"),
            known("y M d", '.', 4, "yyyy.MM.dd"),
            COMPACT,
            known("d M y", '.', 4, "dd.MM.yyyy"),
            known("d M y", '/', 4, "dd/MM/yyyy"),
            known("M d y", '/', 4, "MM/dd/yyyy"),
            known("d M y", '-', 4, "dd-MM-yyyy"),
            known("M d y", '-', 4, "MM-dd-yyyy"),
            known("d M y", '.', 2, "dd.MM.yy"),
            known("y M d", '.', 2, "yy.MM.dd"),
            known("d M y", '/', 2, "dd/MM/yy"),
            known("M d y", '/', 2, "MM/dd/yy"),
            known("y M d", '/', 2, "yy/MM/dd"),
            known("d M y", '-', 2, "dd-MM-yy"),
            known("M d y", '-', 2, "MM-dd-yy"),
            known("y M d", '-', 2, "yy-MM-dd"),
            known("d MMM y", '-', 4, "dd-MMM-yyyy"),
            known("d MMM y", ' ', 4, "dd MMM yyyy"),
            known("MMM d y", ' ', 4, "MMM dd, yyyy"),
            EPOCH_SECONDS,
            EPOCH_MILLISECONDS);

    private static final Pattern TIME = Pattern.compile(
            "(?:,? |'?T'?)?(?:HH?|hh?):mm(?::ss)?(?:[.,]S{1,9})?(?: ?a)?(?: ?(?:X{1,3}|x{1,3}|Z{1,5}|'Z'))?");

    private static DateFormat known(String order, char separator, int yearDigits, String pattern) {
        return new DateFormat(order, separator, yearDigits, pattern, null);
    }

    /**
     * The format that a request declares.
     *
     * @throws Refusal (400) if it is no pattern
     */
    static @Nullable DateFormat find(@Nullable String declared) {
        if (declared == null) {
            return null;
        }
        String plain = declared.strip().replace("[", "").replace("]", "").replace('u', 'y');
        for (DateFormat format : KNOWN) {
            Matcher date = format.written().matcher(plain);
            if (date.lookingAt()
                    && (date.end() == plain.length()
                            || TIME.matcher(plain.substring(date.end())).matches())) {
                return new DateFormat(format.order, format.separator, format.yearDigits, declared.strip(), null);
            }
        }
        try {
            DateTimeFormatter formatter = new DateTimeFormatterBuilder()
                    .parseCaseInsensitive()
                    .appendPattern(declared)
                    .parseDefaulting(ChronoField.ERA, 1)
                    .toFormatter(Locale.ENGLISH)
                    .withResolverStyle(ResolverStyle.STRICT);
            DateFormat custom = new DateFormat("", '\0', 0, declared, formatter);
            if (declared.isBlank() || custom.value(formatter.format(EXAMPLE)) == null) {
                throw new IllegalArgumentException("it does not say the whole date");
            }
            return custom;
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            throw Refusal.badParameter(
                    "dateFormat",
                    "invalid-value",
                    "dateFormat must be a pattern such as d/M/yyyy H:mm, epoch-seconds or epoch-milliseconds, was %s: %s"
                            .formatted(declared, e.getMessage()));
        }
    }

    private static final java.time.ZonedDateTime EXAMPLE =
            java.time.ZonedDateTime.of(2010, 12, 1, 8, 26, 0, 0, ZoneOffset.UTC);

    /** What a custom format reads; null if it can't. */
    @Nullable
    Local value(String text) {
        try {
            TemporalAccessor read = java.util.Objects.requireNonNull(custom).parse(text);
            LocalDate date = read.query(TemporalQueries.localDate());
            LocalTime time = read.query(TemporalQueries.localTime());
            java.time.ZoneId zone = read.query(TemporalQueries.zone());
            return date == null ? null : new Local(date, time == null ? LocalTime.MIDNIGHT : time, zone);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** True if the values are numbers of seconds or milliseconds, which need no zone. */
    boolean isEpoch() {
        return order.isEmpty() && custom == null;
    }

    /** A date and time with the zone that was written with it, if any. */
    record Local(LocalDate date, LocalTime time, java.time.@Nullable ZoneId zone) {}

    /** Patterns that mean this format: {@code d/M/yyyy}, {@code dd/MM/yyyy} and the like. */
    private Pattern written() {
        if (order.isEmpty() || separator == 0) {
            return Pattern.compile(Pattern.quote(pattern));
        }
        String between = order.startsWith("MMM") ? ",? " : Pattern.quote(String.valueOf(separator));
        return Pattern.compile(Arrays.stream(order.split(" "))
                .map(part -> switch (part) {
                    case "y" -> yearDigits == 4 ? "yyyy" : "yy(?!y)";
                    case "M" -> "MM?(?!M)";
                    case "d" -> "dd?";
                    default -> "MMM";
                })
                .collect(Collectors.joining(between)));
    }
}
