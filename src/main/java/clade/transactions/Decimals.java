package clade.transactions;

import clade.web.Refusal;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides the decimal separator of a file's numbers, {@code .} or {@code ,}: the declared one, else the one that reads more of
 * the values, else {@code .}. Both read digits with a sign, groups of thousands ({@code 1,234.50}, {@code 1.234,50}, {@code 1 234,50}, {@code
 * 1'234.50}), a currency sign or code before or behind, parentheses or a minus behind for negative, and an exponent.
 */
final class Decimals {

    private static final String BLANK = "[ \\u00A0\\u2007\\u2009\\u202F]";
    private static final String CURRENCY = "(?:\\p{Sc}|[A-Z]{3}|(?:US|C|A|NZ|HK|R)\\p{Sc}|kr|zł)";
    private static final Pattern DRESSED = Pattern.compile(
            "(?<open>\\()?BLANK*(?<before>[+\\-\\u2212])?BLANK*(?:CURRENCYBLANK*)?(?<sign>[+\\-\\u2212])?BLANK*(?<body>[0-9.,'\\u2019 \\u00A0\\u2007\\u2009\\u202F]+?(?:[eE][+-]?\\d{1,3})?)BLANK*(?<behind>-)?BLANK*(?:CURRENCY)?BLANK*(?<close>\\))?"
                    .replace("BLANK", BLANK)
                    .replace("CURRENCY", CURRENCY));
    private static final Pattern POINT = Pattern.compile(plain("\\.", "(?:,\\d{2,3})*,\\d{3}"));
    private static final Pattern COMMA = Pattern.compile(plain(",", "(?:\\.\\d{3})+"));

    private final @Nullable String declared;
    private long readByPoint;
    private long readByComma;
    private boolean differ;
    private char leading = '.';
    private @Nullable BigDecimal lastValue;

    Decimals(@Nullable String declared) {
        this.declared = declared;
        if (declared != null) {
            leading = declared.charAt(0);
        }
    }

    /** Counts the value for the decision and reads it by the leading separator; false if that can't read it. */
    boolean read(String text) {
        if (!simple(text)) {
            count(value(text, '.'), value(text, ','));
        }
        return lastValue != null;
    }

    private void count(@Nullable BigDecimal byPoint, @Nullable BigDecimal byComma) {
        readByPoint += byPoint == null ? 0 : 1;
        readByComma += byComma == null ? 0 : 1;
        differ |= byPoint != null && byComma != null && byPoint.compareTo(byComma) != 0;
        lastValue = leading == '.' ? byPoint : byComma;
    }

    /** How many values this separator has read. */
    long readBy(char separator) {
        return separator == '.' ? readByPoint : readByComma;
    }

    /** Lets the values that others have read count for the decision here too. */
    void add(Decimals others) {
        readByPoint += others.readByPoint;
        readByComma += others.readByComma;
        differ |= others.differ;
    }

    /** The value read last. */
    BigDecimal value() {
        return Objects.requireNonNull(lastValue);
    }

    /** Reads by this separator from now on. */
    void lead(char separator) {
        leading = separator;
    }

    char leading() {
        return leading;
    }

    /** The separator that reads most; {@code .} where both read equally many. */
    char decided() {
        if (declared != null) {
            return declared.charAt(0);
        }
        return readByComma > readByPoint ? ',' : '.';
    }

    /** Refuses the file if both separators read equally many values and some value differently. */
    void check() {
        if (declared == null && differ && readByPoint == readByComma) {
            throw ambiguous();
        }
    }

    /** The separator by which the file was read; null if nothing was read. */
    @Nullable
    String report() {
        boolean told = declared != null || (leading == '.' ? readByPoint : readByComma) > 0;
        return told ? String.valueOf(leading) : null;
    }

    private static Refusal ambiguous() {
        return FaultyFile.mendedBy(
                "decimal",
                "ambiguous-decimal",
                "The numbers read equally well with a decimal point and with a decimal comma, but not as the same values;"
                        + " say decimal=. or decimal=,");
    }

    /** The number, or null if the text is none by this separator. */
    static @Nullable BigDecimal value(String text, char decimal) {
        Matcher dressed = DRESSED.matcher(text);
        if (!dressed.matches() || (dressed.group("open") == null) != (dressed.group("close") == null)) {
            return null;
        }
        int signs = (dressed.group("before") == null ? 0 : 1)
                + (dressed.group("sign") == null ? 0 : 1)
                + (dressed.group("behind") == null ? 0 : 1)
                + (dressed.group("open") == null ? 0 : 1);
        Matcher body = (decimal == '.' ? POINT : COMMA).matcher(dressed.group("body"));
        if (signs > 1 || !body.matches()) {
            return null;
        }
        StringBuilder digits = new StringBuilder();
        String whole = body.group("whole");
        whole.chars().filter(c -> c >= '0' && c <= '9').forEach(c -> digits.append((char) c));
        String fraction = body.group("fraction");
        if (fraction != null) {
            digits.append('.').append(fraction);
        }
        if (digits.isEmpty() || digits.toString().equals(".")) {
            return null;
        }
        String exponent = body.group("exponent");
        BigDecimal value = new BigDecimal(exponent == null ? digits.toString() : digits + exponent);
        boolean negative = isMinus(dressed.group("before"))
                || isMinus(dressed.group("sign"))
                || dressed.group("behind") != null
                || dressed.group("open") != null;
        BigDecimal signed = negative ? value.negate() : value;
        return signed.scale() < 0 && signed.scale() > -1000 ? signed.setScale(0) : signed;
    }

    /**
     * Counts and reads what most values are, without a pattern: at most 18 digits with at most one separator and a minus in
     * front. False, and nothing counted, if the text is something else.
     */
    private boolean simple(String text) {
        int length = text.length();
        int start = length > 0 && text.charAt(0) == '-' ? 1 : 0;
        int separator = -1;
        long digits = 0;
        for (int i = start; i < length; i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits = digits * 10 + (c - '0');
            } else if ((c == '.' || c == ',') && separator < 0) {
                separator = i;
            } else {
                return false;
            }
        }
        if (length - start - (separator < 0 ? 0 : 1) > 18
                || length == start
                || separator == start
                || separator == length - 1) {
            return false;
        }
        long signed = start == 1 ? -digits : digits;
        if (separator < 0) {
            readByPoint++;
            readByComma++;
            lastValue = BigDecimal.valueOf(signed);
            return true;
        }
        int decimals = length - 1 - separator;
        BigDecimal fraction = BigDecimal.valueOf(signed, decimals);
        boolean grouped = decimals == 3 && separator - start <= 3 && text.charAt(start) != '0';
        BigDecimal thousands = grouped ? BigDecimal.valueOf(signed) : null;
        if (text.charAt(separator) == '.') {
            count(fraction, thousands);
        } else {
            count(thousands, fraction);
        }
        return true;
    }

    private static boolean isMinus(@Nullable String sign) {
        return "-".equals(sign) || "\u2212".equals(sign);
    }

    private static String plain(String decimal, String grouped) {
        String blanks = "[ '\\u2019\\u00A0\\u2007\\u2009\\u202F]";
        return "(?<whole>\\d*|[1-9]\\d{0,2}(?:%s|(?:%s\\d{3})+))(?:%s(?<fraction>\\d*))?(?<exponent>[eE][+-]?\\d{1,3})?"
                .formatted(grouped, blanks, decimal);
    }
}
