package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import clade.clustering.Progress;
import clade.support.Api;
import clade.support.CladeTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@CladeTest
class TrustTests {

    @Autowired
    Api api;

    @Test
    void heapsThatLieApartComeOutAgainAndAreSeparate() {
        String dataset = heaps(60);
        JsonNode run = api.segment(
                dataset, "{\"key\":\"heaps\",\"method\":{\"name\":\"k-means\",\"k\":3},\"asOf\":\"2021-01-01\"}");
        JsonNode trust = trust(dataset, "heaps", 1);

        assertThat(trust.get("reproducible").asString()).isEqualTo("yes");
        assertThat(trust.get("separated").asString()).isEqualTo("yes");
        assertThat(trust.get("sampled").asInt()).isEqualTo(60);
        for (String key : List.of("c1", "c2", "c3")) {
            assertThat(trust.get("segments").get(key).get("stability").asDouble())
                    .isGreaterThan(0.9);
            assertThat(trust.get("segments").get(key).get("reproducible").asString())
                    .isEqualTo("yes");
        }
        assertThat(trust.get("separation").get("silhouette").asDouble())
                .isGreaterThan(trust.get("separation").get("largestNull").asDouble());
        assertThat(run.has("trust")).isTrue();
        JsonNode later = api.get(dataset + "/segmentations/heaps/runs/1").json();
        assertThat(later.get("trust")).isEqualTo(trust);
    }

    @Test
    void customersWithoutGroupsComeOutAgainYetAreNotSeparate() {
        String dataset = uniform(400);
        api.segment(
                dataset,
                "{\"key\":\"box\",\"features\":[\"recency\",\"monetary\"],\"preparation\":{\"transform\":\"none\"},"
                        + "\"method\":{\"name\":\"k-means\",\"k\":2},\"asOf\":\"2021-01-01\"}");
        JsonNode trust = trust(dataset, "box", 1);

        assertThat(trust.get("reproducible").asString()).isIn("yes", "doubtful");
        assertThat(trust.get("separated").asString()).isEqualTo("no");
        assertThat(trust.get("reasons").toString()).contains("parts of one whole, not separate groups");
    }

    @Test
    void segmentsByRuleHaveNoVerdictOnSeparation() {
        String dataset = uniform(200);
        api.segment(dataset, "{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\"},\"asOf\":\"2021-01-01\"}");
        JsonNode trust = trust(dataset, "rfm", 1);

        assertThat(trust.get("separated").isNull()).isTrue();
        assertThat(trust.get("separation").isNull()).isTrue();
        // a customer moves only where a cut point comes to lie on the other side of it
        assertThat(trust.get("segments").size()).isBetween(2, 10);
        trust.get("segments")
                .forEach(segment ->
                        assertThat(segment.get("stability").asDouble()).isBetween(0.0, 1.0));
    }

    @Test
    void itIsAboutTheRunAsItWasPublished() {
        String dataset = heaps(60);
        api.segment(dataset, "{\"key\":\"heaps\",\"method\":{\"name\":\"k-means\",\"k\":3}}");
        JsonNode first = trust(dataset, "heaps", 1);
        // live changes and another run: what was found of the first stays, and the second has its own
        api.upload(dataset, "CustomerID,OrderID,Date,Amount\nh1-1,late,2020-12-30,5000\n");
        api.finished(api.post(dataset + "/segmentations/heaps/runs", "{}"));
        JsonNode second = trust(dataset, "heaps", 2);

        assertThat(api.get(dataset + "/segmentations/heaps/runs/1").json().get("trust"))
                .isEqualTo(first);
        assertThat(second.get("sampled").asInt()).isEqualTo(60);
    }

    @Test
    void aRunThatIsNotCompletedHasNoTrustAndAFinishedOneIsNotCancelled() {
        String dataset = heaps(30);
        api.segment(dataset, "{\"key\":\"heaps\",\"method\":{\"name\":\"k-means\",\"k\":3}}");
        trust(dataset, "heaps", 1);

        Api.Answer cancelled = api.delete(dataset + "/segmentations/heaps/runs/1/trust");
        assertThat(cancelled.status()).isEqualTo(409);
        assertThat(cancelled.json().get("code").asString()).isEqualTo("trust-finished");
        assertThat(api.get(dataset + "/segmentations/heaps/runs/7/trust").status())
                .isEqualTo(404);
        JsonNode failed = api.segment(dataset, "{\"key\":\"many\",\"method\":{\"name\":\"k-means\",\"k\":900}}");
        assertThat(failed.get("status").asString()).isEqualTo("failed");
        assertThat(failed.get("trust").isNull()).isTrue();
        assertThat(api.get(dataset + "/segmentations/many/runs/1/trust").status())
                .isEqualTo(404);
    }

    @Test
    void theFiveGroupsOfTheMallComeOutAgainAndAreSeparate() {
        double[][] values = mall();
        Definition definition = definition("{\"name\":\"k-means\",\"k\":5}");
        Trust trust = found(definition, values);

        assertThat(trust.reproducible()).isEqualTo("yes");
        assertThat(trust.separated()).isEqualTo("yes");
        assertThat(trust.segments()).hasSize(5);
    }

    @Test
    void twoHalvesOfAUniformBoxComeOutAgainAndAreNotSeparate() {
        SplittableRandom random = new SplittableRandom(5);
        double[][] box = IntStream.range(0, 1_000)
                .mapToObj(i -> new double[] {random.nextDouble(), 3 * random.nextDouble()})
                .toArray(double[][]::new);
        Trust trust = found(definition("{\"name\":\"k-means\",\"k\":2}"), box);

        assertThat(trust.reproducible()).isEqualTo("yes");
        assertThat(trust.separated()).isEqualTo("no");
    }

    @Test
    void theShareOfCustomersThatStayIsThatOfFiftyDrawsCountedByHand() {
        SplittableRandom random = new SplittableRandom(6);
        double[][] values = IntStream.range(0, 120)
                .mapToObj(i -> new double[] {random.nextInt(300), 1 + random.nextInt(9), random.nextInt(1_000)})
                .toArray(double[][]::new);
        Definition definition = Definition.read(
                JsonMapper.shared().readTree("{\"key\":\"r\",\"seed\":7,\"method\":{\"name\":\"rfm\"}}"));
        Method.Rfm method = (Method.Rfm) definition.method();
        clade.rfm.SegmentMap map = clade.rfm.BuiltInMaps.rfGrid();
        RfmModel model = new RfmModel(scheme(values, IntStream.range(0, 120).toArray()), map, null);
        int[] segmentOf = Arrays.stream(values)
                .mapToInt(of -> model.segmentOf(of[0], of[1], of[2]))
                .toArray();
        RfmStability found = RfmStability.of(
                7,
                method,
                model,
                table(definition, values),
                segmentOf,
                map.segments().size(),
                Progress.NONE);

        int stayed = 0;
        for (int draw = 0; draw < 50; draw++) {
            clade.statistics.Draws draws = clade.statistics.Draws.of(7, draw);
            int[] drawn = IntStream.range(0, 120).map(i -> draws.below(120, i)).toArray();
            RfmModel again = new RfmModel(scheme(values, drawn), map, null);
            for (int i = 0; i < 120; i++) {
                stayed += again.segmentOf(values[i][0], values[i][1], values[i][2]) == segmentOf[i] ? 1 : 0;
            }
        }
        assertThat(found.all()).isEqualTo(stayed / 50.0 / 120);
    }

    private static clade.rfm.RfmScheme scheme(double[][] values, int[] rows) {
        double[][] cuts = new double[3][];
        for (int axis = 0; axis < 3; axis++) {
            int a = axis;
            double[] sorted = Arrays.stream(rows)
                    .mapToDouble(row -> values[row][a])
                    .sorted()
                    .toArray();
            cuts[axis] = clade.statistics.Quantiles.cuts(sorted, 5);
        }
        return clade.rfm.RfmScheme.ofCuts(cuts[0], cuts[1], cuts[2]);
    }

    private static FeatureTable table(Definition definition, double[][] values) {
        FeatureTable table = FeatureTable.of(new long[values.length]);
        for (int i = 0; i < definition.features().size(); i++) {
            int column = i;
            table = table.with(
                    definition.features().get(i),
                    Arrays.stream(values).mapToDouble(row -> row[column]).toArray());
        }
        return table;
    }

    private static Definition definition(String method) {
        return Definition.read(JsonMapper.shared()
                .readTree("{\"key\":\"x\",\"features\":[\"recency\",\"monetary\"],"
                        + "\"preparation\":{\"transform\":\"none\"},\"method\":" + method + "}"));
    }

    /** The trust of the clusters that the definition's method finds in these values. */
    private static Trust found(Definition definition, double[][] values) {
        Method.Clusters method = (Method.Clusters) definition.method();
        clade.statistics.Matrix x = clade.statistics.Matrix.ofRows(values);
        clade.clustering.Clustering fit = method.algorithm(values.length)
                .fit(
                        definition
                                .preparation()
                                .forColumns(table(definition, values).columns(definition.features()))
                                .fit(x)
                                .apply(x),
                        null,
                        definition.seed(),
                        Progress.NONE);
        List<String> keys = IntStream.range(0, fit.clusters())
                .mapToObj(ClusterSegmenter::key)
                .toList();
        return new TrustFinder(definition, values.length, keys, table(definition, values), fit.labels())
                .find(null, Progress.NONE);
    }

    /** Annual income and spending score of 200 visitors. */
    private static double[][] mall() {
        try (var in = TrustTests.class.getResourceAsStream("/data/mall_customers.csv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> line.split(","))
                    .map(cells -> new double[] {Double.parseDouble(cells[3]), Double.parseDouble(cells[4])})
                    .toArray(double[][]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode trust(String dataset, String segmentation, int run) {
        String path = dataset + "/segmentations/" + segmentation + "/runs/" + run + "/trust";
        JsonNode finished = api.finished(path);
        assertThat(finished.get("status").asString()).as(finished.toString()).isEqualTo("completed");
        assertThat(finished.get("progress").isNull()).isTrue();
        return finished.get("trust");
    }

    /** Customers in three heaps far apart. */
    private String heaps(int customers) {
        String dataset = api.newDataset();
        StringBuilder csv = new StringBuilder("CustomerID,OrderID,Date,Amount\n");
        for (int i = 0; i < customers; i++) {
            int heap = i % 3;
            for (int order = 0; order <= 3 * heap; order++) {
                csv.append("h%d-%d,o%d-%d,2020-%02d-%02d,%d%n"
                        .formatted(heap, i, i, order, 1 + 5 * heap, 1 + i % 9, 10 + i % 7 + 300 * heap));
            }
        }
        api.upload(dataset, csv.toString());
        return dataset;
    }

    /** Customers with one order each, at any time and of any amount. */
    private String uniform(int customers) {
        SplittableRandom random = new SplittableRandom(4);
        String dataset = api.newDataset();
        List<String> lines = new ArrayList<>(List.of("CustomerID,OrderID,Date,Amount"));
        for (int i = 0; i < customers; i++) {
            lines.add("u%d,o%d,%s,%d"
                    .formatted(
                            i,
                            i,
                            java.time.LocalDate.of(2020, 1, 1).plusDays(random.nextInt(366)),
                            1 + random.nextInt(1_000)));
        }
        api.upload(dataset, String.join("\n", lines));
        return dataset;
    }
}
