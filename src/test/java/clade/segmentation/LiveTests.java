package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.Api.Answer;
import clade.support.CladeTest;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@CladeTest
class LiveTests {

    private static final String RFM = "{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\"}}";

    /** c1 bought longest ago and least, c5 last and most: each has another score on each axis. */
    private static final String ROWS = """
            CustomerID,OrderID,Date,Amount
            c1,1,2024-01-01,10
            c2,2,2024-01-11,20
            c2,3,2024-01-12,20
            c3,4,2024-01-21,30
            c3,5,2024-01-22,30
            c3,6,2024-01-23,30
            c4,7,2024-02-01,40
            c4,8,2024-02-02,40
            c4,9,2024-02-03,40
            c4,10,2024-02-04,40
            c5,11,2024-02-10,50
            c5,12,2024-02-11,50
            c5,13,2024-02-12,50
            c5,14,2024-02-13,50
            c5,15,2024-02-14,50
            """;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private Api api;

    @Test
    void onePostedTransactionMovesItsCustomerBeforeTheAnswer() {
        String dataset = dataset(RFM);
        JsonNode before = segments(dataset, "");
        String tag = api.get(dataset + "/segmentations/rfm/segments").header("ETag");

        JsonNode report = post(dataset, "c1", "2024-02-20T10:00:00", 5);

        assertThat(report.get("changes").toString())
                .isEqualTo(
                        "[{\"customerId\":\"c1\",\"segmentation\":\"rfm\",\"from\":\"hibernating\",\"to\":\"potential-loyalists\"}]");
        JsonNode place =
                api.get(dataset + "/customers/c1").json().get("segments").get(0);
        assertThat(place.get("segment").asString()).isEqualTo("potential-loyalists");
        assertThat(place.get("previous").asString()).isEqualTo("hibernating");
        assertThat(place.get("version").asInt()).isEqualTo(2);
        JsonNode member = api.get(dataset + "/segmentations/rfm/segments/potential-loyalists/customers")
                .json()
                .get("customers")
                .get(0);
        assertThat(member.get("customerId").asString()).isEqualTo("c1");
        // after the run's asOf, so recency 0; and two orders now
        assertThat(member.get("features").toString())
                .isEqualTo("{\"recency\":0.0,\"frequency\":2.0,\"monetary\":15.0}");
        JsonNode after = segments(dataset, "");
        assertThat(size(after, "potential-loyalists")).isEqualTo(size(before, "potential-loyalists") + 1);
        assertThat(size(after, "hibernating")).isEqualTo(size(before, "hibernating") - 1);
        assertThat(before.get("version").asInt()).isEqualTo(1);
        assertThat(after.get("version").asInt()).isEqualTo(2);
        assertThat(api.get(dataset + "/segmentations/rfm/segments").header("ETag"))
                .isNotEqualTo(tag);
    }

    /** A run that is being published keeps a lock on that row, which each new state of it would carry along. */
    @Test
    void aPostLeavesTheRowOfTheSegmentationAlone() {
        String dataset = dataset(RFM);
        String sql = "select ctid::text || ' ' || xmax::text from segmentation order by id desc limit 1";
        String before = jdbc.sql(sql).query(String.class).single();

        JsonNode report = post(dataset, "c1", "2024-02-20T10:00:00", 5);

        assertThat(report.get("changes")).hasSize(1);
        assertThat(jdbc.sql(sql).query(String.class).single()).isEqualTo(before);
    }

    @Test
    void aPublishedRunStaysReadableAsItWas() {
        String dataset = dataset(RFM);
        JsonNode published = segments(dataset, "?run=1");
        assertThat(published.get("segments")).isEqualTo(segments(dataset, "").get("segments"));

        post(dataset, "c1", "2024-02-20T10:00:00", 5);
        post(dataset, "new", "2024-02-20T10:00:00", 7);

        assertThat(segments(dataset, "?run=1")).isEqualTo(published);
        assertThat(segments(dataset, "").get("customers").asInt()).isEqualTo(6);
        assertThat(api.get(dataset + "/segmentations/rfm/runs/1")
                        .json()
                        .get("customers")
                        .asInt())
                .isEqualTo(5);
    }

    @Test
    void newCustomersComeAndThoseWhoLoseTheirLastPurchaseLeave() {
        String dataset = dataset(RFM);

        JsonNode report = post(dataset, "new", "2024-02-20T10:00:00", 5);

        assertThat(report.get("changes").toString())
                .isEqualTo(
                        "[{\"customerId\":\"new\",\"segmentation\":\"rfm\",\"from\":null,\"to\":\"new-customers\"}]");
        assertThat(size(segments(dataset, ""), "new-customers")).isEqualTo(1);
        api.delete(dataset + "/uploads/" + report.get("id").asString());
        assertThat(size(segments(dataset, ""), "new-customers")).isZero();
        assertThat(segments(dataset, "").get("customers").asInt()).isEqualTo(5);
        assertThat(segments(dataset, "").get("version").asInt()).isEqualTo(3);
        assertThat(api.get(dataset + "/customers/new").status()).isEqualTo(404);
    }

    @Test
    void whoDoesNothingStaysHoweverFarTheOthersGo() {
        String dataset = dataset(RFM);
        String before = api.get(dataset + "/customers/c5")
                .json()
                .get("segments")
                .get(0)
                .get("since")
                .asString();

        JsonNode report = post(dataset, "c1", "2024-09-01T10:00:00", 1000);

        assertThat(report.get("changes")).hasSize(1);
        JsonNode place =
                api.get(dataset + "/customers/c5").json().get("segments").get(0);
        assertThat(place.get("segment").asString()).isEqualTo("champions");
        assertThat(place.get("since").asString()).isEqualTo(before);
    }

    @Test
    void aPostThatMovesNobodyChangesNoVersionButFactsDo() {
        String dataset = dataset(RFM);

        JsonNode same = post(dataset, "c5", "2024-02-13T10:00:00", 5);

        assertThat(same.get("changes")).isEmpty();
        assertThat(segments(dataset, "").get("version").asInt()).isEqualTo(2);
        JsonNode again = post(dataset, "c5", "2024-02-13T10:00:00", 5);
        assertThat(again.get("duplicates").asInt()).isEqualTo(1);
        assertThat(again.get("changes")).isEmpty();
        assertThat(segments(dataset, "").get("version").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "live":false                     | false | It is switched off in the definition
            "asOf":"2024-02-20"              | false | The definition has an asOf of its own
            "asOf":"2024-02-20T10:00:00"     | false | The definition has an asOf of its own
            "asOf":"2024-02-20T10:00:00Z"    | false | The definition has an asOf of its own
            "asOf":"latest"                  | true  |
            "asOf":"now"                     | true  |
            "live":true                      | true  |
            """)
    void definitionsSayWhetherTheyAreLive(String field, boolean live, String reason) {
        String dataset = dataset("{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\"},%s}".formatted(field));
        JsonNode view = api.get(dataset + "/segmentations/rfm").json();

        for (JsonNode shown : java.util.List.of(view, view.get("latestRun"))) {
            assertThat(shown.get("live").asBoolean()).isEqualTo(live);
            assertThat(shown.get("definition").get("live").asBoolean()).isEqualTo(live);
            assertThat(shown.get("notLiveBecause").asString(null)).isEqualTo(reason);
        }
        assertThat(segments(dataset, "").get("live").asBoolean()).isEqualTo(live);
        JsonNode report = post(dataset, "c1", "2024-02-19T10:00:00", 5);
        assertThat(report.get("changes")).hasSize(live ? 1 : 0);
        assertThat(segments(dataset, "").get("version").asInt()).isEqualTo(live ? 2 : 1);
        JsonNode put = api.put(
                        dataset + "/segmentations/rfm", view.get("definition").toString())
                .json();
        assertThat(put.get("definition")).isEqualTo(view.get("definition"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "asOf":"2024-02-20","method":{"name":"rfm"}                                        | The definition has an asOf of its own
            "population":{"when":"frequency > 1"},"method":{"name":"rfm"}                      | Its population, those of whom frequency > 1 is true, can't follow each change
            "population":{"segmentation":"rfm","segments":["champions"]},"method":{"name":"rfm"} | Its population, the members of rfm, can't follow each change
            "window":"P1M","outsideWindow":"segment","method":{"name":"rfm"}                   | Who lies outside the window can't follow each change
            "method":{"name":"rules","segments":[{"key":"a","when":"segment('rfm') = 'champions'"}]} | A condition asks for segments of rfm, which follow no change of this customer alone
            "method":{"name":"rules","segments":[{"key":"a","when":"attribute('Age') > 30"}]}  | A condition asks for the attribute Age, whose changes are not followed
            "features":["tenure"],"method":{"name":"k-means","k":2}                            | The feature tenure can't follow each change
            "method":{"name":"rules","segments":[{"key":"a","when":"ordersIn('P90D') > 1"}]}   | The feature ordersIn:P90D can't follow each change
            "method":{"name":"hybrid","tiers":{"feature":"tenure","cuts":[0.5]},"within":{"method":{"name":"k-means","k":2}}} | The feature tenure can't follow each change
            "roles":{"monetary":"attribute:Age"},"method":{"name":"rfm"}                       | The feature attribute:Age can't follow each change
            "live":false,"method":{"name":"rfm"}                                               | It is switched off in the definition
            "profileFeatures":["tenure"],"method":{"name":"rfm"}                               |
            """)
    void whatIsNotLiveSaysWhyAsTheDocumentationHasIt(String definition, String reason) throws IOException {
        String dataset = dataset(RFM);
        assertThat(api.send(
                                "POST",
                                dataset + "/customers",
                                "text/csv",
                                HttpRequest.BodyPublishers.ofString("CustomerID,Age\nc1,20\nc2,40\n"))
                        .status())
                .isEqualTo(201);
        Answer made = api.post(dataset + "/segmentations", "{\"key\":\"other\",%s}".formatted(definition));
        assertThat(made.status()).as(made.body()).isEqualTo(202);

        String told = api.get(dataset + "/segmentations/other")
                .json()
                .get("notLiveBecause")
                .asString(null);

        assertThat(told).isEqualTo(reason);
        assertThat(reason == null || documentedReasons().anyMatch(pattern -> reason.matches(pattern)))
                .as(reason)
                .isTrue();
    }

    /** The second column of the table in docs/live.md; … stands for anything. */
    private static Stream<String> documentedReasons() throws IOException {
        return Files.readAllLines(Path.of("docs/live.md")).stream()
                .filter(line -> line.startsWith("| "))
                .map(line -> line.split("\\|", -1)[2].strip())
                .map(reason ->
                        Arrays.stream(reason.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".+")));
    }

    @Test
    void aRunWithAnAsOfOfItsOwnIsNotLiveAndTheNextOneIsAgain() {
        String dataset = dataset(RFM);
        Answer own = api.post(dataset + "/segmentations/rfm/runs", "{\"asOf\":\"2024-02-15\"}");
        JsonNode run = api.finished(own);

        assertThat(run.get("live").asBoolean()).isFalse();
        assertThat(run.get("notLiveBecause").asString()).isEqualTo("The run was started with an asOf of its own");
        assertThat(run.get("definition").get("live").asBoolean()).isTrue();
        assertThat(post(dataset, "c1", "2024-02-20T10:00:00", 5).get("changes")).isEmpty();
        assertThat(api.get(dataset + "/customers/c1")
                        .json()
                        .get("segments")
                        .get(0)
                        .get("segment")
                        .asString())
                .isEqualTo("hibernating");

        api.finished(api.post(dataset + "/segmentations/rfm/runs", "{\"asOf\":\"latest\"}"));

        assertThat(post(dataset, "c2", "2024-02-20T10:00:00", 5).get("changes")).isNotEmpty();
        assertThat(segments(dataset, "").get("version").asInt()).isEqualTo(4);
    }

    @Test
    void aCursorLivesThroughLiveChangesAndEndsWithItsRun() {
        String dataset = dataset(RFM);
        post(dataset, "a1", "2024-02-20T10:00:00", 5);
        post(dataset, "a2", "2024-02-20T10:00:00", 5);
        String list = dataset + "/segmentations/rfm/segments/new-customers/customers";
        JsonNode first = api.get(list + "?limit=1").json();
        assertThat(first.get("version").asInt()).isEqualTo(3);

        post(dataset, "a3", "2024-02-20T10:00:00", 5);
        JsonNode second = api.get(list + "?limit=5&cursor=" + first.get("next").asString())
                .json();

        assertThat(second.get("customers")
                        .valueStream()
                        .map(member -> member.get("customerId").asString()))
                .containsExactly("a2", "a3");
        api.finished(api.post(dataset + "/segmentations/rfm/runs", "{}"));
        assertThat(api.get(list + "?cursor=" + first.get("next").asString()).status())
                .isEqualTo(410);
    }

    @Test
    void noiseThatARunDidNotFindAppearsLive() {
        String dataset = dataset("{\"key\":\"rfm\",\"method\":{\"name\":\"dbscan\",\"eps\":100,\"minPoints\":1},"
                + "\"preparation\":{\"transform\":\"none\",\"scale\":\"none\"}}");
        assertThat(segments(dataset, "").get("segments")).hasSize(1);

        JsonNode report = post(dataset, "far", "2024-02-20T10:00:00", 1_000_000);

        assertThat(report.get("changes").get(0).get("to").asString()).isEqualTo("noise");
        JsonNode noise = segments(dataset, "").get("segments").get(1);
        assertThat(noise.get("key").asString()).isEqualTo("noise");
        assertThat(noise.get("noise").asBoolean()).isTrue();
        assertThat(noise.get("size").asInt()).isEqualTo(1);
        assertThat(noise.get("revenue").asDouble()).isEqualTo(1_000_000);
        assertThat(api.get(dataset + "/segmentations/rfm/segments/noise/customers")
                        .json()
                        .get("customers"))
                .hasSize(1);
        assertThat(segments(dataset, "?run=1").get("segments")).hasSize(1);
    }

    private String dataset(String definition) {
        String dataset = api.newDataset();
        api.upload(dataset, ROWS);
        assertThat(api.segment(dataset, definition).get("status").asString()).isEqualTo("completed");
        return dataset;
    }

    private JsonNode post(String dataset, String customer, String at, double amount) {
        Answer answer = api.post(
                dataset + "/transactions",
                "{\"customerId\":\"%s\",\"orderId\":\"%s\",\"occurredAt\":\"%s\",\"amount\":%s}"
                        .formatted(customer, customer + at, at, amount));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json();
    }

    private JsonNode segments(String dataset, String query) {
        return api.get(dataset + "/segmentations/rfm/segments" + query).json();
    }

    private static int size(JsonNode list, String key) {
        return list.get("segments")
                .valueStream()
                .filter(segment -> segment.get("key").asString().equals(key))
                .findFirst()
                .orElseThrow()
                .get("size")
                .asInt();
    }
}
