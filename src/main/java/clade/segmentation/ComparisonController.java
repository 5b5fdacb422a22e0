package clade.segmentation;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Shows two segmentations side by side. */
@RestController
@RequestMapping("/api/v1/datasets/{dataset}/comparisons")
@Tag(name = "7 Comparisons", description = "How two segmentations of the same customers differ")
class ComparisonController {

    private final Comparisons comparisons;
    private final ListSender lists;
    private final JsonMapper json;

    ComparisonController(Comparisons comparisons, ListSender lists, JsonMapper json) {
        this.comparisons = comparisons;
        this.lists = lists;
        this.json = json;
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Compare two segmentations, or two runs of one",
            description = "Over the customers in both. With `Accept: text/html` a page for clients, which prints well.")
    @ApiResponse(
            responseCode = "200",
            description = "Agreement, contingency and findings",
            content = {
                @Content(mediaType = "application/json", schema = @Schema(implementation = Comparison.class)),
                @Content(mediaType = "text/html", schema = @Schema(type = "string"))
            })
    @ApiResponse(responseCode = "404", description = "There is no such segmentation or run", ref = "Problem")
    @ApiResponse(responseCode = "409", description = "no-completed-run: no run is completed yet", ref = "Problem")
    Comparison compare(
            @PathVariable String dataset,
            @RequestParam @Parameter(description = "Key of the one segmentation", example = "value") String left,
            @RequestParam @Parameter(description = "Key of the other", example = "dense") String right,
            @RequestParam(required = false)
                    @Parameter(
                            description = "A completed run as it was published; default the current one as it is now",
                            example = "1")
                    @Nullable
                    Integer leftRun,
            @RequestParam(required = false)
                    @Parameter(
                            description = "A completed run as it was published; default the current one as it is now",
                            example = "1")
                    @Nullable
                    Integer rightRun) {
        return comparisons.compare(
                dataset, new Comparisons.Asked(left, leftRun), new Comparisons.Asked(right, rightRun));
    }

    @GetMapping(produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<String> page(
            @PathVariable String dataset,
            @RequestParam String left,
            @RequestParam String right,
            @RequestParam(required = false) @Nullable Integer leftRun,
            @RequestParam(required = false) @Nullable Integer rightRun) {
        return ComparisonPage.of(dataset, compare(dataset, left, right, leftRun, rightRun))
                .answer();
    }

    @GetMapping(path = "/members", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Page through the customers of a left and a right segment, or stream them all",
            description =
                    "JSON pages in customer-id order. With `Accept: text/csv` or `application/x-ndjson` the whole list "
                            + "from one snapshot, streamed, without limit and cursor.")
    @ApiResponse(
            responseCode = "200",
            description = "A page, or with another Accept the whole list",
            content = {
                @Content(mediaType = "application/json", schema = @Schema(implementation = Comparisons.Page.class)),
                @Content(mediaType = "text/csv", schema = @Schema(type = "string")),
                @Content(
                        mediaType = "application/x-ndjson",
                        schema = @Schema(implementation = Comparisons.Member.class))
            })
    @ApiResponse(responseCode = "400", description = "limit or cursor is wrong", ref = "Problem")
    @ApiResponse(responseCode = "404", description = "There is no such segmentation, run or segment", ref = "Problem")
    @ApiResponse(responseCode = "409", description = "no-completed-run: no run is completed yet", ref = "Problem")
    @ApiResponse(
            responseCode = "410",
            description = "run-replaced: a run of the page before is no longer current",
            ref = "Problem")
    Comparisons.Page members(
            @PathVariable String dataset,
            @RequestParam @Parameter(description = "Key of the one segmentation", example = "value") String left,
            @RequestParam @Parameter(description = "Key of its segment", example = "c1") String leftSegment,
            @RequestParam @Parameter(description = "Key of the other", example = "dense") String right,
            @RequestParam @Parameter(description = "Key of its segment", example = "noise") String rightSegment,
            @RequestParam(required = false)
                    @Parameter(
                            description = "A completed run as it was published; default the current one as it is now",
                            example = "1")
                    @Nullable
                    Integer leftRun,
            @RequestParam(required = false)
                    @Parameter(
                            description = "A completed run as it was published; default the current one as it is now",
                            example = "1")
                    @Nullable
                    Integer rightRun,
            @RequestParam(defaultValue = "100")
                    @Min(1)
                    @Max(1000)
                    @Parameter(description = "Customers a page", example = "100")
                    int limit,
            @RequestParam(required = false) @Parameter(description = "The \"next\" of the page before") @Nullable
                    String cursor) {
        return comparisons.members(
                dataset,
                new Comparisons.Asked(left, leftRun),
                leftSegment,
                new Comparisons.Asked(right, rightRun),
                rightSegment,
                limit,
                cursor);
    }

    @GetMapping(path = "/members", produces = "text/csv")
    void csv(
            @PathVariable String dataset,
            @RequestParam String left,
            @RequestParam String leftSegment,
            @RequestParam String right,
            @RequestParam String rightSegment,
            @RequestParam(required = false) @Nullable Integer leftRun,
            @RequestParam(required = false) @Nullable Integer rightRun,
            HttpServletResponse response)
            throws IOException {
        lists.send(
                "text/csv",
                response,
                lines -> comparisons.export(
                        dataset,
                        new Comparisons.Asked(left, leftRun),
                        leftSegment,
                        new Comparisons.Asked(right, rightRun),
                        rightSegment,
                        names -> {
                            lines.open();
                            lines.line().append("customerId");
                            names.forEach(
                                    name -> CsvCells.appendText(lines.line().append(','), name));
                            lines.end();
                        },
                        member -> {
                            CsvCells.appendText(lines.line(), member.customerId());
                            member.features()
                                    .values()
                                    .forEach(value ->
                                            CsvCells.append(lines.line().append(','), value));
                            lines.end();
                        }));
    }

    @GetMapping(path = "/members", produces = "application/x-ndjson")
    void ndjson(
            @PathVariable String dataset,
            @RequestParam String left,
            @RequestParam String leftSegment,
            @RequestParam String right,
            @RequestParam String rightSegment,
            @RequestParam(required = false) @Nullable Integer leftRun,
            @RequestParam(required = false) @Nullable Integer rightRun,
            HttpServletResponse response)
            throws IOException {
        lists.send(
                "application/x-ndjson",
                response,
                lines -> comparisons.export(
                        dataset,
                        new Comparisons.Asked(left, leftRun),
                        leftSegment,
                        new Comparisons.Asked(right, rightRun),
                        rightSegment,
                        names -> lines.open(),
                        member -> {
                            lines.line().append(json.writeValueAsString(member));
                            lines.end();
                        }));
    }
}
