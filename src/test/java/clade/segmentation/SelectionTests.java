package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.support.Api;
import clade.support.CladeTest;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@CladeTest
class SelectionTests {

    @Autowired
    Api api;

    @Autowired
    JdbcClient jdbc;

    @Test
    void aNewSelectionAnswersWhatItWillDoWithDefaultsFilledIn() {
        String dataset = heaps(3, 60);

        Api.Answer accepted = api.post(dataset + "/selections", "{\"method\":{\"name\":\"k-means\"},\"kMax\":4}");

        assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
        assertThat(accepted.header("Location"))
                .isEqualTo(dataset + "/selections/" + accepted.json().get("id").asLong());
        assertThat(accepted.json().get("definition").toString())
                .isEqualTo("{\"features\":[\"recency\",\"frequency\",\"monetary\"],\"asOf\":\"latest\",\"window\":null,"
                        + "\"returns\":\"net\",\"frequency\":\"orders\",\"missing\":\"exclude\",\"roles\":null,"
                        + "\"population\":null,\"outsideWindow\":\"exclude\",\"preparation\":{\"cap\":null,\"transform\":\"log1p\","
                        + "\"scale\":\"standard\",\"weights\":{\"recency\":1.0,\"frequency\":1.0,\"monetary\":1.0},"
                        + "\"components\":null},\"method\":{\"name\":\"k-means\",\"restarts\":10,\"maxPasses\":300},"
                        + "\"seed\":42,\"kMin\":2,\"kMax\":4}");
        JsonNode found = api.finished(accepted);
        assertThat(found.get("status").asString()).as(found.toString()).isEqualTo("completed");
        assertThat(found.get("progress").isNull()).isTrue();
        assertThat(found.get("customers").asLong()).isEqualTo(60);
        assertThat(found.get("candidates")).hasSize(3);
        JsonNode listed = api.get(dataset + "/selections").json().get("selections");
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).has("candidates")).isFalse();
    }

    @Test
    void measuresAgreeWithScikitLearn() {
        // raw values of four heaps of five customers, so that any program can be given them
        JsonNode found =
                selected(four(), "{\"method\":{\"name\":\"k-means\"},\"kMin\":2,\"kMax\":5,%s}".formatted(RAW));

        // scikit-learn 1.2.1: KMeans(k, n_init=50).inertia_, silhouette_score, calinski_harabasz_score,
        // davies_bouldin_score of the same 20 rows (days, orders, money)
        double[][] expected = FOUR_HEAPS;
        for (int i = 0; i < expected.length; i++) {
            JsonNode candidate = found.get("candidates").get(i);
            assertThat(candidate.get("k").asInt()).isEqualTo(2 + i);
            assertThat(candidate.get("inertia").asDouble()).isCloseTo(expected[i][0], within(1e-6));
            assertThat(candidate.get("silhouette").asDouble()).isCloseTo(expected[i][1], within(1e-12));
            assertThat(candidate.get("calinskiHarabasz").asDouble()).isCloseTo(expected[i][2], within(1e-6));
            assertThat(candidate.get("daviesBouldin").asDouble()).isCloseTo(expected[i][3], within(1e-12));
            assertThat(candidate.get("bic").isNull()).isTrue();
        }
        assertThat(found.get("suggestion").get("k").asInt()).isEqualTo(4);
        assertThat(found.get("suggestion").get("clear").asBoolean()).isTrue();
        assertThat(found.get("candidates").get(2).get("smallestShare").asDouble())
                .isEqualTo(0.25);
    }

    @Test
    void clearHeapsAreFoundByEveryMethodThatCounts() {
        String dataset = heaps(3, 150);
        for (String method : List.of(
                "{\"name\":\"k-means\"}",
                "{\"name\":\"hierarchical\"}",
                "{\"name\":\"hierarchical\",\"linkage\":\"average\"}")) {
            JsonNode found = selected(dataset, "{\"method\":%s,\"kMin\":2,\"kMax\":5}".formatted(method));

            JsonNode suggestion = found.get("suggestion");
            assertThat(suggestion.get("k").asInt()).as(method + found).isEqualTo(3);
            assertThat(suggestion.get("clear").asBoolean()).isTrue();
            assertThat(suggestion.get("reason").asString()).startsWith("3 segments stand out");
            JsonNode three = found.get("candidates").get(1);
            assertThat(three.get("excess").asDouble()).isGreaterThan(0.05);
            assertThat(three.get("silhouette").asDouble())
                    .isCloseTo(
                            three.get("silhouetteNull").asDouble()
                                    + three.get("excess").asDouble(),
                            within(1e-12));
            assertThat(three.get("stability").asDouble()).isGreaterThan(0.75);
            assertThat(three.get("gap").isNumber()).isTrue();
            assertThat(found.get("elbow").get("k").asInt()).isEqualTo(3);
        }
    }

    @Test
    void hierarchicalShowsItsLastFiftyMerges() {
        JsonNode found = selected(heaps(3, 90), "{\"method\":{\"name\":\"hierarchical\"},\"kMax\":3}");

        JsonNode merges = found.get("merges");
        assertThat(merges).hasSize(50);
        double before = 0;
        for (int i = 0; i < 50; i++) {
            assertThat(merges.get(i).get("clusters").asInt()).isEqualTo(50 - i);
            assertThat(merges.get(i).get("height").asDouble()).isGreaterThanOrEqualTo(before);
            before = merges.get(i).get("height").asDouble();
        }
        assertThat(merges.get(49).get("size").asLong()).isEqualTo(90);
        assertThat(found.get("candidates").get(1).get("height"))
                .isEqualTo(merges.get(47).get("height"));
    }

    @Test
    void mixturesAreDecidedByBicAmongFitsWithoutAComponentAtItsFloor() {
        JsonNode found = selected(heaps(3, 240), "{\"method\":{\"name\":\"gaussian-mixture\"},\"kMax\":5}");

        assertThat(found.get("candidates").valueStream().map(c -> c.get("k").asInt()))
                .containsExactly(1, 2, 3, 4, 5);
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (JsonNode candidate : found.get("candidates")) {
            assertThat(candidate.get("inertia").isNull()).isTrue();
            if (candidate.get("componentsAtFloor").asInt() == 0
                    && candidate.get("bic").asDouble() < least) {
                least = candidate.get("bic").asDouble();
                best = candidate.get("k").asInt();
            }
        }
        JsonNode suggestion = found.get("suggestion");
        assertThat(suggestion.get("clear").asBoolean()).isEqualTo(best > 0);
        assertThat(suggestion.get("k").asInt()).isEqualTo(best > 0 ? best : 4);
    }

    @Test
    void dataWithoutSegmentsHasNoClearK() {
        SplittableRandom random = new SplittableRandom(5);
        List<double[]> customers = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            customers.add(new double[] {random.nextInt(300), 1, 10 + random.nextInt(100_000) / 100.0});
        }
        String dataset = shop(customers);

        JsonNode found = selected(
                dataset,
                "{\"features\":[\"recency\",\"monetary\"],\"method\":{\"name\":\"k-means\"},\"kMax\":6,"
                        + "\"preparation\":{\"transform\":\"none\"}}");

        JsonNode suggestion = found.get("suggestion");
        assertThat(suggestion.get("clear").asBoolean()).isFalse();
        assertThat(suggestion.get("reason").asString()).startsWith("No clear k");
        assertThat(found.get("candidates")
                        .valueStream()
                        .map(c -> c.get("excess").asDouble()))
                .allMatch(excess -> excess < 0.05);
    }

    @Test
    void theOrderOfTheCustomersChangesNothing() {
        List<double[]> customers = threeHeaps(3, 120);
        String body = "{\"method\":{\"name\":\"k-means\"},\"kMax\":4}";
        String eps = "{\"method\":{\"name\":\"dbscan\"}}";
        String once = shop(customers);
        List<double[]> shuffled = new ArrayList<>(customers);
        Collections.shuffle(shuffled, new Random(1));
        String again = shop(shuffled);

        for (String asked : List.of(body, eps)) {
            JsonNode first = selected(once, asked);
            JsonNode second = selected(again, asked);
            for (String field : List.of("candidates", "suggestion", "kDistance", "around")) {
                assertThat(second.path(field)).isEqualTo(first.path(field));
            }
        }
    }

    @Test
    void epsIsSuggestedWithItsCurveAndWhatIsAround() {
        String dataset = heaps(3, 300);

        JsonNode found = selected(dataset, "{\"method\":{\"name\":\"dbscan\",\"minPoints\":5}}");

        assertThat(found.get("minPoints").asInt()).isEqualTo(5);
        List<Double> curve =
                found.get("kDistance").valueStream().map(JsonNode::asDouble).toList();
        assertThat(curve).isSorted().hasSizeBetween(100, 1000).allMatch(distance -> distance > 0);
        assertThat(found.get("kDistanceShare")).hasSameSizeAs(curve);
        assertThat(found.get("suggestion").get("clear").asBoolean()).isTrue();
        double eps = found.get("suggestion").get("eps").asDouble();
        JsonNode run = api.segment(
                dataset, "{\"key\":\"d\",\"method\":{\"name\":\"dbscan\",\"eps\":%s,\"minPoints\":5}}".formatted(eps));
        assertThat(run.get("status").asString()).isEqualTo("completed");
        JsonNode taken = found.get("around")
                .valueStream()
                .filter(trial -> trial.get("eps").asDouble() == eps)
                .findFirst()
                .orElseThrow();
        long clusters = 0;
        long noise = 0;
        for (JsonNode segment :
                api.get(dataset + "/segmentations/d/segments").json().get("segments")) {
            if (segment.get("noise").asBoolean()) {
                noise = segment.get("size").asLong();
            } else {
                clusters++;
            }
        }
        assertThat(taken.get("clusters").asLong()).isEqualTo(clusters);
        assertThat(taken.get("noise").asLong()).isEqualTo(noise);
        assertThat(found.has("candidates")).isFalse();
        assertThat(selected(dataset, "{\"method\":{\"name\":\"hdbscan\",\"minPoints\":5}}")
                        .get("suggestion"))
                .isEqualTo(found.get("suggestion"));
    }

    @Test
    void autoTakesWhatASelectionSuggestsAndSaysWhy() {
        String dataset = heaps(3, 150);
        JsonNode selection = selected(dataset, "{\"method\":{\"name\":\"k-means\"},\"kMax\":5}");

        JsonNode run =
                api.segment(dataset, "{\"key\":\"v\",\"method\":{\"name\":\"k-means\",\"k\":\"auto\",\"kMax\":5}}");

        assertThat(run.get("status").asString()).as(run.toString()).isEqualTo("completed");
        assertThat(run.get("definition").get("method").toString())
                .isEqualTo(
                        "{\"name\":\"k-means\",\"k\":\"auto\",\"kMin\":2,\"kMax\":5,\"restarts\":10,\"maxPasses\":300}");
        assertThat(run.get("chosen").toString()).isEqualTo("{\"k\":3}");
        assertThat(run.get("evidence").get("candidates")).isEqualTo(selection.get("candidates"));
        assertThat(run.get("evidence").get("suggestion")).isEqualTo(selection.get("suggestion"));
        assertThat(run.get("warnings")).isEmpty();
        JsonNode same = api.segment(dataset, "{\"key\":\"w\",\"method\":{\"name\":\"k-means\",\"k\":3}}");
        assertThat(same.get("quality")).isEqualTo(run.get("quality"));
        assertThat(same.get("evidence").isNull()).isTrue();
        assertThat(api.get(dataset + "/segmentations/v/segments").json().get("segments"))
                .hasSize(3);
        JsonNode dense = api.segment(dataset, "{\"key\":\"d\",\"method\":{\"name\":\"dbscan\",\"eps\":\"auto\"}}");
        assertThat(dense.get("status").asString()).isEqualTo("completed");
        assertThat(dense.get("chosen").get("eps"))
                .isEqualTo(dense.get("evidence").get("suggestion").get("eps"));
        JsonNode mixed = api.segment(
                dataset,
                "{\"key\":\"m\",\"method\":{\"name\":\"gaussian-mixture\",\"components\":\"auto\",\"kMax\":4}}");
        assertThat(mixed.get("status").asString()).as(mixed.toString()).isEqualTo("completed");
        assertThat(mixed.get("chosen").get("k").isNumber()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            []                                                          |
            {}                                                          | /method
            {"method":{"name":"rfm"}}                                   | /method/name
            {"method":{"name":"magic"}}                                 | /method/name
            {"method":{"name":"k-means","k":3}}                         | /method/k
            {"method":{"name":"dbscan","eps":1}}                        | /method/eps
            {"method":{"name":"dbscan"},"kMax":4}                       | /kMax
            {"method":{"name":"k-means"},"kMin":1}                      | /kMin
            {"method":{"name":"k-means"},"kMin":5,"kMax":4}             | /kMax
            {"method":{"name":"k-means"},"kMax":51}                     | /kMax
            {"method":{"name":"k-means"},"features":["age"]}            | /features/0
            {"method":{"name":"k-means"},"preparation":{"scale":"big"}} | /preparation/scale
            {"method":{"name":"k-means"},"key":"a"}                     | /key
            """)
    void aSelectionThatIsWrongInItselfIsRefusedByField(String body, String pointer) {
        Api.Answer refused = api.post(api.newDataset() + "/selections", body);

        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(refused.json().get("errors").get(0).get("pointer").asString())
                .isEqualTo(pointer == null ? "" : pointer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"k-means", "gaussian-mixture", "hierarchical"})
    void fewerDistinctCustomersThanTheLeastNumberFailAndSaySo(String method) {
        String dataset = shop(List.of(new double[] {1, 1, 5}, new double[] {1, 1, 5}, new double[] {9, 1, 5}));

        JsonNode failed = selected(dataset, "{\"method\":{\"name\":\"%s\"},\"kMin\":3}".formatted(method));

        assertThat(failed.get("status").asString()).isEqualTo("failed");
        assertThat(failed.get("problem").get("code").asString()).isEqualTo("k-above-distinct-rows");
    }

    @Test
    void aSelectionWithoutAnyPurchaseFailsAndSaysSo() {
        JsonNode failed =
                selected(heaps(3, 3), "{\"method\":{\"name\":\"k-means\"},\"asOf\":\"1999-01-01\",\"window\":\"P1M\"}");

        assertThat(failed.get("problem").get("code").asString()).isEqualTo("no-purchases");
    }

    @Test
    void aSelectionIsCancelledAndKnowsItsDataset() {
        String dataset = heaps(3, 600);
        Api.Answer accepted =
                api.post(dataset + "/selections", "{\"method\":{\"name\":\"k-means\",\"restarts\":1000},\"kMax\":50}");
        String location = accepted.header("Location");

        assertThat(api.get(api.newDataset() + location.substring(location.indexOf("/selections")))
                        .status())
                .isEqualTo(404);
        assertThat(api.delete(location).status()).isEqualTo(202);
        assertThat(api.finished(accepted).get("status").asString()).isEqualTo("cancelled");
        assertThat(api.delete(location).status()).isEqualTo(409);
        assertThat(api.get(dataset + "/selections/x").status()).isEqualTo(400);
    }

    @Test
    void aSelectionWhoseTaskWasLostIsTakenUpAgain() {
        String dataset = heaps(3, 30);
        long id = jdbc.sql("""
                insert into selection (dataset_id, status, definition, queued_at, heartbeat_at)
                select id, 'queued', '{"method":{"name":"dbscan"}}', now(), now() - interval '2 minutes'
                from dataset where key = :key returning id""")
                .param("key", dataset.substring(dataset.lastIndexOf('/') + 1))
                .query(Long.class)
                .single();

        assertThat(api.finished(dataset + "/selections/" + id).get("status").asString())
                .isEqualTo("completed");
    }

    private static final String RAW =
            "\"preparation\":{\"transform\":\"none\",\"scale\":\"none\"},\"asOf\":\"2024-01-01\"";

    private static final double[][] FOUR_HEAPS = {
        {21056.6, 0.59216816564289, 31.088865248900586, 0.7449926395383919},
        {6522.9, 0.7661371071285209, 66.33020589001825, 0.3532977504546017},
        {176.4, 0.925655439804023, 1730.8631897203325, 0.0939932849083035},
        {146.8, 0.7844180253818874, 1463.161614441417, 0.34688232917433137}
    };

    private String four() {
        List<double[]> customers = new ArrayList<>();
        int[][] middles = {{10, 1, 20}, {60, 4, 25}, {20, 2, 90}, {90, 1, 120}};
        for (int heap = 0; heap < 4; heap++) {
            for (int i = 0; i < 5; i++) {
                customers.add(new double[] {
                    middles[heap][0] + (i * 3 + heap) % 5,
                    middles[heap][1] + (i + heap) % 3,
                    middles[heap][2] + (i * 7 + 2 * heap) % 9
                });
            }
        }
        return shop(customers);
    }

    private JsonNode selected(String dataset, String body) {
        return api.finished(api.post(dataset + "/selections", body));
    }

    private String heaps(long seed, int customers) {
        return shop(threeHeaps(seed, customers));
    }

    /** Three kinds of customers that lie far apart even after log1p, each with some spread. */
    private static List<double[]> threeHeaps(long seed, int customers) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] middles = {{4, 12, 2000}, {40, 4, 60}, {400, 1, 900}};
        List<double[]> all = new ArrayList<>();
        for (int i = 0; i < customers; i++) {
            double[] middle = middles[i % 3];
            all.add(new double[] {
                middle[0] * (0.8 + 0.4 * random.nextDouble()),
                middle[1] * (0.8 + 0.4 * random.nextDouble()),
                middle[2] * (0.8 + 0.4 * random.nextDouble())
            });
        }
        return all;
    }

    /** Customers of so many days since the last purchase on 2024-01-01, orders, and money. */
    private String shop(List<double[]> customers) {
        StringBuilder csv = new StringBuilder("customerId,date,orderId,amount\n");
        for (int i = 0; i < customers.size(); i++) {
            double[] customer = customers.get(i);
            int orders = Math.max(1, (int) Math.round(customer[1]));
            LocalDate day = LocalDate.of(2024, 1, 1).minusDays(Math.round(customer[0]));
            long cents = Math.round(customer[2] * 100);
            for (int order = 1; order <= orders; order++) {
                long part = cents * order / orders - cents * (order - 1) / orders;
                csv.append(String.format(
                        Locale.ROOT, "c%d,%s,o%d-%d,%d.%02d%n", i, day, i, order, part / 100, part % 100));
            }
        }
        String dataset = api.newDataset();
        api.upload(dataset, csv.toString());
        return dataset;
    }
}
