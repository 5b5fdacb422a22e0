package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.CladeTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The same data in another order of rows and in other files gives the same answer, with every method, through HTTP. The data is
 * full of ties, for it is there that an order could show.
 */
@CladeTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RowOrderTests {

    private static final int CUSTOMERS = 170;

    /** How many customers have which value: the one at 4 is as near to one heap as to the other, and too lonely to join them. */
    private static final double[] LINE = line(20, 0, 20, 1, 2, 2, 1, 4, 2, 6, 20, 7, 20, 8, 85, 50);

    private static final String WIDE =
            "\"features\":[\"recency\",\"meanGap\",\"ordersIn:P90D\",\"monetaryIn:P60D\",\"ordersTrend:P60D\",\"decayedMonetary:P90D\","
                    + "\"returnRate\",\"attribute:Age\",\"attribute:Plan\",\"attribute:Joined\",\"attribute:Vip\"],\"missing\":\"median\"";
    private static final String GRID =
            "\"features\":[\"attribute:X\",\"attribute:Y\"],\"preparation\":{\"scale\":\"none\"}";
    private static final String ROLES =
            "\"roles\":{\"recency\":\"attribute:Joined\",\"frequency\":\"attribute:Visits\",\"monetary\":\"attribute:Spend\"}";

    @Autowired
    Api api;

    private String inOrder;
    private String shuffled;

    @BeforeAll
    void uploadTwiceAndSegment() {
        List<String> customers = customers();
        List<String> lines = transactions();
        inOrder = api.newDataset("{\"name\":\"Ties\",\"currency\":\"EUR\"}");
        post(inOrder, "customers", "CustomerID,Age,Plan,Joined,Vip,X,Y,Line,Visits,Spend", customers);
        post(inOrder, "transactions", "CustomerID,InvoiceDate,InvoiceNo,StockCode,Amount", lines);

        Collections.shuffle(customers, new Random(5));
        Collections.shuffle(lines, new Random(6));
        shuffled = api.newDataset("{\"name\":\"Ties\",\"currency\":\"EUR\"}");
        post(
                shuffled,
                "transactions",
                "CustomerID,InvoiceDate,InvoiceNo,StockCode,Amount",
                lines.subList(0, lines.size() / 3));
        post(
                shuffled,
                "customers",
                "Age,CustomerID,Line,Vip",
                columns(customers.subList(0, CUSTOMERS / 2), 1, 0, 7, 4));
        post(
                shuffled,
                "customers",
                "Spend,Plan,CustomerID,X,Y,Visits,Joined",
                columns(customers.subList(0, CUSTOMERS / 2), 9, 2, 0, 5, 6, 8, 3));
        post(
                shuffled,
                "customers",
                "CustomerID,Age,Plan,Joined,Vip,X,Y,Line,Visits,Spend",
                customers.subList(CUSTOMERS / 2, customers.size()));
        post(
                shuffled,
                "transactions",
                "Amount,StockCode,InvoiceNo,InvoiceDate,CustomerID",
                columns(lines.subList(lines.size() / 3, lines.size()), 4, 3, 2, 1, 0));

        for (String dataset : List.of(inOrder, shuffled)) {
            api.segment(dataset, "{\"key\":\"value\",\"method\":{\"name\":\"rfm\",\"scores\":3}}");
            definitions().map(Arguments::get).forEach(one -> {
                Api.Answer accepted = api.post(
                        dataset + "/segmentations", "{\"key\":\"%s\",%s}".formatted(key((String) one[0]), one[1]));
                assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
            });
        }
    }

    static Stream<Arguments> definitions() {
        List<Arguments> all = new ArrayList<>();
        for (String features : List.of(WIDE, GRID)) {
            String set = features.equals(WIDE) ? "wide" : "grid";
            for (String method : List.of(
                    "\"k-means\",\"k\":4",
                    "\"k-means\",\"k\":\"auto\",\"kMax\":5",
                    "\"dbscan\",\"eps\":1",
                    "\"dbscan\",\"eps\":\"auto\",\"minPoints\":12",
                    "\"hdbscan\",\"minClusterSize\":8",
                    "\"hdbscan\",\"minClusterSize\":5,\"minPoints\":2,\"selection\":\"leaf\"",
                    "\"hierarchical\",\"linkage\":\"ward\",\"k\":4",
                    "\"hierarchical\",\"linkage\":\"complete\",\"k\":4",
                    "\"hierarchical\",\"linkage\":\"average\",\"k\":4",
                    "\"hierarchical\",\"linkage\":\"single\",\"k\":4",
                    "\"gaussian-mixture\",\"components\":3",
                    "\"gaussian-mixture\",\"components\":\"auto\",\"kMax\":4,\"covariance\":\"diagonal\"")) {
                all.add(Arguments.of(set + ": " + method, features + ",\"method\":{\"name\":" + method + "}"));
            }
        }
        all.add(Arguments.of(
                "a customer on the border of two clusters",
                "\"features\":[\"attribute:Line\"],\"preparation\":{\"scale\":\"none\"},"
                        + "\"method\":{\"name\":\"dbscan\",\"eps\":2,\"minPoints\":6}"));
        all.add(Arguments.of("rfm", "\"profileFeatures\":[\"attribute:Plan\"],\"method\":{\"name\":\"rfm\"}"));
        all.add(Arguments.of(
                "rfm by natural breaks, and who lapsed",
                "\"window\":\"P3M\",\"outsideWindow\":\"segment\","
                        + "\"method\":{\"name\":\"rfm\",\"scores\":3,\"binning\":\"natural-breaks\"}"));
        all.add(Arguments.of("roles: rfm", ROLES + ",\"method\":{\"name\":\"rfm\"}"));
        all.add(Arguments.of("roles: k-means", ROLES + ",\"method\":{\"name\":\"k-means\",\"k\":3}"));
        all.add(Arguments.of(
                "rules",
                "\"features\":[\"frequency\",\"attribute:Plan\",\"attribute:Vip\"],\"method\":{\"name\":\"rules\",\"segments\":["
                        + "{\"key\":\"best\",\"when\":\"segment('value') = 'champions' and attribute('Vip') = true\"},"
                        + "{\"key\":\"early\",\"when\":\"attribute('Joined') <= '2023-02-01' or ordersIn('P60D') >= 2\"},"
                        + "{\"key\":\"unknown\",\"when\":\"attribute('Age') is missing\"}]}"));
        all.add(Arguments.of(
                "hybrid by cuts",
                "\"missing\":\"zero\",\"method\":{\"name\":\"hybrid\",\"tiers\":{\"feature\":\"monetary\",\"cuts\":[0.4,0.8]},"
                        + "\"within\":{\"features\":[\"recency\",\"ordersIn:P90D\",\"attribute:Plan\"],"
                        + "\"method\":{\"name\":\"k-means\",\"k\":3}}}"));
        all.add(Arguments.of(
                "hybrid by a map",
                "\"missing\":\"zero\",\"method\":{\"name\":\"hybrid\",\"tiers\":{\"method\":{\"name\":\"rfm\",\"scores\":3}},"
                        + "\"within\":{\"features\":[\"attribute:Age\",\"attribute:Vip\"],"
                        + "\"method\":{\"name\":\"hdbscan\",\"minClusterSize\":4}}}"));
        all.add(Arguments.of(
                "members of a segment",
                "\"population\":{\"segmentation\":\"value\",\"segments\":[\"champions\",\"loyal-customers\",\"potential-loyalists\",\"need-attention\"]},"
                        + WIDE + ",\"method\":{\"name\":\"k-means\",\"k\":3}"));
        all.add(Arguments.of(
                "whom a condition is true of",
                "\"population\":{\"when\":\"attribute('Plan') != 'basic' and frequency >= 2\"}," + WIDE
                        + ",\"method\":{\"name\":\"hierarchical\",\"linkage\":\"average\",\"k\":3}"));
        return all.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("definitions")
    void theAnswerIsTheSame(String name, String definition) {
        assertThat(answers(shuffled, key(name))).as(definition).isEqualTo(answers(inOrder, key(name)));
    }

    private static String key(String name) {
        return "s" + Integer.toHexString(name.hashCode());
    }

    /** All that is said of a run, by path: the run, its trust, its segments and members and the report. */
    private Map<String, String> answers(String dataset, String key) {
        String segmentation = dataset + "/segmentations/" + key;
        JsonNode first = api.finished(segmentation + "/runs/1");
        assertThat(first.get("status").asString()).as("%s", first).isEqualTo("completed");
        Map<String, String> answers = new TreeMap<>();
        ObjectNode run = (ObjectNode) withTrust(segmentation + "/runs/1");
        answers.put(
                "run",
                run.remove(List.of("queuedAt", "startedAt", "finishedAt", "dataCutoff"))
                        .toString());
        String segments = api.get(segmentation + "/segments").body();
        answers.put("segments", segments);
        for (JsonNode segment : JsonMapper.shared().readTree(segments).get("segments")) {
            String customers = "/segments/" + segment.get("key").asString() + "/customers";
            answers.put(
                    customers,
                    api.get(segmentation + customers, "Accept", "application/x-ndjson")
                            .body()
                            .replaceAll("\"since\":\"[^\"]*\"", ""));
        }
        answers.put(
                "report",
                api.get(segmentation + "/report", "Accept", "application/json")
                        .body()
                        .replace(dataset.substring(dataset.lastIndexOf('/') + 1), "")
                        .replaceAll("\"dataCutoff\":\"[^\"]*\"", ""));
        return answers;
    }

    private JsonNode withTrust(String run) {
        long deadline = System.nanoTime() + 60_000_000_000L;
        JsonNode found = api.get(run).json();
        while (found.get("trust").isNull()) {
            assertThat(System.nanoTime()).as("trust within a minute").isLessThan(deadline);
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            found = api.get(run).json();
        }
        return found;
    }

    private void post(String dataset, String what, String header, List<String> rows) {
        Api.Answer answer = api.send(
                "POST",
                dataset + "/" + what,
                "text/csv",
                BodyPublishers.ofString(header + "\n" + String.join("\n", rows) + "\n"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(answer.json().get("accepted").asInt()).isEqualTo(rows.size());
    }

    private static List<String> columns(List<String> rows, int... columns) {
        return rows.stream()
                .map(row -> {
                    String[] cells = row.split(",", -1);
                    return Arrays.stream(columns)
                            .mapToObj(column -> cells[column])
                            .collect(Collectors.joining(","));
                })
                .toList();
    }

    /** Ids whose order is neither that of the numbers nor that of their letters. */
    private static String id(int customer) {
        return List.of("z", "B", "é", "a").get(customer % 4) + customer * 37 % 211;
    }

    private static List<String> customers() {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < CUSTOMERS; i++) {
            rows.add("%s,%s,%s,%s,%s,%d,%d,%s,%d,%s"
                    .formatted(
                            id(i),
                            i % 9 == 0 ? "" : String.valueOf(20 + 10 * (i % 4)),
                            i % 11 == 0 ? "" : List.of("basic", "plus", "pro").get(i / 2 % 3),
                            LocalDate.of(2023, 1 + i % 3, 1),
                            i % 5 < 2,
                            i % 4,
                            i / 4 % 4,
                            LINE[i],
                            1 + i % 5,
                            List.of("10.10", "20.20", "0.30").get(i % 3)));
        }
        return rows;
    }

    /** Purchases and returns on few days, of few amounts; every fifth customer with attributes has none, and ten have no attributes. */
    private static List<String> transactions() {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < CUSTOMERS + 10; i++) {
            if (i % 5 == 4) {
                continue;
            }
            int orders = 1 + i % 4;
            for (int order = 0; order < orders; order++) {
                LocalDate day = LocalDate.of(2023, 3 + (i % 3) + 2 * order, 10);
                for (int line = 0; line < 1 + i % 2; line++) {
                    rows.add("%s,%s,o%d-%d,p%d,%s"
                            .formatted(
                                    id(i),
                                    day,
                                    i,
                                    order,
                                    line,
                                    List.of("0.10", "0.20", "99.90").get((i / 3 + line) % 3)));
                }
                if (i % 7 == 0) {
                    rows.add("%s,%s,C%d%d,p0,-0.10".formatted(id(i), day.plusDays(1), i, order));
                }
            }
        }
        return rows;
    }

    private static double[] line(int... countsAndValues) {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < countsAndValues.length; i += 2) {
            values.addAll(Collections.nCopies(countsAndValues[i], (double) countsAndValues[i + 1]));
        }
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
