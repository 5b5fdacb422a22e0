package clade.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.validation.FieldError;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Turns whatever ends a request early into a problem that names the field or parameter and says how to mend it. */
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        Fault fault = e.getCause() instanceof JacksonException json
                ? fault(json)
                : Fault.at("", "missing-body", "The request needs a JSON body");
        return answer(e, headers, status, request, List.of(fault));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<Fault> faults = e.getBindingResult().getAllErrors().stream()
                .map(error -> {
                    String message = String.valueOf(error.getDefaultMessage());
                    return error instanceof FieldError field
                            ? Fault.at(pointer(field.getField()), "invalid-value", field.getField() + " " + message)
                            : Fault.at("", "invalid-value", message);
                })
                .toList();
        return answer(e, headers, status, request, faults);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<Fault> faults = new ArrayList<>();
        for (ParameterValidationResult result : e.getParameterValidationResults()) {
            String name = String.valueOf(result.getMethodParameter().getParameterName());
            result.getResolvableErrors()
                    .forEach(error -> faults.add(Fault.ofParameter(
                            name,
                            "invalid-value",
                            "%s %s, was %s".formatted(name, error.getDefaultMessage(), result.getArgument()))));
        }
        return answer(e, headers, status, request, faults);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String name = e instanceof MethodArgumentTypeMismatchException argument
                ? argument.getName()
                : String.valueOf(e.getPropertyName());
        Class<?> type = e.getRequiredType();
        String wanted = type == null
                ? "another type"
                : Number.class.isAssignableFrom(type) || type == int.class || type == long.class
                        ? "a whole number"
                        : type.isEnum()
                                ? java.util.Arrays.stream(type.getEnumConstants())
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(" or "))
                                : type.getSimpleName();
        return answer(
                e,
                headers,
                status,
                request,
                List.of(Fault.ofParameter(
                        name, "invalid-value", "%s must be %s, was %s".formatted(name, wanted, e.getValue()))));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMissingServletRequestParameter(
            MissingServletRequestParameterException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String name = e.getParameterName();
        return answer(
                e,
                headers,
                status,
                request,
                List.of(Fault.ofParameter(name, "missing", "The parameter %s is needed".formatted(name))));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(
            NoResourceFoundException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return answer(
                e,
                headers,
                status,
                request,
                List.of(Fault.of("not-found", "There is nothing at /%s".formatted(e.getResourcePath()))));
    }

    /** The database is away or at its limit: the client may try again. */
    @ExceptionHandler({
        CannotCreateTransactionException.class,
        DataAccessResourceFailureException.class,
        TransientDataAccessException.class
    })
    ResponseEntity<Object> databaseAway(Exception e, WebRequest request, HttpServletResponse response)
            throws Exception {
        if (response.isCommitted()) {
            throw e;
        }
        LOG.warn("Database not available: {}", e.getMessage());
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, "5");
        return required(handleExceptionInternal(
                e,
                Refusal.problem(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "The database does not answer at the moment; try again",
                        List.of(Fault.of(
                                "database-unavailable", "The database does not answer at the moment; try again"))),
                headers,
                HttpStatus.SERVICE_UNAVAILABLE,
                request));
    }

    @ExceptionHandler
    ResponseEntity<Object> unexpected(
            Exception e, WebRequest request, HttpServletRequest servlet, HttpServletResponse response)
            throws Exception {
        if (response.isCommitted()) {
            // a list that breaks off must not look complete: the container cuts the connection
            throw e;
        }
        if (Outage.caused(e)) {
            return databaseAway(e, request, response);
        }
        LOG.error("{} {} failed", servlet.getMethod(), servlet.getRequestURI(), e);
        return required(handleExceptionInternal(
                e,
                Refusal.problem(
                        HttpStatus.INTERNAL_SERVER_ERROR,
                        "Something went wrong in Clade; its log says what",
                        List.of(Fault.of("internal-error", "Something went wrong in Clade; its log says what"))),
                new HttpHeaders(),
                HttpStatus.INTERNAL_SERVER_ERROR,
                request));
    }

    /** Everything else that Spring refuses carries no list of its own: it gets one, so that clients meet one shape. */
    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        Object answered = body;
        if (answered == null && e instanceof org.springframework.web.ErrorResponse response) {
            answered = response.updateAndGetBody(getMessageSource(), request.getLocale());
        }
        if (answered instanceof ProblemDetail problem
                && (problem.getProperties() == null || !problem.getProperties().containsKey("errors"))) {
            String code = code(status);
            problem.setProperty("code", code);
            String message = String.valueOf(problem.getDetail());
            problem.setProperty(
                    "errors",
                    List.of(
                            e instanceof HttpMediaTypeNotAcceptableException
                                    ? Fault.ofParameter(HttpHeaders.ACCEPT, code, message)
                                    : e instanceof HttpMediaTypeNotSupportedException
                                            ? Fault.ofParameter(HttpHeaders.CONTENT_TYPE, code, message)
                                            : Fault.of(code, message)));
        }
        return super.handleExceptionInternal(e, answered, headers, status, request);
    }

    private @Nullable ResponseEntity<Object> answer(
            Exception e, HttpHeaders headers, HttpStatusCode status, WebRequest request, List<Fault> faults) {
        String detail = faults.stream().map(Fault::message).collect(Collectors.joining("; "));
        return handleExceptionInternal(e, Refusal.problem(status, detail, faults), headers, status, request);
    }

    private static Fault fault(JacksonException e) {
        String pointer = e.getPath().stream()
                .map(step -> "/" + (step.getPropertyName() != null ? escaped(step.getPropertyName()) : step.getIndex()))
                .collect(Collectors.joining());
        if (e instanceof UnrecognizedPropertyException unknown) {
            String known = unknown.getKnownPropertyIds() == null
                    ? ""
                    : unknown.getKnownPropertyIds().stream()
                            .map(String::valueOf)
                            .sorted()
                            .collect(Collectors.joining(", ", "; known here: ", ""));
            return Fault.at(
                    pointer, "unknown-field", "There is no field %s%s".formatted(unknown.getPropertyName(), known));
        }
        if (e instanceof ValueInstantiationException refused
                && refused.getCause() instanceof IllegalArgumentException cause) {
            return Fault.at(pointer, "invalid-value", String.valueOf(cause.getMessage()));
        }
        if (e instanceof StreamReadException) {
            return Fault.at(
                    pointer,
                    "malformed-json",
                    "Not JSON at line %d, column %d: %s"
                            .formatted(
                                    e.getLocation().getLineNr(), e.getLocation().getColumnNr(), plain(e)));
        }
        if (e.getOriginalMessage().startsWith("Trailing token")) {
            return Fault.at(pointer, "malformed-json", "There is more behind the end of the JSON");
        }
        if (e instanceof MismatchedInputException mismatch) {
            return Fault.at(pointer, "invalid-value", "This must be " + wanted(mismatch.getTargetType()));
        }
        return Fault.at(pointer, "invalid-value", "This can't be read as the JSON that is wanted here");
    }

    /** What the parser says, without the names of its own switches. */
    private static String plain(JacksonException e) {
        return e.getOriginalMessage().replaceAll("(?s)\\s*(\\(?`?StreamReadFeature|\\n| at \\[Source).*", "");
    }

    private static String wanted(@Nullable Class<?> type) {
        if (type == null) {
            return "of another type";
        }
        if (type == String.class) {
            return "text";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "a number";
        }
        return Collection.class.isAssignableFrom(type) ? "an array" : "an object";
    }

    private static String pointer(String field) {
        return "/" + field.replace('.', '/').replaceAll("\\[(\\d+)]", "/$1");
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    static String code(HttpStatusCode status) {
        HttpStatus known = HttpStatus.resolve(status.value());
        return known == null
                ? "error"
                : known.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    private static ResponseEntity<Object> required(@Nullable ResponseEntity<Object> answer) {
        return java.util.Objects.requireNonNull(answer);
    }
}
