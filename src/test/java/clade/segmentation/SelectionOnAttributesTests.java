package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.support.Api;
import clade.support.CladeTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Parameters for the mall customers, who have attributes and no purchase. Two datasets hold them, in another order each. */
@CladeTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SelectionOnAttributesTests {

    private static final String INCOME_AND_SPENDING =
            "\"features\":[\"attribute:Annual Income (k$)\",\"attribute:Spending Score (1-100)\"],"
                    + "\"preparation\":{\"scale\":\"none\"}";

    @Autowired
    Api api;

    private List<String> lines;
    private String inOrder;
    private String shuffled;

    @BeforeAll
    void upload() {
        lines = lines();
        List<String> customers = new ArrayList<>(lines.subList(1, lines.size()));
        inOrder = api.newDataset();
        post(inOrder, customers);
        Collections.shuffle(customers, new Random(3));
        shuffled = api.newDataset();
        post(shuffled, customers.subList(0, 60));
        post(shuffled, customers.subList(60, customers.size()));
    }

    /** The optima and their silhouettes by scikit-learn 1.2.1 and R; five groups are what is known of these customers. */
    @Test
    void kMeansFindsThePublishedOptimaAndSuggestsFive() {
        JsonNode found = selected(
                inOrder, INCOME_AND_SPENDING + ",\"method\":{\"name\":\"k-means\",\"restarts\":50},\"kMax\":6");

        double[] inertias = {181363.596, 106348.373, 73679.789, 44448.455, 37233.815};
        double[] silhouettes = {0.2969, 0.4676, 0.4932, 0.5539, 0.5398};
        for (int i = 0; i < inertias.length; i++) {
            JsonNode candidate = found.get("candidates").get(i);
            assertThat(candidate.get("k").asInt()).isEqualTo(2 + i);
            assertThat(candidate.get("inertia").asDouble()).isCloseTo(inertias[i], within(5e-4));
            assertThat(candidate.get("silhouette").asDouble()).isCloseTo(silhouettes[i], within(5e-5));
        }
        assertThat(found.get("candidates").get(3).get("smallestShare").asDouble())
                .isEqualTo(22 / 200.0);
        assertThat(found.get("suggestion").get("k").asInt()).as("%s", found).isEqualTo(5);
        assertThat(found.get("suggestion").get("clear").asBoolean()).isTrue();
    }

    /** Heights by SciPy 1.17.1 (linkage) and R 4.2.2 (hclust), which no order of the rows changes with these linkages. */
    @ParameterizedTest
    @CsvSource({
        "ward, 112.81820335631572 113.886016518509 245.65460099007137 262.5626341044318 394.8596575955320 405.6600410421901",
        "average, 42.62428079495263 43.57576771219567 46.06865772332056 47.0922091264253 57.62536140785633 59.98747158677496",
        "single, 13.341664064126334 13.416407864998739 13.45362404707371 13.892443989449804 14.212670403551895 14.866068747318506"
    })
    void hierarchicalMergesAtTheHeightsOfOtherPrograms(String linkage, String heights) {
        for (String dataset : List.of(inOrder, shuffled)) {
            JsonNode found = selected(
                    dataset,
                    INCOME_AND_SPENDING
                            + ",\"method\":{\"name\":\"hierarchical\",\"linkage\":\"%s\"},\"kMax\":5"
                                    .formatted(linkage));

            List<Double> last = found.get("merges")
                    .valueStream()
                    .skip(44)
                    .map(merge -> merge.get("height").asDouble())
                    .toList();
            List<Double> expected =
                    Arrays.stream(heights.split(" ", -1)).map(Double::valueOf).toList();
            for (int i = 0; i < expected.size(); i++) {
                assertThat(last.get(i)).isCloseTo(expected.get(i), within(1e-9));
            }
            assertThat(found.get("merges").get(49).get("size").asInt()).isEqualTo(200);
        }
    }

    @Test
    void distancesAndWhatLiesAroundAreThoseCountedOneByOne() {
        JsonNode found = selected(inOrder, INCOME_AND_SPENDING + ",\"method\":{\"name\":\"dbscan\",\"minPoints\":5}");

        double[] fifth = fifthDistances();
        for (int i = 0; i < found.get("kDistance").size(); i++) {
            double distance = found.get("kDistance").get(i).asDouble();
            double share = found.get("kDistanceShare").get(i).asDouble();
            assertThat(Arrays.stream(fifth).filter(one -> one <= distance).count())
                    .isEqualTo(Math.round(200 * share));
            assertThat(fifth).contains(distance);
        }
        JsonNode around = found.get("around");
        assertThat(around.size()).isGreaterThanOrEqualTo(5);
        for (JsonNode trial : around) {
            int[] expected = dbscan(trial.get("eps").asDouble(), 5);
            assertThat(trial.get("clusters").asInt()).as("%s", trial).isEqualTo(expected[0]);
            assertThat(trial.get("noise").asInt()).as("%s", trial).isEqualTo(expected[1]);
        }
        // R's dbscan 1.1.11 at the same eps
        assertThat(around.valueStream()
                        .limit(5)
                        .map(trial -> trial.get("clusters").asInt() + " and "
                                + trial.get("noise").asInt()))
                .containsExactly("6 and 24", "4 and 17", "3 and 14", "2 and 9", "1 and 7");
    }

    /** One component is the Gaussian with the customers' mean and covariance: BIC = 5 ln n - 2 ln L. */
    @Test
    void theBicOfOneComponentIsThatOfOneGaussian() {
        JsonNode found = selected(
                inOrder, INCOME_AND_SPENDING + ",\"method\":{\"name\":\"gaussian-mixture\"},\"kMin\":1,\"kMax\":2");

        // NumPy 2.4.6, the covariance with divisor n
        assertThat(found.get("candidates").get(0).get("bic").asDouble()).isCloseTo(3767.422745345783, within(1e-3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"k-means\"},\"kMax\":5",
                "{\"name\":\"hierarchical\",\"linkage\":\"ward\"},\"kMax\":4",
                "{\"name\":\"hierarchical\",\"linkage\":\"complete\"},\"kMax\":4",
                "{\"name\":\"hierarchical\",\"linkage\":\"average\"},\"kMax\":4",
                "{\"name\":\"hierarchical\",\"linkage\":\"single\"},\"kMax\":4",
                "{\"name\":\"gaussian-mixture\"},\"kMax\":4",
                "{\"name\":\"dbscan\"}",
                "{\"name\":\"hdbscan\"}"
            })
    void theOrderOfTheRowsChangesNothing(String method) {
        String asked = "\"features\":[\"attribute:Gender\",\"attribute:Age\",\"attribute:Annual Income (k$)\"],"
                + "\"preparation\":{\"transform\":{\"attribute:Age\":\"log1p\"}},\"method\":" + method;

        JsonNode once = selected(inOrder, asked);
        JsonNode again = selected(shuffled, asked);

        for (String field :
                List.of("definition", "customers", "candidates", "elbow", "merges", "kDistance", "around")) {
            assertThat(again.path(field)).as(field).isEqualTo(once.path(field));
        }
        assertThat(once.get("customers").asInt()).isEqualTo(200);
        assertThat(again.get("suggestion")).isEqualTo(once.get("suggestion"));
    }

    @Test
    void anAttributeThatIsNotThereIsRefusedWithThoseThatAre() {
        Api.Answer refused = api.post(
                inOrder + "/selections", "{\"features\":[\"attribute:Income\"],\"method\":{\"name\":\"k-means\"}}");

        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(refused.json().get("errors").get(0).get("pointer").asString())
                .isEqualTo("/features/0");
        assertThat(refused.body()).contains("Annual Income (k$)");
    }

    private JsonNode selected(String dataset, String asked) {
        JsonNode found = api.finished(api.post(dataset + "/selections", "{" + asked + "}"));
        assertThat(found.get("status").asString()).as("%s", found).isEqualTo("completed");
        return found;
    }

    private double[][] points() {
        return lines.stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .map(cells -> new double[] {Double.parseDouble(cells[3]), Double.parseDouble(cells[4])})
                .toArray(double[][]::new);
    }

    private double[] fifthDistances() {
        double[][] points = points();
        return Arrays.stream(points)
                .mapToDouble(one -> Arrays.stream(points)
                        .mapToDouble(other -> distance(one, other))
                        .sorted()
                        .toArray()[4])
                .toArray();
    }

    /** Clusters and noise, by walking from each core point to all that it reaches. */
    private int[] dbscan(double eps, int minPoints) {
        double[][] points = points();
        boolean[] seen = new boolean[points.length];
        boolean[] reached = new boolean[points.length];
        int clusters = 0;
        for (int i = 0; i < points.length; i++) {
            if (seen[i] || near(points, i, eps).size() < minPoints) {
                continue;
            }
            clusters++;
            List<Integer> open = new ArrayList<>(List.of(i));
            seen[i] = true;
            while (!open.isEmpty()) {
                int core = open.remove(open.size() - 1);
                for (int other : near(points, core, eps)) {
                    reached[other] = true;
                    if (!seen[other] && near(points, other, eps).size() >= minPoints) {
                        seen[other] = true;
                        open.add(other);
                    }
                }
            }
        }
        int noise = 0;
        for (boolean one : reached) {
            noise += one ? 0 : 1;
        }
        return new int[] {clusters, noise};
    }

    private static List<Integer> near(double[][] points, int i, double eps) {
        List<Integer> near = new ArrayList<>();
        for (int j = 0; j < points.length; j++) {
            if (distance(points[i], points[j]) <= eps) {
                near.add(j);
            }
        }
        return near;
    }

    private static double distance(double[] one, double[] other) {
        double x = one[0] - other[0];
        double y = one[1] - other[1];
        return Math.sqrt(x * x + y * y);
    }

    private void post(String dataset, List<String> customers) {
        String csv = lines.get(0) + "\n" + customers.stream().collect(Collectors.joining("\n"));
        Api.Answer answer = api.send("POST", dataset + "/customers", "text/csv", BodyPublishers.ofString(csv));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    }

    private static List<String> lines() {
        try (var in = SelectionOnAttributesTests.class.getResourceAsStream("/data/mall_customers.csv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
