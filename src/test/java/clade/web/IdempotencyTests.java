package clade.web;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.Api.Answer;
import clade.support.CladeTest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@CladeTest
class IdempotencyTests {

    private static final String ROWS = "CustomerID,TransactionDate,PurchaseAmount\nC1,2024-01-15,5\nC2,2024-01-16,7\n";
    private static final String RFM = "{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\"}}";

    @Autowired
    private Api api;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void aRepeatedRequestGetsTheSameAnswerAndItsWorkIsDoneOnce() {
        String dataset = api.newDataset();
        api.upload(dataset, ROWS);
        api.finished(post(dataset + "/segmentations", RFM, "definition"));
        String key = UUID.randomUUID().toString();

        Answer first = post(dataset + "/segmentations/rfm/runs", "{}", key);
        Answer again = post(dataset + "/segmentations/rfm/runs", "{}", key);

        assertThat(first.status()).isEqualTo(202);
        assertThat(first.header("Idempotency-Replayed")).isNull();
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.header("Location")).isEqualTo(first.header("Location")).endsWith("/runs/2");
        assertThat(again.header("Content-Type")).isEqualTo(first.header("Content-Type"));
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(api.get(dataset + "/segmentations/rfm/runs").json().get("runs"))
                .hasSize(2);
        assertThat(post(dataset + "/segmentations/rfm/runs", "{}", key + "-2")
                        .json()
                        .get("number")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void aDatasetIsMadeOnceAndAnUploadReadOnce() {
        String name = "t-" + UUID.randomUUID();
        String body = "{\"key\":\"%s\"}".formatted(name);

        assertThat(post("/api/v1/datasets", body, name).status()).isEqualTo(201);
        Answer again = post("/api/v1/datasets", body, name);

        assertThat(again.status()).isEqualTo(201);
        assertThat(again.header("Location")).isEqualTo("/api/v1/datasets/" + name);
        assertThat(post("/api/v1/datasets", body, name + "2").status()).isEqualTo(409);
        String dataset = "/api/v1/datasets/" + name;
        Answer report = csv(dataset, ROWS, "upload");
        assertThat(report.json().get("accepted").asInt()).isEqualTo(2);
        assertThat(csv(dataset, ROWS, "upload").body()).isEqualTo(report.body());
        assertThat(api.get(dataset + "/uploads").json().get("uploads")).hasSize(1);
    }

    @Test
    void anotherRequestWithTheSameKeyIsRefused() {
        String dataset = api.newDataset();
        assertThat(csv(dataset, ROWS, "k").status()).isEqualTo(201);

        for (Answer other : List.of(
                csv(dataset, ROWS + "C3,2024-01-17,9\n", "k"),
                csv(dataset, ROWS.substring(0, ROWS.length() - 1), "k"),
                send(dataset + "/transactions?duplicates=drop", "text/csv", ROWS, "k"),
                send(dataset + "/transactions", "text/csv;charset=UTF-8", ROWS, "k"),
                post(dataset + "/segmentations", RFM, "k"))) {
            assertThat(other.status()).isEqualTo(422);
            assertThat(other.json().get("code").asString()).isEqualTo("idempotency-key-reused");
        }
        assertThat(api.get(dataset + "/uploads").json().get("uploads")).hasSize(1);
        assertThat(csv(api.newDataset(), ROWS, "k").status()).isEqualTo(201);
    }

    @Test
    void aRefusalIsRepeatedAsItWasEvenIfTheRequestWouldNowPass() {
        String name = "t-" + UUID.randomUUID();
        String dataset = "/api/v1/datasets/" + name;
        Answer unknown = csv(dataset, ROWS, "early");
        assertThat(unknown.status()).isEqualTo(404);
        api.post("/api/v1/datasets", "{\"key\":\"%s\"}".formatted(name));

        Answer again = csv(dataset, ROWS, "early");

        assertThat(again.status()).isEqualTo(404);
        assertThat(again.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(again.body()).isEqualTo(unknown.body());
        assertThat(csv(dataset, ROWS, "late").status()).isEqualTo(201);
        String wrong = "{\"key\":\"rfm\",\"method\":{\"name\":\"guess\"}}";
        assertThat(post(dataset + "/segmentations", wrong, "w").status()).isEqualTo(400);
        assertThat(post(dataset + "/segmentations", wrong, "w").body())
                .isEqualTo(post(dataset + "/segmentations", wrong, "w").body());
        assertThat(post(dataset + "/segmentations", RFM, "w").status()).isEqualTo(422);
    }

    @Test
    void ofManyAtOnceOneDoesTheWorkAndTheOthersWaitOrGetItsAnswer() {
        String dataset = api.newDataset();
        api.upload(dataset, ROWS);
        api.finished(api.post(dataset + "/segmentations", RFM));
        for (int round = 0; round < 5; round++) {
            String key = "round-" + round;

            List<CompletableFuture<Answer>> asked = IntStream.range(0, 8)
                    .mapToObj(i ->
                            CompletableFuture.supplyAsync(() -> post(dataset + "/segmentations/rfm/runs", "{}", key)))
                    .toList();
            List<Answer> answers = asked.stream().map(CompletableFuture::join).toList();

            assertThat(answers)
                    .extracting(Answer::status)
                    .contains(202)
                    .isSubsetOf(202, 409);
            for (Answer answer : answers) {
                if (answer.status() == 409) {
                    assertThat(answer.json().get("code").asString()).isEqualTo("request-in-progress");
                    assertThat(answer.header("Retry-After")).isEqualTo("1");
                } else {
                    assertThat(answer.json().get("number").asInt()).isEqualTo(round + 2);
                }
            }
        }
        assertThat(api.get(dataset + "/segmentations/rfm/runs").json().get("runs"))
                .hasSize(6);
    }

    @Test
    void aKeyIsTakenWhileItsUploadStreams() throws IOException {
        String dataset = api.newDataset();
        try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            OutputStream out = slow.getOutputStream();
            out.write("""
                    POST %s/transactions HTTP/1.1\r
                    Host: localhost\r
                    Content-Type: text/csv\r
                    Content-Length: %d\r
                    Idempotency-Key: slow\r
                    Connection: close\r
                    \r
                    """.formatted(dataset, ROWS.length()).getBytes(StandardCharsets.US_ASCII));
            out.flush();
            while (api.get(dataset + "/uploads").json().get("uploads").isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(csv(dataset, ROWS, "slow").status()).isEqualTo(409);
            out.write(ROWS.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            String answer = new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 201");
            assertThat(answer).contains(csv(dataset, ROWS, "slow").body());
        }
    }

    @Test
    void anAttemptThatWasLostWithItsInstanceDoesNotBlockItsKey() {
        String dataset = api.newDataset();
        Answer first = csv(dataset, ROWS, "k");
        // as a crash leaves it: begun, never answered
        String unanswered =
                "update idempotent_request set status = null, body = null, heartbeat_at = now() - interval '%s'"
                        + " where key = 'k' and dataset = '%s'";
        jdbc.sql(unanswered.formatted("1 second", name(dataset))).update();
        assertThat(csv(dataset, ROWS, "k").status()).isEqualTo(409);

        jdbc.sql(unanswered.formatted("11 seconds", name(dataset))).update();
        Answer again = csv(dataset, ROWS, "k");

        assertThat(first.json().get("accepted").asInt()).isEqualTo(2);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.json().get("duplicates").asInt()).isEqualTo(2);
        assertThat(csv(dataset, ROWS, "k").body()).isEqualTo(again.body());
    }

    @Test
    void anAnswerIsForgottenAfterADayAndWithItsDataset() {
        String dataset = api.newDataset();
        csv(dataset, ROWS, "k");
        jdbc.sql("update idempotent_request set expires_at = now() - interval '1 second' where dataset = :dataset")
                .param("dataset", name(dataset))
                .update();

        assertThat(csv(dataset, ROWS, "k").json().get("duplicates").asInt()).isEqualTo(2);
        assertThat(jdbc.sql("""
                        select extract(epoch from expires_at - now()) from idempotent_request where dataset = :dataset""")
                        .param("dataset", name(dataset))
                        .query(Double.class)
                        .single())
                .isBetween(86_000.0, 86_400.0);
        api.delete(dataset);
        assertThat(jdbc.sql("select count(*) from idempotent_request where dataset = :dataset")
                        .param("dataset", name(dataset))
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void theBoundaryOfAMultipartBodyDoesNotCount() {
        String dataset = api.newDataset();

        Answer first = multipart(dataset, "----one", ROWS);
        Answer again = multipart(dataset, "----another", ROWS);

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(multipart(dataset, "----one", ROWS + "C3,2024-01-17,9\n").status())
                .isEqualTo(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words"})
    void aKeyThatIsNoneIsRefused(String key) {
        Answer answer = post("/api/v1/datasets", "{}", key);

        assertThat(answer.status()).isEqualTo(400);
        JsonNode fault = answer.json().get("errors").get(0);
        assertThat(fault.get("parameter").asString()).isEqualTo("Idempotency-Key");
        assertThat(fault.get("code").asString()).isEqualTo("invalid-idempotency-key");
    }

    @Test
    void aKeyHasAtMost255Characters() {
        assertThat(post(api.newDataset() + "/segmentations", RFM, "k".repeat(255))
                        .status())
                .isEqualTo(202);
        assertThat(post(api.newDataset() + "/segmentations", RFM, "k".repeat(256))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void everyPostTakesAKeyAsItsDescriptionSays() {
        List<String> without = new ArrayList<>();
        for (var path : api.get("/v3/api-docs").json().get("paths").properties()) {
            JsonNode post = path.getValue().path("post");
            if (!post.isMissingNode()
                    && post.path("parameters")
                            .valueStream()
                            .noneMatch(parameter ->
                                    parameter.path("name").asString("").equals("Idempotency-Key"))) {
                without.add(path.getKey());
            }
        }
        assertThat(without).isEmpty();
    }

    private Answer post(String path, String body, String key) {
        return send(path, "application/json", body, key);
    }

    private Answer csv(String dataset, String body, String key) {
        return send(dataset + "/transactions", "text/csv", body, key);
    }

    private Answer send(String path, String type, String body, String key) {
        return api.send("POST", path, type, BodyPublishers.ofString(body), "Idempotency-Key", key);
    }

    private Answer multipart(String dataset, String boundary, String rows) {
        String body =
                "--%1$s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n%2$s\r\n--%1$s--\r\n"
                        .formatted(boundary, rows);
        return send(dataset + "/transactions", "multipart/form-data; boundary=" + boundary, body, "multipart");
    }

    private static String name(String dataset) {
        return dataset.substring(dataset.lastIndexOf('/') + 1);
    }
}
