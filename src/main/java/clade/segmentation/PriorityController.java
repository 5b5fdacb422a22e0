package clade.segmentation;

import clade.segmentation.report.Priorities;
import clade.segmentation.report.Weights;
import clade.web.Refusal;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Period;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
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

    private static final Pattern WEIGHT = Pattern.compile("\\b(size|revenue|reach|cost)\\b");

    private final Segmentations segmentations;
    private final PriorityBoard board;
    private final PriorityWeights weights;

    PriorityController(Segmentations segmentations, PriorityBoard board, PriorityWeights weights) {
        this.segmentations = segmentations;
        this.board = board;
        this.weights = weights;
    }

    @GetMapping
    @Operation(
            summary = "Show where to begin: value against ease, the three to start with, what waiting costs",
            description =
                    "Of the current run as it is now. Every score is between 0 and 1, with 0.5 in the middle of the board. A weight that "
                            + "is not given is the dataset's own, else 1.")
    @ApiResponse(responseCode = "200", description = "The board, highest total first")
    @ApiResponse(responseCode = "400", description = "A weight or the period is wrong", ref = "Problem")
    @ApiResponse(responseCode = "404", description = "There is no such segmentation", ref = "Problem")
    @ApiResponse(responseCode = "409", description = "no-completed-run: no run is completed yet", ref = "Problem")
    Priorities get(
            @PathVariable String dataset,
            @PathVariable String segmentation,
            @RequestParam(required = false)
                    @Parameter(description = "How much the size counts in a segment's value", example = "1")
                    @Nullable
                    Double sizeWeight,
            @RequestParam(required = false)
                    @Parameter(description = "How much its revenue counts in its value", example = "2")
                    @Nullable
                    Double revenueWeight,
            @RequestParam(required = false)
                    @Parameter(description = "How much the ease of reach counts in its ease", example = "1")
                    @Nullable
                    Double reachWeight,
            @RequestParam(required = false)
                    @Parameter(description = "How much the cost of the channel counts in its ease", example = "1")
                    @Nullable
                    Double costWeight,
            @RequestParam(defaultValue = "P90D")
                    @Parameter(description = "Length of the two periods that waiting is told from", example = "P90D")
                    String period) {
        Segmentations.Stored stored = segmentations.get(dataset, segmentation);
        Weights own = weights.get(stored.dataset().id()).weights();
        return board.of(
                stored,
                period(period),
                asked(
                        Objects.requireNonNullElse(sizeWeight, own.size()),
                        Objects.requireNonNullElse(revenueWeight, own.revenue()),
                        Objects.requireNonNullElse(reachWeight, own.reach()),
                        Objects.requireNonNullElse(costWeight, own.cost())));
    }

    static Period period(String text) {
        try {
            return Definition.window(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.badParameter("period", "invalid-value", "period " + e.getMessage());
        }
    }

    private static Weights asked(double size, double revenue, double reach, double cost) {
        try {
            return new Weights(size, revenue, reach, cost);
        } catch (IllegalArgumentException e) {
            String message = WEIGHT.matcher(String.valueOf(e.getMessage())).replaceAll("$0Weight");
            throw Refusal.badParameter(Weights.named(message), "invalid-value", message);
        }
    }
}
