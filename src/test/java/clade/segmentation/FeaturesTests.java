package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.statistics.Quantiles;
import clade.support.Api;
import clade.support.CladeTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Segmentations on more than recency, frequency and monetary value, through HTTP. */
@CladeTest
class FeaturesTests {

    private static final String MALL =
            "\"features\":[\"attribute:Annual Income (k$)\",\"attribute:Spending Score (1-100)\"]";

    @Autowired
    Api api;

    @Autowired
    JdbcClient jdbc;

    @Test
    void theCatalogueSaysWhatEachFeatureIs() {
        String dataset = mall(0);

        JsonNode features = api.get(dataset + "/features").json().get("features");

        Map<String, JsonNode> byName = features.valueStream()
                .collect(Collectors.toMap(feature -> feature.get("name").asString(), feature -> feature));
        assertThat(byName.keySet())
                .contains(
                        "recency",
                        "frequencyScore",
                        "tenure",
                        "averageOrderValue",
                        "meanGap",
                        "lastGap",
                        "distinctProducts",
                        "returnRate",
                        "ordersIn:P90D",
                        "monetaryIn:P90D",
                        "ordersTrend:P90D",
                        "decayedFrequency:P90D",
                        "decayedMonetary:P90D",
                        "recencyDecay:P90D",
                        "attribute:Age");
        assertThat(byName.get("attribute:Gender").get("type").asString()).isEqualTo("text");
        features.forEach(feature -> {
            assertThat(feature.get("definition").asString()).isNotBlank();
            assertThat(feature.get("missing").asString()).isNotBlank();
        });
    }

    /** The optimum and its silhouette by scikit-learn 1.2.1 and R, see the data's README. */
    @Test
    void mallCustomersFallIntoTheirFiveKnownClusters() {
        String dataset = mall(0);

        JsonNode run = api.segment(
                dataset,
                "{\"key\":\"mall\",%s,\"preparation\":{\"scale\":\"none\"},\"method\":{\"name\":\"k-means\",\"k\":5}}"
                        .formatted(MALL));

        assertThat(run.get("status").asString()).as("%s", run).isEqualTo("completed");
        assertThat(run.get("quality").get("inertia").asDouble()).isCloseTo(44448.455, within(5e-4));
        assertThat(run.get("quality").get("silhouette").asDouble()).isCloseTo(0.5539, within(5e-5));
        assertThat(run.get("customers").asInt()).isEqualTo(200);
        assertThat(run.get("withoutPurchase").isNull()).isTrue();
        assertThat(run.get("asOf").isNull()).isTrue();
        assertThat(run.get("live").asBoolean()).isFalse();
        assertThat(run.get("notLiveBecause").asString()).contains("Annual Income");
        JsonNode segments =
                api.get(dataset + "/segmentations/mall/segments").json().get("segments");
        assertThat(segments.valueStream()
                        .map(segment -> segment.get("size").asInt())
                        .sorted())
                .containsExactly(22, 23, 35, 39, 81);
        assertThat(segments.valueStream()
                        .allMatch(segment -> segment.get("revenue").isNull()))
                .isTrue();
        assertThat(segments.valueStream()
                        .map(segment -> -segment.get("features")
                                .get("attribute:Annual Income (k$)")
                                .get("mean")
                                .asDouble()))
                .isSorted();
        assertThat(segments.valueStream()
                        .map(segment -> segment.get("name").asString())
                        .distinct())
                .hasSize(5);
    }

    @Test
    void theOrderOfCustomersChangesNothing() {
        List<Map<String, String>> answers = new ArrayList<>();
        for (int seed = 0; seed < 2; seed++) {
            String dataset = mall(seed);
            api.segment(
                    dataset,
                    "{\"key\":\"all\",\"features\":[\"attribute:Age\",\"attribute:Gender\"],\"method\":{\"name\":\"k-means\",\"k\":3}}");
            answers.add(segmentsOf(dataset, "all"));
        }
        assertThat(answers.get(0)).hasSize(200).isEqualTo(answers.get(1));
    }

    @Test
    void textBecomesIndicatorsThatWeighAsMuchAsOneFeature() {
        String dataset = mall(0);

        JsonNode run = api.segment(
                dataset,
                "{\"key\":\"both\",\"features\":[\"attribute:Gender\",\"attribute:Age\"],\"method\":{\"name\":\"k-means\",\"k\":2}}");

        assertThat(run.get("status").asString()).as("%s", run).isEqualTo("completed");
        JsonNode first = api.get(dataset + "/segmentations/both/segments")
                .json()
                .get("segments")
                .get(0);
        assertThat(first.get("features").propertyNames())
                .containsExactly("attribute:Gender=Female", "attribute:Gender=Male", "attribute:Age");
        // 112 women, 88 men: each indicator has variance 0.2464, both 0.4928
        double women =
                first.get("features").get("attribute:Gender=Female").get("mean").asDouble();
        assertThat(first.get("centre").get("attribute:Gender=Female").asDouble())
                .isCloseTo((women - 0.56) / Math.sqrt(2 * 0.56 * 0.44), within(1e-12));
        JsonNode member = api.get(dataset + "/segmentations/both/segments/c1/customers?limit=1")
                .json()
                .get("customers")
                .get(0);
        assertThat(member.get("features").get("attribute:Gender").asString()).isIn("Female", "Male");
        assertThat(member.get("features").get("attribute:Age").isNumber()).isTrue();
        String csv = api.get(dataset + "/segmentations/both/segments/c1/customers", "Accept", "text/csv")
                .body();
        assertThat(csv.lines().skip(1).findFirst().orElseThrow()).containsPattern(",(Female|Male),\\d+\\.0,");
    }

    @Test
    void whatIsMissingIsLeftOutOrFilledInAndCounted() {
        String dataset = api.newDataset();
        List<String> customers = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            customers.add(
                    i < 3
                            ? "k%d,{\"Plan\":\"basic\"}".formatted(i)
                            : "k%d,{\"Plan\":\"pro\",\"Age\":%d}".formatted(i, 10 * i));
        }
        attributes(dataset, Map.of("Age", "number", "Plan", "text"), customers);
        String definition =
                "{\"key\":\"%1$s\",\"features\":[\"attribute:Age\"],\"missing\":\"%1$s\",\"method\":{\"name\":\"k-means\",\"k\":2}}";

        JsonNode excluded = api.segment(dataset, definition.formatted("exclude"));
        JsonNode median = api.segment(dataset, definition.formatted("median"));
        JsonNode zero = api.segment(dataset, definition.formatted("zero"));

        assertThat(excluded.get("customers").asInt()).isEqualTo(6);
        assertThat(excluded.get("excluded").asInt()).isEqualTo(3);
        assertThat(excluded.get("missing").get("attribute:Age").asInt()).isEqualTo(3);
        assertThat(median.get("customers").asInt()).isEqualTo(9);
        assertThat(median.get("excluded").asInt()).isZero();
        assertThat(ages(dataset, "median")).containsEntry("k0", 55.0).containsEntry("k4", 40.0);
        assertThat(ages(dataset, "zero")).containsEntry("k0", 0.0);
        assertThat(zero.get("definition").get("missing").asString()).isEqualTo("zero");
    }

    private Map<String, Double> ages(String dataset, String segmentation) {
        Map<String, Double> ages = new TreeMap<>();
        members(dataset, segmentation)
                .forEach(member -> ages.put(
                        member.get("customerId").asString(),
                        member.get("features").get("attribute:Age").asDouble()));
        return ages;
    }

    /** The table of the R package rfm, aggregated already: its days and its dates of the last visit say the same as of 2007-01-01. */
    @Test
    void anAggregatedTableIsSegmentedByRoles() throws IOException {
        String dataset = api.newDataset();
        List<String> customers = new ArrayList<>();
        List<double[]> rows = new ArrayList<>();
        try (InputStream file = FeaturesTests.class.getResourceAsStream("/data/rfm_customers.csv.gz");
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(new GZIPInputStream(file), StandardCharsets.UTF_8))) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] cells = line.split(",");
                customers.add(
                        "%s,{\"revenue\":%s,\"visit\":\"%s\",\"orders\":%s,\"days\":%s}".formatted((Object[]) cells));
                rows.add(new double[] {
                    Double.parseDouble(cells[4]), Double.parseDouble(cells[3]), Double.parseDouble(cells[1])
                });
            }
        }
        attributes(
                dataset, Map.of("revenue", "number", "visit", "date", "orders", "number", "days", "number"), customers);
        String definition = """
                {"key":"%s","asOf":"2007-01-01","method":{"name":"rfm"},
                 "roles":{"recency":"attribute:%s","frequency":"attribute:orders","monetary":"attribute:revenue"}}""";

        JsonNode byDays = api.segment(dataset, definition.formatted("by-days", "days"));
        JsonNode byDate = api.segment(dataset, definition.formatted("by-date", "visit"));

        assertThat(byDays.get("status").asString()).as("%s", byDays).isEqualTo("completed");
        assertThat(byDays.get("customers").asInt()).isEqualTo(39_999);
        assertThat(byDays.get("withoutPurchase").isNull()).isTrue();
        assertThat(byDate.get("asOf").asString()).isEqualTo("2007-01-01T00:00:00Z");
        JsonNode segments =
                api.get(dataset + "/segmentations/by-days/segments").json().get("segments");
        assertThat(segments)
                .isEqualTo(api.get(dataset + "/segmentations/by-date/segments")
                        .json()
                        .get("segments"));
        Map<String, Integer> expected = gridSizes(rows);
        segments.forEach(segment -> assertThat(segment.get("size").asInt())
                .as("%s", segment)
                .isEqualTo(expected.getOrDefault(segment.get("key").asString(), 0)));
        double revenue = segments.valueStream()
                .mapToDouble(segment -> segment.get("revenue").asDouble())
                .sum();
        assertThat(revenue).isEqualTo(rows.stream().mapToDouble(row -> row[2]).sum());
        assertThat(rows.stream().mapToDouble(row -> row[1]).sum()).isEqualTo(393_223);
    }

    /** Sizes of the segments of rf-grid, from its table in the documentation. */
    private static Map<String, Integer> gridSizes(List<double[]> rows) {
        double[][] cuts = new double[2][];
        for (int axis = 0; axis < 2; axis++) {
            int column = axis;
            double[] sorted =
                    rows.stream().mapToDouble(row -> row[column]).sorted().toArray();
            cuts[axis] = Quantiles.cuts(sorted, 5);
        }
        String[][] grid = {
            {"hibernating", "hibernating", "at-risk", "at-risk", "cant-lose-them"},
            {"hibernating", "hibernating", "at-risk", "at-risk", "cant-lose-them"},
            {"about-to-sleep", "about-to-sleep", "need-attention", "loyal-customers", "loyal-customers"},
            {"promising", "potential-loyalists", "potential-loyalists", "loyal-customers", "loyal-customers"},
            {"new-customers", "potential-loyalists", "potential-loyalists", "champions", "champions"}
        };
        Map<String, Integer> sizes = new HashMap<>();
        for (double[] row : rows) {
            int recency =
                    4 - (int) Arrays.stream(cuts[0]).filter(cut -> cut < row[0]).count();
            int frequency =
                    (int) Arrays.stream(cuts[1]).filter(cut -> cut < row[1]).count();
            sizes.merge(grid[recency][frequency], 1, Integer::sum);
        }
        return sizes;
    }

    @Test
    void aPopulationNarrowsAndTheLapsedComeApart() {
        String dataset = api.newDataset();
        api.uploadFile(dataset, "rfm_orders.csv");
        api.segment(dataset, "{\"key\":\"value\",\"asOf\":\"2006-12-31\",\"method\":{\"name\":\"rfm\"}}");
        List<JsonNode> champions = members(dataset, "value").stream()
                .filter(member -> member.get("code").asString().matches("5[45].")) // rf-grid
                .toList();

        JsonNode narrowed = api.segment(dataset, """
                {"key":"inner","asOf":"2006-12-31","features":["recency","meanGap","monetaryScore"],
                 "population":{"segmentation":"value","segments":["champions"]},"method":{"name":"k-means","k":2}}""");
        JsonNode whole = api.segment(
                dataset, "{\"key\":\"w\",\"asOf\":\"2006-12-31\",\"window\":\"P6M\",\"method\":{\"name\":\"rfm\"}}");
        JsonNode apart = api.segment(
                dataset,
                "{\"key\":\"l\",\"asOf\":\"2006-12-31\",\"window\":\"P6M\",\"outsideWindow\":\"segment\",\"method\":{\"name\":\"rfm\"}}");

        assertThat(narrowed.get("status").asString()).as("%s", narrowed).isEqualTo("completed");
        assertThat(members(dataset, "inner").stream().map(member -> member.get("customerId")))
                .containsExactlyInAnyOrderElementsOf(champions.stream()
                        .map(member -> member.get("customerId"))
                        .toList());
        assertThat(narrowed.get("definition")
                        .get("population")
                        .get("segmentation")
                        .asString())
                .isEqualTo("value");
        assertThat(apart.get("customers").asInt())
                .isEqualTo(whole.get("customers").asInt()
                        + whole.get("withoutPurchase").asInt());
        JsonNode lapsed = api.get(dataset + "/segmentations/l/segments/lapsed").json();
        assertThat(lapsed.get("size").asInt())
                .isEqualTo(whole.get("withoutPurchase").asInt());
        assertThat(lapsed.get("revenue").asDouble()).isZero();
        assertThat(lapsed.get("features").get("recency").get("p10").asDouble()).isGreaterThanOrEqualTo(184);
        assertThat(members(dataset, "l").size()).isEqualTo(995);
    }

    @Test
    void scoresAreThoseOfMethodRfm() {
        String dataset = api.newDataset();
        api.uploadFile(dataset, "rfm_orders.csv");
        api.segment(dataset, "{\"key\":\"value\",\"asOf\":\"2006-12-31\",\"method\":{\"name\":\"rfm\"}}");
        JsonNode run = api.segment(dataset, """
                {"key":"scores","asOf":"2006-12-31","features":["recencyScore","frequencyScore","monetaryScore"],
                 "preparation":{"scale":"none"},"method":{"name":"k-means","k":3}}""");

        assertThat(run.get("status").asString()).as("%s", run).isEqualTo("completed");
        Map<String, String> codes = new TreeMap<>();
        members(dataset, "value")
                .forEach(member -> codes.put(
                        member.get("customerId").asString(), member.get("code").asString()));
        Map<String, String> found = new TreeMap<>();
        members(dataset, "scores").forEach(member -> {
            JsonNode features = member.get("features");
            found.put(
                    member.get("customerId").asString(),
                    "%d%d%d"
                            .formatted(
                                    features.get("recencyScore").asInt(),
                                    features.get("frequencyScore").asInt(),
                                    features.get("monetaryScore").asInt()));
        });
        assertThat(found).isEqualTo(codes);
    }

    @Test
    void everyPurchaseFeatureCanBeClusteredExploredAndSearched() {
        String dataset = api.newDataset();
        api.uploadFile(dataset, "rfm_orders.csv");
        String names = "tenure,averageOrderValue,meanGap,lastGap,ordersIn:P90D,monetaryIn:P3M,ordersTrend:P180D,"
                + "decayedFrequency:P90D,decayedMonetary:P90D,recencyDecay:P90D,recencyScore";
        String list =
                Arrays.stream(names.split(",")).map(name -> '"' + name + '"').collect(Collectors.joining(","));

        JsonNode run = api.segment(
                dataset,
                "{\"key\":\"all\",\"asOf\":\"2006-12-31\",\"features\":[%s],\"method\":{\"name\":\"k-means\",\"k\":3}}"
                        .formatted(list));
        JsonNode explored = api.get(dataset + "/exploration?asOf=2006-12-31&features=" + names)
                .json();

        assertThat(run.get("status").asString()).as("%s", run).isEqualTo("completed");
        assertThat(run.get("customers").asInt() + run.get("excluded").asInt()).isEqualTo(995);
        assertThat(run.get("notLiveBecause").asString()).contains("asOf");
        assertThat(explored.get("features").size()).isEqualTo(11);
        explored.get("features")
                .forEach(feature -> assertThat(feature.get("count").asInt()
                                + feature.get("missing").asInt())
                        .isEqualTo(995));
        assertThat(explored.get("features").get(2).get("missing").asInt())
                .isEqualTo(run.get("missing").get("meanGap").asInt());
    }

    @Test
    void namesSayFeaturesInWordsAndASegmentOfEverybodyIsCalledSo() {
        String dataset = api.newDataset();
        api.uploadFile(dataset, "rfm_orders.csv");
        String features =
                "\"asOf\":\"2006-12-31\",\"features\":[\"averageOrderValue\",\"monetaryIn:P6M\",\"ordersTrend:P180D\"]";
        api.segment(dataset, "{\"key\":\"six\",%s,\"method\":{\"name\":\"k-means\",\"k\":6}}".formatted(features));
        api.segment(
                dataset,
                "{\"key\":\"one\",%s,\"method\":{\"name\":\"gaussian-mixture\",\"components\":1}}".formatted(features));

        String names = segments(dataset, "six")
                .valueStream()
                .map(segment -> segment.get("name").asString())
                .collect(Collectors.joining("; "));

        assertThat(names)
                .contains("average order value", "spend in 6 months", "order trend over 180 days")
                .doesNotContain(":", "averageOrderValue");
        assertThat(segments(dataset, "one").get(0).get("name").asString()).isEqualTo("All customers");
    }

    @Test
    void explorationCountsTheValuesOfText() {
        String dataset = mall(0);

        JsonNode explored = api.get(dataset + "/exploration?features=attribute:Gender,attribute:Age")
                .json();

        JsonNode gender = explored.get("features").get(0);
        assertThat(gender.get("type").asString()).isEqualTo("category");
        assertThat(gender.get("values").toString())
                .isEqualTo("[{\"value\":\"Female\",\"customers\":112},{\"value\":\"Male\",\"customers\":88}]");
        JsonNode age = explored.get("features").get(1);
        assertThat(age.get("distinct").asInt()).isEqualTo(51);
        assertThat(age.get("transform").asString()).isEqualTo("none");
        assertThat(explored.get("withoutPurchase").isNull()).isTrue();
        assertThat(explored.get("customers").asInt()).isEqualTo(200);
    }

    @Test
    void latestIsTheNewestDateOfADatasetWithoutTransactions() {
        String dataset = api.newDataset("{\"timeZone\":\"Europe/Berlin\"}");
        attributes(
                dataset,
                Map.of("Joined", "date"),
                List.of(
                        "a,{\"Joined\":\"2024-03-01\"}",
                        "b,{\"Joined\":\"2024-03-10\"}",
                        "c,{\"Joined\":\"2024-03-30T12:00:00\"}"));

        JsonNode run = api.segment(
                dataset,
                "{\"key\":\"j\",\"features\":[\"attribute:Joined\"],\"method\":{\"name\":\"k-means\",\"k\":2}}");

        // a day later the clock has been put forward
        assertThat(run.get("asOf").asString()).as("%s", run).isEqualTo("2024-03-31T10:00:00Z");
        Map<String, Double> days = new TreeMap<>();
        members(dataset, "j")
                .forEach(member -> days.put(
                        member.get("customerId").asString(),
                        member.get("features").get("attribute:Joined").asDouble()));
        assertThat(days).isEqualTo(Map.of("a", 30.0, "b", 21.0, "c", 1.0));
    }

    @Test
    void whatCannotServeIsAProblemThatNamesIt() {
        String dataset = mall(0);
        String method = "\"method\":{\"name\":\"k-means\",\"k\":2}";

        expectProblem(
                api.post(
                        dataset + "/segmentations",
                        "{\"key\":\"x\",\"features\":[\"attribute:Income\"],%s}".formatted(method)),
                "/features/0",
                "Annual Income (k$)");
        expectProblem(
                api.post(
                        api.newDataset() + "/segmentations",
                        "{\"key\":\"x\",\"features\":[\"attribute:Income\"],%s}".formatted(method)),
                "/features/0",
                "POST customers");
        expectProblem(
                api.post(
                        dataset + "/segmentations", "{\"key\":\"x\",\"features\":[\"ordersIn\"],%s}".formatted(method)),
                "/features/0",
                "ordersIn:P90D");
        expectProblem(
                api.post(dataset + "/segmentations", "{\"key\":\"x\",\"features\":[\"love\"],%s}".formatted(method)),
                "/features/0",
                "averageOrderValue");
        expectProblem(
                api.post(
                        dataset + "/segmentations",
                        "{\"key\":\"x\",\"roles\":{\"monetary\":\"attribute:Gender\"},%s}".formatted(method)),
                "/roles/monetary",
                "number");
        expectProblem(
                api.post(
                        dataset + "/segmentations",
                        "{\"key\":\"x\",\"features\":[\"attribute:Gender\"],\"preparation\":{\"transform\":{\"attribute:Gender\":\"log1p\"}},%s}"
                                .formatted(method)),
                "/preparation/transform/attribute:Gender",
                "indicators");
        expectProblem(
                api.post(
                        dataset + "/segmentations",
                        "{\"key\":\"x\",\"population\":{\"segmentation\":\"gone\",\"segments\":[\"a\"]},%s}"
                                .formatted(method)),
                "/population/segmentation",
                "gone");
        assertThat(api.get(dataset + "/exploration?features=attribute:Nothing").body())
                .contains("unknown-attribute");
        JsonNode many =
                api.segment(dataset, "{\"key\":\"many\",\"features\":[\"attribute:Email\"],%s}".formatted(method));
        assertThat(many.get("status").asString()).isEqualTo("failed");
        assertThat(many.get("problem").toString())
                .contains("attribute:Email")
                .contains("200")
                .contains("20 at most");
        JsonNode constant = api.segment(
                dataset, "{\"key\":\"same\",\"features\":[\"attribute:Age\",\"attribute:Town\"],%s}".formatted(method));
        assertThat(constant.get("status").asString()).isEqualTo("failed");
        assertThat(constant.get("problem").toString())
                .contains("attribute:Town")
                .contains("leave it out");
    }

    private static void expectProblem(Api.Answer answer, String pointer, String part) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        JsonNode error = answer.json().get("errors").get(0);
        assertThat(error.get("pointer").asString()).isEqualTo(pointer);
        assertThat(error.get("message").asString()).contains(part);
    }

    private Map<String, String> segmentsOf(String dataset, String segmentation) {
        Map<String, String> segmentOf = new TreeMap<>();
        for (JsonNode segment : segments(dataset, segmentation)) {
            customers(dataset, segmentation, segment)
                    .forEach(member -> segmentOf.put(
                            member.get("customerId").asString(),
                            segment.get("key").asString()));
        }
        return segmentOf;
    }

    private List<JsonNode> members(String dataset, String segmentation) {
        List<JsonNode> members = new ArrayList<>();
        segments(dataset, segmentation).forEach(segment -> members.addAll(customers(dataset, segmentation, segment)));
        return members;
    }

    private JsonNode segments(String dataset, String segmentation) {
        return api.get(dataset + "/segmentations/" + segmentation + "/segments")
                .json()
                .get("segments");
    }

    private List<JsonNode> customers(String dataset, String segmentation, JsonNode segment) {
        return api.get(
                        "%s/segmentations/%s/segments/%s/customers"
                                .formatted(
                                        dataset,
                                        segmentation,
                                        segment.get("key").asString()),
                        "Accept",
                        "application/x-ndjson")
                .body()
                .lines()
                .map(JsonMapper.shared()::readTree)
                .toList();
    }

    /** Mall customers, in an order that the seed shuffles (0: as in the file), with two columns more. */
    private String mall(int seed) {
        String dataset = api.newDataset();
        List<String> customers = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                FeaturesTests.class.getResourceAsStream("/data/mall_customers.csv"), StandardCharsets.UTF_8))) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] cells = line.split(",");
                customers.add(
                        "%1$s,{\"Gender\":\"%2$s\",\"Age\":%3$s,\"Annual Income (k$)\":%4$s,\"Spending Score (1-100)\":%5$s,\"Email\":\"%1$s@x\",\"Town\":\"York\"}"
                                .formatted((Object[]) cells));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (seed != 0) {
            Collections.shuffle(customers, new Random(seed));
        }
        attributes(
                dataset,
                Map.of(
                        "Gender",
                        "text",
                        "Age",
                        "number",
                        "Annual Income (k$)",
                        "number",
                        "Spending Score (1-100)",
                        "number",
                        "Email",
                        "text",
                        "Town",
                        "text"),
                customers);
        return dataset;
    }

    /** Stores customers, each written as its id, a comma and a JSON object. */
    private void attributes(String dataset, Map<String, String> types, List<String> customers) {
        long id = jdbc.sql("select id from dataset where key = :key")
                .param("key", dataset.substring(dataset.lastIndexOf('/') + 1))
                .query(Long.class)
                .single();
        types.forEach((name, type) -> jdbc.sql(
                        "insert into attribute (dataset_id, name, type) values (:dataset, :name, :type)")
                .param("dataset", id)
                .param("name", name)
                .param("type", type)
                .update());
        jdbc.sql("""
                        with given as (
                            select split_part(line, ',', 1) as id, substr(line, strpos(line, ',') + 1)::jsonb as content
                            from unnest(cast(:lines as text[])) as l (line)),
                        added as (
                            insert into customer (dataset_id, customer_id) select :dataset, id from given returning id, customer_id)
                        insert into customer_attributes (customer_id, dataset_id, content)
                        select added.id, :dataset, given.content from added join given on given.id = added.customer_id""")
                .param("lines", customers.toArray(String[]::new))
                .param("dataset", id)
                .update();
    }
}
