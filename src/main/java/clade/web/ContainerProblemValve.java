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
import tools.jackson.databind.json.JsonMapper;

/**
 * What the container refuses before any code of ours sees it (a path that can't be decoded, headers that are too long) takes
 * the form of every problem too. The container makes it by its name.
 */
public class ContainerProblemValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        HttpStatus status = HttpStatus.resolve(response.getStatus());
        if (status == null || !status.isError() || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        try {
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.setCharacterEncoding(StandardCharsets.UTF_8.name());
            Writer out = response.getReporter();
            if (out != null) {
                out.write(JsonMapper.shared().writeValueAsString(problem(status).getBody()));
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
