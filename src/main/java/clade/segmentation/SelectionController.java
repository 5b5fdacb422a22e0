package clade.segmentation;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Starts selections and shows what they found. */
@RestController
@RequestMapping("/api/v1/datasets/{dataset}/selections")
@Tag(name = "6 Selections", description = "Searches for a number of clusters or an eps that the data supports")
class SelectionController {

    private static final String COUNT =
            "{\"features\":[\"recency\",\"frequency\",\"monetary\"],\"method\":{\"name\":\"k-means\"},\"kMin\":2,\"kMax\":10,\"seed\":42}";

    private static final String EPS = "{\"method\":{\"name\":\"dbscan\",\"minPoints\":5}}";

    private final Selections selections;

    SelectionController(Selections selections) {
        this.selections = selections;
    }

    @PostMapping
    @Operation(
            summary = "Search for a number of clusters, or for eps",
            description =
                    "Queued, and computed like a run. The same as \"auto\" in a definition, without segmenting anybody.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = SelectionSchema.class),
                            examples = {
                                @ExampleObject(name = "Number of clusters", value = COUNT),
                                @ExampleObject(name = "eps of DBSCAN", value = EPS)
                            }))
    @ApiResponse(responseCode = "202", description = "It is queued; Location names it")
    @ApiResponse(responseCode = "400", description = "The body is wrong in itself", ref = "Problem")
    @ApiResponse(responseCode = "404", description = "There is no such dataset", ref = "Problem")
    ResponseEntity<Selection> create(@PathVariable String dataset, @RequestBody JsonNode definition) {
        Selection selection = selections.create(dataset, Definition.readSelection(definition));
        URI location = URI.create("/api/v1/datasets/%s/selections/%d".formatted(dataset, selection.id()));
        return ResponseEntity.accepted().location(location).body(selection);
    }

    @GetMapping
    @Operation(summary = "List the selections of a dataset, newest first, without what they found")
    @ApiResponse(responseCode = "200", description = "All selections, whatever their status")
    @ApiResponse(responseCode = "404", description = "There is no such dataset", ref = "Problem")
    SelectionList list(@PathVariable String dataset) {
        return new SelectionList(selections.list(dataset));
    }

    @GetMapping("/{selection}")
    @Operation(summary = "Show a selection: status, progress, and what it found")
    @ApiResponse(
            responseCode = "200",
            description = "The selection. With a number of clusters it has candidates, elbow and suggestion, with eps "
                    + "minPoints, kDistance, around and suggestion")
    @ApiResponse(responseCode = "404", description = "There is none", ref = "Problem")
    Selection get(
            @PathVariable String dataset,
            @PathVariable @Parameter(description = "Id of the selection", example = "1") long selection) {
        return selections.get(dataset, selection);
    }

    @DeleteMapping("/{selection}")
    @Operation(summary = "Cancel a selection that is not finished; it ends within a second or so")
    @ApiResponse(responseCode = "202", description = "It is cancelled, or will be soon")
    @ApiResponse(responseCode = "404", description = "There is none", ref = "Problem")
    @ApiResponse(responseCode = "409", description = "It is finished", ref = "Problem")
    ResponseEntity<Selection> cancel(
            @PathVariable String dataset,
            @PathVariable @Parameter(description = "Id of the selection", example = "1") long selection) {
        return ResponseEntity.accepted().body(selections.cancel(dataset, selection));
    }

    record SelectionList(List<Selection> selections) {}
}
