package clade.transactions;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was accepted but probably not meant.
 *
 * @param code stable word for programs
 * @param count rows concerned; absent where it is the file as a whole
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Warning(String code, @Nullable Long count, String message) {

    static void add(Map<String, Warning> warnings, String code, @Nullable Long count, String message) {
        warnings.put(code, new Warning(code, count, message));
    }
}
