package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.CladeTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@CladeTest
class NoiseReasonTests {

    private static final List<String> REASONS = List.of("whale", "bulk", "dormant", "new", "in-between");

    private static final Pattern ROW = Pattern.compile(
            ",(?<quantity>-?\\d+),\"?(?<at>[-\\d]+ [:\\d]+)\"?,(?<price>-?[.\\d]+),\"?(?<customer>\\d+)\"?,[^,]+$");

    @Autowired
    Api api;

    /** A quarter of the customers are enough, and when each bought first is read off the file itself. */
    @Test
    void reasonsOfAShopsNoiseAreThoseRecountedFromItsMembers() throws IOException {
        StringBuilder csv = new StringBuilder();
        Map<String, Instant> first = new HashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(NoiseReasonTests.class.getResourceAsStream("/data/online_retail.csv.gz")),
                StandardCharsets.UTF_8))) {
            csv.append(lines.readLine()).append('\n');
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher row = ROW.matcher(line);
                if (row.find() && Integer.parseInt(row.group("customer")) % 4 == 0) {
                    csv.append(line).append('\n');
                    if (Integer.parseInt(row.group("quantity")) > 0 && Double.parseDouble(row.group("price")) > 0) {
                        Instant at = LocalDateTime.parse(row.group("at").replace(' ', 'T'))
                                .toInstant(ZoneOffset.UTC);
                        first.merge(row.group("customer"), at, (one, other) -> one.isBefore(other) ? one : other);
                    }
                }
            }
        }
        String dataset = api.newDataset();
        api.upload(dataset, csv.toString());
        api.segment(
                dataset,
                "{\"key\":\"dense\",\"method\":{\"name\":\"dbscan\",\"eps\":0.3,\"minPoints\":10},\"asOf\":\"2011-12-10T12:50:00\"}");
        reasonsAreTrue(dataset, "dense", first, Instant.parse("2011-12-10T12:50:00Z"));
    }

    private void reasonsAreTrue(
            String dataset, String segmentation, Map<String, Instant> firstPurchases, Instant asOf) {
        String path = dataset + "/segmentations/" + segmentation + "/segments";
        JsonNode segments = api.get(path).json().get("segments");
        List<Double> recency = new ArrayList<>();
        List<Double> monetary = new ArrayList<>();
        List<String[]> noise = new ArrayList<>();
        for (JsonNode segment : segments) {
            for (String[] cells : csv(path + "/" + segment.get("key").asString() + "/customers")) {
                recency.add(Double.parseDouble(cells[1]));
                monetary.add(Double.parseDouble(cells[3]));
                if (segment.get("noise").asBoolean()) {
                    noise.add(cells);
                }
            }
            assertThat(segment.get("reasons").isNull())
                    .isNotEqualTo(segment.get("noise").asBoolean());
        }
        double whale = quantile(monetary, 0.99);
        double bulk = quantile(monetary, 0.95);
        double dormant = quantile(recency, 0.9);
        Instant begin = Collections.min(firstPurchases.values());
        Instant newSince = asOf.minus(Duration.between(begin, asOf).dividedBy(10));
        Map<String, Integer> sizes = new HashMap<>();
        Map<String, BigDecimal> revenues = new HashMap<>();
        assertThat(noise).isNotEmpty();
        for (String[] cells : noise) {
            double days = Double.parseDouble(cells[1]);
            double orders = Double.parseDouble(cells[2]);
            double money = Double.parseDouble(cells[3]);
            Instant first = firstPurchases.get(cells[0]);
            String expected = money >= whale
                    ? "whale"
                    : orders == 1 && money >= bulk
                            ? "bulk"
                            : orders > 1 && days >= dormant
                                    ? "dormant"
                                    : !first.isBefore(newSince) ? "new" : "in-between";
            assertThat(reason(cells)).as(String.join(",", cells)).isEqualTo(expected);
            sizes.merge(expected, 1, Integer::sum);
            revenues.merge(expected, new BigDecimal(cells[3]), BigDecimal::add);
        }
        JsonNode told = segments.get(segments.size() - 1).get("reasons");
        assertThat(told).hasSize(5);
        for (int i = 0; i < 5; i++) {
            String reason = REASONS.get(i);
            assertThat(told.get(i).get("reason").asString()).isEqualTo(reason);
            assertThat(told.get(i).get("size").asInt()).isEqualTo(sizes.getOrDefault(reason, 0));
            assertThat(told.get(i).get("revenue").asDouble())
                    .isEqualTo(revenues.getOrDefault(reason, BigDecimal.ZERO).doubleValue());
            listsHold(
                    path,
                    reason,
                    noise.stream()
                            .filter(cells -> reason(cells).equals(reason))
                            .map(cells -> cells[0])
                            .toList());
        }
    }

    /** CSV, NDJSON and pages hold these customers, in this order. */
    private void listsHold(String path, String reason, List<String> customers) {
        String list = path + "/noise/customers?reason=" + reason;
        assertThat(csv(list).stream().map(cells -> cells[0]).toList()).isEqualTo(customers);
        List<String> lines =
                api.get(list, "Accept", "application/x-ndjson").body().lines().toList();
        assertThat(lines.stream()
                        .map(line -> JsonMapper.shared()
                                .readTree(line)
                                .get("customerId")
                                .asString())
                        .toList())
                .isEqualTo(customers);
        List<String> paged = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = api.get(list + "&limit=7" + cursor).json();
            page.get("customers").forEach(member -> {
                assertThat(member.get("reason").asString()).isEqualTo(reason);
                paged.add(member.get("customerId").asString());
            });
            cursor = page.get("next").isNull()
                    ? null
                    : "&cursor=" + page.get("next").asString();
        } while (cursor != null);
        assertThat(paged).isEqualTo(customers);
    }

    @Test
    void aCustomerWhoComesIntoNoiseLiveHasAReasonAndIsCounted() {
        String dataset = api.newDataset();
        StringBuilder csv = new StringBuilder("CustomerID,OrderID,Date,Amount\n");
        for (int i = 0; i < 60; i++) {
            csv.append("d%d,a%d,2020-0%d-1%d,%d\n".formatted(i, i, 1 + i % 9, i % 7, 40 + i % 5));
            csv.append("d%d,b%d,2020-11-0%d,%d\n".formatted(i, i, 1 + i % 4, 40 + i % 7));
        }
        api.upload(dataset, csv + "far,f1,2020-02-01,9000\nfar,f2,2020-02-02,9000\n");
        api.segment(dataset, "{\"key\":\"dense\",\"method\":{\"name\":\"dbscan\",\"eps\":1.0,\"minPoints\":5}}");
        String path = dataset + "/segmentations/dense/segments/noise";
        assertThat(api.get(path).json().get("size").asInt()).isEqualTo(1);
        assertThat(csv(path + "/customers?reason=whale")).hasSize(1);

        api.upload(dataset, "CustomerID,OrderID,Date,Amount\nd7,huge,2020-11-05,30000.25\nfresh,x,2020-11-05,2\n");
        JsonNode noise = api.get(path).json();
        Map<String, Integer> sizes = new HashMap<>();
        Map<String, BigDecimal> revenues = new HashMap<>();
        for (String[] cells : csv(path + "/customers")) {
            sizes.merge(reason(cells), 1, Integer::sum);
            revenues.merge(reason(cells), new BigDecimal(cells[3]), BigDecimal::add);
        }
        assertThat(noise.get("size").asInt())
                .isEqualTo(sizes.values().stream().mapToInt(Integer::intValue).sum())
                .isGreaterThan(1);
        assertThat(sizes).containsEntry("whale", 2);
        for (JsonNode reason : noise.get("reasons")) {
            String name = reason.get("reason").asString();
            assertThat(reason.get("size").asInt()).isEqualTo(sizes.getOrDefault(name, 0));
            assertThat(reason.get("revenue").asDouble())
                    .isEqualTo(revenues.getOrDefault(name, BigDecimal.ZERO).doubleValue());
        }
    }

    @Test
    void reasonsThatAreNoneAreRefused() {
        String dataset = api.newDataset();
        api.upload(dataset, "CustomerID,OrderID,Date,Amount\na,1,2020-01-01,5\nb,2,2020-01-02,6\nc,3,2020-01-03,5\n");
        api.segment(dataset, "{\"key\":\"s\",\"method\":{\"name\":\"k-means\",\"k\":2}}");
        Api.Answer unknown = api.get(dataset + "/segmentations/s/segments/c1/customers?reason=rich");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.body()).contains("whale, bulk, dormant, new, in-between");
        Api.Answer cluster = api.get(dataset + "/segmentations/s/segments/c1/customers?reason=new");
        assertThat(cluster.status()).isEqualTo(400);
        assertThat(cluster.body()).contains("Only the segment noise has reasons");
    }

    private List<String[]> csv(String path) {
        Api.Answer answer = api.get(path, "Accept", "text/csv");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.body().lines().skip(1).map(line -> line.split(",", -1)).toList();
    }

    /** Before the time, and after what the method says of its members, which is empty for who came live. */
    private static String reason(String[] cells) {
        return cells[cells.length - 2];
    }

    private static double quantile(List<Double> values, double p) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return clade.statistics.Quantiles.at(sorted, p);
    }
}
