package clade.profiles;

import clade.customers.Customers;
import clade.datasets.Datasets;
import clade.web.Cursor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Finds customers and shows their profiles. */
@RestController
@RequestMapping("/api/v1/datasets/{dataset}/customers")
@Tag(name = "5 Customers", description = "Search, and everything about one customer")
class ProfileController {

    private final Datasets datasets;
    private final Customers customers;
    private final Profiles profiles;

    ProfileController(Datasets datasets, Customers customers, Profiles profiles) {
        this.datasets = datasets;
        this.customers = customers;
        this.profiles = profiles;
    }

    @GetMapping
    @Operation(summary = "Search customers by the beginning of their id")
    @ApiResponse(responseCode = "200", description = "A page in customer-id order")
    @ApiResponse(responseCode = "400", description = "limit or cursor is wrong", ref = "Problem")
    @ApiResponse(responseCode = "404", description = "There is no such dataset", ref = "Problem")
    Page search(
            @PathVariable String dataset,
            @RequestParam(defaultValue = "") @Parameter(description = "What the ids begin with", example = "123")
                    String prefix,
            @RequestParam(defaultValue = "100")
                    @Min(1)
                    @Max(1000)
                    @Parameter(description = "Customers a page", example = "100")
                    int limit,
            @RequestParam(required = false) @Parameter(description = "The \"next\" of the page before") @Nullable
                    String cursor) {
        String after = cursor == null ? "" : Cursor.decode(cursor, 1).get(0);
        List<Found> found = customers.search(datasets.get(dataset).id(), prefix, after, limit + 1).stream()
                .map(Found::new)
                .toList();
        return found.size() <= limit
                ? new Page(found, null)
                : new Page(
                        found.subList(0, limit),
                        Cursor.encode(found.get(limit - 1).customerId()));
    }

    @GetMapping("/{customerId}")
    @Operation(summary = "Show a customer: history in figures, RFM, and segments")
    @ApiResponse(responseCode = "200", description = "The profile")
    @ApiResponse(responseCode = "404", description = "There is no such customer", ref = "Problem")
    Profile get(
            @PathVariable String dataset,
            @PathVariable
                    @Parameter(description = "Percent-encoded where it holds / ; % and the like", example = "12347")
                    String customerId) {
        return profiles.get(dataset, customerId);
    }

    record Found(@Schema(example = "12347") String customerId) {}

    record Page(
            List<Found> customers,

            @Schema(description = "Cursor of the next page; null at the end") @Nullable
            String next) {}
}
