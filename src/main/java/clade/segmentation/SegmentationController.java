package clade.segmentation;

import clade.web.Refusal;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

/** Makes, shows and replaces segmentations, starts their runs and tells how far those have got. */
@RestController
@RequestMapping("/api/v1/datasets/{dataset}/segmentations")
@Tag(
        name = "3 Segmentations",
        description = "A definition of how customers are segmented, kept under a key, and its runs")
class SegmentationController {

    private static final String RFM = "{\"key\":\"rfm\",\"name\":\"RFM segments\",\"method\":{\"name\":\"rfm\"}}";

    private static final String K_MEANS =
            "{\"key\":\"value-12m\",\"name\":\"Value clusters\",\"window\":\"P12M\",\"returns\":\"ignore\","
                    + "\"preparation\":{\"cap\":{\"method\":\"quantile\",\"lower\":0.0,\"upper\":0.99},\"weights\":{\"monetary\":2.0}},"
                    + "\"method\":{\"name\":\"k-means\",\"k\":4}}";

    private final Segmentations segmentations;
    private final RunRepository runs;
    private final TrustRepository trusts;
    private final Clock clock;

    SegmentationController(Segmentations segmentations, RunRepository runs, TrustRepository trusts, Clock clock) {
        this.segmentations = segmentations;
        this.runs = runs;
        this.trusts = trusts;
        this.clock = clock;
    }

    @PostMapping
    @Operation(summary = "Define a segmentation and queue its first run")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = DefinitionSchema.class),
                            examples = {
                                @ExampleObject(name = "RFM", value = RFM),
                                @ExampleObject(name = "k-means", value = K_MEANS)
                            }))
    @ApiResponse(responseCode = "202", description = "Run 1 is queued; Location names it")
    @ApiResponse(responseCode = "400", description = "The definition is wrong in itself", ref = "Problem")
    @ApiResponse(responseCode = "404", description = "There is no such dataset", ref = "Problem")
    @ApiResponse(responseCode = "409", description = "The key is taken", ref = "Problem")
    ResponseEntity<Run> create(@PathVariable String dataset, @RequestBody JsonNode definition) {
        return accepted(dataset, segmentations.create(dataset, Definition.read(definition)));
    }

    @GetMapping
    @Operation(summary = "List the segmentations of a dataset, by key")
    @ApiResponse(responseCode = "200", description = "Each with its definition and newest run")
    @ApiResponse(responseCode = "404", description = "There is no such dataset", ref = "Problem")
    SegmentationList list(@PathVariable String dataset) {
        return new SegmentationList(segmentations.list(dataset));
    }

    @GetMapping("/{segmentation}")
    @Operation(summary = "Show a segmentation: its definition, current run and newest run")
    @ApiResponse(responseCode = "200", description = "The segmentation")
    @ApiResponse(responseCode = "404", description = "There is none", ref = "Problem")
    SegmentationView get(@PathVariable String dataset, @PathVariable String segmentation) {
        return segmentations.view(dataset, segmentation);
    }

    @PutMapping("/{segmentation}")
    @Operation(
            summary = "Replace the definition of a segmentation",
            description = "Starts no run: the next one uses it.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = DefinitionSchema.class),
                            examples = @ExampleObject(name = "RFM", value = RFM)))
    @ApiResponse(responseCode = "200", description = "The segmentation, replaced")
    @ApiResponse(responseCode = "400", description = "The definition is wrong in itself", ref = "Problem")
    @ApiResponse(responseCode = "404", description = "There is none", ref = "Problem")
    SegmentationView replace(
            @PathVariable String dataset, @PathVariable String segmentation, @RequestBody JsonNode definition) {
        return segmentations.replace(dataset, segmentation, Definition.read(definition));
    }

    @DeleteMapping("/{segmentation}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a segmentation with its runs, segments and memberships; a run under way ends")
    @ApiResponse(responseCode = "204", description = "Deleted")
    @ApiResponse(responseCode = "404", description = "There is none", ref = "Problem")
    void delete(@PathVariable String dataset, @PathVariable String segmentation) {
        segmentations.delete(dataset, segmentation);
    }

    @PostMapping("/{segmentation}/runs")
    @Operation(
            summary = "Queue another run",
            description =
                    "With the definition as it is now. `asOf` (instant, local date-time, date, latest or now) is for "
                            + "this run alone. Runs of one segmentation are computed one after the other.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(type = "object"),
                            examples = {
                                @ExampleObject(name = "As defined", value = "{}"),
                                @ExampleObject(name = "As of a day", value = "{\"asOf\":\"2011-12-10\"}")
                            }))
    @ApiResponse(responseCode = "202", description = "Queued; Location names the run")
    @ApiResponse(responseCode = "400", description = "asOf is wrong", ref = "Problem")
    @ApiResponse(responseCode = "404", description = "There is no such segmentation", ref = "Problem")
    ResponseEntity<Run> start(
            @PathVariable String dataset,
            @PathVariable String segmentation,
            @RequestBody(required = false) @Nullable JsonNode body) {
        AsOf asOf = null;
        if (body != null) {
            Fields fields = Fields.of(body, "");
            asOf = AsOf.find(fields);
            fields.end();
        }
        return accepted(dataset, segmentations.start(dataset, segmentation, asOf));
    }

    @GetMapping("/{segmentation}/runs")
    @Operation(summary = "List the runs of a segmentation, newest first")
    @ApiResponse(responseCode = "200", description = "All runs, whatever their status")
    @ApiResponse(responseCode = "404", description = "There is no such segmentation", ref = "Problem")
    RunList listRuns(@PathVariable String dataset, @PathVariable String segmentation) {
        return new RunList(runs.list(segmentations.get(dataset, segmentation).id()));
    }

    @GetMapping("/{segmentation}/runs/{number}")
    @Operation(summary = "Show a run: status, progress, what it read, quality, warnings, problem")
    @ApiResponse(responseCode = "200", description = "The run")
    @ApiResponse(responseCode = "404", description = "There is none", ref = "Problem")
    Run getRun(
            @PathVariable String dataset,
            @PathVariable String segmentation,
            @PathVariable @Parameter(description = "From 1", example = "1") int number) {
        return runs.find(segmentations.get(dataset, segmentation).id(), number)
                .orElseThrow(() -> Refusal.notFound("run", number));
    }

    @DeleteMapping("/{segmentation}/runs/{number}")
    @Operation(summary = "Cancel a run that is not finished; it ends within a second or so")
    @ApiResponse(responseCode = "202", description = "It is cancelled, or will be soon")
    @ApiResponse(responseCode = "404", description = "There is none", ref = "Problem")
    @ApiResponse(responseCode = "409", description = "It is finished", ref = "Problem")
    ResponseEntity<Run> cancel(
            @PathVariable String dataset,
            @PathVariable String segmentation,
            @PathVariable @Parameter(description = "From 1", example = "1") int number) {
        long id = segmentations.get(dataset, segmentation).id();
        boolean cancelled = runs.cancel(id, number, clock.instant());
        Run run = runs.find(id, number).orElseThrow(() -> Refusal.notFound("run", number));
        if (!cancelled) {
            throw Refusal.conflict("run-finished", "Run %d is %s already".formatted(number, run.status()));
        }
        return ResponseEntity.accepted().body(run);
    }

    @GetMapping("/{segmentation}/runs/{number}/trust")
    @Operation(
            summary = "Show whether the segments of a run can be trusted, or how far the answer has got",
            description =
                    "Computed after a run is published. The run itself shows the verdicts too, once they are there.")
    @ApiResponse(responseCode = "200", description = "Status, progress and the verdicts")
    @ApiResponse(responseCode = "404", description = "There is no such run, or it is not completed", ref = "Problem")
    TrustOfRun getTrust(
            @PathVariable String dataset,
            @PathVariable String segmentation,
            @PathVariable @Parameter(description = "From 1", example = "1") int number) {
        return trust(segmentations.get(dataset, segmentation).id(), number);
    }

    @DeleteMapping("/{segmentation}/runs/{number}/trust")
    @Operation(summary = "Cancel the computation of a run's trust; the run stays as it is")
    @ApiResponse(responseCode = "202", description = "It is cancelled, or will be soon")
    @ApiResponse(responseCode = "404", description = "There is no such run, or it is not completed", ref = "Problem")
    @ApiResponse(responseCode = "409", description = "It is finished", ref = "Problem")
    ResponseEntity<TrustOfRun> cancelTrust(
            @PathVariable String dataset,
            @PathVariable String segmentation,
            @PathVariable @Parameter(description = "From 1", example = "1") int number) {
        long id = segmentations.get(dataset, segmentation).id();
        boolean cancelled = trusts.cancel(id, number, clock.instant());
        TrustOfRun trust = trust(id, number);
        if (!cancelled) {
            throw Refusal.conflict(
                    "trust-finished", "The trust of run %d is %s already".formatted(number, trust.status()));
        }
        return ResponseEntity.accepted().body(trust);
    }

    private TrustOfRun trust(long segmentation, int number) {
        return trusts.find(segmentation, number)
                .orElseThrow(() -> Refusal.notFound("trust of a completed run", number));
    }

    private static ResponseEntity<Run> accepted(String dataset, Run run) {
        URI location = URI.create(
                "/api/v1/datasets/%s/segmentations/%s/runs/%d".formatted(dataset, run.segmentation(), run.number()));
        return ResponseEntity.accepted().location(location).body(run);
    }

    record SegmentationList(List<SegmentationView> segmentations) {}

    record RunList(List<Run> runs) {}
}
