package clade.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import clade.rfm.BuiltInMaps;
import clade.rfm.SegmentMap;
import clade.support.Api;
import clade.support.CladeTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

@CladeTest
class ActionTests {

    private static final String OWN =
            "{\"title\":\"Invite to the workshop\",\"goal\":\"A visit\",\"channel\":\"A card\","
                    + "\"offer\":\"A free hour\",\"avoid\":\"Discounts\",\"cost\":\"medium\",\"steps\":[\"Send the cards\"]}";

    @Autowired
    Api api;

    @Test
    void everySegmentOfEveryBuiltInMapHasAWholeAction() {
        for (SegmentMap map : BuiltInMaps.list()) {
            for (SegmentMap.Segment segment : map.segments()) {
                assertThat(Actions.bySegment())
                        .as(map.key() + " " + segment.key())
                        .containsKey(segment.key());
                assertThat(Actions.bySegment().get(segment.key()).name()).isEqualTo(segment.name());
            }
        }
        Actions.bySegment().values().forEach(action -> {
            assertThat(List.of(action.title(), action.goal(), action.channel(), action.offer(), action.avoid()))
                    .as(action.segment())
                    .noneMatch(String::isBlank);
            assertThat(action.cost()).isIn("low", "medium", "high");
            assertThat(action.steps()).isNotEmpty();
        });
        assertThat(Actions.bySegment()).containsKeys("noise", "lapsed");
    }

    @Test
    void theMatrixIsEditedPerDatasetAndGoesBackToWhatIsSuggested() {
        String dataset = shop();
        String other = api.newDataset();
        api.segment(dataset, "{\"key\":\"rfm\",\"method\":{\"name\":\"rfm\"}}");
        JsonNode suggested = action(dataset, "rfm", "champions");
        assertThat(suggested.get("title").asString()).isEqualTo("Reward and listen");
        assertThat(suggested.get("avoid").asString()).startsWith("Discounts");

        Api.Answer put = api.put(dataset + "/actions/champions", OWN);

        assertThat(put.status()).as(put.body()).isEqualTo(201);
        assertThat(put.header("Location")).isEqualTo(dataset + "/actions/champions");
        assertThat(api.put(dataset + "/actions/champions", OWN).status()).isEqualTo(200);
        JsonNode shown = api.get(dataset + "/actions/champions").json();
        assertThat(shown.get("edited").asBoolean()).isTrue();
        assertThat(shown.get("goal").asString()).isEqualTo("A visit");
        assertThat(action(dataset, "rfm", "champions").get("offer").asString()).isEqualTo("A free hour");
        assertThat(api.get(other + "/actions/champions").json().get("title").asString())
                .isEqualTo("Reward and listen");
        JsonNode all = api.get(dataset + "/actions").json().get("actions");
        assertThat(all).hasSize(Actions.bySegment().size());
        assertThat(all.valueStream().filter(row -> row.get("edited").asBoolean()))
                .hasSize(1);

        assertThat(api.delete(dataset + "/actions/champions").status()).isEqualTo(204);
        assertThat(action(dataset, "rfm", "champions")).isEqualTo(suggested);
        assertThat(api.delete(dataset + "/actions/champions").status()).isEqualTo(404);
    }

    @Test
    void aClusterTakesTheActionOfItsPersonaUnlessItsOwnKeyHasOne() {
        String dataset = shop();
        api.segment(dataset, "{\"key\":\"v\",\"method\":{\"name\":\"k-means\",\"k\":2}}");
        JsonNode cluster = api.get(dataset + "/segmentations/v/segments/c1").json();
        JsonNode persona = api.get(dataset + "/actions")
                .json()
                .get("actions")
                .valueStream()
                .filter(row -> row.get("name")
                        .asString("")
                        .equals(cluster.get("persona").get("segment").asString()))
                .findFirst()
                .orElseThrow();
        assertThat(cluster.get("action").get("title")).isEqualTo(persona.get("title"));

        api.put(dataset + "/actions/" + persona.get("segment").asString(), OWN);
        assertThat(action(dataset, "v", "c1").get("title").asString()).isEqualTo("Invite to the workshop");

        api.put(dataset + "/actions/c1", "{\"title\":\"Of its own key\"}");
        assertThat(action(dataset, "v", "c1").toString())
                .isEqualTo("{\"title\":\"Of its own key\",\"goal\":null,\"channel\":null,\"offer\":null,\"avoid\":null,"
                        + "\"cost\":null,\"steps\":[]}");
        assertThat(api.get(dataset + "/actions")
                        .json()
                        .get("actions")
                        .valueStream()
                        .map(row -> row.get("segment").asString()))
                .endsWith("noise", "c1");
    }

    @Test
    void aSegmentOfANewKeyHasNoActionUntilTheDatasetGivesItOne() {
        String dataset = shop();
        api.put(
                dataset + "/segment-maps/own",
                "{\"scores\":2,\"axes\":[\"recency\",\"frequency\"],\"segments\":[{\"key\":\"stars\",\"name\":\"Stars\","
                        + "\"cells\":[{\"recency\":[1,2]}]}]}");
        api.segment(dataset, "{\"key\":\"own\",\"method\":{\"name\":\"rfm\",\"scores\":2,\"map\":\"own\"}}");

        assertThat(action(dataset, "own", "stars").isNull()).isTrue();
        api.put(dataset + "/actions/stars", OWN);
        assertThat(action(dataset, "own", "stars").get("goal").asString()).isEqualTo("A visit");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "champions | {} | /title | title is needed",
                "champions | {\"title\":\"x\",\"cost\":\"huge\"} | /cost | low or medium or high",
                "champions | {\"title\":\"x\",\"colour\":\"red\"} | /colour | There is no field",
                "champions | {\"title\":\" \"} | /title | title must be text",
                "champions | {\"title\":\"x\",\"steps\":[\"\"]} | /steps/0 | must be text of 1 to 500",
                "champions | {\"title\":\"x\",\"steps\":\"y\"} | /steps | must be an array",
                "champions | [] | `` | must be an object",
            })
    void aWrongActionIsRefusedWithItsField(String segment, String body, String pointer, String message) {
        Api.Answer answer = api.put(api.newDataset() + "/actions/" + segment, body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        JsonNode fault = answer.json().get("errors").get(0);
        assertThat(fault.get("pointer").asString("")).isEqualTo(pointer == null ? "" : pointer);
        assertThat(fault.get("message").asString()).contains(message);
    }

    @Test
    void aKeyThatNoSegmentCanHaveIsRefused() {
        String dataset = api.newDataset();

        Api.Answer answer = api.put(dataset + "/actions/Champions!", OWN);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("errors").get(0).get("parameter").asString())
                .isEqualTo("segment");
        assertThat(api.get(dataset + "/actions/nobody").status()).isEqualTo(404);
        assertThat(api.get("/api/v1/datasets/none/actions").status()).isEqualTo(404);
        assertThat(api.put("/api/v1/datasets/none/actions/champions", OWN).status())
                .isEqualTo(404);
    }

    private JsonNode action(String dataset, String segmentation, String segment) {
        return api.get(dataset + "/segmentations/" + segmentation + "/segments/" + segment)
                .json()
                .get("action");
    }

    private String shop() {
        String dataset = api.newDataset();
        StringBuilder csv = new StringBuilder("CustomerID,InvoiceDate,Amount\n");
        for (int customer = 1; customer <= 30; customer++) {
            for (int order = 0; order < customer; order++) {
                csv.append("%d,2024-%02d-%02d,%d\n"
                        .formatted(customer, 1 + customer / 3, 1 + order % 28, 10 * customer + order));
            }
        }
        api.upload(dataset, csv.toString());
        return dataset;
    }
}
