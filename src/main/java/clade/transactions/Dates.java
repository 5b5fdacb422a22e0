package clade.transactions;

import clade.database.Times;
import clade.web.Refusal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Decides the format of a file's dates: the declared one, else the known one that reads most of the values (the
 * first of several in {@link DateFormat#KNOWN}). Dates without a zone
 * are local to the dataset's; a local time that a clock change skips is taken as much later as the change, one that occurs twice
 * as the earlier.
 */
final class Dates {

    private static final int COUNT = DateFormat.KNOWN.size();
    private static final long MICROS_A_SECOND = 1_000_000;
    private static final long SECONDS_A_DAY = 86_400;
    private static final int NONE = -1;

    // what a value was seen to have, for the name of the format
    private static final int UNPADDED_DATE = 1;
    private static final int NO_TIME = 1 << 1;
    private static final int TIME = 1 << 2;
    private static final int LETTER_T = 1 << 3;
    private static final int UNPADDED_HOUR = 1 << 4;
    private static final int NO_SECONDS = 1 << 5;
    private static final int SECONDS = 1 << 6;
    private static final int FRACTION = 1 << 7;
    private static final int HALF_DAYS = 1 << 8;
    private static final int ZONE = 1 << 9;
    private static final int NO_ZONE = 1 << 10;

    private static final Map<String, Integer> MONTHS = months();

    private final @Nullable DateFormat declared;
    private final ZoneId zone;

    /** How many values exactly these formats read, by the set of formats as bits. */
    private final Map<Integer, long[]> readers = new TreeMap<>();

    private final boolean[][] differ = new boolean[COUNT][COUNT];
    private final int[] shapes = new int[COUNT];
    private int leading;

    /** The formats that read every value, as bits; of a declared pattern, whether it does. */
    private int readByAll = -1;

    // the value read last: text, the formats that read it as bits, its day by format, and what all of them share
    private String text = "";
    private long[] counter = new long[1];
    private int readBy;
    private final long[] days = new long[COUNT];
    private long microsOfDay;
    private @Nullable Integer offsetSeconds;
    private long epochMicros;
    private int shape;
    private int position;

    // the last instant computed: dates often repeat in the next row
    private long micros;
    private LocalDateTime local = LocalDateTime.MIN;
    private boolean readable;
    private int readableBy = NONE;

    Dates(@Nullable DateFormat declared, ZoneId zone) {
        this.declared = declared;
        this.zone = zone;
        if (declared != null && declared.custom() == null) {
            leading = index(declared.order(), declared.separator(), declared.yearDigits(), declared.pattern());
        }
    }

    /** Counts the value for the decision and reads it by the leading format; false if that can't read it. */
    boolean read(String value) {
        if (declared != null && declared.custom() != null) {
            boolean read = readCustom(value, declared);
            readByAll &= read ? -1 : 0;
            return read;
        }
        if (!value.equals(text)) {
            text = value;
            lex(value);
            note();
            readableBy = NONE;
        }
        counter[0]++;
        readByAll &= readBy;
        if (readableBy != leading) {
            readableBy = leading;
            readable = (readBy >> leading & 1) != 0;
            micros = readable ? instant() : 0;
        }
        return readable;
    }

    /** The value read last, in microseconds since 1970-01-01T00:00Z. */
    long micros() {
        return micros;
    }

    /** The value read last, as local time of the dataset: as it was written, unless it was written with a zone or as an instant. */
    LocalDateTime local() {
        if (declared != null && declared.custom() != null) {
            return local;
        }
        if (offsetSeconds != null || DateFormat.KNOWN.get(leading).isEpoch()) {
            return LocalDateTime.ofInstant(Times.instant(micros), zone);
        }
        return LocalDate.ofEpochDay(days[leading]).atTime(LocalTime.ofNanoOfDay(microsOfDay * 1000));
    }

    /** Whether this format has read every value, a place in {@link DateFormat#KNOWN}. */
    boolean readsAll(int format) {
        return (declared != null && declared.custom() != null) ? readByAll != 0 : (readByAll >> format & 1) != 0;
    }

    /** Whether some format has read every value; the declared one, if one is. */
    boolean anyReadsAll() {
        return declared == null ? readByAll != 0 : readsAll(leading);
    }

    /** Lets the values that others have read count for the decision here too. */
    void add(Dates others) {
        others.readers.forEach((by, count) -> readers.computeIfAbsent(by, same -> new long[1])[0] += count[0]);
        for (int one = 0; one < COUNT; one++) {
            shapes[one] |= others.shapes[one];
            for (int other = 0; other < COUNT; other++) {
                differ[one][other] |= others.differ[one][other];
            }
        }
    }

    /** Reads by this format from now on, a place in {@link DateFormat#KNOWN}. */
    void lead(int format) {
        leading = format;
    }

    int leading() {
        return leading;
    }

    /** Place in {@link DateFormat#KNOWN} of the format that reads most; the first of those that read equally many. */
    int decided() {
        if (declared != null) {
            return leading;
        }
        int best = 0;
        for (int format = 1; format < COUNT; format++) {
            best = countOf(format) > countOf(best) ? format : best;
        }
        return best;
    }

    /** Refuses the file if two formats read equally many values, no other reads more, and both read some value, but differently. */
    void check() {
        if (declared != null) {
            return;
        }
        int best = decided();
        if (countOf(best) == 0) {
            return;
        }
        List<String> rivals = IntStream.range(0, COUNT)
                .filter(one -> countOf(one) == countOf(best)
                        && IntStream.range(0, COUNT)
                                .anyMatch(other -> differ[one][other] && countOf(other) == countOf(best)))
                .mapToObj(this::name)
                .toList();
        if (!rivals.isEmpty()) {
            throw ambiguous(rivals);
        }
    }

    /** The format by which the file was read, as a pattern; null if nothing was read. */
    @Nullable
    String report() {
        if (declared != null) {
            return declared.pattern();
        }
        return countOf(leading) == 0 ? null : name(leading);
    }

    private static Refusal ambiguous(List<String> rivals) {
        return FaultyFile.mendedBy(
                "dateFormat",
                "ambiguous-date-format",
                "The dates read equally well as %s, but not as the same days; say which by dateFormat"
                        .formatted(String.join(" and as ", rivals)));
    }

    private boolean readCustom(String value, DateFormat format) {
        DateFormat.Local read = format.value(value);
        if (read == null || read.date().getYear() < 1 || read.date().getYear() > 9999) {
            return false;
        }
        LocalDateTime asWritten = LocalDateTime.of(read.date(), read.time());
        ZoneId written = read.zone();
        micros = micros(asWritten, written == null ? zone : written);
        local = written == null ? asWritten : LocalDateTime.ofInstant(Times.instant(micros), zone);
        return true;
    }

    private long countOf(int format) {
        long count = 0;
        for (Map.Entry<Integer, long[]> entry : readers.entrySet()) {
            count += (entry.getKey() >> format & 1) == 0 ? 0 : entry.getValue()[0];
        }
        return count;
    }

    /** Keeps what the new value tells about the formats that read it. */
    private void note() {
        counter = readers.computeIfAbsent(readBy, by -> new long[1]);
        for (int one = 0; one < COUNT; one++) {
            if ((readBy >> one & 1) != 0) {
                shapes[one] |= shape;
                for (int other = 0; other < COUNT; other++) {
                    differ[one][other] |= (readBy >> other & 1) != 0 && days[one] != days[other];
                }
            }
        }
    }

    private long instant() {
        DateFormat format = DateFormat.KNOWN.get(leading);
        if (format.isEpoch()) {
            return epochMicros;
        }
        long local = days[leading] * SECONDS_A_DAY * MICROS_A_SECOND + microsOfDay;
        if (offsetSeconds != null) {
            return local - offsetSeconds * MICROS_A_SECOND;
        }
        if (zone instanceof ZoneOffset fixed) {
            return local - fixed.getTotalSeconds() * MICROS_A_SECOND;
        }
        return micros(
                LocalDateTime.ofEpochSecond(
                        Math.floorDiv(local, MICROS_A_SECOND),
                        (int) Math.floorMod(local, MICROS_A_SECOND) * 1000,
                        ZoneOffset.UTC),
                zone);
    }

    private static long micros(LocalDateTime local, ZoneId zone) {
        java.time.Instant instant = local.atZone(zone).toInstant();
        return instant.getEpochSecond() * MICROS_A_SECOND + instant.getNano() / 1000;
    }

    private void lex(String value) {
        readBy = 0;
        shape = 0;
        position = 0;
        String first = word(value);
        if (!first.isEmpty()) {
            lexMonthFirst(value, first);
            return;
        }
        int start = position;
        long one = number(value);
        int oneDigits = position - start;
        if (oneDigits == 0) {
            return;
        }
        if (position == value.length() && (oneDigits == 10 || oneDigits == 13)) {
            boolean seconds = oneDigits == 10;
            epochMicros = one * (seconds ? MICROS_A_SECOND : 1000);
            readBy = 1 << DateFormat.KNOWN.indexOf(seconds ? DateFormat.EPOCH_SECONDS : DateFormat.EPOCH_MILLISECONDS);
            return;
        }
        if (oneDigits == 8) {
            if (time(value)) {
                offer("y M d", '\0', 4, one / 10_000, one / 100 % 100, one % 100);
            }
            return;
        }
        if (position >= value.length() || oneDigits > 4) {
            return;
        }
        char separator = value.charAt(position++);
        if (separator != '-' && separator != '/' && separator != '.' && separator != ' ') {
            return;
        }
        String month = word(value);
        start = position;
        long two = month.isEmpty() ? number(value) : MONTHS.getOrDefault(month, NONE);
        int twoDigits = position - start;
        if ((month.isEmpty() && (twoDigits == 0 || twoDigits > 2 || separator == ' '))
                || position >= value.length()
                || value.charAt(position) != separator) {
            return;
        }
        position++;
        start = position;
        long three = number(value);
        int threeDigits = position - start;
        if (oneDigits == 1 || (month.isEmpty() && twoDigits == 1) || threeDigits == 1) {
            shape |= UNPADDED_DATE;
        }
        if (threeDigits == 0 || !time(value)) {
            return;
        }
        if (!month.isEmpty()) {
            if (oneDigits <= 2 && threeDigits == 4 && (separator == '-' || separator == ' ')) {
                offer("d MMM y", separator, 4, three, two, one);
            }
        } else if (oneDigits == 4 && threeDigits <= 2) {
            offer("y M d", separator, 4, one, two, three);
        } else if (oneDigits <= 2 && threeDigits == 4) {
            offer("d M y", separator, 4, three, two, one);
            offer("M d y", separator, 4, three, one, two);
        } else if (oneDigits <= 2 && threeDigits <= 2) {
            if (threeDigits == 2) {
                offer("d M y", separator, 2, 2000 + three, two, one);
                offer("M d y", separator, 2, 2000 + three, one, two);
            }
            if (oneDigits == 2) {
                offer("y M d", separator, 2, 2000 + one, two, three);
            }
        }
    }

    /** {@code Dec 1, 2010} */
    private void lexMonthFirst(String value, String name) {
        int month = MONTHS.getOrDefault(name, NONE);
        if (month == NONE || position >= value.length() || value.charAt(position) != ' ') {
            return;
        }
        position++;
        int start = position;
        long day = number(value);
        if (position - start == 1) {
            shape |= UNPADDED_DATE;
        }
        if (position < value.length() && value.charAt(position) == ',') {
            position++;
        }
        if (position < value.length() && value.charAt(position) == ' ') {
            position++;
            start = position;
            long year = number(value);
            if (position - start == 4 && time(value)) {
                offer("MMM d y", ' ', 4, year, month, day);
            }
        }
    }

    /** The format reads the value if the numbers are a day. */
    private void offer(String order, char separator, int yearDigits, long year, long month, long day) {
        int format = index(order, separator, yearDigits, "");
        if (format == NONE || year < 1 || month < 1 || month > 12 || day < 1 || day > 31) {
            return;
        }
        if (day > 28 && day > YearMonth.of((int) year, (int) month).lengthOfMonth()) {
            return;
        }
        days[format] = LocalDate.of((int) year, (int) month, (int) day).toEpochDay();
        readBy |= 1 << format;
    }

    private static int index(String order, char separator, int yearDigits, String pattern) {
        for (int format = 0; format < COUNT; format++) {
            DateFormat known = DateFormat.KNOWN.get(format);
            if (known.order().equals(order)
                    && known.separator() == separator
                    && known.yearDigits() == yearDigits
                    && (!order.isEmpty() || known.pattern().equals(pattern))) {
                return format;
            }
        }
        return NONE;
    }

    /** Reads the rest of the value as a time, or as nothing; false if it is something else. */
    private boolean time(String value) {
        microsOfDay = 0;
        offsetSeconds = null;
        int length = value.length();
        if (position == length) {
            shape |= NO_TIME;
            return true;
        }
        shape |= TIME;
        if (value.charAt(position) == ',' && position + 1 < length && value.charAt(position + 1) == ' ') {
            position++;
        }
        char parted = value.charAt(position++);
        if (parted == 'T') {
            shape |= LETTER_T;
        } else if (parted != ' ') {
            return false;
        }
        int start = position;
        long hour = number(value);
        int hourDigits = position - start;
        if (hourDigits == 1) {
            shape |= UNPADDED_HOUR;
        }
        int minute = colonNumber(value);
        if (hourDigits < 1 || hourDigits > 2 || minute == NONE) {
            return false;
        }
        int second = 0;
        long fraction = 0;
        if (position < length && value.charAt(position) == ':') {
            second = colonNumber(value);
            if (second == NONE) {
                return false;
            }
            shape |= SECONDS;
            if (position < length && (value.charAt(position) == '.' || value.charAt(position) == ',')) {
                position++;
                start = position;
                fraction = number(value);
                int digits = position - start;
                if (digits < 1 || digits > 9) {
                    return false;
                }
                for (int i = digits; i < 6; i++) {
                    fraction *= 10;
                }
                for (int i = digits; i > 6; i--) {
                    fraction /= 10;
                }
                shape |= FRACTION;
            }
        } else {
            shape |= NO_SECONDS;
        }
        String half = halfOfDay(value);
        if (!half.isEmpty()) {
            if (hour < 1 || hour > 12) {
                return false;
            }
            hour = hour % 12 + (half.equals("pm") ? 12 : 0);
            shape |= HALF_DAYS;
        }
        microsOfDay = ((hour * 60 + minute) * 60 + second) * MICROS_A_SECOND + fraction;
        return hour <= 23 && minute <= 59 && second <= 59 && zone(value);
    }

    private String halfOfDay(String value) {
        int start = position < value.length() && value.charAt(position) == ' ' ? position + 1 : position;
        if (value.length() >= start + 2) {
            String half = value.substring(start, start + 2).toLowerCase(Locale.ROOT);
            if (half.equals("am") || half.equals("pm")) {
                position = start + 2;
                return half;
            }
        }
        return "";
    }

    /** Reads the rest of the value as a zone, or as nothing; false if it is something else. */
    private boolean zone(String value) {
        if (position == value.length()) {
            shape |= NO_ZONE;
            return true;
        }
        shape |= ZONE;
        String written = value.substring(position).strip();
        if (written.equals("Z") || written.equals("z") || written.equals("UTC") || written.equals("GMT")) {
            offsetSeconds = 0;
            return true;
        }
        try {
            char sign = written.isEmpty() ? ' ' : written.charAt(0);
            if (sign != '+' && sign != '-') {
                return false;
            }
            offsetSeconds = ZoneOffset.of(written).getTotalSeconds();
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private long number(String value) {
        long number = 0;
        int start = position;
        while (position < value.length() && position - start < 14) {
            int digit = value.charAt(position) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            number = number * 10 + digit;
            position++;
        }
        return number;
    }

    /** Two digits behind a colon, or {@link #NONE}. */
    private int colonNumber(String value) {
        if (position >= value.length() || value.charAt(position) != ':') {
            return NONE;
        }
        position++;
        int start = position;
        long number = number(value);
        return position - start == 2 ? (int) number : NONE;
    }

    private String word(String value) {
        int start = position;
        while (position < value.length() && Character.isLetter(value.charAt(position))) {
            position++;
        }
        return start == position ? "" : value.substring(start, position).toLowerCase(Locale.ROOT);
    }

    /** The format as a pattern that says no more than the values have. */
    private String name(int format) {
        DateFormat known = DateFormat.KNOWN.get(format);
        int seen = shapes[format];
        if (known.order().isEmpty()) {
            return known.pattern();
        }
        String date = (seen & UNPADDED_DATE) == 0
                ? known.pattern()
                : known.pattern().replace("dd", "d").replaceFirst("(?<!M)MM(?!M)", "M");
        if ((seen & TIME) == 0) {
            return date;
        }
        StringBuilder time = new StringBuilder((seen & LETTER_T) == 0 ? " " : "'T'");
        String hour = (seen & HALF_DAYS) == 0 ? "H" : "h";
        time.append((seen & UNPADDED_HOUR) == 0 ? hour + hour : hour).append(":mm");
        if ((seen & SECONDS) != 0) {
            String seconds = (seen & FRACTION) == 0 ? ":ss" : ":ss[.SSSSSS]";
            time.append((seen & NO_SECONDS) == 0 ? seconds : "[" + seconds + "]");
        }
        time.append((seen & HALF_DAYS) == 0 ? "" : " a");
        if ((seen & ZONE) != 0) {
            time.append((seen & NO_ZONE) == 0 ? "XXX" : "[XXX]");
        }
        return date + ((seen & NO_TIME) == 0 ? time : "[" + time + "]");
    }

    private static Map<String, Integer> months() {
        Map<String, Integer> months = new TreeMap<>();
        for (java.time.Month month : java.time.Month.values()) {
            String name = month.name().toLowerCase(Locale.ROOT);
            months.put(name, month.getValue());
            months.put(name.substring(0, 3), month.getValue());
        }
        months.put("sept", 9);
        return months;
    }
}
