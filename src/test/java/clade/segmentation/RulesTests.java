package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.CladeTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Method rules, on the orders of the R package rfm, against rules that the test follows itself. */
@CladeTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RulesTests {

    private static final String VALUE =
            "{\"key\":\"value\",\"asOf\":\"2006-12-31\",\"method\":{\"name\":\"k-means\",\"k\":4}}";

    private static final String RULES = """
            {"key":"upsell","name":"Upsell","asOf":"2006-12-31","features":["recency","monetary"],"method":{"name":"rules","segments":[
              {"key":"potential","name":"High potential","when":"segment('value') IN ('c1','c2') and frequency >= 6"},
              {"key":"gone","when":"recency>300 and not (monetary >= 500)"},
              {"key":"never","name":"Never","when":"frequency > 1000"},
              {"key":"shadow","name":"Shadow","when":"recency > 400 and monetary < 100"}],
             "otherwise":"The rest"}}""";

    @Autowired
    Api api;

    private String dataset;
    private JsonNode run;

    @BeforeAll
    void segmentTheOrders() {
        dataset = api.newDataset();
        api.uploadFile(dataset, "rfm_orders.csv");
        api.segment(dataset, VALUE);
        run = api.segment(dataset, RULES);
    }

    @Test
    void eachCustomerIsInTheFirstSegmentWhoseConditionIsTrue() {
        assertThat(run.get("status").asString()).as(run.toString()).isEqualTo("completed");
        Map<String, String> expected = new TreeMap<>();
        Map<String, JsonNode> values = MemberLists.of(api, dataset, "value");
        values.forEach((id, member) -> expected.put(id, ruled(member)));

        assertThat(MemberLists.segments(api, dataset, "upsell"))
                .isEqualTo(expected)
                .hasSize(995);
        JsonNode segments =
                api.get(dataset + "/segmentations/upsell/segments").json().get("segments");
        assertThat(segments.valueStream().map(segment -> segment.get("key").asString()))
                .containsExactly("potential", "gone", "never", "shadow", "other");
        assertThat(segments.valueStream().map(segment -> segment.get("name").asString()))
                .containsExactly("High potential", "gone", "Never", "Shadow", "The rest");
        for (JsonNode segment : segments) {
            String key = segment.get("key").asString();
            double revenue = values.entrySet().stream()
                    .filter(member -> expected.get(member.getKey()).equals(key))
                    .mapToDouble(member -> MemberLists.value(member.getValue(), "monetary"))
                    .sum();
            assertThat(segment.get("size").asLong()).isEqualTo(Collections.frequency(expected.values(), key));
            assertThat(segment.get("revenue").asDouble()).isEqualTo(revenue);
            assertThat(segment.get("centre").isNull()).isTrue();
            assertThat(segment.get("noise").asBoolean()).isFalse();
        }
    }

    private static String ruled(JsonNode member) {
        String value = member.get("segment").asString();
        double recency = MemberLists.value(member, "recency");
        double monetary = MemberLists.value(member, "monetary");
        if ((value.equals("c1") || value.equals("c2")) && MemberLists.value(member, "frequency") >= 6) {
            return "potential";
        }
        return recency > 300 && monetary < 500 ? "gone" : "other";
    }

    @Test
    void emptySegmentsAreThereAndAWarningSaysWhy() {
        long shadowed = MemberLists.of(api, dataset, "value").values().stream()
                .filter(member ->
                        MemberLists.value(member, "recency") > 400 && MemberLists.value(member, "monetary") < 100)
                .count();

        assertThat(shadowed).isPositive();
        assertThat(run.get("warnings").valueStream().map(JsonNode::asString))
                .containsExactly(
                        "Never is empty: frequency > 1000 is true of no customer.",
                        "Shadow is empty: earlier segments take all %d customers of whom recency > 400 and monetary < 100 is true."
                                .formatted(shadowed));
        JsonNode empty =
                api.get(dataset + "/segmentations/upsell/segments/never").json();
        assertThat(empty.get("size").asLong()).isZero();
        assertThat(empty.get("features").get("recency").isNull()).isTrue();
    }

    @Test
    void theDefinitionIsShownInItsNormalForm() {
        assertThat(run.get("definition").get("method").toString())
                .isEqualTo("{\"name\":\"rules\",\"segments\":[{\"key\":\"potential\",\"name\":\"High potential\","
                        + "\"when\":\"segment('value') in ('c1', 'c2') and frequency >= 6\"},"
                        + "{\"key\":\"gone\",\"name\":\"gone\",\"when\":\"recency > 300 and not (monetary >= 500)\"},"
                        + "{\"key\":\"never\",\"name\":\"Never\",\"when\":\"frequency > 1000\"},"
                        + "{\"key\":\"shadow\",\"name\":\"Shadow\",\"when\":\"recency > 400 and monetary < 100\"}],"
                        + "\"otherwise\":{\"key\":\"other\",\"name\":\"The rest\"}}");
    }

    @Test
    void membersAreListedExportedComparedAndProfiledAsAnywhere() {
        JsonNode page = api.get(dataset + "/segmentations/upsell/segments/gone/customers?limit=1")
                .json();
        JsonNode member = page.get("customers").get(0);
        String id = member.get("customerId").asString();

        assertThat(member.get("features").propertyNames()).containsExactly("recency", "monetary");
        assertThat(api.get(dataset + "/segmentations/upsell/segments/gone/customers", "Accept", "text/csv")
                        .body()
                        .lines()
                        .findFirst())
                .hasValue("customerId,recency,monetary,since");
        JsonNode comparison =
                api.get(dataset + "/comparisons?left=upsell&right=value").json();
        assertThat(comparison.get("customers").asLong()).isEqualTo(995);
        JsonNode profile = api.get(dataset + "/customers/"
                        + java.net.URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20"))
                .json();
        assertThat(profile.get("segments")
                        .valueStream()
                        .filter(one -> one.get("segmentation").asString().equals("upsell"))
                        .map(one -> one.get("name").asString()))
                .containsExactly("gone");
    }

    @Test
    void whatAsksForOtherSegmentsOrATimeOfItsOwnIsNotLive() {
        api.segment(dataset, VALUE.replace("\"value\"", "\"latest-value\"").replace("\"asOf\":\"2006-12-31\",", ""));
        JsonNode found =
                api.segment(dataset, rules("not-live", "{\"key\":\"a\",\"when\":\"segment('latest-value') = 'c1'\"}"));

        assertThat(run.get("live").asBoolean()).isFalse();
        assertThat(run.get("notLiveBecause").asString()).isEqualTo("The definition has an asOf of its own");
        assertThat(found.get("live").asBoolean()).isFalse();
        assertThat(found.get("notLiveBecause").asString())
                .isEqualTo(
                        "A condition asks for segments of latest-value, which follow no change of this customer alone");
    }

    @Test
    void rulesOnPurchasesFollowEachPurchase() {
        String live = api.newDataset();
        api.upload(
                live, "customerId,occurredAt,orderId,amount\na,2024-01-01,1,10\nb,2024-01-02,2,10\nb,2024-01-03,3,10");
        JsonNode first = api.segment(
                live,
                rules(
                        "often",
                        "{\"key\":\"twice\",\"when\":\"frequency >= 2\"},{\"key\":\"rich\",\"when\":\"monetary > 100\"}"));
        assertThat(first.get("live").asBoolean()).isTrue();
        assertThat(MemberLists.segments(api, live, "often")).isEqualTo(Map.of("a", "other", "b", "twice"));

        JsonNode report = api.upload(
                live, "customerId,occurredAt,orderId,amount\na,2024-01-03,4,10\nc,2024-01-03,5,200\nd,2024-01-03,6,1");

        assertThat(MemberLists.segments(api, live, "often"))
                .isEqualTo(Map.of("a", "twice", "b", "twice", "c", "rich", "d", "other"));
        assertThat(report.get("changes").size()).isEqualTo(3);
    }

    @Test
    void theOrderOfTheRowsMakesNoDifference() {
        List<String> lines = lines();
        List<String> rows = new ArrayList<>(lines.subList(1, lines.size()));
        Collections.shuffle(rows, new Random(7));
        String shuffled = api.newDataset();
        api.upload(shuffled, lines.get(0) + "\n" + String.join("\n", rows));
        api.segment(shuffled, VALUE);
        JsonNode again = api.segment(shuffled, RULES);

        assertThat(MemberLists.segments(api, shuffled, "upsell"))
                .isEqualTo(MemberLists.segments(api, dataset, "upsell"));
        assertThat(again.get("warnings")).isEqualTo(run.get("warnings"));
    }

    @Test
    void aSegmentationWithoutACompletedRunFailsTheRunAndSaysSo() {
        String fresh = api.newDataset();
        api.upload(fresh, "customerId,occurredAt,amount\na,2024-01-01,1");
        JsonNode failed = api.segment(fresh, "{\"key\":\"value\",\"method\":{\"name\":\"k-means\",\"k\":5}}");
        assertThat(failed.get("status").asString()).isEqualTo("failed");

        JsonNode found = api.segment(fresh, rules("after", "{\"key\":\"a\",\"when\":\"segment('value') = 'c1'\"}"));

        assertThat(found.get("status").asString()).isEqualTo("failed");
        assertThat(found.get("problem").get("code").asString()).isEqualTo("no-completed-run");
        assertThat(found.get("problem").get("detail").asString())
                .isEqualTo("A condition asks for segments of value, which has no completed run: run it first");

        api.delete(fresh + "/segmentations/value");
        JsonNode gone = api.finished(api.post(fresh + "/segmentations/after/runs", "{}"));
        assertThat(gone.get("status").asString()).isEqualTo("failed");
        assertThat(gone.get("problem").get("detail").asString())
                .contains("/method/segments/0/when, at character 1, segment: there is no segmentation value");
    }

    @Test
    void otherwiseMayBeAnObjectOrNothing() {
        JsonNode object = api.segment(
                dataset,
                "{\"key\":\"object\",\"method\":{\"name\":\"rules\",\"segments\":[{\"key\":\"other\",\"when\":\"frequency > 5\"}],"
                        + "\"otherwise\":{\"key\":\"rest\",\"name\":\"Rest\"}}}");
        JsonNode nothing = api.segment(dataset, rules("nothing", "{\"key\":\"a\",\"when\":\"frequency > 5\"}"));

        assertThat(object.get("definition").get("method").get("otherwise").toString())
                .isEqualTo("{\"key\":\"rest\",\"name\":\"Rest\"}");
        assertThat(nothing.get("definition").get("method").get("otherwise").toString())
                .isEqualTo("{\"key\":\"other\",\"name\":\"Other\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"key\":\"a\",\"when\":\"frequncy > 3\"}|/method/segments/0/when|when at character 1, frequncy: there is no feature frequncy; did you mean frequency?",
                "{\"key\":\"a\",\"when\":\"frequency > 3\"},{\"key\":\"b\",\"when\":\"frequency = 'x'\"}|/method/segments/1/when|when at character 13, 'x': frequency is a number",
                "{\"key\":\"a\",\"when\":\"attribute('plan') = 'x'\"}|/method/segments/0/when|there is no attribute plan; the dataset has no attributes: upload customers",
                "{\"key\":\"a\",\"when\":\"segment('valu') = 'x'\"}|/method/segments/0/when|there is no segmentation valu; did you mean value?",
                "{\"key\":\"a\",\"when\":\"segment('wrong') = 'x'\"}|/method/segments/0/when|when asks for segment('wrong'), which is this segmentation itself",
                "{\"key\":\"a\"}|/method/segments/0/when|when is needed: a condition such as",
                "{\"key\":\"A\",\"when\":\"frequency > 3\"}|/method/segments/0/key|key must be 1 to 63 lower-case letters",
                "{\"key\":\"a\",\"when\":\"frequency > 3\"},{\"key\":\"a\",\"when\":\"frequency > 3\"}|/method/segments/1/key|a is there twice",
                "{\"key\":\"other\",\"when\":\"frequency > 3\"}|/method/otherwise|otherwise needs a key of its own",
                "{\"key\":\"a\",\"when\":\"frequency > 3\",\"if\":1}|/method/segments/0/if|There is no field if",
                "7|/method/segments/0|0 must be an object",
            })
    void whatIsWrongIsNamed(String segments, String pointer, String message) {
        Api.Answer refused = api.post(dataset + "/segmentations", rules("wrong", segments));

        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        JsonNode fault = refused.json().get("errors").get(0);
        assertThat(fault.get("pointer").asString()).isEqualTo(pointer);
        assertThat(fault.get("message").asString()).contains(message);
    }

    @Test
    void aPreparationHasNoEffectAndIsRefused() {
        Api.Answer refused = api.post(
                dataset + "/segmentations",
                rules("prepared", "{\"key\":\"a\",\"when\":\"frequency > 3\"}")
                        .replace("{\"key\":\"prepared\"", "{\"preparation\":{},\"key\":\"prepared\""));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().get("errors").get(0).get("pointer").asString())
                .isEqualTo("/preparation");
    }

    static String rules(String key, String segments) {
        return "{\"key\":\"%s\",\"method\":{\"name\":\"rules\",\"segments\":[%s]}}".formatted(key, segments);
    }

    private static List<String> lines() {
        try (var in = RulesTests.class.getResourceAsStream("/data/rfm_orders.csv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().collect(Collectors.toList());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
