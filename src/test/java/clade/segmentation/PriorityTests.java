package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.support.Api;
import clade.support.CladeTest;
import java.util.ArrayList;
import java.util.Comparator;
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

/** Each figure of the board is computed anew from the members and the rows that were uploaded. */
@CladeTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PriorityTests {

    @Autowired
    Api api;

    private Shop shop;
    private String path;

    @BeforeAll
    void segment() {
        shop = Shop.of(api, 300, 17, "{\"currency\":\"EUR\"}");
        api.segment(shop.dataset(), "{\"key\":\"rfm\",\"asOf\":\"2024-01-01\",\"method\":{\"name\":\"rfm\"}}");
        api.segment(
                shop.dataset(), "{\"key\":\"v\",\"asOf\":\"2024-01-01\",\"method\":{\"name\":\"k-means\",\"k\":3}}");
        path = shop.dataset() + "/segmentations/rfm/priorities";
    }

    @Test
    void scoresAreWhatTheExplanationSays() {
        Map<String, List<JsonNode>> members = shop.members(api, "rfm");
        List<Double> recencies = new ArrayList<>();
        Map<String, Double> revenues = new HashMap<>();
        members.forEach((segment, all) -> all.forEach(member -> {
            recencies.add(member.get("features").get("recency").asDouble());
            revenues.merge(segment, member.get("features").get("monetary").asDouble(), Double::sum);
        }));
        double total = revenues.values().stream().mapToDouble(v -> v).sum();
        int n = members.size();

        JsonNode board = api.get(path).json().get("board");

        assertThat(board).hasSize(n);
        for (JsonNode entry : board) {
            String key = entry.get("segment").asString();
            JsonNode scores = entry.get("scores");
            double share = members.get(key).size() / 300.0;
            double revenueShare = revenues.get(key) / total;
            double more = 0;
            for (JsonNode member : members.get(key)) {
                double own = member.get("features").get("recency").asDouble();
                for (double other : recencies) {
                    more += other > own ? 1 : other == own ? 0.5 : 0;
                }
            }
            double reach = more / members.get(key).size() / 300;
            String level = api.get(shop.dataset() + "/actions/" + key)
                    .json()
                    .get("cost")
                    .asString();
            double cost = level.equals("low") ? 1 : level.equals("medium") ? 0.5 : 0;
            assertThat(entry.get("share").asDouble()).isEqualTo(share);
            assertThat(entry.get("revenueShare").asDouble()).isCloseTo(revenueShare, within(1e-12));
            assertThat(scores.get("size").asDouble()).isCloseTo(share / (share + 1.0 / n), within(1e-12));
            assertThat(scores.get("revenue").asDouble())
                    .isCloseTo(revenueShare / (revenueShare + 1.0 / n), within(1e-12));
            assertThat(scores.get("reach").asDouble()).isCloseTo(reach, within(1e-12));
            assertThat(scores.get("cost").asDouble()).isEqualTo(cost);
            double value =
                    (scores.get("size").asDouble() + scores.get("revenue").asDouble()) / 2;
            double ease = (reach + cost) / 2;
            assertThat(scores.get("value").asDouble()).isCloseTo(value, within(1e-12));
            assertThat(scores.get("ease").asDouble()).isCloseTo(ease, within(1e-12));
            assertThat(scores.get("total").asDouble()).isCloseTo((value + ease) / 2, within(1e-12));
            assertThat(entry.get("quadrant").asString())
                    .isEqualTo(
                            value >= 0.5
                                    ? ease >= 0.5 ? "start-here" : "worth-the-effort"
                                    : ease >= 0.5 ? "automate" : "later");
        }
        List<Double> totals = board.valueStream()
                .map(entry -> entry.get("scores").get("total").asDouble())
                .toList();
        assertThat(totals).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(api.get(path).json().get("startWith").valueStream().map(JsonNode::asString))
                .containsExactlyElementsOf(board.valueStream()
                        .limit(3)
                        .map(entry -> entry.get("segment").asString())
                        .toList());
    }

    @Test
    void waitingIsTheRevenueOfThePresentMembersInTwoPeriods() {
        JsonNode answer = api.get(path + "?period=P60D").json();

        for (JsonNode entry : answer.get("board")) {
            JsonNode waiting = entry.get("waiting");
            double before = 0;
            double since = 0;
            for (JsonNode member :
                    shop.members(api, "rfm").get(entry.get("segment").asString())) {
                String customer = member.get("customerId").asString();
                before += shop.revenue(customer, "2023-09-03", "2023-11-02");
                since += shop.revenue(customer, "2023-11-02", "2024-01-01");
            }
            assertThat(waiting.get("middle").asString()).isEqualTo("2023-11-02T00:00:00Z");
            assertThat(waiting.get("from").asString()).isEqualTo("2023-09-03T00:00:00Z");
            assertThat(waiting.get("to").asString()).isEqualTo("2024-01-01T00:00:00Z");
            assertThat(waiting.get("basis").asString()).isEqualTo("present-members");
            assertThat(waiting.get("revenueBefore").asDouble()).isCloseTo(before, within(1e-6));
            assertThat(waiting.get("revenueSince").asDouble()).isCloseTo(since, within(1e-6));
            assertThat(waiting.get("cost").asDouble()).isCloseTo(Math.max(0, before - since), within(1e-6));
            assertThat(waiting.get("sentence").asString()).contains("in the last 60 days", "EUR");
        }
    }

    @Test
    void afterAValidationWaitingIsWhatTheMembersOfThenDid() {
        String dataset = Shop.of(api, 200, 5, "{}").dataset();
        api.segment(dataset, "{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\"}}");
        JsonNode validation =
                api.finished(api.post(dataset + "/segmentations/rfm/validations", "{\"horizon\":\"P90D\"}"));
        assertThat(validation.get("status").asString())
                .as(validation.toString())
                .isEqualTo("completed");

        JsonNode board =
                api.get(dataset + "/segmentations/rfm/priorities").json().get("board");

        for (JsonNode since : validation.get("segments")) {
            board.valueStream()
                    .filter(entry -> entry.get("segment").equals(since.get("segment"))
                            && since.get("customers").asLong() > 0)
                    .forEach(entry -> {
                        JsonNode waiting = entry.get("waiting");
                        assertThat(waiting.get("basis").asString()).isEqualTo("validation");
                        assertThat(waiting.get("validation")).isEqualTo(validation.get("id"));
                        assertThat(waiting.get("revenueBefore")).isEqualTo(since.get("revenueBefore"));
                        assertThat(waiting.get("revenueSince"))
                                .isEqualTo(since.get("revenue").get("total"));
                    });
        }
        // another definition is not what was validated
        api.put(dataset + "/segmentations/rfm", "{\"key\":\"rfm\",\"window\":\"P6M\",\"method\":{\"name\":\"rfm\"}}");
        api.finished(api.post(dataset + "/segmentations/rfm/runs", "{}"));
        assertThat(api.get(dataset + "/segmentations/rfm/priorities")
                        .json()
                        .get("board")
                        .valueStream()
                        .map(entry -> entry.get("waiting").get("basis").asString()))
                .containsOnly("present-members");
    }

    @Test
    void whatCannotBeToldIsSaid() {
        JsonNode waiting =
                api.get(path + "?period=P2Y").json().get("board").get(0).get("waiting");

        assertThat(waiting.get("cost").isNull()).isTrue();
        assertThat(waiting.get("sentence").asString())
                .startsWith("What waiting costs can't be told: the purchases begin on 2023-01-0")
                .endsWith("less than two periods of 2 years before 2024-01-01.");
    }

    @Test
    void weightsMoveTheBoard() {
        JsonNode even = api.get(path).json();
        JsonNode money = api.get(path + "?sizeWeight=0&reachWeight=0").json();

        assertThat(money.get("weights").get("size").asDouble()).isZero();
        for (JsonNode entry : money.get("board")) {
            assertThat(entry.get("scores").get("value"))
                    .isEqualTo(entry.get("scores").get("revenue"));
            assertThat(entry.get("scores").get("ease"))
                    .isEqualTo(entry.get("scores").get("cost"));
        }
        assertThat(money.get("board")).isNotEqualTo(even.get("board"));
    }

    @Test
    void weightsAreKeptPerDatasetAndAParameterGoesBeforeThem() {
        Shop other = Shop.of(api, 60, 9, "{}");
        api.segment(other.dataset(), "{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\"}}");
        String weights = other.dataset() + "/priorities/weights";
        String board = other.dataset() + "/segmentations/rfm/priorities";
        String even = "{\"size\":1.0,\"revenue\":1.0,\"reach\":1.0,\"cost\":1.0}";
        assertThat(api.get(weights).body())
                .isEqualTo("{\"edited\":false,\"size\":1.0,\"revenue\":1.0,\"reach\":1.0,\"cost\":1.0}");
        JsonNode before = api.get(board).json();

        Api.Answer put = api.put(weights, "{\"revenue\":3,\"cost\":0}");

        assertThat(put.status()).as(put.body()).isEqualTo(201);
        assertThat(put.header("Location")).isEqualTo(weights);
        assertThat(put.body())
                .isEqualTo("{\"edited\":true,\"size\":1.0,\"revenue\":3.0,\"reach\":1.0,\"cost\":0.0}")
                .isEqualTo(api.get(weights).body());
        JsonNode kept = api.get(board).json();
        assertThat(kept)
                .isEqualTo(api.get(board + "?sizeWeight=1&revenueWeight=3&reachWeight=1&costWeight=0")
                        .json())
                .isNotEqualTo(before);
        for (JsonNode entry : kept.get("board")) {
            JsonNode scores = entry.get("scores");
            assertThat(scores.get("ease")).isEqualTo(scores.get("reach"));
            assertThat(scores.get("value").asDouble())
                    .isCloseTo(
                            (scores.get("size").asDouble()
                                            + 3 * scores.get("revenue").asDouble())
                                    / 4,
                            within(1e-12));
        }
        assertThat(api.get(board + "?revenueWeight=1&costWeight=1").json()).isEqualTo(before);
        assertThat(api.get(other.dataset() + "/segmentations/rfm/report").json().get("priorities"))
                .isEqualTo(kept);
        assertThat(api.get(other.dataset() + "/segmentations/rfm/report", "Accept", "text/html")
                        .body())
                .contains("reach and cost; size counts 1 times, revenue 3, reach 1, cost 0.");
        assertThat(api.put(weights, even).status()).isEqualTo(200);
        assertThat(api.get(board).json()).isEqualTo(before);
        assertThat(api.get(weights).json().get("edited").asBoolean()).isTrue();

        assertThat(api.delete(weights).status()).isEqualTo(204);
        assertThat(api.get(weights).json().get("edited").asBoolean()).isFalse();
        assertThat(api.delete(weights).status()).isEqualTo(404);
        assertThat(api.get("/api/v1/datasets/none/priorities/weights").status()).isEqualTo(404);
        assertThat(api.put("/api/v1/datasets/none/priorities/weights", even).status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"size\":-1} | /size | size must be from 0 to 1000000, was -1.0",
                "{\"cost\":1e7} | /cost | cost must be from 0 to 1000000, was 1.0E7",
                "{\"reach\":\"much\"} | /reach | reach must be a number",
                "{\"size\":0,\"revenue\":0} | /size | size and revenue must not both be 0",
                "{\"reach\":0,\"cost\":0} | /reach | reach and cost must not both be 0",
                "{\"sizeWeight\":2} | /sizeWeight | There is no field sizeWeight; known here: cost, reach, revenue, size",
                "[] | `` | must be an object",
            })
    void wrongWeightsAreRefusedWithTheirField(String body, String pointer, String message) {
        Api.Answer answer = api.put(shop.dataset() + "/priorities/weights", body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        JsonNode fault = answer.json().get("errors").get(0);
        assertThat(fault.get("pointer").asString("")).isEqualTo(pointer);
        assertThat(fault.get("message").asString()).contains(message);
    }

    @Test
    void aParameterThatLeavesAnAxisWithoutWeightIsNamed() {
        Shop other = Shop.of(api, 30, 2, "{}");
        api.segment(other.dataset(), "{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\"}}");
        api.put(other.dataset() + "/priorities/weights", "{\"revenue\":0}");

        Api.Answer answer = api.get(other.dataset() + "/segmentations/rfm/priorities?sizeWeight=0");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("errors").get(0).get("parameter").asString())
                .isEqualTo("sizeWeight");
        assertThat(answer.json().get("errors").get(0).get("message").asString())
                .isEqualTo("sizeWeight and revenueWeight must not both be 0");
    }

    @Test
    void clustersStandOnTheBoardByThePersonasAction() {
        JsonNode board =
                api.get(shop.dataset() + "/segmentations/v/priorities").json().get("board");

        assertThat(board).hasSize(3);
        for (JsonNode entry : board) {
            assertThat(entry.get("action").asString()).isNotBlank();
            assertThat(entry.get("quadrant").asString()).isNotBlank();
        }
    }

    @Test
    void anEditedCostMovesASegment() {
        Shop other = Shop.of(api, 100, 3, "{}");
        api.segment(other.dataset(), "{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\"}}");
        api.put(other.dataset() + "/actions/champions", "{\"title\":\"Visit\",\"cost\":\"high\"}");

        JsonNode champions = api.get(other.dataset() + "/segmentations/rfm/priorities")
                .json()
                .get("board")
                .valueStream()
                .filter(entry -> entry.get("segment").asString().equals("champions"))
                .findFirst()
                .orElseThrow();

        assertThat(champions.get("scores").get("cost").asDouble()).isZero();
        assertThat(champions.get("action").asString()).isEqualTo("Visit");
    }

    @ParameterizedTest
    @CsvSource({
        "sizeWeight=-1, sizeWeight",
        "sizeWeight=0&revenueWeight=0, sizeWeight",
        "costWeight=NaN, costWeight",
        "reachWeight=x, reachWeight",
        "period=P0D, period",
        "period=ninety, period",
        "weight=1, weight",
    })
    void aWrongParameterIsNamed(String query, String parameter) {
        Api.Answer answer = api.get(path + "?" + query);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.json().get("errors").get(0).get("parameter").asString())
                .isEqualTo(parameter);
    }

    @Test
    void thereIsNoneWithoutARun() {
        assertThat(api.get(shop.dataset() + "/segmentations/none/priorities").status())
                .isEqualTo(404);
        String empty = api.newDataset();
        api.segment(empty, "{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\"}}");
        assertThat(api.get(empty + "/segmentations/rfm/priorities")
                        .json()
                        .get("code")
                        .asString())
                .isEqualTo("no-completed-run");
    }
}
