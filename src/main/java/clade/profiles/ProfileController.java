package clade.profiles;

import clade.customers.Customers;
import clade.datasets.Dataset;
import clade.datasets.Datasets;
import clade.segmentation.CustomerSegments;
import clade.transactions.CustomerPurchases;
import clade.web.Cursor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;
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
    private final CustomerPurchases purchases;
    private final CustomerSegments segments;

    ProfileController(Datasets datasets, Customers customers, CustomerPurchases purchases, CustomerSegments segments) {
        this.datasets = datasets;
        this.customers = customers;
        this.purchases = purchases;
        this.segments = segments;
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
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    @Operation(summary = "Show a customer: history in figures, RFM, and segments")
    @ApiResponse(responseCode = "200", description = "The profile")
    @ApiResponse(responseCode = "404", description = "There is no such customer", ref = "Problem")
    Profile get(
            @PathVariable String dataset,
            @PathVariable
                    @Parameter(description = "Percent-encoded where it holds / ; % and the like", example = "12347")
                    String customerId) {
        Dataset found = datasets.get(dataset);
        long customer = customers.get(found.id(), customerId);
        CustomerPurchases.Summary history = purchases.of(found.id(), customer);
        return new Profile(
                customerId,
                history.firstPurchaseAt(),
                history.lastPurchaseAt(),
                history.orders(),
                history.purchases(),
                history.returns(),
                history.lastPurchaseAt() == null ? null : rfm(found, customer, history, history.lastPurchaseAt()),
                segments.of(found, customer));
    }

    private Profile.Rfm rfm(Dataset dataset, long customer, CustomerPurchases.Summary history, Instant lastPurchase) {
        ZoneId zone = dataset.timeZone();
        LocalDateTime asOf = Objects.requireNonNull(history.newestInDataset())
                .atZone(zone)
                .plusDays(1)
                .toLocalDateTime();
        Optional<CustomerSegments.RfmScores> scores = segments.rfmScores(dataset, customer);
        return new Profile.Rfm(
                asOf.atZone(zone).toInstant(),
                Math.max(0, ChronoUnit.DAYS.between(lastPurchase.atZone(zone).toLocalDateTime(), asOf)),
                history.orders(),
                history.monetary(),
                scores.map(CustomerSegments.RfmScores::segmentation).orElse(null),
                scores.map(CustomerSegments.RfmScores::scores).orElse(null),
                scores.map(CustomerSegments.RfmScores::code).orElse(null));
    }

    record Found(@Schema(example = "12347") String customerId) {}

    record Page(
            List<Found> customers,

            @Schema(description = "Cursor of the next page; null at the end") @Nullable
            String next) {}
}
