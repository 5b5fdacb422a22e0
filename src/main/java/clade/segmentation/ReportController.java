package clade.segmentation;

import clade.segmentation.report.Report;
import clade.segmentation.report.ReportPage;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows what a client gets of a segmentation. */
@RestController
@RequestMapping("/api/v1/datasets/{dataset}/segmentations/{segmentation}/report")
@Tag(name = "9 Insight")
class ReportController {

    private final Segmentations segmentations;
    private final Reports reports;

    ReportController(Segmentations segmentations, Reports reports) {
        this.segmentations = segmentations;
        this.reports = reports;
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Report the current run for a client",
            description =
                    "What was done on which data, the profile of each segment and what to do about it, where to begin, what "
                            + "to keep in mind, and how to repeat it. With `Accept: text/html` a page of its own that prints on one or "
                            + "two sheets of A4.")
    @ApiResponse(
            responseCode = "200",
            description = "The report",
            content = {
                @Content(mediaType = "application/json", schema = @Schema(implementation = Report.class)),
                @Content(mediaType = "text/html", schema = @Schema(type = "string"))
            })
    @ApiResponse(responseCode = "404", description = "There is no such segmentation", ref = "Problem")
    @ApiResponse(responseCode = "409", description = "no-completed-run: no run is completed yet", ref = "Problem")
    Report get(@PathVariable String dataset, @PathVariable String segmentation) {
        return reports.of(segmentations.get(dataset, segmentation));
    }

    @GetMapping(produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<String> page(@PathVariable String dataset, @PathVariable String segmentation) {
        return ReportPage.of(get(dataset, segmentation)).answer();
    }
}
