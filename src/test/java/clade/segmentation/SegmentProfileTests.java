package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.support.Api;
import clade.support.CladeTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What is said of segments, held against their members: every claim is recomputed from the lists. */
@CladeTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SegmentProfileTests {

    private static final List<String> FEATURES = List.of("recency", "frequency", "monetary");

    @Autowired
    Api api;

    private String dataset;

    @BeforeAll
    void segmentTheShop() {
        dataset = api.newDataset("{\"currency\":\"GBP\"}");
        api.uploadFile(dataset, "online_retail.csv.gz");
    }

    private String segmented(String key, String method) {
        JsonNode run = api.segment(
                dataset,
                "{\"key\":\"%s\",\"method\":%s,\"returns\":\"ignore\",\"asOf\":\"2011-12-10T12:50:00\"}"
                        .formatted(key, method));
        assertThat(run.get("status").asString()).as(run.toString()).isEqualTo("completed");
        return dataset + "/segmentations/" + key + "/segments";
    }

    @Test
    void claimsAboutKMeansAreTrue() {
        claimsAreTrue(segmented("k4", "{\"name\":\"k-means\",\"k\":4}"));
        claimsAreTrue(segmented("k8", "{\"name\":\"k-means\",\"k\":8}"));
    }

    @Test
    void claimsAboutNamedSegmentsAreTrueAndTheirRulesWithoutAMistake() {
        String path = segmented("rfm", "{\"name\":\"rfm\"}");
        claimsAreTrue(path);
        for (JsonNode segment : api.get(path).json().get("segments")) {
            if (segment.get("size").asLong() > 0) {
                assertThat(segment.get("rule").get("precision").asDouble()).isEqualTo(1);
                assertThat(segment.get("rule").get("recall").asDouble()).isEqualTo(1);
            }
        }
    }

    @Test
    void claimsAboutMixturesAndDenseGroupsAreTrueAndNoiseHasNoRule() {
        claimsAreTrue(segmented("mixture", "{\"name\":\"gaussian-mixture\",\"components\":4,\"restarts\":1}"));
        String path = segmented("dense", "{\"name\":\"dbscan\",\"eps\":0.25,\"minPoints\":8}");
        claimsAreTrue(path);
        JsonNode noise = api.get(path + "/noise").json();
        assertThat(noise.get("noise").asBoolean()).isTrue();
        assertThat(noise.get("rule").isNull()).isTrue();
        assertThat(noise.get("distinguishing")).isNotEmpty();
    }

    @SuppressWarnings("ArrayRecordComponent") // read once and compared by hand
    private record Member(String segment, double[] values) {}

    private void claimsAreTrue(String path) {
        JsonNode segments = api.get(path).json().get("segments");
        List<Member> members = new ArrayList<>();
        for (JsonNode segment : segments) {
            String key = segment.get("key").asString();
            api.get(path + "/" + key + "/customers", "Accept", "text/csv")
                    .body()
                    .lines()
                    .skip(1)
                    .map(line -> line.split(",", -1))
                    .forEach(cells -> members.add(new Member(key, new double[] {
                        Double.parseDouble(cells[1]), Double.parseDouble(cells[2]), Double.parseDouble(cells[3])
                    })));
        }
        Set<String> names = new HashSet<>();
        for (JsonNode segment : segments) {
            assertThat(names.add(segment.get("name").asString().toLowerCase(Locale.ROOT)))
                    .as(segment.get("name").asString())
                    .isTrue();
            assertThat(segment.get("name").asString()).doesNotContainIgnoringCase("cluster");
            assertThat(segment.get("nameStillTrue").isNull()).isTrue();
            if (segment.get("size").asLong() > 0) {
                levelsAndWordsAreTrue(segment, members);
                distinguishingFeaturesAreTrue(segment, members);
                ruleIsTrue(segment, members);
            }
        }
    }

    private static void levelsAndWordsAreTrue(JsonNode segment, List<Member> members) {
        String key = segment.get("key").asString();
        Map<String, String> levels = new LinkedHashMap<>();
        for (int f = 0; f < 3; f++) {
            double[] all = sorted(members, null, f);
            double median = median(sorted(members, key, f));
            double lower = quantile(all, 1 / 3.0);
            double upper = quantile(all, 2 / 3.0);
            levels.put(
                    FEATURES.get(f),
                    lower == upper
                            ? median < lower ? "low" : median > upper ? "high" : "middle"
                            : median <= lower ? "low" : median >= upper ? "high" : "middle");
            assertThat(segment.get("levels").get(FEATURES.get(f)).asString()).isEqualTo(levels.get(FEATURES.get(f)));
        }
        if (segment.get("noise").asBoolean() || !key.matches("c\\d+")) {
            return; // a name of its own
        }
        String name = segment.get("name").asString().toLowerCase(Locale.ROOT);
        assertThat(name.contains("recent"))
                .as(name)
                .isEqualTo(levels.get("recency").equals("low"));
        assertThat(name.contains("lapsed"))
                .as(name)
                .isEqualTo(levels.get("recency").equals("high"));
        assertThat(name.contains("big spenders"))
                .as(name)
                .isEqualTo(levels.get("monetary").equals("high"));
        assertThat(name.contains("small spenders"))
                .as(name)
                .isEqualTo(levels.get("monetary").equals("low"));
        double[] orders = sorted(members, key, 1);
        if (name.contains("one-time")) {
            assertThat(orders[orders.length - 1]).isEqualTo(1);
        } else {
            assertThat(name.contains("frequent"))
                    .as(name)
                    .isEqualTo(levels.get("frequency").equals("high"));
            assertThat(name.contains("occasional"))
                    .as(name)
                    .isEqualTo(levels.get("frequency").equals("low"));
        }
        int very = name.indexOf("very big");
        if (very >= 0) {
            assertThat(median(sorted(members, key, 2))).isGreaterThanOrEqualTo(quantile(sorted(members, null, 2), 0.9));
        }
    }

    private static void distinguishingFeaturesAreTrue(JsonNode segment, List<Member> members) {
        String key = segment.get("key").asString();
        double before = Double.POSITIVE_INFINITY;
        for (JsonNode distinction : segment.get("distinguishing")) {
            int f = FEATURES.indexOf(distinction.get("feature").asString());
            double median = median(sorted(members, key, f));
            double others = median(members.stream()
                    .filter(member -> !member.segment().equals(key))
                    .mapToDouble(member -> member.values()[f])
                    .sorted()
                    .toArray());
            Map<String, Double> medians = new LinkedHashMap<>();
            members.forEach(member -> medians.computeIfAbsent(member.segment(), s -> median(sorted(members, s, f))));
            double spread = median(members.stream()
                    .mapToDouble(member -> Math.abs(member.values()[f] - medians.get(member.segment())))
                    .sorted()
                    .toArray());
            assertThat(distinction.get("median").asDouble()).isCloseTo(median, within(1e-9));
            assertThat(distinction.get("medianOfOthers").asDouble()).isCloseTo(others, within(1e-9));
            if (spread == 0) {
                assertThat(distinction.get("difference").isNull()).isTrue();
            } else {
                double difference = distinction.get("difference").asDouble();
                assertThat(difference).isCloseTo((median - others) / spread, within(1e-9));
                assertThat(Math.abs(difference)).isLessThanOrEqualTo(before);
                before = Math.abs(difference);
            }
        }
        assertThat(segment.get("distinguishing")).hasSize(3);
    }

    private static void ruleIsTrue(JsonNode segment, List<Member> members) {
        JsonNode rule = segment.get("rule");
        if (segment.get("noise").asBoolean()) {
            assertThat(rule.isNull()).isTrue();
            return;
        }
        String key = segment.get("key").asString();
        List<Member> under = members.stream()
                .filter(member -> {
                    for (JsonNode condition : rule.get("conditions")) {
                        double value = member.values()[
                                FEATURES.indexOf(condition.get("feature").asString())];
                        if (!condition.get("above").isNull()
                                && value <= condition.get("above").asDouble()) {
                            return false;
                        }
                        if (!condition.get("atMost").isNull()
                                && value > condition.get("atMost").asDouble()) {
                            return false;
                        }
                    }
                    return true;
                })
                .toList();
        double hits =
                under.stream().filter(member -> member.segment().equals(key)).count();
        assertThat(rule.get("customers").asLong()).isEqualTo(under.size());
        assertThat(rule.get("precision").asDouble()).isEqualTo(hits / under.size());
        assertThat(rule.get("recall").asDouble())
                .isEqualTo(hits
                        / members.stream()
                                .filter(member -> member.segment().equals(key))
                                .count());
        for (JsonNode condition : rule.get("conditions")) {
            for (String bound : List.of("above", "atMost")) {
                if (!condition.get(bound).isNull()) {
                    double value = condition.get(bound).asDouble();
                    assertThat(rule.get("text").asString()).contains(Wording.exact(value));
                }
            }
        }
    }

    @Test
    void theRankWithoutSomeIsThatOfTheOthers() {
        java.util.SplittableRandom random = new java.util.SplittableRandom(1);
        for (int i = 0; i < 2_000; i++) {
            double[] all = DoubleStream.generate(() -> random.nextInt(6))
                    .limit(2 + random.nextInt(12))
                    .toArray();
            int size = 1 + random.nextInt(all.length - 1);
            double[] some = Arrays.stream(all, 0, size).sorted().toArray();
            double[] others = Arrays.stream(all, size, all.length).sorted().toArray();
            double[] sorted = Arrays.stream(all).sorted().toArray();
            for (int rank = 0; rank < others.length; rank++) {
                assertThat(ProfileFinder.without(sorted, some, rank)).isEqualTo(others[rank]);
            }
        }
    }

    @Test
    void aGivenNameIsKeptFromRunToRunAndFlaggedWhenItIsNoLongerTrue() {
        String shop = api.newDataset();
        api.upload(
                shop,
                orders("a", 20, 6, 11, 500)
                        + orders("b", 30, 1, 3, 20).lines().skip(1).collect(java.util.stream.Collectors.joining("\n")));
        api.segment(
                shop,
                "{\"key\":\"s\",\"method\":{\"name\":\"k-means\",\"k\":2},\"asOf\":\"2021-01-01\",\"live\":false}");
        String path = shop + "/segmentations/s/segments";
        JsonNode first = api.get(path + "/c1").json();
        assertThat(first.get("size").asLong()).isEqualTo(20);

        Api.Answer named = api.patch(path + "/c1", "{\"name\":\"Our regulars\"}");
        assertThat(named.status()).as(named.body()).isEqualTo(200);
        assertThat(named.json().get("name").asString()).isEqualTo("Our regulars");
        assertThat(named.json().get("profileName")).isEqualTo(first.get("profileName"));
        assertThat(named.json().get("nameStillTrue").asBoolean()).isTrue();
        assertThat(named.json().get("version").asLong())
                .isGreaterThan(first.get("version").asLong());
        assertThat(api.get(path).json().get("segments").get(0).get("name").asString())
                .isEqualTo("Our regulars");

        // the others now spend more, so that the named ones are listed second, under another key
        api.upload(shop, orders("b", 30, 1, 12, 9_000));
        api.finished(api.post(shop + "/segmentations/s/runs", "{}"));
        JsonNode second = api.get(path).json().get("segments");
        assertThat(second.get(1).get("name").asString()).isEqualTo("Our regulars");
        assertThat(second.get(1).get("size").asLong()).isEqualTo(20);
        assertThat(second.get(1).get("nameStillTrue").asBoolean()).isFalse();
        assertThat(second.get(1).get("nameChanges").toString()).contains("monetary was high (median 3,000)");
        assertThat(second.get(0).get("name").asString()).isNotEqualTo("Our regulars");
        assertThat(second.get(0).get("nameStillTrue").isNull()).isTrue();
        // the first run keeps its names
        assertThat(api.get(path + "?run=1")
                        .json()
                        .get("segments")
                        .get(0)
                        .get("name")
                        .asString())
                .isEqualTo("Our regulars");

        // the name is kept by another definition too
        api.put(
                shop + "/segmentations/s",
                "{\"key\":\"s\",\"method\":{\"name\":\"hierarchical\",\"k\":2,\"linkage\":\"ward\"},\"asOf\":\"2021-01-01\",\"live\":false}");
        api.finished(api.post(shop + "/segmentations/s/runs", "{}"));
        assertThat(api.get(path).json().get("segments").get(1).get("name").asString())
                .isEqualTo("Our regulars");

        Api.Answer back = api.patch(path + "/c2", "{\"name\":null}");
        assertThat(back.json().get("name")).isEqualTo(back.json().get("profileName"));
        assertThat(back.json().get("nameStillTrue").isNull()).isTrue();
    }

    @Test
    void aNameThatNoSegmentGoesOnIsTold() {
        String shop = api.newDataset();
        api.upload(
                shop,
                orders("a", 20, 6, 11, 500)
                        + orders("b", 30, 1, 3, 20).lines().skip(1).collect(java.util.stream.Collectors.joining("\n")));
        api.segment(shop, "{\"key\":\"s\",\"method\":{\"name\":\"k-means\",\"k\":2},\"live\":false}");
        String path = shop + "/segmentations/s/segments";
        api.patch(path + "/c1", "{\"name\":\"Our regulars\"}");
        api.put(shop + "/segmentations/s", "{\"key\":\"s\",\"method\":{\"name\":\"rfm\"},\"live\":false}");
        JsonNode run = api.finished(api.post(shop + "/segmentations/s/runs", "{}"));

        assertThat(run.get("warnings").toString()).contains("named \\\"Our regulars\\\"");
        api.patch(path + "/champions", "{\"name\":\"Stars\"}");
        api.finished(api.post(shop + "/segmentations/s/runs", "{}"));
        assertThat(api.get(path + "/champions").json().get("name").asString()).isEqualTo("Stars");
    }

    @Test
    void namesThatCannotBeAreRefused() {
        String path = segmented("refused", "{\"name\":\"k-means\",\"k\":3}");
        String other = api.get(path + "/c2").json().get("name").asString();

        Api.Answer taken = api.patch(path + "/c1", "{\"name\":\"" + other.toUpperCase(Locale.ROOT) + "\"}");
        assertThat(taken.status()).isEqualTo(409);
        assertThat(taken.json().get("code").asString()).isEqualTo("name-taken");
        assertThat(api.patch(path + "/c1", "{\"name\":\" \"}").status()).isEqualTo(400);
        assertThat(api.patch(path + "/c1", "{}").status()).isEqualTo(400);
        assertThat(api.patch(path + "/c1", "{\"name\":\"x\",\"size\":3}").status())
                .isEqualTo(400);
        assertThat(api.patch(path + "/c9", "{\"name\":\"x\"}").status()).isEqualTo(404);
    }

    private static String orders(String prefix, int customers, int orders, int month, int amount) {
        StringBuilder csv = new StringBuilder("CustomerID,OrderID,Date,Amount\n");
        for (int i = 0; i < customers; i++) {
            for (int order = 0; order < orders; order++) {
                csv.append("%s%d,%s%d-%d-%d,2020-%02d-%02d,%d\n"
                        .formatted(prefix, i, prefix, i, order, month, month, 1 + (i + order) % 20, amount));
            }
        }
        return csv.toString();
    }

    private static double[] sorted(List<Member> members, String segment, int feature) {
        return members.stream()
                .filter(member -> segment == null || member.segment().equals(segment))
                .mapToDouble(member -> member.values()[feature])
                .sorted()
                .toArray();
    }

    private static double median(double[] sorted) {
        return quantile(sorted, 0.5);
    }

    private static double quantile(double[] sorted, double p) {
        double at = p * (sorted.length - 1);
        int below = (int) at;
        return below + 1 == sorted.length
                ? sorted[below]
                : sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
    }
}
