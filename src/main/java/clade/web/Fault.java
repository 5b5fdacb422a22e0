package clade.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a request: where, a stable code for programs, and a sentence that says how to mend it.
 *
 * @param pointer JSON pointer into the body, if the fault lies there
 * @param parameter name of the query parameter, path variable or header, if it lies there
 * @param row number of the data row (from 1), if it lies there
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Fault(
        @Nullable String pointer,
        @Nullable String parameter,
        @Nullable Long row,
        String code,
        String message) {

    private static final int LONGEST = 1_000;

    public Fault {
        message = quotable(message);
    }

    /** Messages quote what was sent, which may be of any length. */
    static String quotable(String message) {
        return message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "…";
    }

    public static Fault at(String pointer, String code, String message) {
        return new Fault(pointer, null, null, code, message);
    }

    public static Fault ofParameter(String parameter, String code, String message) {
        return new Fault(null, parameter, null, code, message);
    }

    public static Fault ofRow(long row, String code, String message) {
        return new Fault(null, null, row, code, message);
    }

    public static Fault of(String code, String message) {
        return new Fault(null, null, null, code, message);
    }
}
