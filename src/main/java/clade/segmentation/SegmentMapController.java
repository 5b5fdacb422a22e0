package clade.segmentation;

import clade.datasets.Datasets;
import clade.rfm.BuiltInMaps;
import clade.rfm.SegmentMap;
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
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes, shows and tries out the maps from scores to named segments. */
@RestController
@RequestMapping("/api/v1/datasets/{dataset}/segment-maps")
@Tag(name = "5 Segment maps", description = "Which cells of recency, frequency and monetary scores make which segment")
class SegmentMapController {

    private static final String EXAMPLE = "{\"scores\":3,\"axes\":[\"recency\",\"value\"],\"segments\":["
            + "{\"key\":\"stars\",\"name\":\"Stars\",\"cells\":[{\"recency\":[2,3],\"value\":[3,3]}]},"
            + "{\"key\":\"regulars\",\"name\":\"Regulars\",\"cells\":[{\"recency\":[2,3],\"value\":[1,2]}]},"
            + "{\"key\":\"lapsed\",\"name\":\"Lapsed\",\"cells\":[{\"recency\":[1,1]}]}]}";

    private final Datasets datasets;
    private final SegmentMaps maps;
    private final Segmentations segmentations;
    private final MapPreview preview;

    SegmentMapController(Datasets datasets, SegmentMaps maps, Segmentations segmentations, MapPreview preview) {
        this.datasets = datasets;
        this.maps = maps;
        this.segmentations = segmentations;
        this.preview = preview;
    }

    /** A map as the API shows it. */
    @Schema(name = "SegmentMap", description = "Every cell of scores is in exactly one segment")
    record MapSchema(
            @Schema(example = "value-grid") String key,

            @Schema(description = "Built-in maps are there in every dataset and stay as they are")
            boolean builtIn,

            @Schema(description = "Where it is from; absent if nobody said")
            String description,

            @Schema(description = "The best score of each axis, 2 to 10", example = "5")
            int scores,

            @Schema(
                    description = "recency and frequency, with or without monetary, or recency and value: the mean of "
                            + "frequency and monetary score, rounded half up",
                    example = "[\"recency\",\"frequency\"]")
            List<String> axes,

            @Schema(description = "In the order in which answers list them")
            List<SegmentSchema> segments) {

        @Schema(name = "SegmentOfMap")
        record SegmentSchema(
                @Schema(example = "champions") String key,
                @Schema(example = "Champions") String name,

                @Schema(
                        description = "Blocks of cells: for each axis the scores from and to; an axis left out has all",
                        example = "[{\"recency\":[5,5],\"frequency\":[4,5]}]")
                List<Object> cells) {}
    }

    /** The answer of the list. */
    record MapList(
            @Schema(implementation = MapSchema[].class) List<ObjectNode> segmentMaps) {}

    @GetMapping
    @Operation(summary = "List the segment maps: the built-in ones, then the dataset's own by key")
    @ApiResponse(responseCode = "200", description = "All maps, whole")
    @ApiResponse(responseCode = "404", description = "There is no such dataset", ref = "Problem")
    MapList list(@PathVariable String dataset) {
        return new MapList(maps.list(datasets.get(dataset).id()).stream()
                .map(SegmentMapController::shown)
                .toList());
    }

    @GetMapping("/{key}")
    @Operation(summary = "Show a segment map")
    @ApiResponse(
            responseCode = "200",
            description = "The map",
            content = @Content(schema = @Schema(implementation = MapSchema.class)))
    @ApiResponse(responseCode = "404", description = "There is none", ref = "Problem")
    ObjectNode get(
            @PathVariable String dataset,
            @PathVariable @Parameter(description = "Key of a map", example = "rf-grid") String key) {
        return shown(maps.get(datasets.get(dataset).id(), key));
    }

    @PutMapping("/{key}")
    @Operation(
            summary = "Make or replace a segment map",
            description =
                    "Refused unless every cell is in exactly one segment; the errors list the cells that are not. "
                            + "Runs that are completed keep the map as it was; the next one uses the new one.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = MapSchema.class),
                            examples = @ExampleObject(name = "Recency and value", value = EXAMPLE)))
    @ApiResponse(
            responseCode = "200",
            description = "Replaced",
            content = @Content(schema = @Schema(implementation = MapSchema.class)))
    @ApiResponse(
            responseCode = "201",
            description = "Made; Location names it",
            content = @Content(schema = @Schema(implementation = MapSchema.class)))
    @ApiResponse(
            responseCode = "400",
            description = "It is no map: cells without a segment or with two",
            ref = "Problem")
    @ApiResponse(responseCode = "404", description = "There is no such dataset", ref = "Problem")
    @ApiResponse(
            responseCode = "409",
            description = "map-built-in; map-in-use: segmentations use it with another number of scores",
            ref = "Problem")
    ResponseEntity<ObjectNode> put(
            @PathVariable String dataset,
            @PathVariable @Parameter(description = "Lower-case letters, digits and hyphens", example = "value-grid")
                    String key,
            @RequestBody JsonNode body) {
        SegmentMap map = SegmentMapJson.read(key, body);
        boolean made = maps.put(datasets.get(dataset).id(), map);
        return made
                ? ResponseEntity.created(URI.create("/api/v1/datasets/%s/segment-maps/%s".formatted(dataset, key)))
                        .body(shown(map))
                : ResponseEntity.ok(shown(map));
    }

    @DeleteMapping("/{key}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a segment map that no segmentation uses")
    @ApiResponse(responseCode = "204", description = "Deleted")
    @ApiResponse(responseCode = "404", description = "There is none", ref = "Problem")
    @ApiResponse(responseCode = "409", description = "map-built-in, or map-in-use by a segmentation", ref = "Problem")
    void delete(
            @PathVariable String dataset,
            @PathVariable @Parameter(description = "Key of a map", example = "value-grid") String key) {
        maps.delete(datasets.get(dataset).id(), key);
    }

    @PostMapping("/{key}/preview")
    @Operation(
            summary = "See who would move if a segmentation used this map",
            description = "On the scores of its current run; nothing is changed.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(type = "object"),
                            examples =
                                    @ExampleObject(name = "Of a segmentation", value = "{\"segmentation\":\"rfm\"}")))
    @ApiResponse(responseCode = "200", description = "Customers and revenue by segment now and then")
    @ApiResponse(
            responseCode = "400",
            description = "The segmentation is not there, or its scores don't fit the map",
            ref = "Problem")
    @ApiResponse(responseCode = "404", description = "There is no such map", ref = "Problem")
    @ApiResponse(
            responseCode = "409",
            description = "no-completed-run, or no-scores: the run is not of method rfm",
            ref = "Problem")
    MapPreview.Preview preview(
            @PathVariable String dataset,
            @PathVariable @Parameter(description = "Key of a map", example = "rfm-125") String key,
            @RequestBody JsonNode body) {
        Fields fields = Fields.of(body, "");
        String segmentation = fields.text("segmentation");
        if (segmentation == null) {
            throw fields.refusal("segmentation", "is needed: the key of a segmentation of method rfm");
        }
        fields.end();
        SegmentMap map = maps.get(datasets.get(dataset).id(), key);
        return preview.of(
                segmentations
                        .find(dataset, segmentation)
                        .orElseThrow(() -> fields.refusal("segmentation", "names none: " + segmentation)),
                map);
    }

    private static ObjectNode shown(SegmentMap map) {
        return SegmentMapJson.write(map)
                .put("builtIn", BuiltInMaps.find(map.key()).isPresent());
    }
}
