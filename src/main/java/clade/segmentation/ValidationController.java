package clade.segmentation;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Period;
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

/** Starts validations and shows what they found. */
@RestController
@RequestMapping("/api/v1/datasets/{dataset}/segmentations/{segmentation}/validations")
@Tag(name = "9 Insight")
class ValidationController {

    private final Validations validations;

    ValidationController(Validations validations) {
        this.validations = validations;
    }

    @PostMapping
    @Operation(
            summary = "Look back whether the segments held",
            description =
                    "Queued, and computed like a run: the definition as of one horizon before its as-of, and what the "
                            + "customers of each segment did since, beside chance and beside a cut of recency alone.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(type = "object"),
                            examples = @ExampleObject(name = "A quarter", value = "{\"horizon\":\"P90D\"}")))
    @ApiResponse(responseCode = "202", description = "It is queued; Location names it")
    @ApiResponse(responseCode = "400", description = "The horizon is missing or no period", ref = "Problem")
    @ApiResponse(responseCode = "404", description = "There is no such segmentation", ref = "Problem")
    ResponseEntity<Validation> create(
            @PathVariable String dataset, @PathVariable String segmentation, @RequestBody JsonNode body) {
        Fields fields = Fields.of(body, "");
        Period horizon = horizon(fields);
        fields.end();
        Validation validation = validations.create(dataset, segmentation, horizon);
        URI location = URI.create("/api/v1/datasets/%s/segmentations/%s/validations/%d"
                .formatted(dataset, segmentation, validation.id()));
        return ResponseEntity.accepted().location(location).body(validation);
    }

    private static Period horizon(Fields fields) {
        String text = fields.text("horizon");
        if (text == null) {
            throw fields.refusal("horizon", "is needed: how far to look back, such as P90D");
        }
        try {
            return Definition.window(text);
        } catch (IllegalArgumentException e) {
            throw fields.refusal("horizon", String.valueOf(e.getMessage()));
        }
    }

    record ValidationList(List<Validation> validations) {}

    @GetMapping
    @Operation(summary = "List the validations of a segmentation, newest first, without what they found")
    @ApiResponse(responseCode = "200", description = "All validations, whatever their status")
    @ApiResponse(responseCode = "404", description = "There is no such segmentation", ref = "Problem")
    ValidationList list(@PathVariable String dataset, @PathVariable String segmentation) {
        return new ValidationList(validations.list(dataset, segmentation));
    }

    @GetMapping("/{validation}")
    @Operation(summary = "Show a validation: status, progress, and what it found")
    @ApiResponse(responseCode = "200", description = "The validation")
    @ApiResponse(responseCode = "404", description = "There is none", ref = "Problem")
    Validation get(
            @PathVariable String dataset,
            @PathVariable String segmentation,
            @PathVariable @Parameter(description = "Id of the validation", example = "1") long validation) {
        return validations.get(dataset, segmentation, validation);
    }

    @DeleteMapping("/{validation}")
    @Operation(summary = "Cancel a validation that is not finished; it ends within a second or so")
    @ApiResponse(responseCode = "202", description = "It is cancelled, or will be soon")
    @ApiResponse(responseCode = "404", description = "There is none", ref = "Problem")
    @ApiResponse(responseCode = "409", description = "It is finished", ref = "Problem")
    ResponseEntity<Validation> cancel(
            @PathVariable String dataset,
            @PathVariable String segmentation,
            @PathVariable @Parameter(description = "Id of the validation", example = "1") long validation) {
        return ResponseEntity.accepted().body(validations.cancel(dataset, segmentation, validation));
    }
}
