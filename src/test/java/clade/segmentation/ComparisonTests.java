package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.support.Api;
import clade.support.CladeTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** A shop with regulars, one-time buyers and a few whales; what is said of it is counted again from the lists of members. */
@CladeTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ComparisonTests {

    @Autowired
    Api api;

    private String dataset;
    private JsonNode comparison;

    @BeforeAll
    void segmentTheShopTwice() {
        SplittableRandom random = new SplittableRandom(8);
        StringBuilder csv = new StringBuilder("customerId,date,orderId,amount\n");
        for (int i = 0; i < 260; i++) {
            boolean whale = i >= 252;
            boolean regular = i % 2 == 0;
            int orders = whale ? 3 : regular ? 4 + random.nextInt(4) : 1;
            for (int order = 0; order < orders; order++) {
                csv.append("c%03d,2024-%02d-%02d,o%d-%d,%d.%02d\n"
                        .formatted(
                                i,
                                whale || regular ? 5 + order % 2 : 1,
                                1 + random.nextInt(20),
                                i,
                                order,
                                whale ? 20_000 + random.nextInt(5_000) : 20 + random.nextInt(30),
                                random.nextInt(100)));
            }
        }
        dataset = api.newDataset("{\"currency\":\"EUR\"}");
        api.upload(dataset, csv.toString());
        segment("{\"key\":\"broad\",\"name\":\"Broad <b>groups</b>\",\"method\":{\"name\":\"k-means\",\"k\":2},"
                + "\"preparation\":{\"weights\":{\"monetary\":0.01}}}");
        segment("{\"key\":\"dense\",\"method\":{\"name\":\"dbscan\",\"eps\":0.8,\"minPoints\":5}}");
        comparison = api.get(dataset + "/comparisons?left=broad&right=dense").json();
    }

    @Test
    void theContingencyCountsTheMembersAndAddsUpTheirRevenue() {
        Map<String, Integer> customers = new TreeMap<>();
        Map<String, Double> revenue = new TreeMap<>();
        Map<String, JsonNode> left = members("broad");
        Map<String, JsonNode> right = members("dense");
        left.forEach((id, member) -> {
            String cell = segment(member) + "/" + segment(right.get(id));
            customers.merge(cell, 1, Integer::sum);
            revenue.merge(cell, member.get("features").get("monetary").asDouble(), Double::sum);
        });

        assertThat(comparison.get("customers").asInt()).isEqualTo(260);
        assertThat(comparison.get("onlyLeft").asInt()).isZero();
        assertThat(comparison.get("left").get("segmentation").asString()).isEqualTo("broad");
        assertThat(comparison.get("left").get("run").asInt()).isEqualTo(1);
        assertThat(comparison.get("contingency")).hasSameSizeAs(customers.keySet());
        for (JsonNode cell : comparison.get("contingency")) {
            String key = cell.get("left").asString() + "/" + cell.get("right").asString();
            assertThat(cell.get("customers").asInt()).isEqualTo(customers.get(key));
            assertThat(cell.get("revenue").asDouble()).isCloseTo(revenue.get(key), within(1e-6));
        }
    }

    @Test
    void theAdjustedRandIndexIsThatOfAllPairsOfCustomers() {
        Map<String, JsonNode> left = members("broad");
        Map<String, JsonNode> right = members("dense");
        List<String> ids = new ArrayList<>(left.keySet());
        double both = 0;
        double inLeft = 0;
        double inRight = 0;
        double pairs = 0;
        for (int i = 0; i < ids.size(); i++) {
            for (int j = 0; j < i; j++) {
                boolean sameLeft = segment(left.get(ids.get(i))).equals(segment(left.get(ids.get(j))));
                boolean sameRight = segment(right.get(ids.get(i))).equals(segment(right.get(ids.get(j))));
                pairs++;
                inLeft += sameLeft ? 1 : 0;
                inRight += sameRight ? 1 : 0;
                both += sameLeft && sameRight ? 1 : 0;
            }
        }
        double expected = inLeft * inRight / pairs;

        assertThat(comparison.get("adjustedRand").asDouble())
                .isCloseTo((both - expected) / ((inLeft + inRight) / 2 - expected), within(1e-12));
        assertThat(comparison.get("normalizedMutualInformation").asDouble()).isBetween(0.0, 1.0);
        assertThat(comparison.get("adjustedMutualInformation").asDouble())
                .isLessThanOrEqualTo(
                        comparison.get("normalizedMutualInformation").asDouble());
    }

    @Test
    void theFindingsSayWhatTheWhalesAreWorthAndWhereTheyWere() {
        JsonNode whales = finding("whale-group");
        String key = whales.get("segments").get(0).asString();
        double revenue = 0;
        List<String> ids = new ArrayList<>();
        for (var member : members(whales.get("side").asString().equals("right") ? "dense" : "broad")
                .entrySet()) {
            if (segment(member.getValue()).equals(key)) {
                ids.add(member.getKey());
                revenue += member.getValue().get("features").get("monetary").asDouble();
            }
        }

        assertThat(whales.get("side").asString()).isEqualTo("right");
        assertThat(ids).containsExactlyInAnyOrder("c252", "c253", "c254", "c255", "c256", "c257", "c258", "c259");
        assertThat(whales.get("customers").asInt()).isEqualTo(8);
        assertThat(whales.get("revenue").asDouble()).isCloseTo(revenue, within(1e-6));
        assertThat(whales.get("sentence").asString()).contains("buries", "8 customers", "EUR");
        assertThat(comparison.get("findings").valueStream().map(JsonNode::asString))
                .contains(whales.get("sentence").asString())
                .hasSize(comparison.get("details").size());
    }

    @Test
    void theTopSpendersAndTheLeastEngagedAreCountedByTheirOwnFeatures() {
        Map<String, JsonNode> members = members("broad");
        double[] monetary = feature(members, "monetary");
        double[] recency = feature(members, "recency");
        double[] frequency = feature(members, "frequency");
        // the least value that so many customers reach at most, as PostgreSQL's percentile_disc
        double top = monetary[(int) Math.ceil(0.99 * monetary.length) - 1];
        double away = recency[(int) Math.ceil(2 / 3.0 * recency.length) - 1];
        double seldom = frequency[(int) Math.ceil(1 / 3.0 * frequency.length) - 1];
        long spenders = Arrays.stream(monetary).filter(value -> value >= top).count();
        long least = members.values().stream()
                .filter(member -> member.get("features").get("recency").asDouble() >= away
                        && member.get("features").get("frequency").asDouble() <= seldom)
                .count();

        assertThat(finding("top-spenders").get("customers").asLong()).isEqualTo(spenders);
        assertThat(finding("least-engaged").get("customers").asLong())
                .isEqualTo(least)
                .isPositive();
        assertThat(finding("least-engaged").get("sentence").asString())
                .contains("%.0f days or more".formatted(away))
                .contains("mostly one segment");
    }

    @Test
    void aCellIsListedInTheOrderOfCustomerIds() {
        JsonNode largest = null;
        for (JsonNode cell : comparison.get("contingency")) {
            largest = largest == null
                            || cell.get("customers").asInt()
                                    > largest.get("customers").asInt()
                    ? cell
                    : largest;
        }
        String path = dataset
                + "/comparisons/members?left=broad&leftSegment=%s&right=dense&rightSegment=%s&limit=50"
                        .formatted(
                                largest.get("left").asString(),
                                largest.get("right").asString());
        List<String> ids = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonNode page = api.get(path + cursor).json();
            page.get("customers").forEach(member -> {
                ids.add(member.get("customerId").asString());
                assertThat(member.get("features").get("monetary").isNumber()).isTrue();
            });
            cursor = page.get("next").isNull()
                    ? null
                    : "&cursor=" + page.get("next").asString();
        }

        assertThat(ids).hasSize(largest.get("customers").asInt()).isSorted().doesNotHaveDuplicates();
        assertThat(api.get(path + "&rightRun=7").status()).isEqualTo(404);
        assertThat(api.get(path + "&cursor=MQ").status()).isEqualTo(400);
        assertThat(api.get(path.replace("rightSegment=", "rightSegment=x")).status())
                .isEqualTo(404);
    }

    @Test
    void aCellIsSentWholeAsCsvAndAsNdjson() {
        JsonNode cell = comparison.get("contingency").get(0);
        String path = dataset
                + "/comparisons/members?left=broad&leftSegment=%s&right=dense&rightSegment=%s"
                        .formatted(
                                cell.get("left").asString(), cell.get("right").asString());
        List<JsonNode> paged = api.get(path + "&limit=1000")
                .json()
                .get("customers")
                .valueStream()
                .toList();

        Api.Answer csv = api.get(path, "Accept", "text/csv");
        Api.Answer ndjson = api.get(path, "Accept", "application/x-ndjson");

        assertThat(csv.header("Content-Type")).isEqualToIgnoringCase("text/csv;charset=UTF-8");
        List<String> lines = csv.body().lines().toList();
        assertThat(lines.get(0)).isEqualTo("customerId,recency,frequency,monetary");
        assertThat(lines.subList(1, lines.size()))
                .isEqualTo(paged.stream()
                        .map(member -> "%s,%s,%s,%s"
                                .formatted(
                                        member.get("customerId").asString(),
                                        member.get("features").get("recency"),
                                        member.get("features").get("frequency"),
                                        member.get("features").get("monetary")))
                        .toList());
        List<JsonNode> sent = ndjson.body()
                .lines()
                .map(line -> tools.jackson.databind.json.JsonMapper.shared().readTree(line))
                .toList();
        assertThat(sent).isEqualTo(paged);
        assertThat(api.get(path.replace("rightSegment=", "rightSegment=x"), "Accept", "text/csv")
                        .status())
                .isEqualTo(404);
        assertThat(api.get(dataset + "/comparisons/members?left=broad", "Accept", "application/x-ndjson")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void runsOfOneSegmentationAreComparedAsTheyWerePublished() {
        String shop = api.newDataset();
        api.upload(shop, "customerId,date,orderId,amount\na,2024-01-01,1,5\nb,2024-01-02,2,6\nc,2024-03-01,3,900\n");
        api.segment(shop, "{\"key\":\"v\",\"method\":{\"name\":\"k-means\",\"k\":2}}");
        api.upload(shop, "customerId,date,orderId,amount\nd,2024-03-02,4,800\na,2024-03-02,5,700\n");
        api.finished(api.post(shop + "/segmentations/v/runs", "{}"));

        JsonNode runs = api.get(shop + "/comparisons?left=v&leftRun=1&right=v&rightRun=2")
                .json();

        assertThat(runs.get("left").get("run").asInt()).isEqualTo(1);
        assertThat(runs.get("right").get("run").asInt()).isEqualTo(2);
        assertThat(runs.get("customers").asInt()).isEqualTo(3);
        assertThat(runs.get("onlyLeft").asInt()).isZero();
        assertThat(runs.get("onlyRight").asInt()).isEqualTo(1);
        // run 1: {c} and {a, b}; run 2: {a, c, d} and {b}
        assertThat(runs.get("contingency")
                        .valueStream()
                        .mapToInt(cell -> cell.get("customers").asInt()))
                .containsExactly(1, 1, 1);
        JsonNode same = api.get(shop + "/comparisons?left=v&leftRun=1&right=v&rightRun=1")
                .json();
        assertThat(same.get("adjustedRand").asDouble()).isEqualTo(1);
        assertThat(same.get("customers").asInt()).isEqualTo(3);
    }

    @Test
    void thePageHoldsAllItNeedsAndEscapesNames() {
        Api.Answer page = api.get(dataset + "/comparisons?left=broad&right=dense", "Accept", "text/html");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=UTF-8");
        assertThat(page.header("Content-Security-Policy")).startsWith("default-src 'none'; style-src 'sha256-");
        assertThat(page.body())
                .contains("Broad &lt;b&gt;groups&lt;/b&gt;", "<svg", "buries them", "</html>")
                .doesNotContain("<b>groups", "<script", "http://", "https://", " style=");
    }

    @ParameterizedTest
    @CsvSource({
        "right=dense, 400, left",
        "left=broad, 400, right",
        "left=broad&right=none, 404,",
        "left=broad&right=dense&leftRun=9, 404,",
        "left=broad&right=dense&leftRun=x, 400, leftRun",
        "left=broad&right=dense&run=1, 400, run"
    })
    void aWrongQuestionIsRefused(String query, int status, String parameter) {
        Api.Answer refused = api.get(dataset + "/comparisons?" + query);

        assertThat(refused.status()).as(refused.body()).isEqualTo(status);
        if (parameter != null) {
            assertThat(refused.json().get("errors").get(0).get("parameter").asString())
                    .isEqualTo(parameter);
        }
    }

    private void segment(String definition) {
        assertThat(api.segment(dataset, definition).get("status").asString()).isEqualTo("completed");
    }

    private JsonNode finding(String kind) {
        return comparison
                .get("details")
                .valueStream()
                .filter(detail -> detail.get("kind").asString().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static double[] feature(Map<String, JsonNode> members, String name) {
        return members.values().stream()
                .mapToDouble(member -> member.get("features").get(name).asDouble())
                .sorted()
                .toArray();
    }

    private static String segment(JsonNode member) {
        return member.get("segment").asString();
    }

    /** All members by id, each with its segment. */
    private Map<String, JsonNode> members(String segmentation) {
        Map<String, JsonNode> members = new HashMap<>();
        String path = dataset + "/segmentations/" + segmentation + "/segments";
        for (JsonNode segment : api.get(path).json().get("segments")) {
            String key = segment.get("key").asString();
            api.get(path + "/" + key + "/customers?limit=1000")
                    .json()
                    .get("customers")
                    .forEach(member -> members.put(
                            member.get("customerId").asString(),
                            ((tools.jackson.databind.node.ObjectNode) member).put("segment", key)));
        }
        return members;
    }
}
