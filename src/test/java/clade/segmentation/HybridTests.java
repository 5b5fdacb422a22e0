package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.CladeTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/**
 * Method hybrid, on the orders of the R package rfm. Tiers are cut by the test itself; what happens within a tier is compared
 * with a segmentation of a dataset that holds the customers of that tier alone.
 */
@CladeTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HybridTests {

    private static final String VALUE_TIERS = "{\"feature\":\"monetary\",\"cuts\":[0.5,0.8]}";
    private static final String K_MEANS =
            "{\"features\":[\"recency\",\"frequency\"],\"method\":{\"name\":\"k-means\",\"k\":3}}";

    @Autowired
    Api api;

    private final List<String> lines = lines();
    private String dataset;
    private JsonNode run;
    private Map<String, JsonNode> members;

    @BeforeAll
    void segmentTheOrders() {
        dataset = api.newDataset();
        api.uploadFile(dataset, "rfm_orders.csv");
        run = api.segment(dataset, hybrid("hybrid", VALUE_TIERS, K_MEANS));
        assertThat(run.get("status").asString()).as(run.toString()).isEqualTo("completed");
        members = MemberLists.of(api, dataset, "hybrid");
    }

    @Test
    void aTierIsOneMoreThanTheCutPointsStrictlyBelow() {
        double[] cuts = {quantile("monetary", 0.5), quantile("monetary", 0.8)};

        assertThat(members).hasSize(995);
        members.values().forEach(member -> {
            double monetary = MemberLists.value(member, "monetary");
            long tier = 1 + Arrays.stream(cuts).filter(cut -> cut < monetary).count();
            assertThat(member.get("segment").asString()).startsWith("t" + tier + "-");
        });
        assertThat(segments("hybrid").stream().map(segment -> segment.get("key").asString()))
                .containsExactly("t3-c1", "t3-c2", "t3-c3", "t2-c1", "t2-c2", "t2-c3", "t1-c1", "t1-c2", "t1-c3");
    }

    @Test
    void withinATierTheSegmentsAreThoseOfADatasetOfThatTier() {
        for (String tier : List.of("t1", "t2", "t3")) {
            Map<String, String> expected = alone(
                    customer -> members.get(customer).get("segment").asString().startsWith(tier),
                    "\"features\":[\"recency\",\"frequency\"],\"method\":{\"name\":\"k-means\",\"k\":3}");
            Map<String, String> found = new TreeMap<>();
            members.forEach((id, member) -> {
                String segment = member.get("segment").asString();
                if (segment.startsWith(tier)) {
                    found.put(id, segment.substring(3));
                }
            });

            assertThat(found).isEqualTo(expected);
        }
    }

    @Test
    void namesAreDistinctAndTrueWithinTheirTier() {
        List<JsonNode> segments = segments("hybrid");
        Set<String> names = new TreeSet<>();
        Map<String, String> tierNames = Map.of("t1", "Low value · ", "t2", "Middle value · ", "t3", "High value · ");
        for (JsonNode segment : segments) {
            String key = segment.get("key").asString();
            String name = segment.get("name").asString();
            names.add(name);
            assertThat(name).startsWith(tierNames.get(key.substring(0, 2))).doesNotContain("spend");
            checkWord(name, key, "recency", "recent", "lapsed");
            checkWord(name, key, "frequency", "infrequent", "frequent");
        }
        assertThat(names).hasSize(9);
    }

    /** A low (high) word stands in the name exactly if the segment's median is in the lower (upper) third of its tier. */
    private void checkWord(String name, String key, String feature, String low, String high) {
        double[] tier = sorted(member -> member.get("segment").asString().startsWith(key.substring(0, 2)), feature);
        double[] segment = sorted(member -> member.get("segment").asString().equals(key), feature);
        double median = quantile(segment, 0.5);
        double lower = tier[(tier.length - 1) / 3];
        double upper = tier[2 * (tier.length - 1) / 3 + 1];
        List<String> words = Arrays.asList(name.split(" · ", -1)[1].split(", ", -1));
        if (words.contains(low)) {
            assertThat(median).isLessThanOrEqualTo(upper);
        }
        if (words.contains(high)) {
            assertThat(median).isGreaterThanOrEqualTo(lower);
        }
        assertThat(words.contains(low) && words.contains(high)).isFalse();
    }

    @Test
    void sizesRevenueAndQualityAddUp() {
        double share = 0;
        for (JsonNode segment : segments("hybrid")) {
            List<JsonNode> of = members.values().stream()
                    .filter(member -> member.get("segment").equals(segment.get("key")))
                    .toList();
            assertThat(segment.get("size").asLong()).isEqualTo(of.size());
            assertThat(segment.get("revenue").asDouble())
                    .isEqualTo(of.stream()
                            .mapToDouble(member -> MemberLists.value(member, "monetary"))
                            .sum());
            assertThat(segment.get("centre").propertyNames()).containsExactly("recency", "frequency");
            assertThat(segment.get("persona").get("segment").asString()).isNotBlank();
            share += segment.get("share").asDouble();
        }
        assertThat(share).isCloseTo(1, org.assertj.core.api.Assertions.within(1e-9));
        assertThat(run.get("quality").propertyNames())
                .contains("t1.silhouette", "t2.silhouette", "t3.silhouette", "t3.inertia");
    }

    @Test
    void theOrderOfTheRowsMakesNoDifference() {
        List<String> rows = new ArrayList<>(lines.subList(1, lines.size()));
        Collections.shuffle(rows, new Random(3));
        String shuffled = upload(rows);
        api.segment(shuffled, hybrid("hybrid", VALUE_TIERS, K_MEANS));

        assertThat(MemberLists.segments(api, shuffled, "hybrid"))
                .isEqualTo(MemberLists.segments(api, dataset, "hybrid"));
    }

    @Test
    void theNoiseOfAllTiersIsOneSegment() {
        String within =
                "\"features\":[\"recency\",\"monetary\"],\"method\":{\"name\":\"dbscan\",\"eps\":0.35,\"minPoints\":8}";
        JsonNode found = api.segment(dataset, hybrid("dense", VALUE_TIERS, "{" + within + "}"));
        assertThat(found.get("status").asString()).as(found.toString()).isEqualTo("completed");
        Map<String, String> dense = MemberLists.segments(api, dataset, "dense");
        Set<String> expected = new TreeSet<>();
        for (String tier : List.of("t1", "t2", "t3")) {
            alone(customer -> members.get(customer).get("segment").asString().startsWith(tier), within)
                    .forEach((id, segment) -> {
                        if (segment.equals("noise")) {
                            expected.add(id);
                        }
                    });
        }

        assertThat(expected).isNotEmpty();
        assertThat(dense.entrySet().stream()
                        .filter(member -> member.getValue().equals("noise"))
                        .map(Map.Entry::getKey))
                .containsExactlyElementsOf(expected);
        List<JsonNode> segments = segments("dense");
        assertThat(segments.stream().filter(segment -> segment.get("noise").asBoolean()))
                .singleElement()
                .isEqualTo(segments.get(segments.size() - 1));
    }

    @Test
    void aTierThatIsTooSmallIsKeptWholeAndSaysSo() {
        JsonNode found = api.segment(
                dataset,
                hybrid(
                        "small",
                        "{\"feature\":\"monetary\",\"cuts\":[0.5,0.99],\"names\":[\"Small\",\"Solid\",\"Whales\"]}",
                        "{\"features\":[\"recency\",\"frequency\"],\"method\":{\"name\":\"k-means\",\"k\":12}}"));

        assertThat(found.get("status").asString()).as(found.toString()).isEqualTo("completed");
        List<JsonNode> segments = segments("small");
        assertThat(segments.get(0).get("key").asString()).isEqualTo("t3");
        assertThat(segments.get(0).get("name").asString()).isEqualTo("Whales");
        assertThat(segments.get(0).get("centre").isNull()).isTrue();
        assertThat(segments).hasSize(25);
        assertThat(segments.get(1).get("name").asString()).startsWith("Solid · ");
        assertThat(found.get("warnings").valueStream().map(JsonNode::asString))
                .contains("Whales (10 customers) is kept whole, for the method within can't divide it: "
                        + "k is 12 but there are only 10 distinct rows; choose k of at most 10");
    }

    @Test
    void equalCutPointsLeaveATierEmptyAndSaySo() {
        String few = api.newDataset();
        api.upload(
                few,
                "customerId,occurredAt,amount\na,2024-01-01,5\nb,2024-01-02,5\nc,2024-01-03,5\nd,2024-01-04,5\ne,2024-01-05,9\nf,2024-01-06,8");
        JsonNode found = api.segment(
                few,
                "{\"key\":\"h\",\"method\":{\"name\":\"hybrid\",\"tiers\":{\"feature\":\"monetary\",\"cuts\":[0.3,0.5]},"
                        + "\"within\":{\"features\":[\"recency\"],\"method\":{\"name\":\"k-means\",\"k\":2}}}}");

        assertThat(found.get("status").asString()).as(found.toString()).isEqualTo("completed");
        JsonNode segments = api.get(few + "/segmentations/h/segments").json().get("segments");
        assertThat(segments.valueStream().map(segment -> segment.get("key").asString()))
                .containsExactly("t3-c1", "t3-c2", "t2", "t1-c1", "t1-c2");
        assertThat(segments.get(2).get("size").asLong()).isZero();
        assertThat(found.get("warnings").valueStream().map(JsonNode::asString))
                .contains("Middle value is empty: so many customers have the monetary 5 that cut points are equal.");
    }

    @Test
    void tiersMayBeTheSegmentsOfAMap() {
        JsonNode found = api.segment(
                dataset, hybrid("mapped", "{\"method\":{\"name\":\"rfm\",\"scores\":3}}", K_MEANS.replace("3}", "2}")));
        assertThat(found.get("status").asString()).as(found.toString()).isEqualTo("completed");
        api.segment(dataset, "{\"key\":\"map\",\"asOf\":\"2006-12-31\",\"method\":{\"name\":\"rfm\",\"scores\":3}}");
        Map<String, String> mapped = MemberLists.segments(api, dataset, "mapped");
        Map<String, String> map = MemberLists.segments(api, dataset, "map");
        Map<String, Set<String>> tierOf = new TreeMap<>();
        mapped.forEach((id, segment) -> tierOf.computeIfAbsent(
                        segment.contains("-") ? segment.substring(0, segment.indexOf('-')) : segment,
                        missing -> new TreeSet<>())
                .add(map.get(id)));

        assertThat(tierOf.values()).allSatisfy(one -> assertThat(one).hasSize(1));
        assertThat(tierOf).hasSize(new TreeSet<>(map.values()).size());
        JsonNode best = segments("mapped").get(0);
        assertThat(best.get("key").asString())
                .isEqualTo("t%d-c1".formatted(segments("map").size()));
        assertThat(best.get("name").asString())
                .startsWith(segments("map").get(0).get("name").asString() + " · ");
    }

    @Test
    void tiersMayBeClustersAndAMapMayLieWithin() {
        JsonNode found = api.segment(
                dataset,
                hybrid(
                        "clusters",
                        "{\"features\":[\"monetary\"],\"method\":{\"name\":\"k-means\",\"k\":2}}",
                        "{\"method\":{\"name\":\"rfm\",\"scores\":3}}"));
        assertThat(found.get("status").asString()).as(found.toString()).isEqualTo("completed");
        assertThat(found.get("definition").get("preparation").isNull()).isTrue();
        api.segment(
                dataset,
                "{\"key\":\"two\",\"asOf\":\"2006-12-31\",\"features\":[\"monetary\"],\"method\":{\"name\":\"k-means\",\"k\":2}}");
        Map<String, String> two = MemberLists.segments(api, dataset, "two");
        Map<String, String> clusters = MemberLists.segments(api, dataset, "clusters");

        two.forEach((id, segment) -> assertThat(clusters.get(id)).startsWith(segment.equals("c1") ? "t2-" : "t1-"));
        Map<String, String> alone =
                alone(customer -> two.get(customer).equals("c1"), "\"method\":{\"name\":\"rfm\",\"scores\":3}");
        alone.forEach((id, segment) -> assertThat(clusters.get(id)).isEqualTo("t2-" + segment));
        assertThat(segments("clusters").get(0).get("name").asString()).endsWith(" · Champions");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":\"hdbscan\",\"minClusterSize\":20}",
                "{\"name\":\"hierarchical\",\"k\":3}",
                "{\"name\":\"gaussian-mixture\",\"components\":2}",
                "{\"name\":\"k-means\",\"k\":\"auto\",\"kMax\":4}",
                "{\"name\":\"dbscan\",\"eps\":\"auto\"}"
            })
    void everyMethodLiesWithinATier(String method) {
        String key = "within-" + Integer.toHexString(method.hashCode());
        JsonNode found = api.segment(dataset, hybrid(key, VALUE_TIERS, "{\"method\":" + method + "}"));

        assertThat(found.get("status").asString()).as(found.toString()).isEqualTo("completed");
        Map<String, JsonNode> all = MemberLists.of(api, dataset, key);
        assertThat(all.keySet()).isEqualTo(members.keySet());
        all.forEach((id, member) -> {
            String segment = member.get("segment").asString();
            String tier = members.get(id).get("segment").asString().substring(0, 2);
            assertThat(segment.equals("noise") || segment.startsWith(tier)).isTrue();
        });
    }

    @Test
    void followsEachPurchase() {
        String live = upload(lines.subList(1, lines.size()));
        JsonNode first = api.segment(live, hybrid("h", VALUE_TIERS, K_MEANS).replace("\"asOf\":\"2006-12-31\",", ""));
        assertThat(first.get("live").asBoolean()).as(first.toString()).isTrue();
        Map<String, String> before = MemberLists.segments(api, live, "h");
        String low = before.entrySet().stream()
                .filter(member -> member.getValue().startsWith("t1"))
                .findFirst()
                .orElseThrow()
                .getKey();

        api.upload(live, lines.get(0) + "\n\"" + low + "\",2006-12-30,99999");

        Map<String, String> after = MemberLists.segments(api, live, "h");
        assertThat(after.get(low)).startsWith("t3-c");
        before.put(low, after.get(low));
        assertThat(after).isEqualTo(before);
        JsonNode again = api.finished(api.post(live + "/segmentations/h/runs", "{}"));
        assertThat(again.get("status").asString()).isEqualTo("completed");
    }

    @Test
    void isExportedAndComparedAsAnySegmentation() {
        String export = api.get(dataset + "/segmentations/hybrid/segments/t3-c1/customers", "Accept", "text/csv")
                .body();
        api.segment(dataset, "{\"key\":\"plain\",\"asOf\":\"2006-12-31\",\"method\":{\"name\":\"k-means\",\"k\":3}}");
        Api.Answer comparison = api.get(dataset + "/comparisons?left=hybrid&right=plain");

        assertThat(export.lines().findFirst()).hasValue("customerId,recency,frequency,monetary,since");
        assertThat(comparison.status()).isEqualTo(200);
        assertThat(comparison.json().get("customers").asLong()).isEqualTo(995);
    }

    @Test
    void theDefinitionSaysAllAndReadsBack() {
        JsonNode definition = run.get("definition");
        assertThat(definition.get("method").get("tiers").toString())
                .isEqualTo("{\"feature\":\"monetary\",\"cuts\":[0.5,0.8]}");
        assertThat(definition
                        .get("method")
                        .get("within")
                        .get("method")
                        .get("restarts")
                        .asInt())
                .isEqualTo(10);
        assertThat(definition.get("preparation").get("weights").propertyNames())
                .containsExactly("recency", "frequency");

        assertThat(api.put(dataset + "/segmentations/hybrid", definition.toString())
                        .status())
                .isIn(200, 204);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":\"hybrid\"}|/method/within|within is needed",
                "{\"name\":\"hybrid\",\"within\":{\"method\":{\"name\":\"k-means\",\"k\":2}}}|/method/tiers|tiers is needed",
                "{\"name\":\"hybrid\",\"tiers\":{\"cuts\":[0.5]},\"within\":{\"method\":{\"name\":\"k-means\",\"k\":2}}}|/method/tiers|needs either a feature",
                "{\"name\":\"hybrid\",\"tiers\":{\"feature\":\"monetary\",\"cuts\":[0.8,0.5]},\"within\":{\"method\":{\"name\":\"k-means\",\"k\":2}}}|/method/tiers/cuts/1|must be a number above 0.8 and below 1, was 0.5",
                "{\"name\":\"hybrid\",\"tiers\":{\"feature\":\"money\",\"cuts\":[0.5]},\"within\":{\"method\":{\"name\":\"k-means\",\"k\":2}}}|/method/tiers/feature|names no feature: money",
                "{\"name\":\"hybrid\",\"tiers\":{\"feature\":\"monetary\",\"cuts\":[0.5],\"names\":[\"a\"]},\"within\":{\"method\":{\"name\":\"k-means\",\"k\":2}}}|/method/tiers/names|must be 2 texts",
                "{\"name\":\"hybrid\",\"tiers\":{\"feature\":\"monetary\",\"cuts\":[0.5]},\"within\":{\"method\":{\"name\":\"k-means\"}}}|/method/within/method/k|k is needed",
                "{\"name\":\"hybrid\",\"tiers\":{\"feature\":\"monetary\",\"cuts\":[0.5]},\"within\":{\"method\":{\"name\":\"rules\",\"segments\":[{\"key\":\"a\",\"when\":\"frequency > 1\"}]}}}|/method/within/method/name|must be rfm",
                "{\"name\":\"hybrid\",\"tiers\":{\"method\":{\"name\":\"rfm\",\"map\":\"none\"}},\"within\":{\"method\":{\"name\":\"k-means\",\"k\":2}}}|/method/tiers/method/map|map names no map: none",
            })
    void whatIsWrongIsNamed(String method, String pointer, String message) {
        Api.Answer refused =
                api.post(dataset + "/segmentations", "{\"key\":\"wrong\",\"method\":%s}".formatted(method));

        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        JsonNode fault = refused.json().get("errors").get(0);
        assertThat(fault.get("pointer").asString()).isEqualTo(pointer);
        assertThat(fault.get("message").asString()).contains(message);
    }

    private static String hybrid(String key, String tiers, String within) {
        return "{\"key\":\"%s\",\"asOf\":\"2006-12-31\",\"method\":{\"name\":\"hybrid\",\"tiers\":%s,\"within\":%s}}"
                .formatted(key, tiers, within);
    }

    /** Segments of some customers in a dataset that holds nobody else. */
    private Map<String, String> alone(Predicate<String> customer, String definition) {
        String own = upload(lines.subList(1, lines.size()).stream()
                .filter(line -> customer.test(line.substring(1, line.indexOf('"', 1))))
                .toList());
        JsonNode found = api.segment(own, "{\"key\":\"alone\",\"asOf\":\"2006-12-31\",%s}".formatted(definition));
        assertThat(found.get("status").asString()).as(found.toString()).isEqualTo("completed");
        return MemberLists.segments(api, own, "alone");
    }

    private String upload(List<String> rows) {
        String made = api.newDataset();
        api.upload(made, lines.get(0) + "\n" + String.join("\n", rows));
        return made;
    }

    private List<JsonNode> segments(String segmentation) {
        return api.get(dataset + "/segmentations/" + segmentation + "/segments")
                .json()
                .get("segments")
                .valueStream()
                .toList();
    }

    private double[] sorted(Predicate<JsonNode> member, String feature) {
        return members.values().stream()
                .filter(member)
                .mapToDouble(one -> MemberLists.value(one, feature))
                .sorted()
                .toArray();
    }

    private double quantile(String feature, double p) {
        return quantile(sorted(member -> true, feature), p);
    }

    /** Type 7, in the textbook's words. */
    private static double quantile(double[] sorted, double p) {
        double h = (sorted.length - 1) * p;
        int low = (int) Math.floor(h + 1e-9);
        double fraction = Math.max(0, h - low);
        return fraction < 1e-9 ? sorted[low] : sorted[low] + fraction * (sorted[low + 1] - sorted[low]);
    }

    private static List<String> lines() {
        try (var in = HybridTests.class.getResourceAsStream("/data/rfm_orders.csv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
