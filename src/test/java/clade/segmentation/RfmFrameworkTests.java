package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.support.Api;
import clade.support.CladeTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** RFM with other binnings, maps and weights, on the orders of the R package rfm 0.3.0 and against its published results. */
@CladeTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RfmFrameworkTests {

    /** The package's ten segments, first match wins; what no rule names is "Others". Limits of R, F and M. */
    private static final Map<String, int[]> RULES = new LinkedHashMap<>();

    static {
        RULES.put("champions", new int[] {4, 5, 4, 5, 4, 5});
        RULES.put("loyal-customers", new int[] {2, 5, 3, 5, 3, 5});
        RULES.put("potential-loyalist", new int[] {3, 5, 1, 3, 1, 3});
        RULES.put("new-customers", new int[] {4, 5, 1, 1, 1, 1});
        RULES.put("promising", new int[] {3, 4, 1, 1, 1, 1});
        RULES.put("need-attention", new int[] {2, 3, 2, 3, 2, 3});
        RULES.put("about-to-sleep", new int[] {2, 3, 1, 2, 1, 2});
        RULES.put("at-risk", new int[] {1, 2, 2, 5, 2, 5});
        RULES.put("cant-lose-them", new int[] {1, 1, 4, 5, 4, 5});
        RULES.put("lost", new int[] {1, 2, 1, 2, 1, 2});
        RULES.put("others", new int[] {1, 5, 1, 5, 1, 5});
    }

    @Autowired
    Api api;

    private String dataset;
    private JsonNode run;

    @BeforeAll
    void segmentTheOrders() {
        dataset = api.newDataset();
        api.uploadFile(dataset, "rfm_orders.csv");
        assertThat(api.put(dataset + "/segment-maps/r-package", packageMap()).status())
                .isEqualTo(201);
        run = api.segment(dataset, definition("package", "\"binning\":\"rfm-package\",\"map\":\"r-package\""));
    }

    @Test
    void theRuleOfTheRPackageGivesItsPublishedCutPoints() {
        assertThat(run.get("status").asString()).isEqualTo("completed");
        assertThat(run.get("customers").asLong()).isEqualTo(995);
        JsonNode cuts = api.get(dataset + "/segmentations/package/grid").json().get("cuts");

        assertThat(numbers(cuts.get("recency").get("cuts"))).containsExactly(115.0, 181.0, 297.4, 482.0);
        assertThat(numbers(cuts.get("frequency").get("cuts"))).containsExactly(4, 5, 6, 8);
        assertThat(numbers(cuts.get("monetary").get("cuts"))).containsExactly(255.8, 382, 506.4, 666);
        assertThat(cuts.get("recency").get("equal").asString()).isEqualTo("above");
        assertThat(cuts.get("recency").get("binning").asString()).isEqualTo("rfm-package");
    }

    @ParameterizedTest // examples of the package's documentation
    @CsvSource({"Abbey O'Reilly,205,6,472,343", "Add Senger,140,3,340,412", "Aden Murphy,98,7,596,544"})
    void customersOfThePackagesDocumentationScoreAsPublished(
            String customer, double recency, double frequency, double monetary, String code) {
        JsonNode found = members("package").get(customer);

        assertThat(found.get("code").asString()).isEqualTo(code);
        assertThat(found.get("features").get("recency").asDouble()).isEqualTo(recency);
        assertThat(found.get("features").get("frequency").asDouble()).isEqualTo(frequency);
        assertThat(found.get("features").get("monetary").asDouble()).isEqualTo(monetary);
    }

    @Test
    void championsOfThePackagesSegmentsAreAsManyAsPublished() {
        JsonNode champions =
                api.get(dataset + "/segmentations/package/segments/champions").json();
        double orders = members("package").values().stream()
                .filter(member -> member.get("segment").asString().equals("champions"))
                .mapToDouble(member -> member.get("features").get("frequency").asDouble())
                .sum();

        assertThat(champions.get("size").asLong()).isEqualTo(158);
        assertThat(champions.get("revenue").asDouble()).isEqualTo(120_178);
        assertThat(orders).isEqualTo(1_234);
        assertThat(champions.get("paretoShare").asDouble())
                .isEqualTo(paretoShare(members("package").values().stream()
                        .filter(member -> member.get("segment").asString().equals("champions"))
                        .map(member -> member.get("features").get("monetary").asDouble())
                        .toList()));
    }

    @Test
    void fixedCutPointsScoreAsWritten() {
        JsonNode fixed = api.segment(
                dataset,
                definition(
                        "fixed",
                        "\"scores\":3,\"binning\":{\"recency\":\"fixed\",\"monetary\":\"natural-breaks\"},"
                                + "\"cuts\":{\"recency\":[181,365]}"));

        JsonNode method = fixed.get("definition").get("method");
        assertThat(method.get("binning").toString())
                .isEqualTo("{\"recency\":\"fixed\",\"frequency\":\"quantile\",\"monetary\":\"natural-breaks\"}");
        assertThat(method.get("cuts").toString()).isEqualTo("{\"recency\":[181.0,365.0]}");
        assertThat(method.get("map").asString()).isEqualTo("rf-grid-3");
        assertThat(members("fixed").values()).hasSize(995).allSatisfy(member -> {
            double days = member.get("features").get("recency").asDouble();
            assertThat(member.get("scores").get("recency").asInt()).isEqualTo(days <= 181 ? 3 : days <= 365 ? 2 : 1);
        });
    }

    @Test
    void naturalBreaksAreThoseOfR() {
        api.segment(dataset, definition("natural", "\"binning\":\"natural-breaks\""));

        JsonNode cuts = api.get(dataset + "/segmentations/natural/grid").json().get("cuts");
        // R 4.2.2, classInt 0.4-9, style "jenks", n = 5
        assertThat(numbers(cuts.get("frequency").get("cuts"))).containsExactly(2, 4, 6, 8);
        assertThat(numbers(cuts.get("monetary").get("cuts"))).containsExactly(285, 482, 677, 900);
    }

    @Test
    void weightsGiveEachMemberACompositeScore() {
        JsonNode weighted = api.segment(
                dataset, definition("weighted", "\"weights\":{\"recency\":2,\"monetary\":0.5},\"scores\":4"));

        assertThat(weighted.get("definition").get("method").get("weights").toString())
                .isEqualTo("{\"recency\":2.0,\"frequency\":1.0,\"monetary\":0.5}");
        assertThat(members("weighted").values()).isNotEmpty().allSatisfy(member -> {
            JsonNode scores = member.get("scores");
            double expected = (2 * scores.get("recency").asInt()
                            + scores.get("frequency").asInt()
                            + 0.5 * scores.get("monetary").asInt())
                    / 3.5;
            assertThat(member.get("compositeScore").asDouble()).isCloseTo(expected, within(1e-12));
        });
    }

    @Test
    void tiesThatLeaveFewerBinsAreAWarningWithTheCounts() {
        String tied = api.newDataset();
        api.upload(
                tied,
                "customerId,occurredAt,amount\n"
                        + "a,2024-01-01,1\nb,2024-01-02,1\nc,2024-01-03,1\nd,2024-01-04,1\nd,2024-01-05,9");
        JsonNode found = api.segment(tied, "{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\",\"scores\":3}}");

        assertThat(found.get("warnings").valueStream().map(JsonNode::asString))
                .containsExactly(
                        "frequency falls into 2 of 3 scores, for equal values score alike: of 4 customers score 1 has 3, 3 has 1.",
                        "monetary falls into 2 of 3 scores, for equal values score alike: of 4 customers score 1 has 3, 3 has 1.");
        assertThat(run.get("warnings").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"binning\":\"deciles\"|/method/binning|binning must be quantile or fixed or natural-breaks or rfm-package",
                "\"binning\":{\"tenure\":\"quantile\"}|/method/binning/tenure|There is no field tenure in binning",
                "\"binning\":{\"recency\":\"x\"}|/method/binning/recency|recency must be quantile",
                "\"binning\":\"fixed\"|/method/cuts/recency|cuts/recency is needed with fixed binning: 4 ascending numbers",
                "\"cuts\":{\"recency\":[1,2,3,4]}|/method/cuts/recency|cuts/recency has no effect: the binning of recency is quantile",
                "\"binning\":{\"recency\":\"fixed\"},\"cuts\":{\"recency\":[1,2,3]}|/method/cuts/recency|must be 4 ascending",
                "\"binning\":{\"recency\":\"fixed\"},\"cuts\":{\"recency\":[1,2,2,3]}|/method/cuts/recency|must be 4 ascending",
                "\"binning\":{\"recency\":\"fixed\"},\"cuts\":{\"recency\":[1,2,\"3\",4]}|/method/cuts/recency|must be 4 ascending",
                "\"weights\":{\"recency\":-1}|/method/weights/recency|recency must be from 0 to",
                "\"weights\":{\"recency\":0,\"frequency\":0,\"monetary\":0}|/method/weights|weights must be at least 0 and not all 0",
                "\"weights\":{\"value\":1}|/method/weights/value|There is no field value in weights",
                "\"scores\":6|/method/map|map is needed for 6 scores; there is none of 6 scores yet: PUT segment-maps/{key} makes one",
                "\"scores\":3,\"map\":\"rf-grid\"|/method/map|map rf-grid is a map of 5 scores, not of 3; of 3 scores there are rf-grid-3, klaviyo-6",
                "\"map\":\"none\"|/method/map|map names no map: none; of 5 scores there are rf-grid, rfm-125, r-package"
            })
    void whatIsWrongIsNamed(String settings, String pointer, String message) {
        Api.Answer refused = api.post(dataset + "/segmentations", definition("wrong", settings));

        assertThat(refused.status()).isEqualTo(400);
        JsonNode fault = refused.json().get("errors").get(0);
        assertThat(fault.get("pointer").asString()).isEqualTo(pointer);
        assertThat(fault.get("message").asString()).contains(message);
    }

    @Test
    void theGridAddsUpWhatItsMembersAre() {
        JsonNode grid = api.get(dataset + "/segmentations/package/grid?axes=recency,frequency,monetary")
                .json();
        Map<String, Long> customers = new HashMap<>();
        Map<String, Double> revenue = new HashMap<>();
        List<Double> money = new ArrayList<>();
        members("package").values().forEach(member -> {
            String code = member.get("code").asString();
            double monetary = member.get("features").get("monetary").asDouble();
            customers.merge(code, 1L, Long::sum);
            revenue.merge(code, monetary, Double::sum);
            money.add(monetary);
        });

        assertThat(grid.get("cells").size()).isEqualTo(125);
        assertThat(grid.get("customers").asLong()).isEqualTo(995);
        for (JsonNode cell : grid.get("cells")) {
            String code = cell.get("recency").asString()
                    + cell.get("frequency").asString()
                    + cell.get("monetary").asString();
            assertThat(cell.get("customers").asLong()).isEqualTo(customers.getOrDefault(code, 0L));
            assertThat(cell.get("revenue").asDouble()).isEqualTo(revenue.getOrDefault(code, 0.0));
            assertThat(cell.get("segment").asString()).isEqualTo(ruled(code));
        }
        assertThat(grid.get("paretoShare").asDouble()).isEqualTo(paretoShare(money));
    }

    @Test
    void aCellOfTwoAxesNamesItsSegmentWhereItHasOne() {
        JsonNode grid = api.get(dataset + "/segmentations/package/grid").json();

        assertThat(grid.get("cells").size()).isEqualTo(25);
        JsonNode best = grid.get("cells").get(0);
        assertThat(best.get("recency").asInt()).isEqualTo(5);
        assertThat(best.get("segment").isNull()).isTrue();
        assertThat(best.has("monetary")).isFalse();
        double shares = grid.get("cells")
                .valueStream()
                .mapToDouble(cell -> cell.get("share").asDouble())
                .sum();
        assertThat(shares).isCloseTo(1, within(1e-12));
    }

    @Test
    void aGridNeedsScoresAndKnownAxes() {
        api.segment(dataset, "{\"key\":\"clusters\",\"method\":{\"name\":\"k-means\",\"k\":3}}");

        Api.Answer noScores = api.get(dataset + "/segmentations/clusters/grid");
        Api.Answer axes = api.get(dataset + "/segmentations/package/grid?axes=recency");

        assertThat(noScores.status()).isEqualTo(409);
        assertThat(noScores.json().get("code").asString()).isEqualTo("no-scores");
        assertThat(axes.status()).isEqualTo(400);
        assertThat(axes.json().get("errors").get(0).get("parameter").asString()).isEqualTo("axes");
    }

    private String definition(String key, String settings) {
        return "{\"key\":\"%s\",\"asOf\":\"2006-12-31\",\"method\":{\"name\":\"rfm\",%s}}".formatted(key, settings);
    }

    /** By customer id, each with its segment. */
    private Map<String, JsonNode> members(String segmentation) {
        Map<String, JsonNode> members = new HashMap<>();
        String segments = dataset + "/segmentations/" + segmentation + "/segments";
        for (JsonNode segment : api.get(segments).json().get("segments")) {
            String key = segment.get("key").asString();
            api.get(segments + "/" + key + "/customers", "Accept", "application/x-ndjson")
                    .body()
                    .lines()
                    .forEach(line -> {
                        var member = (tools.jackson.databind.node.ObjectNode)
                                JsonMapper.shared().readTree(line);
                        members.put(member.get("customerId").asString(), member.put("segment", key));
                    });
        }
        return members;
    }

    /** The package's rules as a map of single cells. */
    private static String packageMap() {
        Map<String, List<String>> cells = new LinkedHashMap<>();
        RULES.keySet().forEach(key -> cells.put(key, new ArrayList<>()));
        for (int code = 111; code <= 555; code++) {
            String text = Integer.toString(code);
            if (text.chars().allMatch(digit -> digit >= '1' && digit <= '5')) {
                cells.get(ruled(text))
                        .add("{\"recency\":[%1$c,%1$c],\"frequency\":[%2$c,%2$c],\"monetary\":[%3$c,%3$c]}"
                                .formatted(text.charAt(0), text.charAt(1), text.charAt(2)));
            }
        }
        List<String> segments = cells.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(entry -> "{\"key\":\"%s\",\"name\":\"%s\",\"cells\":[%s]}"
                        .formatted(entry.getKey(), entry.getKey(), String.join(",", entry.getValue())))
                .toList();
        return "{\"scores\":5,\"axes\":[\"recency\",\"frequency\",\"monetary\"],\"segments\":[%s]}"
                .formatted(String.join(",", segments));
    }

    private static String ruled(String code) {
        return RULES.entrySet().stream()
                .filter(rule -> IntStream.range(0, 3)
                        .allMatch(axis -> rule.getValue()[2 * axis] <= code.charAt(axis) - '0'
                                && code.charAt(axis) - '0' <= rule.getValue()[2 * axis + 1]))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /** Customers by descending money until 80 % is reached; the amounts are whole numbers, so sums are exact. */
    private static double paretoShare(List<Double> money) {
        double total = money.stream().mapToDouble(m -> m).sum();
        double[] sorted = money.stream().mapToDouble(m -> -m).sorted().toArray();
        double reached = 0;
        int taken = 0;
        while (10 * reached < 8 * total) {
            reached -= sorted[taken++];
        }
        return (double) taken / sorted.length;
    }

    private static double[] numbers(JsonNode array) {
        return array.valueStream().mapToDouble(JsonNode::asDouble).toArray();
    }
}
