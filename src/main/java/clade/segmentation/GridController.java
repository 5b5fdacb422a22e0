package clade.segmentation;

import clade.web.Refusal;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows the cells of scores behind the segments. */
@RestController
@RequestMapping("/api/v1/datasets/{dataset}/segmentations/{segmentation}/grid")
@Tag(name = "4 Segments")
class GridController {

    private static final List<String> AXES_2 = List.of("recency", "frequency");

    private final Segmentations segmentations;
    private final ScoreGrid grid;

    GridController(Segmentations segmentations, ScoreGrid grid) {
        this.segmentations = segmentations;
        this.grid = grid;
    }

    /** The cells of scores of the current run. */
    record Grid(
            @Schema(example = "rfm") String segmentation,
            @Schema(example = "1") int run,
            @Nullable Instant asOf,

            @Schema(description = "The best score", example = "5")
            int scores,

            @Schema(example = "[\"recency\",\"frequency\"]") List<String> axes,

            @Schema(description = "Cut points between the scores, by axis")
            Map<String, Cuts> cuts,

            @Schema(example = "4338") long customers,

            @Schema(description = "Sum of their monetary value", example = "8911407.904")
            double revenue,

            @Schema(
                    description =
                            "The least part of the customers that brings 80 % of the revenue; null if there is none",
                    example = "0.26")
            @Nullable
            Double paretoShare,

            @Schema(description = "All cells, empty ones too, from the best scores down")
            List<Cell> cells) {}

    /** How an axis is cut. */
    record Cuts(
            @Schema(
                    allowableValues = {"quantile", "fixed", "natural-breaks", "rfm-package"},
                    example = "quantile")
            String binning,

            @Schema(
                    description =
                            "Ascending, in the axis's unit; each cut point passed adds 1 to the score, and takes 1 "
                                    + "off that of recency",
                    example = "[13.4,33.0,72.0,179.0]")
            List<Double> cuts,

            @Schema(
                    description = "On which side of a cut point a value lies that equals it",
                    allowableValues = {"below", "above"})
            String equal) {}

    /** A cell of the grid. */
    record Cell(
            @Schema(example = "5") int recency,
            @Schema(example = "5") int frequency,

            @Schema(description = "Only in a grid of three axes", example = "5")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            Integer monetary,

            @Schema(
                    description = "Key of the segment that the run's map gives the cell; null where it has several",
                    example = "champions")
            @Nullable
            String segment,

            @Schema(example = "604") long customers,

            @Schema(description = "Its part of the customers", example = "0.139")
            double share,

            @Schema(description = "Sum of its customers' monetary value", example = "4303871.89")
            double revenue,

            @Schema(description = "Its part of the revenue; null if that is 0", example = "0.48") @Nullable
            Double revenueShare) {}

    @GetMapping
    @Operation(summary = "Show the cells of recency and frequency scores (and monetary) with customers and revenue")
    @ApiResponse(responseCode = "200", description = "The cells of the current run")
    @ApiResponse(responseCode = "400", description = "axes is wrong", ref = "Problem")
    @ApiResponse(responseCode = "404", description = "There is no such segmentation", ref = "Problem")
    @ApiResponse(
            responseCode = "409",
            description = "no-completed-run, or no-scores: the run is not of method rfm",
            ref = "Problem")
    Grid get(
            @PathVariable String dataset,
            @PathVariable String segmentation,
            @RequestParam(defaultValue = "recency,frequency")
                    @Parameter(
                            description = "recency,frequency or recency,frequency,monetary",
                            example = "recency,frequency,monetary")
                    String axes) {
        List<String> wanted = List.of(axes.split(",", -1));
        if (!wanted.equals(AXES_2) && !wanted.equals(AxisBinnings.AXES)) {
            throw Refusal.badParameter(
                    "axes",
                    "invalid-value",
                    "axes must be recency,frequency or recency,frequency,monetary, was " + axes);
        }
        Segmentations.Stored stored = segmentations.get(dataset, segmentation);
        return new GridOfRun(grid.read(stored), wanted.size()).answer(stored.key());
    }
}
