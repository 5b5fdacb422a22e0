package clade.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.CladeTest;
import clade.support.RawHttp;
import clade.support.RawHttp.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Two thousand malformed inputs. Whatever is sent, the answer is no error of ours, nothing is stored by halves, and a refusal
 * is a problem that names the place. {@code -Dmalformed.seed=N} repeats one of them; its request lies in {@code
 * target/malformed}, ready for {@code nc}.
 */
@CladeTest
class MalformedInputTests {

    private static final String KNOWN = """
            CustomerID,OrderId,Date,Amount
            a,1,2024-01-15,10.50
            b,2,2024-02-15,20.25
            b,3,2024-03-15,30.00
            c,4,2024-04-15,-5.75
            """;

    @Autowired
    Api api;

    @Autowired
    JdbcClient jdbc;

    private String dataset;
    private Damage damage;

    @BeforeEach
    void aDatasetWithFourTransactions() {
        dataset = api.newDataset();
        api.upload(dataset, KNOWN);
    }

    @Test
    void wrongRowsAreRejectedOneByOneAndHarmNoOthers() throws IOException {
        each(500, random -> {
            Sheet sheet = new Sheet(random);
            Stored before = stored();
            Answer answer = answer(sheet.request(dataset, api.port(), damage));
            assertThat(answer.status()).as(answer.body()).isEqualTo(201);
            JsonNode report = json(answer);
            Stored stored = stored();
            undo(report);
            Map<String, Integer> rejections = new TreeMap<>();
            report.get("rejections")
                    .forEach(one -> rejections.put(
                            one.get("code").asString(), one.get("count").asInt()));
            assertThat(rejections).isEqualTo(sheet.rejections());
            assertThat(report.get("accepted").asInt()).isEqualTo(sheet.accepted());
            assertThat(stored.sum()).isEqualByComparingTo(before.sum().add(sheet.sum()));
            assertThat(stored()).isEqualTo(before);
        });
    }

    @Test
    void damagedFilesAreTakenWholeOrNotAtAll() throws IOException {
        String retail = new String(new GZIPInputStream(resource("online_retail.csv.gz")).readNBytes(6_000), UTF_8);
        List<String> tables = List.of(
                KNOWN,
                retail.substring(0, retail.lastIndexOf('\n')),
                new String(resource("rfm_orders.csv").readNBytes(2_000), UTF_8),
                new String(resource("mall_customers.csv").readNBytes(800), UTF_8));
        String cdnow = new String(resource("cdnow_sample.txt").readNBytes(2_000), UTF_8);
        String lines = """
                {"customerId":"x","orderId":"9","occurredAt":"2024-05-01T10:00:00Z","amount":12.50}
                {"customerId":"y","orderId":"8","occurredAt":"2024-05-02","quantity":2,"unitPrice":"3.20","note":{"a":[1]}}
                """;
        String array = "[" + lines.strip().replace("\n", ",") + "]";
        each(600, random -> {
            String type = "text/csv";
            String query = "";
            String file = damage.any(tables);
            switch (random.nextInt(6)) {
                case 0 -> {
                    file = lines;
                    type = "application/x-ndjson";
                }
                case 1 -> {
                    file = array;
                    type = "application/json";
                }
                case 2 -> {
                    file = cdnow;
                    query = "?delimiter=whitespace&header=none&columns=customerId,-,occurredAt,quantity,amount";
                }
                default -> {}
            }
            byte[] body = file.getBytes(UTF_8);
            boolean packed = false;
            switch (random.nextInt(4)) {
                case 0 -> {
                    body = damage.file(damage.gzip(body));
                    packed = true;
                }
                case 1 -> {
                    body = damage.file(Request.multipart(body, type));
                    type = "multipart/form-data; boundary=edge";
                }
                case 2 -> body = type.endsWith("json") ? damage.document(array) : damage.file(damage.file(body));
                default -> body = damage.file(body);
            }
            if (random.nextInt(8) == 0) {
                type += ";charset=" + damage.any(List.of("US-ASCII", "UTF-16", "IBM037", "UTF-7", "none", "\"", "x y"));
            }
            Request request = Request.of("POST", dataset + "/transactions" + query, api.port())
                    .header("Content-Type: " + type);
            upload((packed ? request.header("Content-Encoding: gzip") : request).body(body));
        });
    }

    @Test
    void damagedDocumentsAreRefusedByFieldAndChangeNothing() throws IOException {
        api.segment(dataset, "{\"key\":\"kept\",\"method\":{\"name\":\"rfm\"}}");
        List<String> definitions = List.of(
                "{\"key\":\"new\",\"name\":\"N\",\"window\":\"P12M\",\"asOf\":\"2024-05-01\",\"method\":{\"name\":\"rfm\",\"scores\":5}}",
                """
                {"key":"new","features":["recency","frequency","monetary"],"asOf":"latest","returns":"ignore","frequency":"days","seed":7,
                 "preparation":{"cap":{"method":"quantile","lower":0.0,"upper":0.99},"transform":{"monetary":"log1p"},"scale":"robust",
                 "weights":{"monetary":2.0},"components":2},"method":{"name":"k-means","k":2,"restarts":2,"maxPasses":20}}""",
                "{\"key\":\"new\",\"method\":{\"name\":\"dbscan\",\"eps\":0.5,\"minPoints\":2}}",
                "{\"key\":\"new\",\"method\":{\"name\":\"hdbscan\",\"minClusterSize\":2,\"selection\":\"leaf\",\"epsilon\":0.1}}",
                "{\"key\":\"new\",\"method\":{\"name\":\"gaussian-mixture\",\"components\":2,\"covariance\":\"tied\"}}",
                "{\"key\":\"new\",\"method\":{\"name\":\"hierarchical\",\"linkage\":\"ward\",\"k\":2}}");
        String settings =
                "{\"name\":\"N\",\"currency\":\"EUR\",\"timeZone\":\"Europe/Berlin\",\"cancellationPattern\":\"^C\"}";
        each(450, random -> {
            String original = damage.any(definitions);
            Request request = switch (random.nextInt(6)) {
                case 0 ->
                    Request.of("PUT", dataset + "/segmentations/kept", api.port())
                            .body(damage.document(original.replace("\"new\"", "\"kept\"")));
                case 1 ->
                    Request.of("POST", dataset + "/segmentations/kept/runs", api.port())
                            .body(damage.document("{\"asOf\":\"2024-05-01T00:00:00\"}"));
                case 2 -> Request.of("PATCH", dataset, api.port()).body(damage.document(settings));
                case 3 ->
                    Request.of("POST", "/api/v1/datasets", api.port())
                            .body(damage.document(settings.replace("{", "{\"key\":\"malformed-new\",")));
                default ->
                    Request.of("POST", dataset + "/segmentations", api.port()).body(damage.document(original));
            };
            Stored before = stored();
            String shop = api.get(dataset).body();
            JsonNode kept = segmentations();
            Answer answer = answer(request.header("Content-Type: application/json"));
            if (answer.status() >= 300) {
                request.expectRefusal(answer);
                assertThat(api.get(dataset).body()).isEqualTo(shop);
                assertThat(segmentations()).isEqualTo(kept);
            } else {
                takeBack(answer);
            }
            assertThat(stored()).isEqualTo(before);
        });
    }

    @Test
    void wrongParametersCursorsAndIdsAreRefusedByName() throws IOException {
        api.segment(dataset, "{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\"}}");
        String customers =
                api.get(dataset + "/customers?limit=1").json().get("next").asString();
        api.upload(dataset, "CustomerID,Date,Amount\nd,2024-05-15,1.00\n");
        String uploads =
                api.get(dataset + "/uploads?limit=1").json().get("next").asString();
        List<String> cursors = List.of(customers, uploads);
        List<String> charsets = List.copyOf(Charset.availableCharsets().keySet());
        List<String> values = new ArrayList<>(List.of(
                "",
                "0",
                "-1",
                "1001",
                "1e3",
                "1.5",
                "99999999999999999999",
                "2147483648",
                "%00",
                "%",
                "%F",
                "%FF",
                "%C3%28",
                "a%00b",
                "%ED%A0%80",
                "null",
                "%22",
                "%7B%7D",
                "'%20or%201=1",
                "..%2F..",
                "x".repeat(3_000),
                "%F0%9F%98%80",
                "+",
                "%2B",
                "yyyy",
                "QQQQ",
                "'",
                "[[[",
                "yyyy-MM-dd'T",
                "dd/MM",
                "HH:mm",
                "u".repeat(40),
                "epoch",
                "none",
                "whitespace",
                "drop",
                "UTF-8",
                "a,b,c",
                "customerId,occurredAt,amount",
                ",,,",
                "-",
                "%0A",
                "\u0001",
                ";x=1"));
        each(350, random -> {
            String value = damage.any(values);
            String cursor = damage.any(cursors);
            int at = random.nextInt(cursor.length());
            String broken = random.nextInt(3) == 0
                    ? value
                    : cursor.substring(0, at)
                            + damage.any(List.of("", "A", "_", "-", "zz", "=", "%2F"))
                            + cursor.substring(Math.min(cursor.length(), at + random.nextInt(3)));
            String parameter = damage.any(List.of(
                    "customerId",
                    "occurredAt",
                    "orderId",
                    "transactionId",
                    "amount",
                    "dateFormat",
                    "decimal",
                    "charset",
                    "delimiter",
                    "header",
                    "columns",
                    "duplicates",
                    "Limit",
                    "%00",
                    ""));
            switch (random.nextInt(5)) {
                case 0 -> read("/customers?limit=1&cursor=" + broken);
                case 1 ->
                    read(damage.any(List.of(
                                    "/uploads?cursor=", "/segmentations/rfm/segments/champions/customers?cursor="))
                            + broken);
                case 2 ->
                    read(damage.any(List.of(
                                    "/customers?limit=",
                                    "/customers?prefix=",
                                    "/uploads?limit=",
                                    "/segmentations/rfm/segments?run=",
                                    "/segmentations/rfm/segments/champions?run=",
                                    "/segmentations?x=",
                                    "?" + parameter + "="))
                            + value);
                case 3 ->
                    read(damage.any(List.of(
                                    "/customers/",
                                    "/uploads/",
                                    "/segmentations/",
                                    "/segmentations/rfm/runs/",
                                    "/segmentations/rfm/segments/",
                                    "/nowhere/",
                                    "x"))
                            + value);
                default -> {
                    String given = parameter.equals("charset") && random.nextBoolean() ? damage.any(charsets) : value;
                    upload(Request.of("POST", dataset + "/transactions?" + parameter + "=" + given, api.port())
                            .header("Content-Type: text/csv")
                            .body("CustomerID,Date,Amount\nz,2024-06-15,1.00\n".getBytes(UTF_8)));
                }
            }
        });
    }

    @Test
    void brokenMessagesAreRefusedAndStoreNothing() throws IOException {
        List<String> headers = List.of(
                "Content-Type: ",
                "Content-Type: text",
                "Content-Type: */*",
                "Content-Type: image/png",
                "Content-Type: text/csv;;=",
                "Content-Type: multipart/form-data",
                "Content-Type: multipart/form-data; boundary=",
                "Content-Type: multipart/mixed; boundary=edge",
                "Content-Encoding: br",
                "Content-Encoding: gzip, gzip",
                "Content-Encoding: ",
                "Accept: image/png",
                "Accept: ;;",
                "Accept: text/csv;q=9",
                "Accept-Charset: none",
                "Accept-Language: \u00FF",
                "If-None-Match: \"",
                "If-Modified-Since: never",
                "Range: bytes=9-1",
                "Expect: 200-maybe",
                "Host: ",
                "Host: evil.example",
                "Host: [::",
                "Origin: null",
                "Cookie: \"=;",
                "No colon",
                ": no name",
                "A b: c",
                "X: \u0000",
                "X: \u007F\u0080",
                "X: " + "x".repeat(20_000),
                " folded",
                "Transfer-Encoding: strange",
                "Transfer-Encoding: chunked",
                "Transfer-Encoding: chunked, identity",
                "Content-Length: -1",
                "Content-Length: 99999999999999999999",
                "Content-Length: 1, 2",
                "Content-Length: 400",
                "Content-Length: x",
                "Connection: keep-alive, \u0001",
                "Upgrade: h2c",
                "Authorization: Bearer",
                "Idempotency-Key: \u0001",
                "Idempotency-Key: " + "k".repeat(300),
                "X-HTTP-Method-Override: DELETE",
                "Forwarded: for=\"",
                "TE: trailers");
        List<String> starts = List.of(
                "POST %s HTTP/1.1",
                "POST  %s HTTP/1.1",
                "POST %s HTTP/9.9",
                "POST %s",
                "post %s HTTP/1.1",
                "PUT %s HTTP/1.1",
                "F\u0000O %s HTTP/1.1",
                "BREW %s HTTP/1.1",
                "TRACE %s HTTP/1.1",
                "POST http://[%s HTTP/1.1",
                "\r\n\r\nPOST %s HTTP/1.1");
        each(200, random -> {
            String start = random.nextInt(3) == 0 ? damage.any(starts) : starts.get(0);
            StringBuilder head = new StringBuilder(start.formatted(dataset + "/transactions"))
                    .append("\r\nHost: 127.0.0.1:")
                    .append(api.port())
                    .append("\r\nConnection: close\r\n");
            String header = damage.any(headers);
            if (!header.startsWith("Content-Type")) {
                head.append("Content-Type: text/csv\r\n");
            }
            byte[] body = damage.file(KNOWN.replace("2024", "2023").getBytes(UTF_8));
            if (!header.startsWith("Transfer") && !header.startsWith("Content-Length")) {
                head.append("Content-Length: ").append(body.length).append("\r\n");
            }
            head.append(header).append(random.nextInt(10) == 0 ? "\n\n" : "\r\n\r\n");
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            message.writeBytes(head.toString().getBytes(ISO_8859_1));
            message.writeBytes(body);
            upload(Request.raw(message.toByteArray()));
        });
    }

    /** Sends to where rows go in: all of the valid ones are stored, or nothing is. */
    private void upload(Request request) throws IOException {
        Stored before = stored();
        Answer answer = answer(request);
        if (answer.status() == 201) {
            JsonNode report = json(answer);
            long accepted = report.get("accepted").asLong();
            assertThat(report.get("rows").asLong())
                    .isEqualTo(accepted
                            + report.get("rejected").asLong()
                            + report.get("duplicates").asLong());
            assertThat(stored().rows()).isEqualTo(before.rows() + accepted);
            undo(report);
        } else {
            request.expectRefusal(answer);
        }
        assertThat(stored()).isEqualTo(before);
    }

    private void read(String target) throws IOException {
        Request request = Request.of("GET", dataset + target, api.port());
        Answer answer = answer(request);
        if (answer.status() != 200) {
            request.expectRefusal(answer);
        }
    }

    /** The segmentations, but for what is found out of a run after it was published: how far it can be trusted. */
    private JsonNode segmentations() {
        JsonNode seen = api.get(dataset + "/segmentations").json();
        for (JsonNode segmentation : seen.get("segmentations")) {
            if (segmentation.get("latestRun") instanceof ObjectNode run) {
                run.remove("trust");
            }
        }
        return seen;
    }

    private void undo(JsonNode report) {
        Api.Answer undone = api.delete(dataset + "/uploads/" + report.get("id").asString());
        assertThat(undone.status()).as(undone.body()).isEqualTo(204);
    }

    /** What was damaged into something valid must not meet the next case. */
    private void takeBack(Answer taken) {
        String location = taken.headers().getOrDefault("location", "");
        if (location.startsWith(dataset + "/segmentations/kept/runs/")) {
            api.finished(location);
        } else if (!location.isEmpty()) {
            Api.Answer deleted = api.delete(location.replaceFirst("/runs/1$", ""));
            assertThat(deleted.status()).as(deleted.body()).isEqualTo(204);
        }
    }

    /** What readers see of the dataset, and the exact sum that its rows have. */
    private Stored stored() {
        JsonNode seen = api.get(dataset).json();
        return jdbc.sql("""
                        select count(*) as rows, coalesce(sum(t.amount), 0) as sum
                        from dataset d join customer c on c.dataset_id = d.id join transaction t on t.customer_id = c.id
                        join upload u on u.id = t.upload_id and u.status = 'completed' where d.key = :key""")
                .param("key", dataset.substring(dataset.lastIndexOf('/') + 1))
                .query((row, number) -> {
                    assertThat(seen.get("transactions").asLong()).isEqualTo(row.getLong("rows"));
                    return new Stored(
                            row.getLong("rows"),
                            row.getBigDecimal("sum").stripTrailingZeros(),
                            seen.get("customers").asLong());
                })
                .single();
    }

    private record Stored(long rows, BigDecimal sum, long customers) {}

    private Answer answer(Request request) throws IOException {
        sent = request;
        return RawHttp.send(api.port(), request.bytes());
    }

    private Request sent;

    /** Runs the cases of seeds 1 to {@code count}, or the one asked for; a failure tells how to repeat it. */
    private void each(int count, Case one) throws IOException {
        List<String> failures = new ArrayList<>();
        long only = Long.getLong("malformed.seed", 0);
        for (long seed = only > 0 ? only : 1; seed <= (only > 0 ? only : count); seed++) {
            Random random = new Random(seed);
            damage = new Damage(random);
            try {
                one.run(random);
            } catch (AssertionError | RuntimeException | IOException e) {
                Path file = Path.of("target/malformed/" + seed + ".http");
                Files.createDirectories(file.getParent());
                Files.write(file, sent.bytes());
                failures.add("seed %d (-Dmalformed.seed=%d, request in %s): %.600s".formatted(seed, seed, file, e));
            }
        }
        assertThat(failures).isEmpty();
    }

    private interface Case {
        void run(Random random) throws IOException;
    }

    private static JsonNode json(Answer answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private static java.io.InputStream resource(String file) {
        return MalformedInputTests.class.getResourceAsStream("/data/" + file);
    }
}
