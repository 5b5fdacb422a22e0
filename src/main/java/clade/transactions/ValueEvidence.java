package clade.transactions;

import clade.customers.AttributeType;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the values of one column, seen so far, tell about its type. Missing ones tell nothing. */
final class ValueEvidence {

    private static final Set<String> CURRENCIES = Currency.getAvailableCurrencies().stream()
            .map(Currency::getCurrencyCode)
            .collect(Collectors.toUnmodifiableSet());

    private static final Pattern CODE = Pattern.compile("[A-Z]{3}");

    /** Not numbers but names made of digits: they would lose their zeros, or their plus. */
    private static final Pattern NAME_OF_DIGITS = Pattern.compile("\\+[\\d \\u00A0]+|0\\d[\\d \\u00A0]*");

    private final Dates dates;
    private final Decimals decimals;

    /** The type that the column has whatever its values are; null if they decide. */
    private final @Nullable AttributeType settled;

    private long filled;
    private boolean booleans = true;
    private boolean numbers = true;
    private boolean datesOnly = true;

    ValueEvidence(@Nullable AttributeType settled, Dates dates, Decimals decimals) {
        this.settled = settled;
        this.dates = dates;
        this.decimals = decimals;
    }

    /** Takes a value that is not missing into account. */
    void observe(String value) {
        filled++;
        if (settled != null) {
            if (settled == AttributeType.NUMBER) {
                decimals.read(value);
            } else if (settled == AttributeType.DATE) {
                dates.read(value);
            }
            return;
        }
        booleans = booleans && isBoolean(value);
        if (numbers) {
            decimals.read(value);
            numbers = looksLikeNumber(value) && (readsBy('.') || readsBy(','));
        }
        if (datesOnly) {
            dates.read(value);
            datesOnly = dates.anyReadsAll();
        }
    }

    /** Whether the column counts for the decision about the decimal separator of the file. */
    boolean counts(AttributeType type) {
        if (settled != null) {
            return settled == type;
        }
        return switch (type) {
            case NUMBER -> filled > 0 && numbers;
            case DATE -> filled > 0 && datesOnly && !numbers;
            default -> false;
        };
    }

    Dates dates() {
        return dates;
    }

    Decimals decimals() {
        return decimals;
    }

    /** The type by this separator and this format; null if there is no value yet. */
    @Nullable
    AttributeType type(char decimal, int dateFormat) {
        if (settled != null || filled == 0) {
            return settled;
        }
        if (booleans) {
            return AttributeType.BOOLEAN;
        }
        if (numbers && readsBy(decimal)) {
            return AttributeType.NUMBER;
        }
        return datesOnly && !numbers && dates.readsAll(dateFormat) ? AttributeType.DATE : AttributeType.TEXT;
    }

    private boolean readsBy(char decimal) {
        return decimals.readBy(decimal) == filled;
    }

    private static boolean isBoolean(String value) {
        if (value.length() > 5) {
            return false;
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "false", "yes", "no" -> true;
            default -> false;
        };
    }

    /** False for what could be read as a number but means something else: 01067, +49 30 1234, VIP 1, and ids of 16 digits or more. */
    private static boolean looksLikeNumber(String value) {
        if (NAME_OF_DIGITS.matcher(value).matches()) {
            return false;
        }
        boolean letters = false;
        for (int i = 0; i < value.length(); i++) {
            letters |= Character.isLetter(value.charAt(i));
        }
        if (letters) {
            Matcher code = CODE.matcher(value);
            if (code.find() && !CURRENCIES.contains(code.group())) {
                return false;
            }
        }
        return (!letters && value.length() <= RowParser.MOST_WHOLE_DIGITS)
                || (inRange(Decimals.value(value, '.')) && inRange(Decimals.value(value, ',')));
    }

    private static boolean inRange(@Nullable BigDecimal number) {
        return number == null || RowParser.inRange(number);
    }
}
