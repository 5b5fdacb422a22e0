package clade.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Lets a POST be repeated without doing its work twice, if it carries an {@code Idempotency-Key}: for a day the same request gets
 * the answer of the first. A key belongs to the API key that it came with and to the dataset in the path.
 *
 * <p>What a request changes and its answer are committed together, so that no crash leaves the one without the other. Uploads
 * stream for minutes and commit by themselves: one that was lost after its commit and before its answer was kept is read again,
 * and finds its rows stored already.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE - 10) // inside the access checks, around everything that makes the answer
class Idempotency extends OncePerRequestFilter {

    static final String HEADER = "Idempotency-Key";

    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");
    private static final Pattern DATASET = Pattern.compile("/api/v1/datasets/([^/]+)/.*");

    private final IdempotentRequests requests;
    private final TransactionOperations transaction;
    private final HandlerExceptionResolver problems;

    Idempotency(
            IdempotentRequests requests,
            TransactionOperations transaction,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        this.requests = requests;
        this.transaction = transaction;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getMethod().equals("POST")
                || !request.getRequestURI().startsWith("/api/")
                || request.getHeader(HEADER) == null;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        ContentCachingResponseWrapper buffered = new ContentCachingResponseWrapper(response);
        try {
            answer(new ObservedBody(request), buffered, chain);
        } catch (Refusal | DataAccessException | TransactionException e) {
            if (response.isCommitted()) {
                throw e;
            }
            buffered.reset();
            problems.resolveException(request, buffered, null, e);
        }
        buffered.copyBodyToResponse();
    }

    private void answer(ObservedBody request, ContentCachingResponseWrapper response, FilterChain chain)
            throws ServletException, IOException {
        IdempotentRequests.Scope scope = scope(request);
        byte[] head = head(request);
        UUID attempt = UUID.randomUUID();
        while (!requests.claim(scope, head, attempt)) {
            Optional<IdempotentRequests.Earlier> earlier = requests.find(scope);
            if (earlier.isPresent()) {
                repeat(earlier.get(), head, request, response);
                return;
            }
        }
        try {
            if (isUpload(request)) {
                chain.doFilter(request, response);
                keep(attempt, request, response);
            } else {
                inOneTransaction(attempt, request, response, chain);
            }
        } finally {
            requests.end(attempt);
        }
    }

    /** Uploads are not to be read within a transaction: they take as long as the client sends. */
    private static boolean isUpload(HttpServletRequest request) {
        return request.getRequestURI().endsWith("/transactions")
                || request.getRequestURI().endsWith("/customers");
    }

    /** Answers as before. */
    private static void repeat(
            IdempotentRequests.Earlier earlier,
            byte[] head,
            ObservedBody request,
            ContentCachingResponseWrapper response)
            throws IOException {
        if (!earlier.hasHead(head)) {
            throw reused();
        }
        IdempotentRequests.Answer answer = earlier.answer();
        if (answer == null) {
            throw inProgress();
        }
        if (!earlier.hasBody(request.readAll())) {
            throw reused();
        }
        response.setStatus(answer.status());
        if (answer.location() != null) {
            response.setHeader(HttpHeaders.LOCATION, answer.location());
        }
        if (answer.contentType() != null) {
            response.setContentType(answer.contentType());
        }
        response.setHeader("Idempotency-Replayed", "true");
        response.getOutputStream().write(answer.body());
    }

    private void inOneTransaction(
            UUID attempt, ObservedBody request, ContentCachingResponseWrapper response, FilterChain chain)
            throws ServletException, IOException {
        Exception[] failure = new Exception[1];
        boolean refused = Objects.requireNonNull(transaction.execute(status -> {
            try {
                chain.doFilter(request, response);
                if (response.getStatus() < HttpStatus.BAD_REQUEST.value()) {
                    if (!keep(attempt, request, response)) {
                        throw inProgress();
                    }
                    return false;
                }
            } catch (IOException | ServletException e) {
                failure[0] = e;
            }
            status.setRollbackOnly();
            return true;
        }));
        if (failure[0] instanceof IOException e) {
            throw e;
        }
        if (failure[0] instanceof ServletException e) {
            throw e;
        }
        if (refused) {
            keep(attempt, request, response);
        }
    }

    /** Keeps the answer if it says something about the request, and not about the moment; false if another attempt took over. */
    private boolean keep(UUID attempt, ObservedBody request, ContentCachingResponseWrapper response) {
        byte[] body = isKept(response) ? request.fingerprint() : null;
        return body == null
                || requests.keep(
                        attempt,
                        body,
                        new IdempotentRequests.Answer(
                                response.getStatus(),
                                response.getHeader(HttpHeaders.LOCATION),
                                response.getContentType(),
                                response.getContentAsByteArray()));
    }

    private static boolean isKept(HttpServletResponse response) {
        int status = response.getStatus();
        return !response.isCommitted()
                && status < HttpStatus.INTERNAL_SERVER_ERROR.value()
                && status != HttpStatus.TOO_MANY_REQUESTS.value()
                && status != HttpStatus.REQUEST_TIMEOUT.value();
    }

    private static IdempotentRequests.Scope scope(HttpServletRequest request) {
        List<String> keys = java.util.Collections.list(request.getHeaders(HEADER));
        if (keys.size() != 1 || !KEY.matcher(keys.get(0)).matches()) {
            throw Refusal.badParameter(
                    HEADER,
                    "invalid-idempotency-key",
                    "%s must be given once, as 1 to 255 visible ASCII characters".formatted(HEADER));
        }
        var path = DATASET.matcher(request.getRequestURI());
        String owner = request.getRemoteUser();
        return new IdempotentRequests.Scope(
                owner == null ? "" : owner, path.matches() ? path.group(1) : "", keys.get(0));
    }

    private static byte[] head(HttpServletRequest request) {
        return Fingerprint.of(String.join(
                "\n",
                request.getMethod(),
                request.getRequestURI(),
                String.valueOf(request.getQueryString()),
                ObservedBody.kind(request.getContentType()),
                String.valueOf(request.getHeader(HttpHeaders.CONTENT_ENCODING))));
    }

    private static Refusal reused() {
        return Refusal.of(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "idempotency-key-reused",
                "This %s came with another request before; use a new one for each request".formatted(HEADER));
    }

    private static Refusal inProgress() {
        return Refusal.conflict(
                        "request-in-progress",
                        "The request with this %s is still being worked on; ask again soon".formatted(HEADER))
                .withHeader(HttpHeaders.RETRY_AFTER, "1");
    }
}
