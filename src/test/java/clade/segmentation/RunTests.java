package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.CladeTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@CladeTest
class RunTests {

    private static final String RFM = "{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\"}}";

    @Autowired
    Api api;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    RunRepository runs;

    @Test
    void aNewSegmentationAnswersItsQueuedRunWithDefaultsFilledIn() {
        String dataset = shop(4);

        Api.Answer accepted =
                api.post(dataset + "/segmentations", "{\"key\":\"v\",\"method\":{\"name\":\"k-means\",\"k\":2}}");

        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.header("Location")).isEqualTo(dataset + "/segmentations/v/runs/1");
        JsonNode definition = accepted.json().get("definition");
        assertThat(definition.toString())
                .isEqualTo(
                        "{\"key\":\"v\",\"name\":\"v\",\"features\":[\"recency\",\"frequency\",\"monetary\"],\"profileFeatures\":[],"
                                + "\"asOf\":\"latest\",\"window\":null,\"returns\":\"net\",\"frequency\":\"orders\","
                                + "\"missing\":\"exclude\",\"roles\":null,\"population\":null,\"outsideWindow\":\"exclude\","
                                + "\"preparation\":{\"cap\":null,\"transform\":\"log1p\",\"scale\":\"standard\","
                                + "\"weights\":{\"recency\":1.0,\"frequency\":1.0,\"monetary\":1.0},\"components\":null},"
                                + "\"method\":{\"name\":\"k-means\",\"k\":2,\"restarts\":10,\"maxPasses\":300},\"seed\":42,\"live\":true}");
        JsonNode run = api.finished(accepted);
        assertThat(run.get("status").asString()).isEqualTo("completed");
        assertThat(run.get("progress").isNull()).isTrue();
        assertThat(run.get("problem").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            []                                                                                     |
            {"method":{"name":"rfm"}}                                                              | /key
            {"key":"A","method":{"name":"rfm"}}                                                    | /key
            {"key":"a"}                                                                            | /method
            {"key":"a","method":{"name":"magic"}}                                                  | /method/name
            {"key":"a","method":{"name":"rules"}}                                                  | /method/segments
            {"key":"a","method":{"name":"rfm","scores":1}}                                         | /method/scores
            {"key":"a","method":{"name":"rfm","scores":7}}                                         | /method/map
            {"key":"a","method":{"name":"rfm","map":"none"}}                                       | /method/map
            {"key":"a","method":{"name":"rfm","k":3}}                                              | /method/k
            {"key":"a","method":{"name":"k-means"}}                                                | /method/k
            {"key":"a","method":{"name":"k-means","k":0}}                                          | /method/k
            {"key":"a","method":{"name":"k-means","k":2.5}}                                        | /method/k
            {"key":"a","method":{"name":"k-means","k":"many"}}                                     | /method/k
            {"key":"a","method":{"name":"k-means","k":"auto","kMin":1}}                            | /method/kMin
            {"key":"a","method":{"name":"k-means","k":"auto","kMin":5,"kMax":4}}                   | /method/kMax
            {"key":"a","method":{"name":"k-means","k":3,"kMax":4}}                                 | /method/kMax
            {"key":"a","method":{"name":"k-means","k":99999999999}}                                | /method/k
            {"key":"a","method":{"name":"dbscan","eps":0}}                                         | /method/eps
            {"key":"a","method":{"name":"dbscan","eps":0.1,"minPoints":0}}                         | /method/minPoints
            {"key":"a","method":{"name":"hdbscan","selection":"best"}}                             | /method/selection
            {"key":"a","method":{"name":"gaussian-mixture","components":2,"floor":-1}}             | /method/floor
            {"key":"a","method":{"name":"rfm"},"features":["recency"]}                             | /features
            {"key":"a","method":{"name":"k-means","k":2},"features":[]}                            | /features
            {"key":"a","method":{"name":"k-means","k":2},"features":["age"]}                       | /features/0
            {"key":"a","method":{"name":"k-means","k":2},"features":["recency","recency"]}         | /features/1
            {"key":"a","method":{"name":"rfm"},"asOf":"yesterday"}                                 | /asOf
            {"key":"a","method":{"name":"rfm"},"asOf":"2011-02-30"}                                | /asOf
            {"key":"a","method":{"name":"rfm"},"window":"12 months"}                               | /window
            {"key":"a","method":{"name":"rfm"},"window":"P0D"}                                     | /window
            {"key":"a","method":{"name":"rfm"},"window":"-P3M"}                                    | /window
            {"key":"a","method":{"name":"rfm"},"returns":"gross"}                                  | /returns
            {"key":"a","method":{"name":"rfm"},"frequency":"weeks"}                                | /frequency
            {"key":"a","method":{"name":"rfm"},"seed":1.5}                                         | /seed
            {"key":"a","method":{"name":"rfm"},"colour":"red"}                                     | /colour
            {"key":"a","method":{"name":"rfm"},"preparation":{"scale":"none"}}                     | /preparation
            {"key":"a","method":{"name":"k-means","k":2},"preparation":{"scale":"big"}}            | /preparation/scale
            {"key":"a","method":{"name":"k-means","k":2},"preparation":{"components":4}}           | /preparation/components
            {"key":"a","method":{"name":"k-means","k":2},"preparation":{"weights":{"age":2}}}      | /preparation/weights/age
            {"key":"a","method":{"name":"k-means","k":2},"preparation":{"weights":{"recency":0}}}  | /preparation/weights/recency
            {"key":"a","method":{"name":"k-means","k":2},"preparation":{"transform":"sqrt"}}       | /preparation/transform
            {"key":"a","method":{"name":"k-means","k":2},"preparation":{"cap":{"method":"quantile","lower":0.9,"upper":0.1}}} | /preparation/cap/upper
            """)
    void aDefinitionThatIsWrongInItselfIsRefusedByField(String definition, String pointer) {
        Api.Answer refused = api.post(api.newDataset() + "/segmentations", definition);

        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.json().get("errors").get(0).get("pointer").asString())
                .isEqualTo(pointer == null ? "" : pointer);
    }

    @Test
    void aRunWithoutAnyPurchaseFailsAndSaysSo() {
        String dataset = shop(3);

        JsonNode run = api.segment(
                dataset, "{\"key\":\"old\",\"asOf\":\"2020-01-01\",\"window\":\"P1M\",\"method\":{\"name\":\"rfm\"}}");

        assertThat(run.get("status").asString()).isEqualTo("failed");
        assertThat(run.get("problem").get("code").asString()).isEqualTo("no-purchases");
        assertThat(run.get("problem").get("detail").asString()).contains("window");
        Api.Answer none = api.get(dataset + "/segmentations/old/segments");
        assertThat(none.status()).isEqualTo(409);
        assertThat(none.json().get("code").asString()).isEqualTo("no-completed-run");
    }

    @Test
    void moreClustersThanDistinctCustomersFailAndSaySo() {
        JsonNode run = api.segment(shop(3), "{\"key\":\"v\",\"method\":{\"name\":\"k-means\",\"k\":9}}");

        assertThat(run.get("status").asString()).isEqualTo("failed");
        assertThat(run.get("problem").get("code").asString()).isEqualTo("k-above-distinct-rows");
        assertThat(run.get("problem").get("detail").asString()).contains("9").contains("3");
    }

    @Test
    void aSecondRunWritesOnlyTheMembershipsThatChanged() {
        String dataset = shop(6);
        api.segment(dataset, RFM);
        api.upload(dataset, "customerId,date,orderId,amount\nc1,2024-02-01,n1,50\nnew,2024-02-01,n2,5\n");

        JsonNode second = api.finished(api.post(dataset + "/segmentations/rfm/runs", "{}"));

        assertThat(second.get("number").asInt()).isEqualTo(2);
        // recency is kept as the time of the last purchase, so that a later as-of alone changes no row
        List<String> written =
                jdbc.sql("""
                select c.customer_id from membership m join customer c on c.id = m.customer_id join dataset d on d.id = c.dataset_id
                where d.key = :key and m.from_run = 2 order by 1""").param("key", key(dataset)).query(String.class).list();
        assertThat(written).contains("c1", "new").doesNotHaveDuplicates();
        assertThat(members(dataset, "rfm")).containsExactlyInAnyOrder("c1", "c2", "c3", "c4", "c5", "c6", "new");
        JsonNode first = api.get(dataset + "/segmentations/rfm/segments?run=1").json();
        assertThat(first.get("run").asInt()).isEqualTo(1);
        assertThat(first.get("customers").asLong()).isEqualTo(6);
        assertThat(api.get(dataset + "/segmentations/rfm/segments?run=3").status())
                .isEqualTo(404);
    }

    @Test
    void servedRecencyIsThatOfTheRunsAsOfEvenWhereTheRowWasKept() {
        String dataset = shop(3);
        api.segment(dataset, RFM);
        api.finished(api.post(dataset + "/segmentations/rfm/runs", "{\"asOf\":\"2024-03-01\"}"));

        // shop(3): c3 bought last on 2024-01-03T00:00, so 58 whole days before 1 March
        assertThat(api.get(dataset + "/segmentations/rfm")
                        .json()
                        .get("currentRun")
                        .asInt())
                .isEqualTo(2);
        assertThat(member(dataset, "rfm", "c3").get("features").get("recency").asDouble())
                .isEqualTo(58.0);
    }

    @Test
    void aCursorOfAnEarlierRunIsGone() {
        String dataset = shop(6);
        api.segment(dataset, "{\"key\":\"one\",\"method\":{\"name\":\"k-means\",\"k\":1}}");
        String path = dataset + "/segmentations/one/segments/c1/customers?limit=2";
        String next = api.get(path).json().get("next").asString();
        assertThat(next).matches("[A-Za-z0-9_-]+");
        assertThat(api.get(path + "&cursor=" + next).status()).isEqualTo(200);

        api.finished(api.post(dataset + "/segmentations/one/runs", "{}"));

        Api.Answer gone = api.get(path + "&cursor=" + next);
        assertThat(gone.status()).isEqualTo(410);
        assertThat(gone.json().get("errors").get(0).get("code").asString()).isEqualTo("run-replaced");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=x", "cursor=!!", "cursor=MQ", "offset=3"})
    void aWrongPageIsRefusedByParameter(String query) {
        String dataset = shop(2);
        api.segment(dataset, "{\"key\":\"one\",\"method\":{\"name\":\"k-means\",\"k\":1}}");

        Api.Answer refused = api.get(dataset + "/segmentations/one/segments/c1/customers?" + query);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().get("errors").get(0).get("parameter").asString())
                .isEqualTo(query.substring(0, query.indexOf('=')));
    }

    @Test
    void aReplacedDefinitionIsUsedByTheNextRun() {
        String dataset = shop(6);
        api.segment(dataset, "{\"key\":\"v\",\"method\":{\"name\":\"k-means\",\"k\":2}}");

        Api.Answer replaced =
                api.put(dataset + "/segmentations/v", "{\"key\":\"v\",\"method\":{\"name\":\"k-means\",\"k\":3}}");

        assertThat(replaced.status()).isEqualTo(200);
        assertThat(api.get(dataset + "/segmentations/v/segments").json().get("segments"))
                .hasSize(2);
        api.finished(api.post(dataset + "/segmentations/v/runs", "{}"));
        assertThat(api.get(dataset + "/segmentations/v/segments").json().get("segments"))
                .hasSize(3);
        assertThat(api.put(dataset + "/segmentations/other", RFM).status()).isEqualTo(404);
        assertThat(api.put(dataset + "/segmentations/v", RFM).status()).isEqualTo(400);
        assertThat(api.post(dataset + "/segmentations", "{\"key\":\"v\",\"method\":{\"name\":\"rfm\"}}")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void aDeletedSegmentationIsGoneWithItsRuns() {
        String dataset = shop(3);
        api.segment(dataset, RFM);

        assertThat(api.delete(dataset + "/segmentations/rfm").status()).isEqualTo(204);
        assertThat(api.get(dataset + "/segmentations/rfm").status()).isEqualTo(404);
        assertThat(api.get(dataset + "/segmentations/rfm/runs/1").status()).isEqualTo(404);
        assertThat(api.get(dataset + "/customers/c1").json().get("segments")).isEmpty();
    }

    @Test
    void anEntityTagChangesWithTheRun() {
        String dataset = shop(5);
        api.segment(dataset, RFM);
        String path = dataset + "/segmentations/rfm/segments";
        String tag = api.get(path).header("ETag");

        assertThat(api.get(path, "If-None-Match", tag).status()).isEqualTo(304);
        api.finished(api.post(dataset + "/segmentations/rfm/runs", "{}"));
        assertThat(api.get(path, "If-None-Match", tag).status()).isEqualTo(200);
    }

    @Test
    void anyCustomerIdCanBeReachedAndExported() {
        List<String> ids =
                List.of("a/b", "a;b=c", "100%", "..", "Zoë \uD83D\uDE00", "=1+1", "-5", "x,\"y\"", "a\\b", "q?#&");
        StringBuilder csv = new StringBuilder("customerId,date,orderId,amount\n");
        for (int i = 0; i < ids.size(); i++) {
            csv.append('"')
                    .append(ids.get(i).replace("\"", "\"\""))
                    .append("\",2024-01-01,o")
                    .append(i)
                    .append(",1\n");
        }
        String dataset = api.newDataset();
        api.upload(dataset, csv.toString());
        api.segment(dataset, "{\"key\":\"one\",\"method\":{\"name\":\"k-means\",\"k\":1}}");

        for (String id : ids) {
            String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8)
                    .replace("+", "%20")
                    .replace(".", "%2E");
            Api.Answer profile = api.get(dataset + "/customers/" + encoded);
            assertThat(profile.status()).as(id).isEqualTo(200);
            assertThat(profile.json().get("customerId").asString()).isEqualTo(id);
        }
        assertThat(members(dataset, "one")).containsExactlyInAnyOrderElementsOf(ids);
        String exported = api.get(dataset + "/segmentations/one/segments/c1/customers", "Accept", "text/csv")
                .body();
        assertThat(exported).contains("\n'=1+1,").contains("\n-5,").contains("\"x,\"\"y\"\"\",");
    }

    @Test
    void aBurstOfFirstLookUpsWaitsForNoSecondConnection() throws InterruptedException {
        String dataset = shop(4);
        api.segment(dataset, RFM);
        // more than there are connections, all in need of a run that nobody has read yet
        ExecutorService clients = Executors.newFixedThreadPool(80);
        try {
            List<Callable<Integer>> lookUps = Collections.nCopies(
                    80, () -> api.get(dataset + "/customers/c1").status());
            List<Future<Integer>> answers = clients.invokeAll(lookUps);

            assertThat(answers)
                    .allSatisfy(answer ->
                            assertThat(answer).succeedsWithin(Duration.ZERO).isEqualTo(200));
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void customersAreFoundByTheBeginningOfTheirId() {
        String dataset = shop(12);

        JsonNode found = api.get(dataset + "/customers?prefix=c1&limit=2").json();

        assertThat(found.get("customers")
                        .valueStream()
                        .map(c -> c.get("customerId").asString()))
                .containsExactly("c1", "c10");
        JsonNode rest = api.get(dataset + "/customers?prefix=c1&limit=2&cursor="
                        + found.get("next").asString())
                .json();
        assertThat(rest.get("customers")
                        .valueStream()
                        .map(c -> c.get("customerId").asString()))
                .containsExactly("c11", "c12");
        assertThat(rest.get("next").isNull()).isTrue();
    }

    @Test
    void anAttemptThatWasTakenOverCanDoNothingMore() {
        String dataset = shop(2);
        long id = queuedWithoutTask(dataset);
        RunRepository.Claimed first = claim(id);
        RunRepository.Claimed second = claim(id);

        assertThat(runs.heartbeat(first, "clustering", 0.5, Instant.now())).isFalse();
        assertThat(runs.heartbeat(second, "clustering", 0.5, Instant.now())).isTrue();
        assertThat(runs.complete(first, "{}", "[]", List.of(), "{}", new byte[0], Instant.now()))
                .isFalse();
        runs.fail(first, "{}", Instant.now());
        assertThat(runs.get(id).status()).isEqualTo("running");
        assertThat(runs.get(id).progress()).isEqualTo(new Run.Progress("clustering", 0.5));
    }

    @Test
    void aRunWhoseTaskWasLostIsTakenUpAgain() {
        String dataset = shop(4);
        long id = queuedWithoutTask(dataset);
        jdbc.sql("update segmentation_run set heartbeat_at = now() - interval '2 minutes' where id = :id")
                .param("id", id)
                .update();

        api.finished(dataset + "/segmentations/lost/runs/1");

        assertThat(runs.get(id).status()).isEqualTo("completed");
    }

    @Test
    void aRunThatTookItsInstanceDownThriceFails() {
        String dataset = shop(2);
        long id = queuedWithoutTask(dataset);
        for (int i = 0; i < 3; i++) {
            claim(id);
        }
        jdbc.sql("update segmentation_run set heartbeat_at = now() - interval '2 minutes' where id = :id")
                .param("id", id)
                .update();

        JsonNode run = api.finished(dataset + "/segmentations/lost/runs/1");

        assertThat(run.get("status").asString()).isEqualTo("failed");
        assertThat(run.get("problem").get("code").asString()).isEqualTo("interrupted");
    }

    @Test
    void runsOfOneSegmentationTakeTurns() {
        String dataset = shop(3);
        api.segment(dataset, RFM);
        List<Api.Answer> accepted = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            accepted.add(api.post(dataset + "/segmentations/rfm/runs", "{}"));
        }
        Instant last = Instant.EPOCH;
        for (Api.Answer answer : accepted) {
            JsonNode run = api.finished(answer);
            assertThat(run.get("status").asString()).isEqualTo("completed");
            assertThat(Instant.parse(run.get("startedAt").asString())).isAfterOrEqualTo(last);
            last = Instant.parse(run.get("finishedAt").asString());
        }
        assertThat(api.get(dataset + "/segmentations/rfm")
                        .json()
                        .get("currentRun")
                        .asInt())
                .isEqualTo(5);
    }

    @Test
    void frequencyAndWindowFollowTheDatasetsCalendar() {
        String dataset = api.newDataset("{\"timeZone\":\"America/New_York\"}");
        api.upload(dataset, """
                customerId,date,orderId,amount
                a,2024-03-09 23:30:00,o1,10
                a,2024-03-10 00:30:00,o1,10
                a,2024-03-10 03:30:00,o2,10
                b,2024-02-10 12:00:00,o3,10
                b,2024-02-10 11:59:59,o4,10
                """);
        for (String frequency : List.of("orders", "transactions", "days")) {
            api.segment(
                    dataset,
                    "{\"key\":\"%s\",\"frequency\":\"%s\",\"asOf\":\"2024-03-10T12:00:00\",\"window\":\"P1M\",\"method\":{\"name\":\"rfm\"}}"
                            .formatted(frequency, frequency));
        }

        assertThat(member(dataset, "orders", "a")
                        .get("features")
                        .get("frequency")
                        .asDouble())
                .isEqualTo(2);
        assertThat(member(dataset, "transactions", "a")
                        .get("features")
                        .get("frequency")
                        .asDouble())
                .isEqualTo(3);
        assertThat(member(dataset, "days", "a").get("features").get("frequency").asDouble())
                .isEqualTo(2);
        // the window starts at local noon of 10 February, on the other side of the change of the clock
        assertThat(member(dataset, "orders", "b")
                        .get("features")
                        .get("frequency")
                        .asDouble())
                .isEqualTo(1);
        assertThat(member(dataset, "orders", "b").get("features").get("recency").asDouble())
                .isEqualTo(29);
        assertThat(member(dataset, "orders", "a").get("features").get("recency").asDouble())
                .isZero();
    }

    /** Customers c1, c2, …: customer i bought i times, for i each, last on January i. */
    private String shop(int customers) {
        StringBuilder csv = new StringBuilder("customerId,date,orderId,amount\n");
        for (int i = 1; i <= customers; i++) {
            for (int order = 1; order <= i; order++) {
                csv.append("c%d,2024-01-%02d,o%d-%d,%d\n".formatted(i, order, i, order, i));
            }
        }
        String dataset = api.newDataset();
        api.upload(dataset, csv.toString());
        return dataset;
    }

    private long queuedWithoutTask(String dataset) {
        long segmentation = jdbc.sql("""
                insert into segmentation (dataset_id, key, definition, created_at)
                select id, 'lost', :definition::json, now() from dataset where key = :key returning id""")
                .param(
                        "definition",
                        Definition.stored(RFM.replace("\"rfm\",", "\"lost\","))
                                .toJson()
                                .toString())
                .param("key", key(dataset))
                .query(Long.class)
                .single();
        return runs.add(segmentation, null, Instant.now());
    }

    private RunRepository.Claimed claim(long id) {
        return runs.claim(id, UUID.randomUUID(), Instant.now()).orElseThrow();
    }

    private List<String> members(String dataset, String segmentation) {
        List<String> ids = new ArrayList<>();
        all(dataset, segmentation)
                .forEach(member -> ids.add(member.get("customerId").asString()));
        return ids;
    }

    private JsonNode member(String dataset, String segmentation, String id) {
        return all(dataset, segmentation).stream()
                .filter(member -> member.get("customerId").asString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private List<JsonNode> all(String dataset, String segmentation) {
        List<JsonNode> members = new ArrayList<>();
        String path = dataset + "/segmentations/" + segmentation + "/segments";
        for (JsonNode segment : api.get(path).json().get("segments")) {
            api.get(path + "/" + segment.get("key").asString() + "/customers?limit=1000")
                    .json()
                    .get("customers")
                    .forEach(members::add);
        }
        return members;
    }

    private static String key(String dataset) {
        return dataset.substring(dataset.lastIndexOf('/') + 1);
    }
}
