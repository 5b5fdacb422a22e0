package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.support.Api;
import clade.support.CladeTest;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

@CladeTest
class CustomerExplanationTests {

    private static final List<String> FEATURES = List.of("recency", "frequency", "monetary");

    @Autowired
    Api api;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"method\":{\"name\":\"rfm\"}",
                "\"method\":{\"name\":\"k-means\",\"k\":4}",
                // on logarithms the day of an order is far from all other days, and an order would make noise of
                // anybody
                "\"method\":{\"name\":\"dbscan\",\"eps\":0.4,\"minPoints\":5},\"preparation\":{\"transform\":\"none\"}",
                "\"method\":{\"name\":\"hdbscan\",\"minClusterSize\":8,\"minPoints\":4},\"preparation\":{\"transform\":\"none\"}",
                "\"method\":{\"name\":\"hierarchical\",\"k\":3,\"linkage\":\"ward\"}",
                "\"method\":{\"name\":\"gaussian-mixture\",\"components\":3}"
            })
    void theOfferedOrderDoesBringTheCustomerThere(String method) {
        String dataset = shop(120);
        api.segment(dataset, "{\"key\":\"s\",%s}".formatted(method));
        List<String> order = keys(dataset);
        List<String> refusals = new ArrayList<>();
        int offered = 0;
        for (int i = 0; i < 120; i += 4) {
            String customer = "s" + i;
            JsonNode told = api.get(dataset + "/customers/" + customer + "/explanation?segmentation=s")
                    .json();
            String segment = told.get("segment").get("key").asString();
            if (!told.get("next").isNull()) {
                assertThat(told.get("next").get("key").asString()).isNotEqualTo(segment);
                if (!segment.equals("noise")) {
                    assertThat(told.get("distance").asDouble())
                            .isLessThanOrEqualTo(
                                    told.get("next").get("distance").asDouble() + 1e-9);
                }
            }
            JsonNode change = told.get("nearestChange");
            assertThat(change.isNull())
                    .isNotEqualTo(told.get("notOfferedBecause").isNull());
            if (change.isNull()) {
                refusals.add(segment + ": " + told.get("notOfferedBecause").asString());
                continue;
            }
            offered++;
            assertThat(change.get("text").asString()).contains("would, by today's thresholds, count as");
            assertThat(order.indexOf(change.get("segment").asString())).isLessThan(order.indexOf(segment));
            assertThat(change.get("withinDays").asInt()).isBetween(0, 90);
            // live assignment by the same model is another way to the same answer
            JsonNode report = api.upload(
                    dataset,
                    "CustomerID,OrderID,Date,Amount\n%s,offer%d,2021-01-%02d,%s\n"
                            .formatted(
                                    customer,
                                    i,
                                    2 + i % 20,
                                    change.get("orderValue").asString()));
            assertThat(report.get("status").asString()).isEqualTo("completed");
            JsonNode profile = api.get(dataset + "/customers/" + customer).json();
            assertThat(profile.get("segments").get(0).get("segment").asString())
                    .as(told.toString())
                    .isEqualTo(change.get("segment").asString());
        }
        assertThat(offered).as("%s: %s", method, refusals).isPositive();
    }

    @Test
    void distancesAndDecidingFeaturesAreThoseOfTheNearestCentre() {
        String dataset = shop(90);
        api.segment(
                dataset,
                "{\"key\":\"s\",\"method\":{\"name\":\"k-means\",\"k\":3},\"preparation\":{\"transform\":\"none\"},\"asOf\":\"2021-01-01\"}");
        Map<String, double[]> centres = new HashMap<>();
        Map<String, double[]> medians = new HashMap<>();
        List<double[]> all = new ArrayList<>();
        String path = dataset + "/segmentations/s/segments";
        for (JsonNode segment : api.get(path).json().get("segments")) {
            String key = segment.get("key").asString();
            centres.put(
                    key,
                    FEATURES.stream()
                            .mapToDouble(f -> segment.get("centre").get(f).asDouble())
                            .toArray());
            medians.put(
                    key,
                    FEATURES.stream()
                            .mapToDouble(f ->
                                    segment.get("features").get(f).get("median").asDouble())
                            .toArray());
            api.get(path + "/" + key + "/customers", "Accept", "text/csv")
                    .body()
                    .lines()
                    .skip(1)
                    .map(line -> line.split(","))
                    .forEach(cells -> all.add(new double[] {
                        Double.parseDouble(cells[1]), Double.parseDouble(cells[2]), Double.parseDouble(cells[3])
                    }));
        }
        double[] mean = new double[3];
        double[] deviation = new double[3];
        for (int f = 0; f < 3; f++) {
            int g = f;
            mean[f] = all.stream().mapToDouble(of -> of[g]).average().orElseThrow();
            deviation[f] = Math.sqrt(all.stream()
                    .mapToDouble(of -> (of[g] - mean[g]) * (of[g] - mean[g]))
                    .average()
                    .orElseThrow());
        }
        for (int i = 0; i < 90; i += 7) {
            JsonNode told = api.get(dataset + "/customers/s" + i + "/explanation?segmentation=s")
                    .json();
            double[] values = FEATURES.stream()
                    .mapToDouble(f -> told.get("features").get(f).asDouble())
                    .toArray();
            String own = nearest(values, null, centres, mean, deviation);
            String next = nearest(values, own, centres, mean, deviation);
            assertThat(told.get("measure").asString()).isEqualTo("centre");
            assertThat(told.get("segment").get("key").asString()).isEqualTo(own);
            assertThat(told.get("next").get("key").asString()).isEqualTo(next);
            assertThat(told.get("distance").asDouble())
                    .isCloseTo(distance(values, centres.get(own), mean, deviation), within(1e-9));
            assertThat(told.get("next").get("distance").asDouble())
                    .isCloseTo(distance(values, centres.get(next), mean, deviation), within(1e-9));
            assertThat(told.get("deciding")).hasSize(3);
            boolean decidedBefore = true;
            for (JsonNode deciding : told.get("deciding")) {
                int f = FEATURES.indexOf(deciding.get("feature").asString());
                assertThat(deciding.get("value").asDouble()).isEqualTo(values[f]);
                assertThat(deciding.get("here").asDouble()).isEqualTo(medians.get(own)[f]);
                assertThat(deciding.get("there").asDouble()).isEqualTo(medians.get(next)[f]);
                double[] other = values.clone();
                other[f] = medians.get(next)[f];
                boolean decides =
                        !nearest(other, null, centres, mean, deviation).equals(own);
                assertThat(deciding.get("decides").asBoolean()).isEqualTo(decides);
                assertThat(decides && !decidedBefore).isFalse();
                decidedBefore = decides;
            }
        }
    }

    @Test
    void anOrderIsOfferedForTheDaysOnWhichItCountsTheSameInAMovingWindow() {
        String dataset = api.newDataset();
        StringBuilder csv = new StringBuilder("CustomerID,OrderID,Date,Amount\n");
        Map<String, List<double[]>> orders = new HashMap<>();
        SplittableRandom random = new SplittableRandom(8);
        LocalDate asOf = LocalDate.of(2021, 1, 1);
        for (int i = 0; i < 80; i++) {
            for (int order = 0; order <= random.nextInt(6); order++) {
                int daysAgo = 1 + random.nextInt(110);
                int amount = 10 + random.nextInt(90);
                orders.computeIfAbsent("w" + i, key -> new ArrayList<>()).add(new double[] {daysAgo, amount});
                csv.append("w%d,w%d-%d,%s,%d\n".formatted(i, i, order, asOf.minusDays(daysAgo), amount));
            }
        }
        api.upload(dataset, csv.toString());
        api.segment(
                dataset, "{\"key\":\"s\",\"window\":\"P90D\",\"asOf\":\"2021-01-01\",\"method\":{\"name\":\"rfm\"}}");
        String path = dataset + "/segmentations/s/segments";
        List<double[]> values = new ArrayList<>();
        for (String key : keys(dataset)) {
            api.get(path + "/" + key + "/customers", "Accept", "text/csv")
                    .body()
                    .lines()
                    .skip(1)
                    .map(line -> line.split(","))
                    .forEach(cells -> values.add(new double[] {
                        Double.parseDouble(cells[1]), Double.parseDouble(cells[2]), Double.parseDouble(cells[3])
                    }));
        }
        double[][] cuts = new double[3][];
        for (int f = 0; f < 3; f++) {
            int g = f;
            cuts[f] = clade.statistics.Quantiles.cuts(
                    values.stream().mapToDouble(of -> of[g]).sorted().toArray(), 5);
        }
        clade.rfm.RfmScheme scheme = clade.rfm.RfmScheme.ofCuts(cuts[0], cuts[1], cuts[2]);
        clade.rfm.SegmentMap map = clade.rfm.BuiltInMaps.rfGrid();
        int shorter = 0;
        for (Map.Entry<String, List<double[]>> customer : orders.entrySet()) {
            List<double[]> inWindow =
                    customer.getValue().stream().filter(order -> order[0] <= 90).toList();
            Api.Answer answer = api.get(dataset + "/customers/" + customer.getKey() + "/explanation?segmentation=s");
            if (inWindow.isEmpty()) {
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.json().get("code").asString()).isEqualTo("in-no-segment");
                continue;
            }
            double[] amounts =
                    inWindow.stream().mapToDouble(order -> order[1]).sorted().toArray();
            double median = (amounts[(amounts.length - 1) / 2] + amounts[amounts.length / 2]) / 2;
            String first = null;
            int days = 0;
            for (int t = 0; t <= 90; t++) {
                int later = t;
                List<double[]> left = inWindow.stream()
                        .filter(order -> order[0] + later <= 90)
                        .toList();
                double money =
                        median + left.stream().mapToDouble(order -> order[1]).sum();
                String segment = map.segments()
                        .get(map.segmentOf(
                                scheme.recencyScore(0),
                                scheme.frequencyScore(1 + left.size()),
                                scheme.monetaryScore(money)))
                        .key();
                if (first != null && !segment.equals(first)) {
                    break;
                }
                first = segment;
                days = t;
            }
            JsonNode told = answer.json();
            List<String> order = keys(dataset);
            boolean up = order.indexOf(first)
                    < order.indexOf(told.get("segment").get("key").asString());
            JsonNode change = told.get("nearestChange");
            assertThat(change.isNull()).as(told.toString()).isEqualTo(!up);
            if (up) {
                assertThat(change.get("segment").asString()).isEqualTo(first);
                assertThat(change.get("withinDays").asInt()).isEqualTo(days);
                assertThat(change.get("orderValue").asDouble()).isEqualTo(median);
                shorter += days < 90 ? 1 : 0;
            }
        }
        assertThat(shorter).isPositive();
    }

    @Test
    void nothingIsOfferedOncePurchasesHaveChangedBehindARunThatDoesNotFollow() {
        String dataset = shop(60);
        api.segment(dataset, "{\"key\":\"s\",\"method\":{\"name\":\"k-means\",\"k\":3},\"asOf\":\"2021-01-01\"}");
        api.upload(dataset, "CustomerID,OrderID,Date,Amount\ns1,late,2020-06-01,5\n");
        JsonNode told =
                api.get(dataset + "/customers/s1/explanation?segmentation=s").json();

        assertThat(told.get("nearestChange").isNull()).isTrue();
        assertThat(told.get("notOfferedBecause").asString()).contains("purchases have changed");
    }

    @Test
    void segmentsByConditionsAreExplainedWithoutGuessingWhatElseTheyAskFor() {
        String dataset = shop(60);
        api.segment(dataset, "{\"key\":\"other\",\"method\":{\"name\":\"k-means\",\"k\":2}}");
        api.segment(
                dataset,
                "{\"key\":\"s\",\"method\":{\"name\":\"rules\",\"segments\":["
                        + "{\"key\":\"a\",\"when\":\"segment('other') = 'c1' and frequency >= 2\"}]}}");
        api.segment(
                dataset,
                "{\"key\":\"plain\",\"method\":{\"name\":\"rules\",\"segments\":["
                        + "{\"key\":\"a\",\"when\":\"frequency >= 2\"}]}}");
        String path = dataset + "/customers/s3/explanation?segmentation=";
        Api.Answer asking = api.get(path + "s");
        Api.Answer plain = api.get(path + "plain");

        assertThat(asking.status()).as(asking.body()).isEqualTo(200);
        assertThat(asking.json().get("nearestChange").isNull()).isTrue();
        assertThat(asking.json().get("notOfferedBecause").asString()).contains("more than purchases");
        // s3 ordered once
        assertThat(plain.status()).as(plain.body()).isEqualTo(200);
        assertThat(plain.json().get("nearestChange").get("segment").asString()).isEqualTo("a");
    }

    @Test
    void whoIsNotThereIsRefused() {
        String dataset = shop(30);
        api.segment(dataset, "{\"key\":\"s\",\"method\":{\"name\":\"rfm\"}}");
        assertThat(api.get(dataset + "/customers/nobody/explanation?segmentation=s")
                        .status())
                .isEqualTo(404);
        assertThat(api.get(dataset + "/customers/s1/explanation?segmentation=none")
                        .status())
                .isEqualTo(404);
        assertThat(api.get(dataset + "/customers/s1/explanation").status()).isEqualTo(400);
    }

    private List<String> keys(String dataset) {
        List<String> keys = new ArrayList<>();
        api.get(dataset + "/segmentations/s/segments")
                .json()
                .get("segments")
                .forEach(segment -> keys.add(segment.get("key").asString()));
        return keys;
    }

    private static String nearest(
            double[] values, String but, Map<String, double[]> centres, double[] mean, double[] deviation) {
        return centres.keySet().stream()
                .filter(key -> !key.equals(but))
                .min(java.util.Comparator.comparingDouble(key -> distance(values, centres.get(key), mean, deviation)))
                .orElseThrow();
    }

    private static double distance(double[] values, double[] centre, double[] mean, double[] deviation) {
        double[] prepared = new double[3];
        Arrays.setAll(prepared, f -> (values[f] - mean[f]) / deviation[f] - centre[f]);
        return Math.sqrt(Arrays.stream(prepared).map(of -> of * of).sum());
    }

    /** Customers of three kinds and some in between, the last purchase on 2020-12-31. */
    private String shop(int customers) {
        SplittableRandom random = new SplittableRandom(3);
        String dataset = api.newDataset();
        StringBuilder csv = new StringBuilder("CustomerID,OrderID,Date,Amount\n");
        for (int i = 0; i < customers; i++) {
            int kind = i % 3;
            int orders = kind == 0 ? 1 : 1 + random.nextInt(2 + 3 * kind);
            for (int order = 0; order < orders; order++) {
                LocalDate day = LocalDate.of(2020, 12, 31).minusDays(i == 0 ? 0 : random.nextInt(kind == 2 ? 60 : 360));
                csv.append("s%d,s%d-%d,%s,%d\n".formatted(i, i, order, day, 10 + random.nextInt(20 + 100 * kind)));
            }
        }
        api.upload(dataset, csv.toString());
        return dataset;
    }
}
