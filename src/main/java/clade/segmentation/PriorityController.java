package clade.segmentation;

import clade.segmentation.report.Priorities;
import clade.segmentation.report.Weights;
import clade.web.Refusal;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Period;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows which segments to begin with. */
@RestController
@RequestMapping("/api/v1/datasets/{dataset}/segmentations/{segmentation}/priorities")
@Tag(name = "9 Insight", description = "Priorities, validations and the report for clients")
class PriorityController {

    private final Segmentations segmentations;
    private final PriorityBoard board;

    PriorityController(Segmentations segmentations, PriorityBoard board) {
        this.segmentations = segmentations;
        this.board = board;
    }

    @GetMapping
    @Operation(
            summary = "Show where to begin: value against ease, the three to start with, what waiting costs",
            description =
                    "Of the current run as it is now. Every score is between 0 and 1, with 0.5 in the middle of the board.")
    @ApiResponse(responseCode = "200", description = "The board, highest total first")
    @ApiResponse(responseCode = "400", description = "A weight or the period is wrong", ref = "Problem")
    @ApiResponse(responseCode = "404", description = "There is no such segmentation", ref = "Problem")
    @ApiResponse(responseCode = "409", description = "no-completed-run: no run is completed yet", ref = "Problem")
    Priorities get(
            @PathVariable String dataset,
            @PathVariable String segmentation,
            @RequestParam(defaultValue = "1")
                    @Parameter(description = "How much the size counts in a segment's value", example = "1")
                    double sizeWeight,
            @RequestParam(defaultValue = "1")
                    @Parameter(description = "How much its revenue counts in its value", example = "2")
                    double revenueWeight,
            @RequestParam(defaultValue = "1")
                    @Parameter(description = "How much the ease of reach counts in its ease", example = "1")
                    double reachWeight,
            @RequestParam(defaultValue = "1")
                    @Parameter(description = "How much the cost of the channel counts in its ease", example = "1")
                    double costWeight,
            @RequestParam(defaultValue = "P90D")
                    @Parameter(description = "Length of the two periods that waiting is told from", example = "P90D")
                    String period) {
        return board.of(
                segmentations.get(dataset, segmentation),
                period(period),
                weights(sizeWeight, revenueWeight, reachWeight, costWeight));
    }

    static Period period(String text) {
        try {
            return Definition.window(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.badParameter("period", "invalid-value", "period " + e.getMessage());
        }
    }

    private static Weights weights(double size, double revenue, double reach, double cost) {
        try {
            return new Weights(size, revenue, reach, cost);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw Refusal.badParameter(message.substring(0, message.indexOf(' ')), "invalid-value", message);
        }
    }
}
