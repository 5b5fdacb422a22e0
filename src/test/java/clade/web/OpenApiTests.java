package clade.web;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.Api;
import clade.support.CladeTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** The document must do without any other: what Swagger UI shows is all that a developer reads. */
@CladeTest
class OpenApiTests {

    private static final Set<String> WITH_BODY = Set.of("post", "put", "patch");

    @Autowired
    Api api;

    @Test
    void everyOperationIsDescribedWithItsParametersExamplesAndErrors() {
        JsonNode document = api.get("/v3/api-docs").json();
        List<String> faults = new ArrayList<>();
        int operations = 0;
        for (var path : document.get("paths").properties()) {
            for (var entry : path.getValue().properties()) {
                operations++;
                check(document, entry.getKey() + " " + path.getKey(), entry.getValue(), faults);
            }
        }

        for (String upload : List.of("transactions", "customers")) {
            JsonNode responses = document.get("paths")
                    .get("/api/v1/datasets/{dataset}/" + upload)
                    .get("post")
                    .get("responses");
            assertThat(responses.get("422").get("description").asString())
                    .startsWith("The file as a whole can't be read")
                    .contains("Idempotency-Key");
            assertThat(responses.get("413").get("description").asString()).isEqualTo("The file is larger than allowed");
        }
        assertThat(document.get("openapi").asString()).startsWith("3.1");
        assertThat(operations).isGreaterThan(20);
        assertThat(faults).isEmpty();
    }

    private static void check(JsonNode document, String name, JsonNode operation, List<String> faults) {
        if (operation.path("summary").asString("").isBlank()) {
            faults.add(name + " has no summary");
        }
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.path("description").asString("").isBlank()) {
                faults.add(name + " does not say what " + parameter.get("name").asString() + " is");
            }
        }
        if (operation
                .get("responses")
                .propertyStream()
                .noneMatch(response -> response.getKey().startsWith("4"))) {
            faults.add(name + " has no error response");
        }
        for (var response : operation.get("responses").properties()) {
            // a reference would be to what is said of all of them
            String description = response.getValue().path("description").asString("");
            if (description.isBlank() || description.contains("null.")) {
                faults.add(name + " does not say what " + response.getKey() + " means");
            }
        }
        if (WITH_BODY.contains(name.substring(0, name.indexOf(' ')))
                && !operation.path("requestBody").path("content").isEmpty()) {
            for (var body : operation.get("requestBody").get("content").properties()) {
                if (!hasExample(document, body.getValue())) {
                    faults.add(name + " has no example of a body of " + body.getKey());
                }
            }
        }
    }

    private static boolean hasExample(JsonNode document, JsonNode body) {
        JsonNode schema = body.path("schema");
        JsonNode resolved =
                schema.has("$ref") ? document.at(schema.get("$ref").asString().substring(1)) : schema;
        return body.has("example")
                || body.has("examples")
                || resolved.has("example")
                || resolved.path("properties")
                        .valueStream()
                        .anyMatch(field -> field.has("example")
                                || field.path("format").asString("").equals("binary"));
    }
}
