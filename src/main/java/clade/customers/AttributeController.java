package clade.customers;

import clade.datasets.Datasets;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lists the attributes of a dataset's customers. */
@RestController
@RequestMapping("/api/v1/datasets/{dataset}/attributes")
@Tag(name = "5 Customers", description = "Search, and everything about one customer")
class AttributeController {

    private final Datasets datasets;
    private final AttributeFigures figures;

    AttributeController(Datasets datasets, AttributeFigures figures) {
        this.datasets = datasets;
        this.figures = figures;
    }

    @GetMapping
    @Operation(
            summary = "List the attributes of the customers",
            description =
                    "In the order in which they came, with their types, counted over all customers of the dataset.")
    @ApiResponse(responseCode = "200", description = "The attributes")
    @ApiResponse(responseCode = "404", description = "There is no such dataset", ref = "Problem")
    Page list(@PathVariable String dataset) {
        return new Page(figures.list(datasets.get(dataset).id()));
    }

    /** The answer. */
    record Page(List<Figures> attributes) {}

    /** An attribute over all customers of a dataset. */
    record Figures(
            @Schema(example = "Age") String name,
            AttributeType type,

            @Schema(description = "Customers of the dataset without a value", example = "0")
            long missing,

            @Schema(description = "Different values", example = "51")
            long distinct) {}
}
