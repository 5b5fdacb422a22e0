package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.support.Api;
import clade.support.CladeTest;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** On the orders of the R package rfm 0.3.0; expected figures by R 4.2.2 and robustbase 0.95-0. */
@CladeTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplorationTests {

    @Autowired
    Api api;

    private String dataset;
    private JsonNode explored;

    @BeforeAll
    void explore() {
        dataset = api.newDataset();
        api.uploadFile(dataset, "rfm_orders.csv");
        explored = api.get(dataset + "/exploration?asOf=2006-12-31").json();
    }

    @Test
    void figuresAreThoseOfR() {
        JsonNode recency = explored.get("features").get(0);
        JsonNode monetary = explored.get("features").get(2);

        assertThat(explored.get("customers").asLong()).isEqualTo(995);
        assertThat(recency.get("name").asString()).isEqualTo("recency");
        assertThat(recency.get("p01").asDouble()).isEqualTo(9);
        assertThat(recency.get("p25").asDouble()).isEqualTo(132);
        assertThat(recency.get("median").asDouble()).isEqualTo(229);
        assertThat(recency.get("max").asDouble()).isEqualTo(976);
        assertThat(monetary.get("distinct").asInt()).isEqualTo(597);
        assertThat(monetary.get("mean").asDouble()).isCloseTo(466.49045226130653, within(1e-10));
        assertThat(monetary.get("standardDeviation").asDouble()).isCloseTo(240.51380649532544, within(1e-10));
        assertThat(monetary.get("p90").asDouble()).isCloseTo(795.6, within(1e-9));
        assertThat(monetary.get("skewness").asDouble()).isCloseTo(0.5606399126745026, within(1e-12));
        assertThat(monetary.get("skewnessAfterLog1p").asDouble()).isCloseTo(-1.2933347882394963, within(1e-12));
        assertThat(monetary.get("medcouple").asDouble()).isCloseTo(0.13620071684587814, within(1e-14));
        assertThat(monetary.get("outliers").get("count").asInt()).isEqualTo(35);
        assertThat(monetary.get("outliers").get("upper").asDouble()).isCloseTo(1980.7234708506567, within(1e-8));
        assertThat(monetary.get("histogram")
                        .get("counts")
                        .valueStream()
                        .mapToInt(JsonNode::asInt)
                        .sum())
                .isEqualTo(995);
    }

    @Test
    void correlationsAreThoseOfR() {
        JsonNode all = explored.get("correlations");
        JsonNode repeatBuyers = explored.get("repeatBuyers");

        assertThat(all.get("pearson").get(0).get(1).asDouble()).isCloseTo(-0.330747484488572, within(1e-12));
        assertThat(all.get("pearson").get(2).get(1).asDouble()).isCloseTo(0.845368567862257, within(1e-12));
        assertThat(all.get("spearman").get(0).get(2).asDouble()).isCloseTo(-0.27312929642301204, within(1e-12));
        assertThat(all.get("spearman").get(1).get(1).asDouble()).isEqualTo(1);
        assertThat(repeatBuyers.get("customers").asInt()).isEqualTo(953);
        assertThat(repeatBuyers.get("spearman").get(1).get(2).asDouble()).isCloseTo(0.8208291434868225, within(1e-12));
    }

    @Test
    void adviceNamesWhatTheDataShows() {
        List<String> ofMonetary = texts(explored.get("features").get(2).get("advice"));
        List<String> ofMethods = texts(explored.get("methodAdvice"));

        assertThat(ofMonetary)
                .contains(
                        "35 customers (3.5 %) lie outside 88.78 to 1,980.72, the fences after log1p: look at them, or cap.");
        assertThat(ofMethods)
                .anyMatch(advice -> advice.startsWith("rfm suits: each feature fills all 5 quantile bins"))
                .anyMatch(advice -> advice.startsWith("frequency and monetary go together (Spearman 0.84)"));
    }

    @Test
    void skewAndTiesOfARealShopAreNamedWithTheirFigures() {
        String shop = api.newDataset();
        StringBuilder csv = new StringBuilder("customerId,occurredAt,amount\n");
        for (int customer = 0; customer < 300; customer++) {
            for (int order = 0; order <= (customer % 3 == 0 ? customer % 10 : 0); order++) {
                csv.append("c%d,2024-%02d-%02d,%.2f\n"
                        .formatted(customer, 1 + order, 1 + customer % 28, Math.exp(customer / 40.0) - 0.5));
            }
        }
        api.upload(shop, csv.toString());
        JsonNode found = api.get(shop + "/exploration?features=frequency,monetary&returns=ignore")
                .json();

        assertThat(found.get("features").size()).isEqualTo(2);
        JsonNode frequency = found.get("features").get(0);
        assertThat(frequency.get("mostFrequent").toString()).isEqualTo("{\"value\":1.0,\"count\":210}");
        assertThat(texts(frequency.get("advice")))
                .contains("210 of 300 customers (70.0 %) have frequency 1; of 5 quantile bins 2 are used.");
        assertThat(texts(found.get("features").get(1).get("advice")))
                .anyMatch(advice -> advice.startsWith("monetary is strongly skewed (medcouple 0.")
                        && advice.endsWith("keep the transform log1p."));
        assertThat(texts(found.get("methodAdvice")))
                .anyMatch(advice -> advice.startsWith("rfm suits with fewer scores"))
                .anyMatch(advice -> advice.contains("see the 210 customers with frequency 1 as a plane"));
        assertThat(found.get("repeatBuyers").get("customers").asInt()).isEqualTo(90);
    }

    @Test
    void aWindowWithoutPurchasesAnswersWithoutFigures() {
        JsonNode nobody =
                api.get(dataset + "/exploration?asOf=1990-01-01&window=P1M").json();

        assertThat(nobody.get("customers").asLong()).isZero();
        assertThat(nobody.get("withoutPurchase").asLong()).isEqualTo(995);
        assertThat(nobody.get("features").get(0).get("median").isNull()).isTrue();
        assertThat(nobody.get("correlations").isNull()).isTrue();
        assertThat(texts(nobody.get("methodAdvice")).get(0)).startsWith("No customer has a purchase in that time");
    }

    @Test
    void oneCustomerIsNoReasonToFail() {
        String shop = api.newDataset();
        api.upload(shop, "customerId,occurredAt,amount\na,2024-01-01,5\n");
        JsonNode found = api.get(shop + "/exploration").json();

        assertThat(found.get("features").get(2).get("skewness").isNull()).isTrue();
        assertThat(found.get("correlations").get("pearson").toString())
                .isEqualTo("[[null,null,null],[null,null,null],[null,null,null]]");
        assertThat(texts(found.get("features").get(2).get("advice")))
                .containsExactly("monetary is 5 for everybody and separates nothing: leave it out.");
    }

    @ParameterizedTest
    @CsvSource({
        "features=recency%2Cage,features",
        "features=recency%2Crecency,features",
        "features=,features",
        "asOf=yesterday,asOf",
        "window=P0D,window",
        "returns=keep,returns",
        "frequency=visits,frequency",
        "bins=3,bins"
    })
    void whatIsWrongIsNamed(String query, String parameter) {
        Api.Answer refused = api.get(dataset + "/exploration?" + query);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().get("errors").get(0).get("parameter").asString())
                .isEqualTo(parameter);
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }
}
