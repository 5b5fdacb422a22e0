package clade.transactions;

import io.swagger.v3.oas.annotations.Parameter;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an upload asks to be read, in its query parameters. What is absent is found out from the file. */
record UploadParameters(
        @Parameter(description = FileParameters.Words.CUSTOMER_ID, example = "Customer ID") @Nullable
        String customerId,

        @Parameter(description = "Column that holds the time of the transaction", example = "InvoiceDate") @Nullable
        String occurredAt,

        @Parameter(
                description =
                        "Column that holds the order's id. Absent and not found: every row is an order of its own")
        @Nullable
        String orderId,

        @Parameter(
                description =
                        "Column that holds an id of the row itself. Absent and not found: a row is known by its values")
        @Nullable
        String transactionId,

        @Parameter(description = "Column that holds the product's id") @Nullable
        String productId,

        @Parameter(description = "Column that holds the number of units; 1 where there is none") @Nullable
        String quantity,

        @Parameter(description = "Column that holds the price of one unit") @Nullable
        String unitPrice,

        @Parameter(description = "Column that holds the money of the row; wins over quantity x unit price") @Nullable
        String amount,

        @Parameter(description = FileParameters.Words.DATE_FORMAT, example = "d/M/yyyy H:mm") @Nullable
        String dateFormat,

        @Parameter(description = FileParameters.Words.DECIMAL, example = ",") @Nullable
        String decimal,

        @Parameter(description = FileParameters.Words.CHARSET, example = "ISO-8859-15") @Nullable
        String charset,

        @Parameter(description = FileParameters.Words.DELIMITER, example = "semicolon") @Nullable
        String delimiter,

        @Parameter(description = FileParameters.Words.HEADER, example = "none") @Nullable
        String header,

        @Parameter(description = FileParameters.Words.COLUMNS, example = "customerId,-,occurredAt,quantity,amount")
        @Nullable
        String columns,

        @Parameter(
                description = "`keep` (default) takes equal rows of one file for as many transactions, `drop` for one",
                example = "drop")
        @Nullable
        String duplicates)
        implements FileParameters {

    /** Refuses values that mean nothing (400). */
    void check() {
        checkReading();
        FileParameters.oneOf("duplicates", duplicates, "keep", "drop");
    }

    /** The parameters of a request that leaves everything to the file. */
    static UploadParameters none() {
        return new UploadParameters(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    /** The columns that the request names, by field. */
    Map<Field, String> mapping() {
        Map<Field, String> mapping = new EnumMap<>(Field.class);
        put(mapping, Field.CUSTOMER_ID, customerId);
        put(mapping, Field.OCCURRED_AT, occurredAt);
        put(mapping, Field.ORDER_ID, orderId);
        put(mapping, Field.TRANSACTION_ID, transactionId);
        put(mapping, Field.PRODUCT_ID, productId);
        put(mapping, Field.QUANTITY, quantity);
        put(mapping, Field.UNIT_PRICE, unitPrice);
        put(mapping, Field.AMOUNT, amount);
        return mapping;
    }

    boolean dropsDuplicates() {
        return "drop".equals(duplicates);
    }

    private static void put(Map<Field, String> mapping, Field field, @Nullable String column) {
        if (column != null && !column.isBlank()) {
            mapping.put(field, column.strip());
        }
    }
}
