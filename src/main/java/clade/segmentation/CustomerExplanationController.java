package clade.segmentation;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Explains a customer's segment. */
@RestController
@RequestMapping("/api/v1/datasets/{dataset}/customers/{customerId}/explanation")
@Tag(name = "5 Customers", description = "Search, and everything about one customer")
class CustomerExplanationController {

    private final Segmentations segmentations;
    private final CustomerExplanations explanations;

    CustomerExplanationController(Segmentations segmentations, CustomerExplanations explanations) {
        this.segmentations = segmentations;
        this.explanations = explanations;
    }

    @GetMapping
    @Operation(
            summary = "Explain why a customer is in its segment, and what would take it to a better one",
            description =
                    "By the model of the current run: how far this and the next segment are, which features decide, and whether one "
                            + "order of the customer's own median value would count as a better segment.")
    @ApiResponse(responseCode = "200", description = "The explanation")
    @ApiResponse(responseCode = "400", description = "segmentation is missing", ref = "Problem")
    @ApiResponse(
            responseCode = "404",
            description = "There is no such customer or segmentation; in-no-segment: the run left the customer out",
            ref = "Problem")
    @ApiResponse(responseCode = "409", description = "no-completed-run: no run is completed yet", ref = "Problem")
    CustomerExplanation explain(
            @PathVariable String dataset,
            @PathVariable
                    @Parameter(description = "Percent-encoded where it holds / ; % and the like", example = "12347")
                    String customerId,
            @RequestParam @Parameter(description = "Key of the segmentation", example = "value") String segmentation) {
        return explanations.explain(segmentations.get(dataset, segmentation), customerId);
    }
}
