package clade.segmentation.report;

import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as people read them: rounded, with thousands set apart. */
public final class Figures {

    private static final double WHOLE_FROM = 100;

    private Figures() {}

    public static String count(long count) {
        return text("%,d", count);
    }

    public static String customers(long count) {
        return count(count) + (count == 1 ? " customer" : " customers");
    }

    /** A share, 0 to 1, in per cent. */
    public static String percent(double share) {
        return unsigned(text("%.1f", 100 * share)) + " %";
    }

    /** A difference of shares. */
    public static String points(double difference) {
        return unsigned(text("%.1f", 100 * difference)) + " points";
    }

    /** An amount in a currency, if that is known; cents only where the amount is small. */
    public static String money(double amount, @Nullable String currency) {
        String number = Math.abs(amount) >= WHOLE_FROM ? text("%,.0f", amount) : text("%,.2f", amount);
        return unsigned(number) + (currency == null ? "" : " " + currency);
    }

    /** A nought without a sign. */
    private static String unsigned(String number) {
        return number.matches("-0(?:\\.0+)?") ? number.substring(1) : number;
    }

    /** Any number: whole ones without decimals, others with as many as tell them from their like. */
    public static String number(double value) {
        double size = Math.abs(value);
        if (value == Math.rint(value) && size < 1e15) {
            return text("%,d", (long) value);
        }
        return size >= WHOLE_FROM ? text("%,.0f", value) : size >= 10 ? text("%,.1f", value) : text("%,.2f", value);
    }

    /** A length of time in words, such as 90 days. */
    public static String period(Period period) {
        List<String> parts = new ArrayList<>();
        add(parts, period.getYears(), "year");
        add(parts, period.getMonths(), "month");
        add(parts, period.getDays(), "day");
        return parts.isEmpty() ? "0 days" : String.join(" and ", parts);
    }

    private static void add(List<String> parts, int count, String unit) {
        if (count != 0) {
            parts.add(count + " " + unit + (count == 1 ? "" : "s"));
        }
    }

    /** The text if it has at most so many characters, else its beginning and an ellipsis. */
    static String shortened(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most - 1)).stripTrailing() + "…";
    }

    /** A score between 0 and 1. */
    public static String score(double score) {
        return text("%.2f", score);
    }

    static String text(String format, @Nullable Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
