package clade.web;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the container refuses before any code of ours sees it (a path that can't be decoded, headers that are too long) takes
 * the form of every problem too. The container makes it by its name.
 */
public class ContainerProblemValve extends ErrorReportValve {

    private static final JsonMapper JSON = JsonMapper.builder()
            .addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
            .build();

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        HttpStatus found = HttpStatus.resolve(response.getStatus());
        // what only the client can mend is no fault of the server
        HttpStatus status = found == HttpStatus.NOT_IMPLEMENTED || found == HttpStatus.HTTP_VERSION_NOT_SUPPORTED
                ? HttpStatus.BAD_REQUEST
                : found;
        if (status == null || !status.isError() || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        try {
            response.setStatus(status.value());
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.setCharacterEncoding(StandardCharsets.UTF_8.name());
            Writer out = response.getReporter();
            if (out != null) {
                out.write(JSON.writeValueAsString(problem(status).getBody()));
                response.finishResponse();
            }
        } catch (IOException e) {
            getContainer().getLogger().debug("The client is gone", e);
        }
    }

    private static Refusal problem(HttpStatusCode status) {
        return Refusal.of(
                status,
                Problems.code(status),
                "The request is malformed: check the encoding and length of its path, query and headers");
    }
}
