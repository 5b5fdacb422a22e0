package clade.transactions;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads customers' ids, those too that a spreadsheet or data frame made numbers of: 13085.0 is 13085. */
final class CustomerIds {

    static final int LONGEST = 255;

    private static final Pattern WHOLE_AS_DECIMAL = Pattern.compile("\\d+\\.0+");

    private long wholeAsDecimal;

    /** What is wrong with the text as an id; null if nothing is. */
    @Nullable
    static Rejection fault(String text, String column) {
        if (text.isEmpty()) {
            return new Rejection(column, Field.CUSTOMER_ID.missing(), "There is no customer id");
        }
        return faultOfId(text, column, Field.CUSTOMER_ID);
    }

    /** What is wrong with the id of anything; null if nothing is. */
    @Nullable
    static Rejection faultOfId(String text, String column, Field field) {
        if (text.length() > LONGEST) {
            return new Rejection(column, "too-long", "%s has more than %d characters".formatted(field.label, LONGEST));
        }
        return Cells.storable(text)
                ? null
                : new Rejection(column, "unreadable-text", "%s holds a NUL or half a character".formatted(field.label));
    }

    /** The id that the text means. */
    String read(String text) {
        if (text.endsWith("0") && WHOLE_AS_DECIMAL.matcher(text).matches()) {
            wholeAsDecimal++;
            return text.substring(0, text.indexOf('.'));
        }
        return text;
    }

    /** Warns if ids were read as others than they are written. */
    void warn(Map<String, Warning> warnings) {
        if (wholeAsDecimal > 0) {
            Warning.add(
                    warnings,
                    "ids-ending-in-.0",
                    wholeAsDecimal,
                    "Customer ids such as 13085.0 were taken as 13085: a spreadsheet or data frame made numbers of them");
        }
    }
}
