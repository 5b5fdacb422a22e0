package clade.segmentation;

import clade.datasets.Datasets;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
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

/** Shows and edits what to do about each segment. */
@RestController
@RequestMapping("/api/v1/datasets/{dataset}/actions")
@Tag(name = "8 Actions", description = "Goal, channel, offer and what to avoid for each segment")
class ActionController {

    private static final String EXAMPLE =
            "{\"title\":\"Invite to the workshop\",\"goal\":\"A second visit this spring\","
                    + "\"channel\":\"A card by post\",\"offer\":\"A free hour in the workshop\",\"avoid\":\"Discounts\","
                    + "\"cost\":\"medium\",\"steps\":[\"Choose the date\",\"Send the cards\"]}";

    private final Datasets datasets;
    private final ActionMatrix actions;

    ActionController(Datasets datasets, ActionMatrix actions) {
        this.datasets = datasets;
        this.actions = actions;
    }

    record ActionList(List<ActionMatrix.Entry> actions) {}

    @GetMapping
    @Operation(
            summary = "List the action matrix of a dataset",
            description =
                    "What Clade suggests for each segment of the built-in maps, for noise and for lapsed customers, or "
                            + "the dataset's own in its place; then those of keys of its own.")
    @ApiResponse(responseCode = "200", description = "All rows")
    @ApiResponse(responseCode = "404", description = "There is no such dataset", ref = "Problem")
    ActionList list(@PathVariable String dataset) {
        return new ActionList(actions.list(datasets.get(dataset).id()));
    }

    @GetMapping("/{segment}")
    @Operation(summary = "Show what to do about a segment")
    @ApiResponse(responseCode = "200", description = "The row of this key")
    @ApiResponse(responseCode = "404", description = "There is none", ref = "Problem")
    ActionMatrix.Entry get(
            @PathVariable String dataset,
            @PathVariable @Parameter(description = "Key of a segment", example = "champions") String segment) {
        return actions.get(datasets.get(dataset).id(), segment);
    }

    @PutMapping("/{segment}")
    @Operation(
            summary = "Say what this dataset does about a segment",
            description =
                    "In place of what Clade suggests, in every segmentation at once. A cluster has the action of its own key, "
                            + "else that of its persona.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = Segment.Action.class),
                            examples = @ExampleObject(name = "An action", value = EXAMPLE)))
    @ApiResponse(responseCode = "200", description = "Replaced")
    @ApiResponse(responseCode = "201", description = "Stored; Location names it")
    @ApiResponse(responseCode = "400", description = "A field is missing, unknown or too long", ref = "Problem")
    @ApiResponse(responseCode = "404", description = "There is no such dataset", ref = "Problem")
    ResponseEntity<ActionMatrix.Entry> put(
            @PathVariable String dataset,
            @PathVariable @Parameter(description = "Key of a segment", example = "champions") String segment,
            @RequestBody JsonNode body) {
        long id = datasets.get(dataset).id();
        boolean added = actions.put(id, segment, ActionMatrix.read(segment, body));
        ActionMatrix.Entry entry = actions.get(id, segment);
        return added
                ? ResponseEntity.created(URI.create("/api/v1/datasets/%s/actions/%s".formatted(dataset, segment)))
                        .body(entry)
                : ResponseEntity.ok(entry);
    }

    @DeleteMapping("/{segment}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Go back to what Clade suggests")
    @ApiResponse(responseCode = "204", description = "The dataset has no action of its own for it any more")
    @ApiResponse(responseCode = "404", description = "It had none", ref = "Problem")
    void delete(
            @PathVariable String dataset,
            @PathVariable @Parameter(description = "Key of a segment", example = "champions") String segment) {
        actions.delete(datasets.get(dataset).id(), segment);
    }
}
