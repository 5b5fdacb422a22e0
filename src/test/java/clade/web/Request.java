package clade.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clade.support.RawHttp.Answer;
import java.io.ByteArrayOutputStream;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One request, well-formed as HTTP or not, and what may come back. */
final class Request {

    /** Of faults in something that was sent; the others lie in the state of things or in the connection. */
    private static final Set<Integer> NAMED = Set.of(400, 404, 406, 413, 415, 422);

    /** What no handler has seen has its place in the sentence. */
    private static final Pattern SAYS_WHERE = Pattern.compile(
            "There is nothing at /|The request is malformed: check the encoding and length of its path");

    private final String head;
    private final byte[] body;
    private final boolean framed;

    /**
     * @param head request line and headers, without the line that ends them
     * @param framed true if head and body are put together here; false if {@code body} is the whole message as it goes out
     */
    private Request(String head, byte[] body, boolean framed) {
        this.head = head;
        this.body = body;
        this.framed = framed;
    }

    static Request of(String method, String target, int port) {
        return new Request(
                "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n".formatted(method, target, port),
                new byte[0],
                true);
    }

    static Request raw(byte[] message) {
        return new Request("", message, false);
    }

    Request header(String header) {
        return new Request(head + header + "\r\n", body, true);
    }

    Request body(byte[] sent) {
        return new Request(head, sent, true);
    }

    byte[] bytes() {
        if (!framed) {
            return body;
        }
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes((head + "Content-Length: " + body.length + "\r\n\r\n").getBytes(UTF_8));
        message.writeBytes(body);
        return message.toByteArray();
    }

    static byte[] multipart(byte[] file, String type) {
        ByteArrayOutputStream parts = new ByteArrayOutputStream();
        parts.writeBytes(("--edge\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--edge\r\n"
                        + "Content-Disposition: form-data; name=\"file\"; filename=\"a\"\r\nContent-Type: " + type
                        + "\r\n\r\n")
                .getBytes(UTF_8));
        parts.writeBytes(file);
        parts.writeBytes("\r\n--edge--\r\n".getBytes(UTF_8));
        return parts.toByteArray();
    }

    /** A problem (RFC 9457) of the client's making that names the place, and nothing of our code. */
    void expectRefusal(Answer answer) {
        if (!framed && answer.status() == 0) {
            return; // a message that never ends, or that is none, may be answered by the end of the connection
        }
        assertThat(answer.status()).as(answer.body()).isBetween(400, 499);
        assertThat(answer.headers().getOrDefault("content-type", "")).startsWith("application/problem+json");
        assertThat(answer.body().length()).as(answer.body()).isLessThan(10_000);
        assertThat(answer.body())
                .doesNotContainPattern("Exception|java\\.|springframework|jackson|clade\\.\\w+\\.[A-Z]");
        JsonNode errors = JsonMapper.shared().readTree(answer.body()).get("errors");
        assertThat(errors).isNotEmpty();
        for (JsonNode error : errors) {
            assertThat(error.get("code").asString()).isNotEmpty();
            assertThat(error.get("message").asString()).isNotEmpty();
            boolean named = SAYS_WHERE.matcher(error.get("message").asString()).lookingAt();
            if (framed && NAMED.contains(answer.status()) && !named) {
                assertThat(error.has("pointer") || error.has("parameter") || error.has("row"))
                        .as(answer.body())
                        .isTrue();
            }
        }
    }
}
