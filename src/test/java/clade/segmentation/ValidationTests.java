package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.support.Api;
import clade.support.CladeTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Each figure of a validation is computed anew from the members as of the start and the rows that were uploaded. */
@CladeTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ValidationTests {

    private static final String START = "2023-10-03";
    private static final String END = "2024-01-01";

    @Autowired
    Api api;

    @Autowired
    JdbcClient jdbc;

    private Shop shop;
    private String path;
    private JsonNode found;

    @BeforeAll
    void validate() {
        shop = Shop.of(api, 400, 11, "{}");
        api.segment(shop.dataset(), "{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\"}}");
        path = shop.dataset() + "/segmentations/rfm/validations";
        found = validated(path, "P90D");
        // the same definition as of the start, whose members the API lists
        api.segment(shop.dataset(), "{\"key\":\"then\",\"asOf\":\"" + START + "\",\"method\":{\"name\":\"rfm\"}}");
    }

    private JsonNode validated(String validations, String horizon) {
        return api.finished(api.post(validations, "{\"horizon\":\"" + horizon + "\"}"));
    }

    @Test
    void whoLackedAFeatureThenIsCounted() {
        Shop shop = Shop.of(api, 80, 4, "{}");
        api.segment(
                shop.dataset(),
                "{\"key\":\"gap\",\"features\":[\"recency\",\"meanGap\"],\"method\":{\"name\":\"k-means\",\"k\":2}}");

        JsonNode found =
                api.finished(api.post(shop.dataset() + "/segmentations/gap/validations", "{\"horizon\":\"P60D\"}"));

        assertThat(found.get("status").asString()).as("%s", found).isEqualTo("completed");
        String start = found.get("asOf").asString().substring(0, 10);
        List<Integer> orders = shop.rows().stream()
                .map(Shop.Row::customer)
                .distinct()
                .map(customer -> shop.orders(customer, "2023-01-01", start))
                .toList();
        long onlyOne = orders.stream().filter(count -> count == 1).count();
        assertThat(onlyOne).isPositive();
        assertThat(found.get("missing").get("meanGap").asLong()).isEqualTo(onlyOne);
        assertThat(found.get("excluded").asLong()).isEqualTo(onlyOne);
        assertThat(found.get("customers").asLong())
                .isEqualTo(orders.stream().filter(count -> count > 1).count());
    }

    @Test
    void itIsQueuedLikeARun() {
        Api.Answer accepted = api.post(path, "{\"horizon\":\"P90D\"}");

        assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
        long id = accepted.json().get("id").asLong();
        assertThat(accepted.header("Location")).isEqualTo(path + "/" + id);
        assertThat(accepted.json().get("horizon").asString()).isEqualTo("P90D");
        JsonNode done = api.finished(accepted);
        assertThat(done.get("segments")).isEqualTo(found.get("segments"));
        assertThat(done.get("repeat")).isEqualTo(found.get("repeat"));
        assertThat(done.get("revenue")).isEqualTo(found.get("revenue"));
        JsonNode listed = api.get(path).json().get("validations");
        assertThat(listed.get(0).get("id").asLong()).isEqualTo(id);
        assertThat(listed.get(0).has("segments")).isFalse();
        assertThat(api.delete(path + "/" + id).json().get("code").asString()).isEqualTo("validation-finished");
    }

    @Test
    void whatEachSegmentDidSinceIsCountedInTheRows() {
        assertThat(found.get("status").asString()).as(found.toString()).isEqualTo("completed");
        assertThat(found.get("asOf").asString()).isEqualTo(START + "T00:00:00Z");
        assertThat(found.get("until").asString()).isEqualTo(END + "T00:00:00Z");
        Map<String, List<JsonNode>> members = shop.members(api, "then");
        for (JsonNode since : found.get("segments")) {
            List<String> customers = members.getOrDefault(since.get("segment").asString(), List.of()).stream()
                    .map(member -> member.get("customerId").asString())
                    .toList();
            double[] orders = customers.stream()
                    .mapToDouble(c -> shop.orders(c, START, END))
                    .toArray();
            double[] revenue = customers.stream()
                    .mapToDouble(c -> shop.revenue(c, START, END))
                    .toArray();
            int n = customers.size();
            assertThat(since.get("customers").asLong()).isEqualTo(n);
            assertThat(since.get("revenueBefore").asDouble())
                    .isCloseTo(
                            customers.stream()
                                    .mapToDouble(c -> shop.revenue(c, "2023-07-05", START))
                                    .sum(),
                            within(1e-6));
            if (n == 0) {
                assertThat(since.get("repeat").isNull()).isTrue();
                continue;
            }
            long again = Arrays.stream(orders).filter(count -> count > 0).count();
            double rate = (double) again / n;
            assertThat(since.get("repeat").get("customers").asLong()).isEqualTo(again);
            assertThat(since.get("repeat").get("rate").asDouble()).isEqualTo(rate);
            // Wilson's limits are the two p with |rate - p| = 1.96 sqrt(p (1 - p) / n)
            for (String limit : List.of("lower", "upper")) {
                double p = since.get("repeat").get(limit).asDouble();
                assertThat(Math.abs(rate - p)).isCloseTo(1.959963984540054 * Math.sqrt(p * (1 - p) / n), within(1e-9));
            }
            check(since.get("orders"), orders);
            check(since.get("revenue"), revenue);
        }
    }

    private static void check(JsonNode amount, double[] values) {
        double mean = Arrays.stream(values).sum() / values.length;
        assertThat(amount.get("total").asDouble())
                .isCloseTo(Arrays.stream(values).sum(), within(1e-6));
        assertThat(amount.get("mean").asDouble()).isCloseTo(mean, within(1e-9));
        if (values.length > 1) {
            assertThat(amount.get("lower").asDouble() + amount.get("upper").asDouble())
                    .isCloseTo(2 * mean, within(1e-6));
        }
    }

    @Test
    void separationIsComputedOverTheSameCustomers() {
        List<Integer> segment = new ArrayList<>();
        List<Double> again = new ArrayList<>();
        List<Double> recency = new ArrayList<>();
        int index = 0;
        for (List<JsonNode> members : shop.members(api, "then").values()) {
            for (JsonNode member : members) {
                segment.add(index);
                again.add(shop.orders(member.get("customerId").asString(), START, END) > 0 ? 1.0 : 0.0);
                recency.add(member.get("features").get("recency").asDouble());
            }
            index++;
        }
        double[] sorted = recency.stream().mapToDouble(d -> d).sorted().toArray();
        double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        List<Integer> cut = recency.stream().map(days -> days <= median ? 0 : 1).toList();

        JsonNode repeat = found.get("repeat");

        assertThat(repeat.get("explained").asDouble()).isCloseTo(epsilonSquared(again, segment), within(1e-9));
        assertThat(repeat.get("recencyCut").get("days").asDouble()).isEqualTo(median);
        assertThat(repeat.get("recencyCut").get("explained").asDouble())
                .isCloseTo(epsilonSquared(again, cut), within(1e-9));
        assertThat(repeat.get("recencyCut").get("difference").asDouble())
                .isCloseTo(epsilonSquared(again, segment) - epsilonSquared(again, cut), within(1e-9));
        assertThat(repeat.get("chance").asDouble()).isCloseTo(0, within(0.01));
        assertThat(repeat.get("betterThanChance").asBoolean()).isTrue();
        assertThat(repeat.get("pValue").asDouble()).isEqualTo(0.001);
        assertThat(found.get("findings").get(1).asString())
                .startsWith("The segments tell who bought again better than chance: they explain ");
    }

    private static double epsilonSquared(List<Double> values, List<Integer> groups) {
        double n = values.size();
        double k = groups.stream().distinct().count();
        double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
        double total = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
        double within = 0;
        for (int group : groups.stream().distinct().toList()) {
            List<Double> own = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                if (groups.get(i) == group) {
                    own.add(values.get(i));
                }
            }
            double ownMean = own.stream().mapToDouble(v -> v).average().orElseThrow();
            within +=
                    own.stream().mapToDouble(v -> (v - ownMean) * (v - ownMean)).sum();
        }
        return 1 - within / (n - k) / (total / (n - 1));
    }

    @Test
    void segmentsOfACoinTellNothingOfTheFuture() {
        // what a customer does in the horizon is drawn without regard to what it did before
        SplittableRandom random = new SplittableRandom(23);
        StringBuilder csv = new StringBuilder("CustomerID,InvoiceDate,Amount\n");
        for (int customer = 0; customer < 300; customer++) {
            csv.append("c%d,2023-0%d-%02d,%d\n"
                    .formatted(customer, 1 + random.nextInt(6), 1 + random.nextInt(28), 5 + random.nextInt(90)));
            if (random.nextInt(3) == 0) {
                csv.append("c%d,2023-08-15,%d\n".formatted(customer, 5 + random.nextInt(90)));
            }
        }
        String dataset = api.newDataset();
        api.upload(dataset, csv.toString());
        api.segment(dataset, "{\"key\":\"v\",\"asOf\":\"2023-09-01\",\"method\":{\"name\":\"k-means\",\"k\":4}}");

        JsonNode validation = validated(dataset + "/segmentations/v/validations", "P31D");

        JsonNode repeat = validation.get("repeat");
        assertThat(repeat.get("betterThanChance").asBoolean())
                .as(validation.toString())
                .isFalse();
        assertThat(repeat.get("recencyCut").get("verdict").asString()).isEqualTo("no-difference");
        assertThat(validation.get("findings").get(1).asString())
                .startsWith("The segments do not tell who bought again better than chance");
        assertThat(validation.get("warnings").valueStream().map(JsonNode::asString))
                .anyMatch(warning -> warning.startsWith("Clusters were found anew"))
                .anyMatch(warning -> warning.startsWith("The transactions end on 2023-08-15, before the horizon does"));
    }

    @Test
    void aHorizonBeyondTheHistoryFailsWithItsReason() {
        JsonNode validation = validated(path, "P2Y");

        assertThat(validation.get("status").asString()).isEqualTo("failed");
        assertThat(validation.get("problem").get("code").asString()).isEqualTo("not-enough-history");
        assertThat(validation.get("problem").get("detail").asString())
                .contains("the transactions begin on 2023-01-01", "Ask for a shorter horizon");
        assertThat(validation.has("segments")).isFalse();
        String empty = api.newDataset();
        api.segment(empty, "{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\"}}");
        assertThat(validated(empty + "/segmentations/rfm/validations", "P90D")
                        .get("problem")
                        .get("detail")
                        .asString())
                .contains("the dataset has no transactions");
        api.segment(shop.dataset(), "{\"key\":\"late\",\"asOf\":\"2025-01-01\",\"method\":{\"name\":\"rfm\"}}");
        assertThat(validated(shop.dataset() + "/segmentations/late/validations", "P90D")
                        .get("problem")
                        .get("detail")
                        .asString())
                .contains("the transactions end on 2023-12-31");
    }

    @Test
    void aHistoryThatIsShortSaysSo() {
        JsonNode validation = validated(path, "P200D");

        assertThat(validation.get("status").asString()).isEqualTo("completed");
        assertThat(validation.get("warnings").get(0).asString())
                .startsWith("The transactions begin on 2023-01-01, less than 200 days before the horizon");
    }

    @Test
    void anAbandonedValidationIsTakenUpAgainAndAQueuedOneCancelled() {
        long id = api.post(path, "{\"horizon\":\"P90D\"}").json().get("id").asLong();
        api.finished(path + "/" + id);
        // as if the instance that computes it had died, and its task were lost with it
        jdbc.sql(
                        "update validation set status = 'running', held = null, finished_at = null, attempt = gen_random_uuid(), attempts = 1,"
                                + " heartbeat_at = now() - interval '1 hour' where id = :id")
                .param("id", id)
                .update();

        JsonNode done = api.finished(path + "/" + id);

        assertThat(done.get("status").asString()).isEqualTo("completed");
        assertThat(done.get("segments")).isEqualTo(found.get("segments"));
        long waiting = jdbc.sql("""
                        insert into validation (segmentation_id, status, definition, horizon, queued_at, heartbeat_at)
                        select segmentation_id, 'queued', definition, horizon, now(), now() from validation where id = :id
                        returning id""").param("id", id).query(Long.class).single();
        Api.Answer cancelled = api.delete(path + "/" + waiting);
        assertThat(cancelled.status()).isEqualTo(202);
        assertThat(cancelled.json().get("status").asString()).isEqualTo("cancelled");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | /horizon | horizon is needed",
                "{\"horizon\":\"soon\"} | /horizon | must be a period",
                "{\"horizon\":\"P0D\"} | /horizon | longer than none",
                "{\"horizon\":\"P90D\",\"seed\":1} | /seed | There is no field seed",
            })
    void aWrongBodyIsRefusedWithItsField(String body, String pointer, String message) {
        Api.Answer answer = api.post(path, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("errors").get(0).get("pointer").asString()).isEqualTo(pointer);
        assertThat(answer.json().get("errors").get(0).get("message").asString()).contains(message);
    }

    @Test
    void whatIsNotThereIs404() {
        assertThat(api.get(path + "/0").status()).isEqualTo(404);
        assertThat(api.delete(path + "/0").status()).isEqualTo(404);
        assertThat(api.post(shop.dataset() + "/segmentations/none/validations", "{\"horizon\":\"P90D\"}")
                        .status())
                .isEqualTo(404);
    }
}
