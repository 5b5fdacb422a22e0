package clade.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the service under test over HTTP, as a client would. */
@TestComponent
public class Api {

    private final HttpClient client = HttpClient.newHttpClient();
    private final JsonMapper json = JsonMapper.shared();
    private final Environment environment;

    Api(Environment environment) {
        this.environment = environment;
    }

    /** An answer: status, headers, body as text. */
    public record Answer(int status, java.net.http.HttpHeaders headers, String body) {
        public JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        public String header(String name) {
            return headers.firstValue(name).orElse(null);
        }
    }

    public Answer get(String path, String... headers) {
        return send(request(path, headers).GET().build());
    }

    public Answer delete(String path) {
        return send(request(path).DELETE().build());
    }

    /** Posts JSON; {@code body} is text or an object to write. */
    public Answer post(String path, Object body) {
        return send("POST", path, "application/json", BodyPublishers.ofString(text(body)));
    }

    public Answer put(String path, Object body) {
        return send("PUT", path, "application/json", BodyPublishers.ofString(text(body)));
    }

    public Answer patch(String path, Object body) {
        return send("PATCH", path, "application/json", BodyPublishers.ofString(text(body)));
    }

    public Answer send(String method, String path, String contentType, BodyPublisher body, String... headers) {
        return send(request(path, headers)
                .header("Content-Type", contentType)
                .method(method, body)
                .build());
    }

    /** Makes a dataset of a key that no other test has and returns its path, {@code /api/v1/datasets/KEY}. */
    public String newDataset() {
        return newDataset("{}");
    }

    /** The same with settings: a JSON object of everything but the key. */
    public String newDataset(String settings) {
        String key = "t-" + UUID.randomUUID();
        var body = (tools.jackson.databind.node.ObjectNode) json.readTree(settings);
        Answer made = post("/api/v1/datasets", body.put("key", key).toString());
        if (made.status() != 201) {
            throw new AssertionError(made.body());
        }
        return "/api/v1/datasets/" + key;
    }

    /** Uploads CSV text to a dataset; it must be taken. */
    public JsonNode upload(String dataset, String csv) {
        return taken(send("POST", dataset + "/transactions", "text/csv", BodyPublishers.ofString(csv)), 201);
    }

    /** Uploads a file of {@code src/test/resources/data}; a name that ends in .gz is sent as it is. */
    public JsonNode uploadFile(String dataset, String file) {
        try (var in = Api.class.getResourceAsStream("/data/" + file)) {
            byte[] bytes = in.readAllBytes();
            String[] headers = file.endsWith(".gz") ? new String[] {"Content-Encoding", "gzip"} : new String[0];
            return taken(
                    send("POST", dataset + "/transactions", "text/csv", BodyPublishers.ofByteArray(bytes), headers),
                    201);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a segmentation and returns its first run, finished. */
    public JsonNode segment(String dataset, String definition) {
        return finished(post(dataset + "/segmentations", definition));
    }

    /** Waits for the run that a 202 names. */
    public JsonNode finished(Answer accepted) {
        taken(accepted, 202);
        return finished(accepted.header("Location"));
    }

    /** Waits for the run at this path. */
    public JsonNode finished(String location) {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (System.nanoTime() < deadline) {
            JsonNode run = get(location).json();
            String status = run.get("status").asString();
            if (!status.equals("queued") && !status.equals("running")) {
                return run;
            }
            pause();
        }
        throw new AssertionError("The run did not finish within a minute: " + location);
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode taken(Answer answer, int status) {
        if (answer.status() != status) {
            throw new AssertionError(answer.status() + " " + answer.body());
        }
        return answer.json();
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    public int port() {
        return environment.getRequiredProperty("local.server.port", Integer.class);
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    public Answer send(HttpRequest request) {
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.headers(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String text(Object body) {
        return body instanceof String text ? text : json.writeValueAsString(body);
    }
}
