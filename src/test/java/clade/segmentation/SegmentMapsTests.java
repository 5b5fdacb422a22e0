package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.CladeTest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

@CladeTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SegmentMapsTests {

    private static final String HALVES = "{\"scores\":%d,\"axes\":[\"recency\",\"value\"],\"segments\":["
            + "{\"key\":\"here\",\"name\":\"Here\",\"cells\":[{\"recency\":[2,%1$d]}]},"
            + "{\"key\":\"gone\",\"name\":\"Gone\",\"cells\":[{\"recency\":[1,1],\"value\":[1,%1$d]}]}]}";

    @Autowired
    Api api;

    private String dataset;

    @BeforeAll
    void upload() {
        dataset = api.newDataset();
        StringBuilder csv = new StringBuilder("customerId,occurredAt,amount\n");
        for (int customer = 1; customer <= 60; customer++) {
            for (int order = 0; order <= customer % 7; order++) {
                csv.append("c%d,2024-%02d-%02d,%d\n"
                        .formatted(customer, 1 + customer % 12, 1 + order * 3, 1 + customer * order));
            }
        }
        api.upload(dataset, csv.toString());
        api.segment(dataset, "{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\"}}");
    }

    @Test
    void builtInMapsAreListedAndStay() {
        JsonNode list = api.get(dataset + "/segment-maps").json().get("segmentMaps");

        assertThat(list.valueStream().map(map -> map.get("key").asString()))
                .contains("rf-grid", "rf-grid-3", "rf-grid-4", "rfm-125", "klaviyo-6");
        JsonNode grid = api.get(dataset + "/segment-maps/rf-grid").json();
        assertThat(grid.get("builtIn").asBoolean()).isTrue();
        assertThat(grid.get("segments").get(0).toString())
                .isEqualTo(
                        "{\"key\":\"champions\",\"name\":\"Champions\",\"cells\":[{\"recency\":[5,5],\"frequency\":[4,5]}]}");
        assertThat(api.get(dataset + "/segment-maps/rfm-125")
                        .json()
                        .get("description")
                        .asString())
                .contains("231, 241 and 251");
        assertThat(api.put(dataset + "/segment-maps/rf-grid", HALVES.formatted(5))
                        .status())
                .isEqualTo(409);
        assertThat(api.delete(dataset + "/segment-maps/klaviyo-6").status()).isEqualTo(409);
    }

    @Test
    void aMapIsMadeReplacedAndDeleted() {
        String path = dataset + "/segment-maps/halves";
        Api.Answer made = api.put(path, HALVES.formatted(5));
        Api.Answer replaced = api.put(path, HALVES.formatted(4));

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("Location")).isEqualTo(path);
        assertThat(made.json().get("segments").get(0).get("cells").toString())
                .isEqualTo("[{\"recency\":[2,5],\"value\":[1,5]}]");
        assertThat(replaced.status()).isEqualTo(200);
        assertThat(api.get(path).body()).isEqualTo(replaced.body());
        assertThat(api.delete(path).status()).isEqualTo(204);
        assertThat(api.get(path).status()).isEqualTo(404);
        assertThat(api.delete(path).status()).isEqualTo(404);
    }

    @Test
    void cellsWithoutASegmentOrWithTwoAreListed() {
        Api.Answer refused = api.put(
                dataset + "/segment-maps/bad",
                "{\"scores\":2,\"axes\":[\"recency\",\"frequency\"],\"segments\":["
                        + "{\"key\":\"a\",\"name\":\"A\",\"cells\":[{\"recency\":[1,2],\"frequency\":[1,1]},{\"recency\":[3,3]}]},"
                        + "{\"key\":\"b\",\"name\":\"B\",\"cells\":[{\"recency\":[2,2]}]}]}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().get("errors").valueStream().map(JsonNode::toString))
                .containsExactly(
                        "{\"pointer\":\"/segments/0/cells/1\",\"code\":\"outside-scores\","
                                + "\"message\":\"R 3 to 3 of a is not within 1 to 2, the lower one first\"}",
                        "{\"pointer\":\"/segments\",\"code\":\"cell-in-no-segment\",\"message\":\"R1 F2 is in none\"}",
                        "{\"pointer\":\"/segments/1/cells/0\",\"code\":\"cell-in-two-segments\",\"message\":\"R2 F1 is in a and b\"}");
        assertThat(api.get(dataset + "/segment-maps/bad").status()).isEqualTo(404);
    }

    @Test
    void theListOfBadCellsIsBounded() {
        JsonNode problem = api.put(
                        dataset + "/segment-maps/empty",
                        "{\"scores\":10,\"axes\":[\"recency\",\"frequency\",\"monetary\"],\"segments\":["
                                + "{\"key\":\"a\",\"cells\":[{\"recency\":[1,1]}]}]}")
                .json();

        assertThat(problem.get("errors").size()).isEqualTo(50);
        assertThat(problem.get("detail").asString()).contains("900 things are wrong, the first 50 are listed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"scores\":11}|/scores",
                "{\"scores\":3,\"axes\":[\"recency\"]}|/axes",
                "{\"scores\":3,\"axes\":[\"recency\",\"value\"]}|/segments",
                "{\"scores\":3,\"axes\":[\"recency\",\"value\"],\"segments\":[{\"key\":\"A\"}]}|/segments/0/key",
                "{\"scores\":3,\"axes\":[\"recency\",\"value\"],\"segments\":[{\"key\":\"a\"}]}|/segments/0/cells",
                "{\"scores\":3,\"axes\":[\"recency\",\"value\"],\"segments\":[{\"key\":\"a\",\"cells\":[{\"value\":[1]}]}]}"
                        + "|/segments/0/cells/0/value",
                "{\"scores\":3,\"axes\":[\"recency\",\"value\"],\"segments\":[{\"key\":\"a\",\"cells\":[{\"frequency\":[1,3]}]}]}"
                        + "|/segments/0/cells/0/frequency",
                "{\"key\":\"other\",\"scores\":3}|/key",
                "[]|''"
            })
    void whatIsWrongIsNamed(String body, String pointer) {
        Api.Answer refused = api.put(dataset + "/segment-maps/wrong", body);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().get("errors").get(0).get("pointer").asString())
                .isEqualTo(pointer);
    }

    @Test
    void aMapInUseIsNotDeletedAndItsScoresStay() {
        String path = dataset + "/segment-maps/used";
        api.put(path, HALVES.formatted(6));
        api.segment(dataset, "{\"key\":\"six\",\"method\":{\"name\":\"rfm\",\"scores\":6,\"map\":\"used\"}}");

        assertThat(api.delete(path).status()).isEqualTo(409);
        assertThat(api.delete(path).json().get("detail").asString()).contains("segmentation six uses the map used");
        assertThat(api.put(path, HALVES.formatted(5)).json().get("code").asString())
                .isEqualTo("map-in-use");
        api.delete(dataset + "/segmentations/six");
        assertThat(api.delete(path).status()).isEqualTo(204);
    }

    @Test
    void aPublishedRunKeepsTheMapAndTheNextOneUsesTheNewOne() {
        String path = dataset + "/segment-maps/moving";
        String segments = dataset + "/segmentations/moving/segments";
        api.put(path, HALVES.formatted(5));
        api.segment(dataset, "{\"key\":\"moving\",\"method\":{\"name\":\"rfm\",\"map\":\"moving\"}}");
        api.put(path, HALVES.formatted(5).replace("gone", "lost"));

        assertThat(keys(segments)).containsExactly("here", "gone");
        assertThat(api.get(dataset + "/segmentations/moving/grid?axes=recency,frequency,monetary")
                        .json()
                        .get("cells")
                        .get(124)
                        .get("segment")
                        .asString())
                .isEqualTo("gone");

        api.finished(api.post(dataset + "/segmentations/moving/runs", "{}"));
        assertThat(keys(segments)).containsExactly("here", "lost");
    }

    @Test
    void thePreviewTellsWhoWouldMove() {
        JsonNode preview = api.post(dataset + "/segment-maps/rfm-125/preview", "{\"segmentation\":\"rfm\"}")
                .json();

        Map<String, Integer> customers = new HashMap<>();
        Map<String, Double> revenue = new HashMap<>();
        String segments = dataset + "/segmentations/rfm/segments";
        Map<String, String> then = cells("rfm-125");
        int moved = 0;
        for (String now : keys(segments)) {
            for (JsonNode member : api.get(segments + "/" + now + "/customers?limit=1000")
                    .json()
                    .get("customers")) {
                String to = then.get(member.get("code").asString());
                customers.merge(now + ">" + to, 1, Integer::sum);
                revenue.merge(
                        now + ">" + to, member.get("features").get("monetary").asDouble(), Double::sum);
                moved += now.equals(to) ? 0 : 1;
            }
        }
        assertThat(preview.get("customers").asInt()).isEqualTo(60);
        assertThat(preview.get("moved").asInt()).isEqualTo(moved).isPositive();
        assertThat(preview.get("moves").size()).isEqualTo(customers.size());
        for (JsonNode move : preview.get("moves")) {
            String pair = move.get("from").asString() + ">" + move.get("to").asString();
            assertThat(move.get("customers").asInt()).isEqualTo(customers.get(pair));
            assertThat(move.get("revenue").asDouble()).isEqualTo(revenue.get(pair));
        }
    }

    @Test
    void aPreviewNeedsARunWhoseScoresFit() {
        String path = dataset + "/segment-maps/klaviyo-6/preview";
        api.segment(dataset, "{\"key\":\"km\",\"method\":{\"name\":\"k-means\",\"k\":2}}");

        assertThat(api.post(path, "{\"segmentation\":\"rfm\"}")
                        .json()
                        .get("code")
                        .asString())
                .isEqualTo("scores-do-not-fit");
        assertThat(api.post(path, "{\"segmentation\":\"none\"}").status()).isEqualTo(400);
        assertThat(api.post(path, "{}").status()).isEqualTo(400);
        assertThat(api.post(path, "{\"segmentation\":\"km\"}").status()).isEqualTo(409);
        assertThat(api.post(dataset + "/segment-maps/none/preview", "{\"segmentation\":\"rfm\"}")
                        .status())
                .isEqualTo(404);
    }

    private List<String> keys(String segments) {
        return api.get(segments)
                .json()
                .get("segments")
                .valueStream()
                .map(segment -> segment.get("key").asString())
                .toList();
    }

    /** The segment of each code of a map of single cells. */
    private Map<String, String> cells(String map) {
        Map<String, String> cells = new HashMap<>();
        for (JsonNode segment : api.get(dataset + "/segment-maps/" + map).json().get("segments")) {
            for (JsonNode cell : segment.get("cells")) {
                String code = "";
                for (String axis : List.of("recency", "frequency", "monetary")) {
                    code += cell.get(axis).get(0).asString();
                }
                cells.put(code, segment.get("key").asString());
            }
        }
        return cells;
    }
}
