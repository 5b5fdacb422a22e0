package clade.transactions;

import clade.datasets.Datasets;
import clade.web.Cursor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Takes files of transactions and of customers in, tells what became of them, and takes them back. */
@RestController
@RequestMapping("/api/v1/datasets/{dataset}")
@Tag(name = "2 Uploads", description = "Files of transactions and of customers: sent, reported, mended, undone")
class UploadController {

    private final Datasets datasets;
    private final Uploads uploads;
    private final UploadReceiver receiver;
    private final TransactionFiles transactions;
    private final CustomerFiles customers;
    private final UploadUndo undo;
    private final RejectedRows rejectedRows;

    UploadController(
            Datasets datasets,
            Uploads uploads,
            UploadReceiver receiver,
            TransactionFiles transactions,
            CustomerFiles customers,
            UploadUndo undo,
            RejectedRows rejectedRows) {
        this.datasets = datasets;
        this.uploads = uploads;
        this.receiver = receiver;
        this.transactions = transactions;
        this.customers = customers;
        this.undo = undo;
        this.rejectedRows = rejectedRows;
    }

    @PostMapping("/transactions")
    @Operation(
            summary = "Upload transactions",
            description =
                    "The body streams; it may be gzip and of any size. Columns are recognised by their names or named by"
                            + " the parameters, formats of dates and numbers are decided once for the whole file. All valid rows are"
                            + " stored or none; rows that were stored before are counted as duplicates and not stored again.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = "text/csv",
                                        schema = @Schema(type = "string"),
                                        examples = @ExampleObject("""
                                                        CustomerID,InvoiceNo,InvoiceDate,StockCode,Quantity,UnitPrice
                                                        17850,536365,2010-12-01 08:26:00,85123A,6,2.55
                                                        13047,536367,2010-12-01 08:34:00,84879,32,1.69
                                                        """)),
                                @Content(
                                        mediaType = "application/x-ndjson",
                                        schema = @Schema(type = "string"),
                                        examples = @ExampleObject("""
                                                        {"customerId":"17850","orderId":"536365","occurredAt":"2010-12-01T08:26:00Z","amount":15.30}
                                                        """)),
                                @Content(
                                        mediaType = "application/json",
                                        schema = @Schema(type = "object"),
                                        examples = @ExampleObject("""
                                                        [{"customerId":"17850","orderId":"536365","occurredAt":"2010-12-01T08:26:00Z","amount":15.30}]
                                                        """)),
                                @Content(
                                        mediaType = "multipart/form-data",
                                        schemaProperties =
                                                @io.swagger.v3.oas.annotations.media.SchemaProperty(
                                                        name = "file",
                                                        schema = @Schema(type = "string", format = "binary")))
                            }))
    @UploadResponses
    ResponseEntity<UploadReport> upload(
            @PathVariable String dataset,
            @ParameterObject UploadParameters parameters,
            @Parameter(hidden = true) HttpServletRequest request)
            throws IOException {
        parameters.check();
        UploadBody body = UploadBody.of(request);
        return created(
                dataset,
                receiver.receive(
                        dataset,
                        UploadKind.TRANSACTIONS,
                        body,
                        (found, upload, received) -> transactions.store(found, upload, received, body, parameters)));
    }

    @PostMapping("/customers")
    @Operation(
            summary = "Upload customers with their attributes",
            description =
                    "A row a customer: the customer's id and any other columns, each an attribute of that name. Types are"
                            + " inferred over the whole file (number, text, boolean, date) and reported; an attribute that is stored"
                            + " keeps its type. The file changes the customers and columns that it names and nothing else; an empty"
                            + " cell is a missing value. Of several rows of a customer the last counts, the others are duplicates.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = "text/csv",
                                        schema = @Schema(type = "string"),
                                        examples = @ExampleObject("""
                                                        CustomerID,Gender,Age,Annual Income (k$),Spending Score (1-100)
                                                        1,Male,19,15,39
                                                        2,Male,21,15,81
                                                        """)),
                                @Content(
                                        mediaType = "application/x-ndjson",
                                        schema = @Schema(type = "string"),
                                        examples = @ExampleObject("""
                                                        {"customerId":"1","Gender":"Male","Age":19}
                                                        """)),
                                @Content(
                                        mediaType = "application/json",
                                        schema = @Schema(type = "object"),
                                        examples = @ExampleObject("""
                                                        [{"customerId":"1","Gender":"Male","Age":19}]
                                                        """)),
                                @Content(
                                        mediaType = "multipart/form-data",
                                        schemaProperties =
                                                @io.swagger.v3.oas.annotations.media.SchemaProperty(
                                                        name = "file",
                                                        schema = @Schema(type = "string", format = "binary")))
                            }))
    @UploadResponses
    ResponseEntity<UploadReport> uploadCustomers(
            @PathVariable String dataset,
            @ParameterObject CustomerParameters parameters,
            @Parameter(hidden = true) HttpServletRequest request)
            throws IOException {
        parameters.check();
        UploadBody body = UploadBody.of(request);
        return created(dataset, receiver.receive(dataset, UploadKind.CUSTOMERS, body, (found, upload, received) -> {
            customers.store(found, upload, body, parameters);
            return uploads.get(found.id(), String.valueOf(upload));
        }));
    }

    private static ResponseEntity<UploadReport> created(String dataset, UploadReport report) {
        return ResponseEntity.created(URI.create("/api/v1/datasets/%s/uploads/%s".formatted(dataset, report.id())))
                .body(report);
    }

    @GetMapping("/uploads")
    @Operation(summary = "List the uploads, the newest first")
    @ApiResponse(responseCode = "200", description = "A page of reports; next is the cursor of the next page, or null")
    @ApiResponse(responseCode = "400", description = "A parameter is wrong", ref = "Problem")
    @ApiResponse(responseCode = "404", description = "There is no such dataset", ref = "Problem")
    Page list(
            @PathVariable String dataset,
            @Parameter(description = "Reports a page, 1 to 1000") @RequestParam(defaultValue = "100") @Min(1) @Max(1000)
                    int limit,
            @Parameter(description = "next of the page before") @RequestParam(required = false) @Nullable
                    String cursor) {
        Long before =
                cursor == null ? null : Cursor.number(Cursor.decode(cursor, 1).get(0));
        List<UploadReport> found = uploads.list(datasets.get(dataset).id(), before, limit + 1);
        List<UploadReport> page = found.subList(0, Math.min(limit, found.size()));
        String next = found.size() > limit ? Cursor.encode(page.get(limit - 1).id()) : null;
        return new Page(page, next);
    }

    @GetMapping("/uploads/{upload}")
    @Operation(summary = "Show the report of an upload")
    @ApiResponse(responseCode = "200", description = "The report")
    @ApiResponse(responseCode = "404", description = "There is no such upload", ref = "Problem")
    UploadReport get(@PathVariable String dataset, @PathVariable String upload) {
        return uploads.get(datasets.get(dataset).id(), upload);
    }

    @DeleteMapping("/uploads/{upload}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Undo an upload: remove it with every row that it stored")
    @ApiResponse(responseCode = "204", description = "Undone")
    @ApiResponse(responseCode = "404", description = "There is no such upload", ref = "Problem")
    @ApiResponse(
            responseCode = "409",
            description = "It is still received, or a later upload that repeats part of it must be undone first",
            ref = "Problem")
    void undo(@PathVariable String dataset, @PathVariable String upload) {
        undo.undo(datasets.get(dataset).id(), upload);
    }

    @GetMapping("/uploads/{upload}/rejected")
    @Operation(
            summary = "Download the rejected rows",
            description =
                    "The original columns, then clade_row, clade_column, clade_code and clade_message, which are ignored"
                            + " when the mended file is sent back.")
    @ApiResponse(
            responseCode = "200",
            description = "CSV in UTF-8",
            content = @Content(mediaType = "text/csv", examples = @ExampleObject("""
                                            CustomerID,InvoiceDate,Amount,clade_row,clade_column,clade_code,clade_message
                                            ,2010-12-01,15.30,1,CustomerID,missing-customer-id,There is no customer id
                                            """)))
    @ApiResponse(responseCode = "404", description = "There is no such upload", ref = "Problem")
    @ApiResponse(responseCode = "409", description = "The upload is not completed", ref = "Problem")
    void rejected(
            @PathVariable String dataset,
            @PathVariable String upload,
            @Parameter(hidden = true) HttpServletResponse response)
            throws IOException {
        UploadReport report = uploads.get(datasets.get(dataset).id(), upload);
        List<String> columns = rejectedRows.originalColumns(report);
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"rejected-%s.csv\"".formatted(report.id()));
        rejectedRows.write(report, columns, response.getWriter());
    }

    record Page(List<UploadReport> uploads, @Nullable String next) {}
}
