package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.support.Api;
import clade.support.CladeTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** A real shop's year, against answers computed elsewhere (shared reference: quantiles and sums by R and pandas). */
@CladeTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetailTests {

    private static final String IGNORING = "\"returns\":\"ignore\",\"asOf\":\"2011-12-10T12:50:00\"";

    @Autowired
    Api api;

    private String dataset;
    private JsonNode rfmRun;
    private JsonNode valueRun;

    @BeforeAll
    void segmentTheShop() {
        dataset = api.newDataset("{\"currency\":\"GBP\"}");
        api.uploadFile(dataset, "online_retail.csv.gz");
        rfmRun = api.segment(dataset, "{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\"},%s}".formatted(IGNORING));
        valueRun = api.segment(
                dataset, "{\"key\":\"value\",\"method\":{\"name\":\"k-means\",\"k\":4},%s}".formatted(IGNORING));
    }

    @Test
    void quintileScoresAreCountedAsPublished() {
        int[][] counts = new int[3][6];
        for (String[] member : members("rfm")) {
            for (int axis = 0; axis < 3; axis++) {
                counts[axis][Integer.parseInt(member[4 + axis])]++;
            }
            assertThat(member[7]).isEqualTo(member[4] + member[5] + member[6]);
        }

        assertThat(rfmRun.get("customers").asLong()).isEqualTo(4338);
        assertThat(rfmRun.get("withoutPurchase").asLong()).isEqualTo(34);
        assertThat(counts[0]).containsExactly(0, 865, 843, 858, 904, 868);
        assertThat(counts[1]).containsExactly(0, 1493, 835, 508, 802, 700);
        assertThat(counts[2]).containsExactly(0, 868, 867, 868, 867, 868);
    }

    @Test
    void segmentsOfTheMapCarrySizesAndRevenueInTheMapsOrder() {
        JsonNode answer = api.get(dataset + "/segmentations/rfm/segments").json();

        assertThat(answer.get("customers").asLong()).isEqualTo(4338);
        assertThat(answer.get("asOf").asString()).isEqualTo("2011-12-10T12:50:00Z");
        List<String> keys = new ArrayList<>();
        double revenue = 0;
        long size = 0;
        for (JsonNode segment : answer.get("segments")) {
            keys.add(segment.get("key").asString());
            revenue += segment.get("revenue").asDouble();
            size += segment.get("size").asLong();
        }
        assertThat(keys)
                .containsExactly(
                        "champions",
                        "loyal-customers",
                        "potential-loyalists",
                        "new-customers",
                        "promising",
                        "need-attention",
                        "about-to-sleep",
                        "at-risk",
                        "cant-lose-them",
                        "hibernating");
        assertThat(size).isEqualTo(4338);
        assertThat(revenue).isCloseTo(8_911_407.904, within(1e-6));
        JsonNode champions = answer.get("segments").get(0);
        assertThat(champions.get("size").asLong()).isEqualTo(604);
        assertThat(champions.get("share").asDouble()).isEqualTo(604 / 4338.0);
        assertThat(champions.get("revenue").asDouble()).isEqualTo(4303871.89);
        assertThat(champions.get("revenueShare").asDouble()).isCloseTo(0.48296205676637827, within(1e-15));
        assertThat(champions.get("features").get("recency").get("mean").asDouble())
                .isEqualTo(5.892384105960265);
        assertThat(champions.get("features").get("recency").get("median").asDouble())
                .isEqualTo(5.0);
        assertThat(champions.get("features").get("recency").get("p10").asDouble())
                .isEqualTo(1.0);
        assertThat(champions.get("features").get("recency").get("p90").asDouble())
                .isEqualTo(11.0);
        assertThat(champions.get("centre").isNull()).isTrue();
        assertThat(champions.get("action").get("steps")).isNotEmpty();
    }

    @Test
    void ordersAndRevenueOfTheMembersAddUpToThePublishedSums() {
        double orders = 0;
        double revenue = 0;
        for (String[] member : members("rfm")) {
            orders += Double.parseDouble(member[2]);
            revenue += Double.parseDouble(member[3]);
        }

        assertThat(orders).isEqualTo(18_532);
        assertThat(revenue).isCloseTo(8_911_407.904, within(1e-6));
    }

    @Test
    void netMonetaryTakesReturnsOff() {
        JsonNode run = api.segment(dataset, "{\"key\":\"net\",\"method\":{\"name\":\"rfm\"}}");
        double revenue = 0;
        for (JsonNode segment :
                api.get(dataset + "/segmentations/net/segments").json().get("segments")) {
            revenue += segment.get("revenue").asDouble();
        }

        assertThat(run.get("asOf").asString()).isEqualTo("2011-12-10T12:50:00Z");
        assertThat(run.get("customers").asLong()).isEqualTo(4338);
        assertThat(revenue).isCloseTo(8_310_477.054, within(1e-6));
    }

    @Test
    void kMeansReachesTheReferenceOptimum() {
        // scikit-learn 1.2.1, 50 starts: inertia 3937.953, sizes 719, 848, 1176, 1595, silhouette 0.3359
        assertThat(valueRun.get("quality").get("inertia").asDouble()).isBetween(3937.9, 3938.1);
        assertThat(valueRun.get("quality").get("silhouette").asDouble()).isCloseTo(0.336, within(0.002));
        List<Long> sizes = new ArrayList<>();
        List<Double> meanMonetary = new ArrayList<>();
        for (JsonNode segment :
                api.get(dataset + "/segmentations/value/segments").json().get("segments")) {
            sizes.add(segment.get("size").asLong());
            meanMonetary.add(segment.get("features").get("monetary").get("mean").asDouble());
        }
        assertThat(sizes).containsExactlyInAnyOrder(719L, 848L, 1176L, 1595L);
        assertThat(meanMonetary).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    @Test
    void kMeansAgreesWithAnIndependentBruteForceLloyd() {
        List<String[]> members = new ArrayList<>();
        List<Integer> clusters = new ArrayList<>();
        JsonNode segments =
                api.get(dataset + "/segmentations/value/segments").json().get("segments");
        for (int i = 0; i < segments.size(); i++) {
            for (String[] member : csv("value", segments.get(i).get("key").asString())) {
                members.add(member);
                clusters.add(i);
            }
        }
        double[][] rows = prepared(members);
        double[][] centres = centres(rows, clusters.stream().mapToInt(i -> i).toArray(), 4);

        double inertia = 0;
        for (int i = 0; i < rows.length; i++) {
            int nearest = nearest(rows[i], centres);
            assertThat(nearest).as("cluster of customer %s", members.get(i)[0]).isEqualTo(clusters.get(i));
            inertia += distance(rows[i], centres[nearest]);
        }
        assertThat(valueRun.get("quality").get("inertia").asDouble()).isCloseTo(inertia, within(1e-6));
        for (int cluster = 0; cluster < 4; cluster++) {
            for (int axis = 0; axis < 3; axis++) {
                String name = List.of("recency", "frequency", "monetary").get(axis);
                assertThat(segments.get(cluster).get("centre").get(name).asDouble())
                        .isCloseTo(centres[cluster][axis], within(1e-9));
            }
        }
        assertThat(lloydFromRandomStarts(rows, 4, 30)).isGreaterThan(inertia - 1e-6);
    }

    @Test
    void pagesHoldTheSameMembersAsTheExportInTheSameOrder() {
        String path = dataset + "/segmentations/rfm/segments/loyal-customers/customers";
        List<String> paged = new ArrayList<>();
        String cursor = null;
        do {
            JsonNode page = api.get(path + "?limit=250" + (cursor == null ? "" : "&cursor=" + cursor))
                    .json();
            page.get("customers")
                    .forEach(member -> paged.add(member.get("customerId").asString()));
            cursor = page.get("next").isNull() ? null : page.get("next").asString();
        } while (cursor != null);

        List<String> exported =
                csv("rfm", "loyal-customers").stream().map(row -> row[0]).toList();
        assertThat(paged).hasSize(695).isSorted().isEqualTo(exported);
        List<String> lines =
                api.get(path, "Accept", "application/x-ndjson").body().lines().toList();
        assertThat(lines).hasSize(695);
        assertThat(lines.get(0)).startsWith("{\"customerId\":\"%s\"".formatted(exported.get(0)));
    }

    @Test
    void aProfileHoldsHistoryRfmAndSegments() {
        JsonNode profile = api.get(dataset + "/customers/12347").json();

        assertThat(profile.get("orders").asLong()).isEqualTo(7);
        assertThat(profile.get("purchases").asLong()).isEqualTo(182);
        assertThat(profile.get("returns").asLong()).isZero();
        assertThat(profile.get("firstPurchaseAt").asString()).isEqualTo("2010-12-07T14:57:00Z");
        JsonNode rfm = profile.get("rfm");
        assertThat(rfm.get("recency").asLong()).isEqualTo(2);
        assertThat(rfm.get("frequency").asLong()).isEqualTo(7);
        assertThat(rfm.get("monetary").asDouble()).isEqualTo(4310.0);
        assertThat(rfm.get("segmentation").asString()).isEqualTo("rfm");
        assertThat(rfm.get("code").asString()).isEqualTo("555");
        assertThat(profile.get("segments")
                        .valueStream()
                        .map(place -> place.get("segmentation").asString() + "/"
                                + place.get("segment").asString()))
                .contains("rfm/champions", "value/c1");
    }

    @Test
    void everyMethodRunsAndKeepsEveryCustomer() {
        for (String method : List.of(
                "{\"name\":\"dbscan\",\"eps\":0.3,\"minPoints\":10}",
                "{\"name\":\"hdbscan\"}",
                "{\"name\":\"hierarchical\",\"k\":5}",
                "{\"name\":\"gaussian-mixture\",\"components\":3}")) {
            String key = "m-" + method.replaceAll(".*?\"name\":\"([^\"]+)\".*", "$1");
            JsonNode run = api.segment(dataset, "{\"key\":\"%s\",\"method\":%s,%s}".formatted(key, method, IGNORING));

            assertThat(run.get("status").asString()).as(run.toString()).isEqualTo("completed");
            long size = 0;
            JsonNode segments = api.get(dataset + "/segmentations/" + key + "/segments")
                    .json()
                    .get("segments");
            for (JsonNode segment : segments) {
                size += segment.get("size").asLong();
                assertThat(segment.get("noise").asBoolean())
                        .isEqualTo(segment.get("key").asString().equals("noise"));
            }
            assertThat(size).as(method).isEqualTo(4338);
            if (method.contains("dbscan")) {
                JsonNode last = segments.get(segments.size() - 1);
                assertThat(last.get("key").asString()).isEqualTo("noise");
                assertThat((double) last.get("size").asLong() / 4338)
                        .isCloseTo(run.get("quality").get("noiseShare").asDouble(), within(1e-12));
            }
        }
        JsonNode mixed = api.get(dataset + "/segmentations/m-gaussian-mixture/segments/c1/customers?limit=1")
                .json();
        assertThat(mixed.get("customers").get(0).get("probability").asDouble()).isBetween(1.0 / 3, 1.0);
        JsonNode dense = api.get(dataset + "/segmentations/m-hdbscan/segments/c1/customers?limit=1")
                .json();
        assertThat(dense.get("customers").get(0).get("strength").asDouble()).isBetween(0.0, 1.0);
        assertThat(dense.get("customers").get(0).get("outlierScore").asDouble()).isBetween(0.0, 1.0);
    }

    @Test
    void aLongRunIsCancelledWithinASecondOrSo() throws InterruptedException {
        Api.Answer accepted = api.post(
                dataset + "/segmentations",
                "{\"key\":\"long\",\"method\":{\"name\":\"k-means\",\"k\":500,\"restarts\":1000}}");
        String run = accepted.header("Location");
        while (!api.get(run).json().get("status").asString().equals("running")) {
            Thread.sleep(20);
        }

        assertThat(api.delete(run).status()).isEqualTo(202);
        long asked = System.nanoTime();
        assertThat(api.finished(accepted).get("status").asString()).isEqualTo("cancelled");
        assertThat((System.nanoTime() - asked) / 1e9).isLessThan(10); // generous: the machine may be busy
        assertThat(api.delete(run).status()).isEqualTo(409);
        assertThat(api.get(dataset + "/segmentations/long/segments").status()).isEqualTo(409);
    }

    private List<String[]> members(String segmentation) {
        List<String[]> members = new ArrayList<>();
        for (JsonNode segment : api.get(dataset + "/segmentations/" + segmentation + "/segments")
                .json()
                .get("segments")) {
            members.addAll(csv(segmentation, segment.get("key").asString()));
        }
        return members;
    }

    private List<String[]> csv(String segmentation, String segment) {
        Api.Answer answer = api.get(
                "%s/segmentations/%s/segments/%s/customers".formatted(dataset, segmentation, segment),
                "Accept",
                "text/csv");
        assertThat(answer.header("Content-Type")).startsWith("text/csv");
        return answer.body().lines().skip(1).map(line -> line.split(",")).toList();
    }

    /** log1p, then mean 0 and population standard deviation 1, as the defaults say. */
    private static double[][] prepared(List<String[]> members) {
        double[][] rows = new double[members.size()][3];
        for (int axis = 0; axis < 3; axis++) {
            double[] values = new double[rows.length];
            for (int i = 0; i < rows.length; i++) {
                values[i] = Math.log1p(Double.parseDouble(members.get(i)[1 + axis]));
            }
            double mean = Arrays.stream(values).average().orElseThrow();
            double variance = Arrays.stream(values)
                    .map(v -> (v - mean) * (v - mean))
                    .average()
                    .orElseThrow();
            for (int i = 0; i < rows.length; i++) {
                rows[i][axis] = (values[i] - mean) / Math.sqrt(variance);
            }
        }
        return rows;
    }

    private static double lloydFromRandomStarts(double[][] rows, int k, int starts) {
        SplittableRandom random = new SplittableRandom(11);
        double best = Double.MAX_VALUE;
        for (int start = 0; start < starts; start++) {
            double[][] centres = random.ints(0, rows.length)
                    .distinct()
                    .limit(k)
                    .mapToObj(i -> rows[i])
                    .toArray(double[][]::new);
            int[] labels = new int[rows.length];
            double inertia = Double.MAX_VALUE;
            for (double last = Double.MAX_VALUE; ; last = inertia) {
                inertia = 0;
                for (int i = 0; i < rows.length; i++) {
                    labels[i] = nearest(rows[i], centres);
                    inertia += distance(rows[i], centres[labels[i]]);
                }
                if (inertia >= last) {
                    break;
                }
                centres = centres(rows, labels, k);
            }
            best = Math.min(best, inertia);
        }
        return best;
    }

    private static double[][] centres(double[][] rows, int[] labels, int k) {
        double[][] centres = new double[k][3];
        int[] sizes = new int[k];
        for (int i = 0; i < rows.length; i++) {
            sizes[labels[i]]++;
            for (int axis = 0; axis < 3; axis++) {
                centres[labels[i]][axis] += rows[i][axis];
            }
        }
        for (int j = 0; j < k; j++) {
            for (int axis = 0; axis < 3; axis++) {
                centres[j][axis] /= Math.max(1, sizes[j]);
            }
        }
        return centres;
    }

    private static int nearest(double[] row, double[][] centres) {
        int nearest = 0;
        for (int j = 1; j < centres.length; j++) {
            if (distance(row, centres[j]) < distance(row, centres[nearest])) {
                nearest = j;
            }
        }
        return nearest;
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int axis = 0; axis < a.length; axis++) {
            sum += (a[axis] - b[axis]) * (a[axis] - b[axis]);
        }
        return sum;
    }
}
