package clade.web;

import java.net.URI;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * Ends a request with {@code application/problem+json} (RFC 9457). Its {@code errors} list what is wrong, each with a {@code
 * code}; the first one's code is repeated at the top.
 */
public class Refusal extends ErrorResponseException {

    /** A problem of one or more faults; {@code detail} is the sentence for people. */
    public Refusal(HttpStatusCode status, String detail, List<Fault> faults) {
        super(status, problem(status, detail, faults), null);
    }

    /** The request names something that does not exist: 404 with the parameter, the last word of {@code what}. */
    public static Refusal notFound(String what, Object id) {
        String message = "There is no %s %s".formatted(what, id);
        String parameter = what.substring(what.lastIndexOf(' ') + 1);
        return new Refusal(HttpStatus.NOT_FOUND, message, List.of(Fault.ofParameter(parameter, "not-found", message)));
    }

    /** Something wrong in the body: 400 with its JSON pointer. */
    public static Refusal badField(String pointer, String code, String message) {
        return new Refusal(HttpStatus.BAD_REQUEST, message, List.of(Fault.at(pointer, code, message)));
    }

    /** Something wrong in a query parameter: 400 with its name. */
    public static Refusal badParameter(String parameter, String code, String message) {
        return new Refusal(HttpStatus.BAD_REQUEST, message, List.of(Fault.ofParameter(parameter, code, message)));
    }

    /** The state of things does not allow it: 409. */
    public static Refusal conflict(String code, String message) {
        return of(HttpStatus.CONFLICT, code, message);
    }

    public static Refusal of(HttpStatusCode status, String code, String message) {
        return new Refusal(status, message, List.of(Fault.of(code, message)));
    }

    /** The problem with a header, such as {@code Retry-After}. */
    public Refusal withHeader(String name, String value) {
        getHeaders().set(name, value);
        return this;
    }

    static ProblemDetail problem(HttpStatusCode status, String detail, List<Fault> faults) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, Fault.quotable(detail));
        problem.setType(URI.create("about:blank"));
        if (!faults.isEmpty()) {
            problem.setProperty("code", faults.get(0).code());
        }
        problem.setProperty("errors", faults);
        return problem;
    }
}
