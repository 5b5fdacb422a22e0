package clade.transactions;

import clade.customers.AttributeType;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of an upload. While it is under way, or if it failed, nothing of it is stored and its counts are 0. */
record UploadReport(
        @Schema(example = "17") String id,
        UploadKind kind,

        @Schema(
                example = "completed",
                allowableValues = {"receiving", "merging", "completed", "failed"})
        String status,

        @Schema(
                description = "Data records, the header not counted: accepted + rejected + duplicates",
                example = "541909")
        long rows,

        @Schema(example = "406829") long accepted,
        @Schema(example = "135080") long rejected,

        @Schema(description = "Rows that an earlier upload, or this one, had brought already", example = "0")
        long duplicates,

        @Schema(description = "Rejected rows by their first fault")
        List<Rejections> rejections,

        @Schema(description = "Accepted, but probably not meant")
        List<Warning> warnings,

        @Schema(
                description = "Column of the file by field",
                example = "{\"customerId\":\"CustomerID\",\"occurredAt\":\"InvoiceDate\"}")
        Map<String, String> columns,

        Formats formats,
        @Schema(example = "[\"Description\",\"Country\"]") List<String> ignoredColumns,

        @Schema(description = "Customers of the valid rows, known before or not", example = "4372")
        long customers,

        @Schema(
                description =
                        "The attributes that an upload of customers names, in the order of its columns; left out otherwise")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        List<AttributeFigures> attributes,

        Instant receivedAt,
        @Nullable Instant finishedAt,

        @Schema(description = "Why it failed; null unless it did") @Nullable
        Problem problem,

        @Schema(
                description =
                        "The memberships of live segmentations that the upload changed. Told in the answer to the upload"
                                + " itself, if it changed the rows of at most 1,000 customers; left out otherwise")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        List<PurchasesListener.Change> changes) {

    /** @param firstRow number of the first such row; the first data record of the file is 1 */
    record Rejections(
            @Schema(example = "missing-customer-id") String code,
            @Schema(example = "135080") long count,
            @Schema(example = "623") long firstRow) {}

    /**
     * An attribute in the valid rows of a file.
     *
     * @param missing rows without a value
     * @param distinct different values
     */
    record AttributeFigures(
            @Schema(example = "Age") String name,
            AttributeType type,
            @Schema(example = "0") long missing,
            @Schema(example = "51") long distinct) {}

    /** How the file was read; null is what there was no choice about, or nothing to tell it by. */
    record Formats(
            @Schema(example = "UTF-8") @Nullable String charset,
            @Schema(example = ",") @Nullable String delimiter,

            @Schema(example = "yyyy-MM-dd HH:mm:ss") @Nullable
            String dateFormat,

            @Schema(example = ".") @Nullable String decimal) {}

    record Problem(
            @Schema(example = "connection-lost") String code,

            @Schema(example = "The connection was lost before the end of the file")
            String message) {}

    /** What a completed upload brought. */
    record Content(
            long rows,
            long accepted,
            long rejected,
            long duplicates,
            List<Rejections> rejections,
            List<Warning> warnings,
            Map<String, String> columns,
            Formats formats,
            List<String> ignoredColumns,
            long customers,
            @Nullable List<AttributeFigures> attributes) {

        static final Content NONE = new Content(
                0, 0, 0, 0, List.of(), List.of(), Map.of(), new Formats(null, null, null, null), List.of(), 0, null);
    }

    static UploadReport of(
            long id,
            UploadKind kind,
            String status,
            Instant receivedAt,
            @Nullable Instant finishedAt,
            Content content,
            @Nullable Problem problem) {
        return new UploadReport(
                String.valueOf(id),
                kind,
                status,
                content.rows,
                content.accepted,
                content.rejected,
                content.duplicates,
                content.rejections,
                content.warnings,
                content.columns,
                content.formats,
                content.ignoredColumns,
                content.customers,
                content.attributes,
                receivedAt,
                finishedAt,
                problem,
                null);
    }

    UploadReport withChanges(@Nullable List<PurchasesListener.Change> told) {
        return new UploadReport(
                id,
                kind,
                status,
                rows,
                accepted,
                rejected,
                duplicates,
                rejections,
                warnings,
                columns,
                formats,
                ignoredColumns,
                customers,
                attributes,
                receivedAt,
                finishedAt,
                problem,
                told);
    }
}
