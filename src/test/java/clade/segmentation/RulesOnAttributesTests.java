package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.CladeTest;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Conditions on attributes and wider features, in rules and as a population; few enough customers to see by eye. */
@CladeTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RulesOnAttributesTests {

    /** Customers a to f; by 2024-07-01 a has four orders within 90 days, b three, e and f none. */
    private static final String ORDERS = """
            customerId,occurredAt,orderId,amount
            a,2024-04-10,1,10
            a,2024-05-01,2,10
            a,2024-05-20,3,10
            a,2024-06-20,4,10
            b,2024-04-05,5,20
            b,2024-05-05,6,20
            b,2024-06-05,7,20
            c,2024-06-01,8,300
            d,2024-06-02,9,40
            e,2023-01-01,10,50
            f,2023-02-01,11,60""";

    @Autowired
    Api api;

    @Autowired
    JdbcClient jdbc;

    private String dataset;

    @BeforeAll
    void upload() {
        dataset = api.newDataset();
        api.upload(dataset, ORDERS);
        attributes(
                dataset,
                Map.of("plan", "text", "age", "number", "vip", "boolean", "joined", "date"),
                Map.of(
                        "a", "{\"plan\":\"basic\",\"age\":30,\"vip\":false,\"joined\":\"2024-04-01\"}",
                        "b", "{\"plan\":\"gold\",\"age\":41.5,\"vip\":true,\"joined\":\"2024-04-01T08:30:00\"}",
                        "c", "{\"plan\":\"basic\",\"joined\":\"2023-12-31\"}",
                        "d", "{\"age\":30}"));
    }

    @Test
    void theUpsellOfTheGuides() {
        JsonNode run = segment(
                "upsell",
                "{\"key\":\"upsell\",\"when\":\"attribute('plan') = 'basic' and ordersIn('P90D') >= 3\"},"
                        + "{\"key\":\"unknown\",\"when\":\"attribute('plan') is missing\"},"
                        + "{\"key\":\"not-basic\",\"when\":\"not attribute('plan') = 'basic'\"}");

        assertThat(segments("upsell"))
                .isEqualTo(Map.of(
                        "a", "upsell", "b", "not-basic", "c", "other", "d", "unknown", "e", "unknown", "f", "unknown"));
        assertThat(run.get("notLiveBecause").asString()).isEqualTo("The definition has an asOf of its own");
        assertThat(run.get("customers").asInt()).isEqualTo(6);
        assertThat(run.get("excluded").asInt()).isZero();
    }

    @Test
    void numbersBooleansAndDatesAreComparedAsWhatTheyAre() {
        segment(
                "types",
                "{\"key\":\"vips\",\"when\":\"attribute('vip') = true and attribute('age') > 41\"},"
                        + "{\"key\":\"april\",\"when\":\"attribute('joined') = '2024-04-01'\"},"
                        + "{\"key\":\"before\",\"when\":\"attribute('joined') < '2024-01-01'\"},"
                        + "{\"key\":\"thirty\",\"when\":\"attribute('age') in (30, 31)\"},"
                        + "{\"key\":\"regular\",\"when\":\"meanGap is not missing\"}");

        assertThat(segments("types"))
                .isEqualTo(Map.of("a", "april", "b", "vips", "c", "before", "d", "thirty", "e", "other", "f", "other"));
    }

    @Test
    void aPopulationMayBeACondition() {
        JsonNode run = api.segment(dataset, """
                {"key":"clusters","asOf":"2024-07-01","population":{"when":"ordersIn('P90D')>=1 and attribute('plan') is not missing"},
                 "method":{"name":"k-means","k":2}}""");

        assertThat(run.get("status").asString()).as(run.toString()).isEqualTo("completed");
        assertThat(run.get("customers").asInt()).isEqualTo(3);
        assertThat(segments("clusters").keySet()).containsExactly("a", "b", "c");
        assertThat(run.get("definition").get("population").toString())
                .isEqualTo("{\"when\":\"ordersIn('P90D') >= 1 and attribute('plan') is not missing\"}");
        assertThat(run.get("live").asBoolean()).isFalse();
    }

    @Test
    void rulesMayBeAboutAttributesAlone() {
        JsonNode run = api.segment(dataset, """
                {"key":"ages","features":["attribute:age"],
                 "method":{"name":"rules","segments":[{"key":"young","when":"attribute('age') < 40"}],"otherwise":{"key":"rest"}}}""");

        assertThat(run.get("status").asString()).as(run.toString()).isEqualTo("completed");
        assertThat(segments("ages"))
                .isEqualTo(Map.of("a", "young", "b", "rest", "c", "rest", "d", "young", "e", "rest", "f", "rest"));
        JsonNode rest = api.get(dataset + "/segmentations/ages/segments/rest").json();
        assertThat(rest.get("features").get("attribute:age").get("median").asDouble())
                .isEqualTo(41.5);
    }

    @Test
    void scoresAreThoseOfTheRunsCustomers() {
        segment("scores", "{\"key\":\"best\",\"when\":\"monetaryScore = 5\"}");

        assertThat(segments("scores"))
                .isEqualTo(Map.of("a", "other", "b", "other", "c", "best", "d", "other", "e", "other", "f", "other"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "attribute('Plan') = 'basic'|there is no attribute Plan; did you mean plan? There are age, joined, plan, vip",
                "plan = 'basic'|there is no feature plan",
                "attribute('plan') > 3|attribute('plan') is a text and can't be compared with 3",
                "attribute('joined') > 'May'|a date is written '2024-01-31'",
                "ordersIn('P0D') > 3|the period must be a period such as P12M, P90D or P1Y, longer than none",
                "ordersIn > 3|ordersIn: needs a period, such as ordersIn('P90D')",
                "segment('none') = 'a'|there is no segmentation none"
            })
    void whatIsWrongIsNamedInRulesAndPopulationsAlike(String condition, String message) {
        Api.Answer rules = api.post(
                dataset + "/segmentations",
                definition("wrong", "{\"key\":\"a\",\"when\":\"%s\"}".formatted(condition)));
        Api.Answer population = api.post(
                dataset + "/segmentations",
                "{\"key\":\"wrong\",\"population\":{\"when\":\"%s\"},\"method\":{\"name\":\"rfm\"}}"
                        .formatted(condition));

        assertRefused(rules, "/method/segments/0/when", message);
        assertRefused(population, "/population/when", message);
    }

    private static void assertRefused(Api.Answer refused, String pointer, String message) {
        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        JsonNode fault = refused.json().get("errors").get(0);
        assertThat(fault.get("pointer").asString()).isEqualTo(pointer);
        assertThat(fault.get("message").asString()).contains(message);
    }

    @Test
    void aPopulationCanNotAskForScoresNorForItself() {
        Api.Answer scores = api.post(
                dataset + "/segmentations",
                "{\"key\":\"wrong\",\"population\":{\"when\":\"recencyScore > 3\"},\"method\":{\"name\":\"rfm\"}}");
        Api.Answer itself = api.post(
                dataset + "/segmentations",
                "{\"key\":\"wrong\",\"population\":{\"when\":\"segment('wrong') = 'a'\"},\"method\":{\"name\":\"rfm\"}}");

        assertThat(scores.status()).isEqualTo(400);
        assertThat(scores.body()).contains("scores are counted within the population: ask for recency itself");
        assertThat(itself.status()).isEqualTo(400);
        assertThat(itself.body()).contains("which is this segmentation itself");
    }

    private JsonNode segment(String key, String rules) {
        JsonNode run = api.segment(dataset, definition(key, rules));
        assertThat(run.get("status").asString()).as(run.toString()).isEqualTo("completed");
        return run;
    }

    private static String definition(String key, String rules) {
        return "{\"key\":\"%s\",\"asOf\":\"2024-07-01\",\"method\":{\"name\":\"rules\",\"segments\":[%s]}}"
                .formatted(key, rules);
    }

    private Map<String, String> segments(String segmentation) {
        return MemberLists.segments(api, dataset, segmentation);
    }

    /** Attributes by name, and what is known of the customers that are there. */
    private void attributes(String of, Map<String, String> types, Map<String, String> contents) {
        long id = jdbc.sql("select id from dataset where key = :key")
                .param("key", of.substring(of.lastIndexOf('/') + 1))
                .query(Long.class)
                .single();
        types.forEach((name, type) -> jdbc.sql(
                        "insert into attribute (dataset_id, name, type) values (:dataset, :name, :type)")
                .param("dataset", id)
                .param("name", name)
                .param("type", type)
                .update());
        contents.forEach((customer, content) -> jdbc.sql("""
                        insert into customer_attributes (customer_id, dataset_id, content)
                        select id, :dataset, cast(:content as jsonb) from customer where dataset_id = :dataset and customer_id = :customer""")
                .param("dataset", id)
                .param("customer", customer)
                .param("content", content)
                .update());
    }
}
