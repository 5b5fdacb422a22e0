package clade.segmentation;

import clade.datasets.Datasets;
import clade.segmentation.report.Weights;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Shows and edits how much each score counts when segments are put in order. */
@RestController
@RequestMapping("/api/v1/datasets/{dataset}/priorities/weights")
@Tag(name = "9 Insight", description = "Priorities, validations and the report for clients")
class PriorityWeightController {

    private final Datasets datasets;
    private final PriorityWeights weights;

    PriorityWeightController(Datasets datasets, PriorityWeights weights) {
        this.datasets = datasets;
        this.weights = weights;
    }

    @GetMapping
    @Operation(summary = "Show how much each score of the boards of this dataset counts")
    @ApiResponse(responseCode = "200", description = "The dataset's own weights, or 1 each")
    @ApiResponse(responseCode = "404", description = "There is no such dataset", ref = "Problem")
    PriorityWeights.Entry get(@PathVariable String dataset) {
        return weights.get(datasets.get(dataset).id());
    }

    @PutMapping
    @Operation(
            summary = "Say how much each score counts in this dataset",
            description =
                    "For the priorities and the report of every segmentation, at once. size and revenue make up a segment's value, "
                            + "reach and cost its ease; only their ratio counts. What is left out is 1. A parameter of a request for "
                            + "priorities goes before them.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = Weights.class),
                            examples = @ExampleObject(name = "Money first", value = "{\"revenue\":3,\"cost\":0.5}")))
    @ApiResponse(responseCode = "200", description = "Replaced")
    @ApiResponse(responseCode = "201", description = "Stored; Location names it")
    @ApiResponse(responseCode = "400", description = "A weight is wrong, or there is no such field", ref = "Problem")
    @ApiResponse(responseCode = "404", description = "There is no such dataset", ref = "Problem")
    ResponseEntity<PriorityWeights.Entry> put(@PathVariable String dataset, @RequestBody JsonNode body) {
        long id = datasets.get(dataset).id();
        boolean added = weights.put(id, PriorityWeights.read(body));
        PriorityWeights.Entry entry = weights.get(id);
        return added
                ? ResponseEntity.created(URI.create("/api/v1/datasets/%s/priorities/weights".formatted(dataset)))
                        .body(entry)
                : ResponseEntity.ok(entry);
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Let all scores count alike again")
    @ApiResponse(responseCode = "204", description = "The dataset has no weights of its own any more")
    @ApiResponse(responseCode = "404", description = "It had none", ref = "Problem")
    void delete(@PathVariable String dataset) {
        weights.delete(datasets.get(dataset).id());
    }
}
