package clade.transactions;

import clade.web.Fault;
import clade.web.Refusal;
import java.util.List;
import org.springframework.http.HttpStatus;

/** Refusals of a file as a whole: 422, nothing is stored and there is no upload. */
final class FaultyFile {

    private FaultyFile() {}

    static Refusal of(String code, String message) {
        return new Refusal(HttpStatus.UNPROCESSABLE_CONTENT, message, List.of(Fault.at("", code, message)));
    }

    /** A fault that the query parameter can mend. */
    static Refusal mendedBy(String parameter, String code, String message) {
        return new Refusal(
                HttpStatus.UNPROCESSABLE_CONTENT, message, List.of(Fault.ofParameter(parameter, code, message)));
    }

    static Refusal atRow(long row, String code, String message) {
        return new Refusal(HttpStatus.UNPROCESSABLE_CONTENT, message, List.of(Fault.ofRow(row, code, message)));
    }
}
