package clade.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.CladeTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

@CladeTest
class DatasetTests {

    @Autowired
    Api api;

    @Test
    void aNewDatasetHasTheDefaultsAndNothingInIt() {
        String key = "shop-" + UUID.randomUUID();
        Api.Answer made = api.post("/api/v1/datasets", "{\"key\":\"%s\"}".formatted(key));

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("Location")).isEqualTo("/api/v1/datasets/" + key);
        JsonNode dataset = api.get("/api/v1/datasets/" + key).json();
        assertThat(dataset).isEqualTo(made.json());
        assertThat(dataset.get("name").asString()).isEqualTo(key);
        assertThat(dataset.get("currency").isNull()).isTrue();
        assertThat(dataset.get("timeZone").asString()).isEqualTo("UTC");
        assertThat(dataset.get("cancellationPattern").asString()).isEqualTo("^C\\d+$");
        assertThat(dataset.get("customers").asLong()).isZero();
        assertThat(dataset.get("transactions").asLong()).isZero();
        assertThat(dataset.get("firstTransactionAt").isNull()).isTrue();
        assertThat(dataset.get("lastTransactionAt").isNull()).isTrue();
    }

    @Test
    void anExplicitNullSwitchesThePatternOff() {
        assertThat(api.get(api.newDataset("{\"cancellationPattern\":null}"))
                        .json()
                        .get("cancellationPattern")
                        .isNull())
                .isTrue();
    }

    @Test
    void aTakenKeyIsAConflict() {
        String path = api.newDataset();
        String key = path.substring(path.lastIndexOf('/') + 1);

        Api.Answer again = api.post("/api/v1/datasets", "{\"key\":\"%s\"}".formatted(key));

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(again.json().get("errors").get(0).get("code").asString()).isEqualTo("key-taken");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                            | /key
            {"key":"Shop"}                                | /key
            {"key":"-shop"}                               | /key
            {"key":"a/b"}                                 | /key
            {"key":7}                                     | /key
            {"key":"ok-1","currency":"POUND"}             | /currency
            {"key":"ok-1","timeZone":"Europe/Lond"}       | /timeZone
            {"key":"ok-1","cancellationPattern":"C(["}    | /cancellationPattern
            {"key":"ok-1","name":" "}                     | /name
            {"key":"ok-1","colour":"red"}                 | /colour
            """)
    void aWrongFieldIsNamed(String body, String pointer) {
        Api.Answer refused = api.post("/api/v1/datasets", body);

        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.json().get("errors").get(0).get("pointer").asString())
                .isEqualTo(pointer);
    }

    @Test
    void aPatchChangesOnlyWhatItNames() {
        String path = api.newDataset("{\"currency\":\"GBP\",\"name\":\"Shop\"}");

        JsonNode changed = api.patch(path, "{\"timeZone\":\"Europe/London\",\"currency\":null}")
                .json();

        assertThat(changed.get("timeZone").asString()).isEqualTo("Europe/London");
        assertThat(changed.get("currency").isNull()).isTrue();
        assertThat(changed.get("name").asString()).isEqualTo("Shop");
        assertThat(api.patch(path, "{\"key\":\"other\"}").status()).isEqualTo(400);
    }

    @Test
    void aDeletedDatasetIsGone() {
        String path = api.newDataset();

        assertThat(api.delete(path).status()).isEqualTo(204);
        assertThat(api.get(path).status()).isEqualTo(404);
        assertThat(api.delete(path).status()).isEqualTo(404);
        assertThat(api.patch(path, "{}").status()).isEqualTo(404);
    }

    @Test
    void anUnknownQueryParameterIsRefusedByName() {
        Api.Answer refused = api.get(api.newDataset() + "?verbose=1");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().get("errors").get(0).get("parameter").asString())
                .isEqualTo("verbose");
    }

    @Test
    void theListHoldsEveryDataset() {
        String key = api.newDataset().replaceAll(".*/", "");

        assertThat(api.get("/api/v1/datasets").json().get("datasets").valueStream())
                .anyMatch(dataset -> dataset.get("key").asString().equals(key));
    }
}
