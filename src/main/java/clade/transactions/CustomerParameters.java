package clade.transactions;

import clade.customers.AttributeType;
import io.swagger.v3.oas.annotations.Parameter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an upload of customers asks to be read, in its query parameters. What is absent is found out from the file. */
record CustomerParameters(
        @Parameter(description = FileParameters.Words.CUSTOMER_ID, example = "Customer ID") @Nullable
        String customerId,

        @Parameter(
                description =
                        "Types of columns, whatever their values look like: `number`, `text`, `boolean` or `date`. A row"
                                + " whose value can't be read so is rejected",
                example = "Zip:text,Joined:date")
        @Nullable
        String types,

        @Parameter(description = FileParameters.Words.DATE_FORMAT, example = "d/M/yyyy") @Nullable
        String dateFormat,

        @Parameter(description = FileParameters.Words.DECIMAL, example = ",") @Nullable
        String decimal,

        @Parameter(description = FileParameters.Words.CHARSET, example = "ISO-8859-15") @Nullable
        String charset,

        @Parameter(description = FileParameters.Words.DELIMITER, example = "semicolon") @Nullable
        String delimiter,

        @Parameter(description = FileParameters.Words.HEADER, example = "none") @Nullable
        String header,

        @Parameter(description = FileParameters.Words.COLUMNS, example = "customerId,-,Age") @Nullable
        String columns)
        implements FileParameters {

    /** Refuses values that mean nothing (400). */
    void check() {
        checkReading();
        declaredTypes();
    }

    /** The types that the request declares, by column. */
    Map<String, AttributeType> declaredTypes() {
        return DeclaredTypes.of(types);
    }

    /** The columns that the request names, by field. */
    Map<Field, String> mapping() {
        return customerId == null || customerId.isBlank() ? Map.of() : Map.of(Field.CUSTOMER_ID, customerId.strip());
    }
}
