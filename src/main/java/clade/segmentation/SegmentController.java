package clade.segmentation;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Shows segments and who is in them. */
@RestController
@RequestMapping("/api/v1/datasets/{dataset}/segmentations/{segmentation}/segments")
@Tag(name = "4 Segments", description = "The groups of a completed run, and their members")
class SegmentController {

    private final Segmentations segmentations;
    private final SegmentRepository segments;
    private final Members members;
    private final MemberExport export;
    private final SegmentNames names;

    SegmentController(
            Segmentations segmentations,
            SegmentRepository segments,
            Members members,
            MemberExport export,
            SegmentNames names) {
        this.segmentations = segmentations;
        this.segments = segments;
        this.members = members;
        this.export = export;
        this.names = names;
    }

    @GetMapping
    @Operation(summary = "List the segments of the current run, or of another completed one")
    @ApiResponse(responseCode = "200", description = "Maps in their order, clusters by mean monetary value, noise last")
    @ApiResponse(responseCode = "404", description = "There is no such segmentation or run", ref = "Problem")
    @ApiResponse(responseCode = "409", description = "no-completed-run: no run is completed yet", ref = "Problem")
    SegmentRepository.SegmentList list(
            @PathVariable String dataset,
            @PathVariable String segmentation,
            @RequestParam(required = false)
                    @Parameter(description = "Number of a completed run; default the current one", example = "1")
                    @Nullable
                    Integer run) {
        return segments.list(segmentations.get(dataset, segmentation), run);
    }

    @GetMapping("/{segment}")
    @Operation(summary = "Show one segment")
    @ApiResponse(responseCode = "200", description = "The segment")
    @ApiResponse(responseCode = "404", description = "There is no such segment", ref = "Problem")
    @ApiResponse(responseCode = "409", description = "no-completed-run: no run is completed yet", ref = "Problem")
    SegmentRepository.SegmentOfRun get(
            @PathVariable String dataset,
            @PathVariable String segmentation,
            @PathVariable String segment,
            @RequestParam(required = false)
                    @Parameter(description = "Number of a completed run; default the current one", example = "1")
                    @Nullable
                    Integer run) {
        return segments.one(segmentations.get(dataset, segmentation), run, segment);
    }

    @PatchMapping("/{segment}")
    @Operation(
            summary = "Give a segment of the current run a name of your own, or take it back",
            description =
                    "The name is kept from run to run: the segment that has most members in common goes on under it (with maps "
                            + "the one of the same key). nameStillTrue and nameChanges say whether what was true of it then still is.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(type = "object"),
                            examples = {
                                @ExampleObject(name = "Name", value = "{\"name\":\"VIPs\"}"),
                                @ExampleObject(name = "Take back", value = "{\"name\":null}")
                            }))
    @ApiResponse(responseCode = "200", description = "The segment under its new name")
    @ApiResponse(responseCode = "400", description = "The name is wrong", ref = "Problem")
    @ApiResponse(responseCode = "404", description = "There is no such segment", ref = "Problem")
    @ApiResponse(
            responseCode = "409",
            description = "name-taken: another segment has it; or no-completed-run",
            ref = "Problem")
    SegmentRepository.SegmentOfRun rename(
            @PathVariable String dataset,
            @PathVariable String segmentation,
            @PathVariable String segment,
            @RequestBody JsonNode body) {
        return names.rename(segmentations.get(dataset, segmentation), segment, body);
    }

    @GetMapping(path = "/{segment}/customers", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Page through the members of a segment, or stream them all",
            description =
                    "JSON pages in customer-id order. With `Accept: text/csv` or `application/x-ndjson` the whole list "
                            + "from one snapshot, streamed, without limit and cursor.")
    @ApiResponse(
            responseCode = "200",
            description = "A page, or with another Accept the whole list",
            content = {
                @Content(mediaType = "application/json", schema = @Schema(implementation = Members.Page.class)),
                @Content(mediaType = "text/csv", schema = @Schema(type = "string")),
                @Content(mediaType = "application/x-ndjson", schema = @Schema(implementation = Members.Member.class))
            })
    @ApiResponse(responseCode = "400", description = "limit, cursor or reason is wrong", ref = "Problem")
    @ApiResponse(responseCode = "404", description = "There is no such segment", ref = "Problem")
    @ApiResponse(responseCode = "409", description = "no-completed-run: no run is completed yet", ref = "Problem")
    @ApiResponse(
            responseCode = "410",
            description = "run-replaced: the cursor's run is no longer current",
            ref = "Problem")
    Members.Page page(
            @PathVariable String dataset,
            @PathVariable String segmentation,
            @PathVariable String segment,
            @RequestParam(required = false)
                    @Parameter(
                            description = "Of segment noise: whale, bulk, dormant, new or in-between",
                            example = "whale")
                    @Nullable
                    String reason,
            @RequestParam(defaultValue = "100")
                    @Min(1)
                    @Max(1000)
                    @Parameter(description = "Members a page", example = "100")
                    int limit,
            @RequestParam(required = false) @Parameter(description = "The \"next\" of the page before") @Nullable
                    String cursor) {
        return members.page(segmentations.get(dataset, segmentation), segment, reason, limit, cursor);
    }

    @GetMapping(path = "/{segment}/customers", produces = "text/csv")
    void csv(
            @PathVariable String dataset,
            @PathVariable String segmentation,
            @PathVariable String segment,
            @RequestParam(required = false) @Nullable String reason,
            HttpServletResponse response)
            throws IOException {
        export.writeCsv(segmentations.get(dataset, segmentation), segment, reason, response);
    }

    @GetMapping(path = "/{segment}/customers", produces = "application/x-ndjson")
    void ndjson(
            @PathVariable String dataset,
            @PathVariable String segmentation,
            @PathVariable String segment,
            @RequestParam(required = false) @Nullable String reason,
            HttpServletResponse response)
            throws IOException {
        export.writeNdjson(segmentations.get(dataset, segmentation), segment, reason, response);
    }
}
