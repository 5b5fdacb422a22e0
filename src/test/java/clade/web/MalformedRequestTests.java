package clade.web;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.CladeTest;
import clade.support.RawHttp;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever is wrong with a request, the answer is a problem that says so, never an error of ours. */
@CladeTest
class MalformedRequestTests {

    @Autowired
    Api api;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            prefix=%00    | prefix
            prefix=a%00b  | prefix
            prefix=%      | prefix
            prefix=%4     | prefix
            prefix=%FF    | prefix
            prefix=%C3    | prefix
            limit=%       | limit
            limit=1&limit=2 | limit
            Prefix=a      | Prefix
            """)
    void aBrokenQueryIsRefusedByParameter(String query, String parameter) throws IOException {
        String answer = raw("GET", api.newDataset() + "/customers?" + query);

        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
        assertThat(answer).contains("\"parameter\":\"%s\"".formatted(parameter));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a%00b", "/%FF", "/x/customers/%ZZ", "/%"})
    void aPathThatCantBeDecodedIsAProblem(String path) throws IOException {
        String answer = raw("GET", "/api/v1/datasets" + path);

        assertThat(answer)
                .startsWith("HTTP/1.1 4")
                .contains("application/problem+json")
                .contains("\"errors\"");
    }

    @Test
    void aPathThatIsTooLongIsAProblem() throws IOException {
        assertThat(raw("GET", "/api/v1/datasets/x/customers/" + "a".repeat(9_000)))
                .startsWith("HTTP/1.1 4")
                .contains("application/problem+json");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            []                                          | This must be an object
            {"key":["a"]}                               | This must be text
            {"key":"a","key":"b"}                       | Duplicate
            {"key":"a"                                  | Not JSON at line 1
            {"key":"a"} {}                              | more behind the end
            """)
    void brokenJsonIsExplainedWithoutNamesOfOurCode(String body, String message) {
        Api.Answer refused = api.post("/api/v1/datasets", body);

        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(refused.body())
                .contains(message)
                .doesNotContain("clade.")
                .doesNotContain("Feature")
                .doesNotContain("Source");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "a\\u0000b", "\\ud800"})
    void textThatCantBeStoredIsRefusedByField(String text) {
        String dataset = api.newDataset();
        for (String field : new String[] {"name", "cancellationPattern"}) {
            Api.Answer patched = api.patch(dataset, "{\"%s\":\"%s\"}".formatted(field, text));
            assertThat(patched.status()).as(patched.body()).isEqualTo(400);
            assertThat(patched.json().get("errors").get(0).get("pointer").asString())
                    .isEqualTo("/" + field);
        }
        Api.Answer segmentation = api.post(
                dataset + "/segmentations",
                "{\"key\":\"a\",\"name\":\"%s\",\"method\":{\"name\":\"rfm\"}}".formatted(text));
        assertThat(segmentation.status()).isEqualTo(400);
        assertThat(segmentation.json().get("errors").get(0).get("pointer").asString())
                .isEqualTo("/name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", ";;", "text/html"})
    void whatIsStoredIsNeverDeniedForTheSakeOfAccept(String accept) {
        String dataset = api.newDataset();

        Api.Answer taken = api.send(
                "POST",
                dataset + "/transactions",
                "text/csv",
                BodyPublishers.ofString("CustomerID,Date,Amount\na,2024-01-15,10\n"),
                "Accept",
                accept);

        assertThat(taken.status()).as(taken.body()).isEqualTo(201);
        assertThat(taken.json().get("accepted").asInt()).isEqualTo(1);
    }

    @Test
    void whatTheContainerRefusesHasTheShapeOfEveryProblem() throws IOException {
        for (String start : new String[] {"GET /api/v1/datasets/a%00b HTTP/1.1", "GET / HTTP/9.9"}) {
            RawHttp.Answer refused = RawHttp.send(
                    api.port(), (start + "\r\nHost: 127.0.0.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII));

            assertThat(refused.status()).isEqualTo(400);
            JsonNode problem = JsonMapper.shared().readTree(refused.body());
            assertThat(problem.get("errors").get(0).get("code").asString()).isEqualTo("bad-request");
        }
    }

    private String raw(String method, String target) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            OutputStream out = socket.getOutputStream();
            out.write("%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n"
                    .formatted(method, target, api.port())
                    .getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
