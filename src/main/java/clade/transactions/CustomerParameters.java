package clade.transactions;

import clade.customers.AttributeType;
import io.swagger.v3.oas.annotations.Parameter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an upload of customers asks to be read, in its query parameters. What is absent is found out from the file. */
record CustomerParameters(
        @Parameter(description = "Column that holds the customer's id", example = "Customer ID") @Nullable
        String customerId,

        @Parameter(
                description =
                        "Types of columns, whatever their values look like: `number`, `text`, `boolean` or `date`. A row"
                                + " whose value can't be read so is rejected",
                example = "Zip:text,Joined:date")
        @Nullable
        String types,

        @Parameter(
                description =
                        "Format of the dates, as a pattern of letters (y year, M month, d day, H hour, m minute, s second,"
                                + " XXX offset), `epoch-seconds` or `epoch-milliseconds`",
                example = "d/M/yyyy")
        @Nullable
        String dateFormat,

        @Parameter(description = "Decimal separator of the numbers: `.` or `,`", example = ",") @Nullable
        String decimal,

        @Parameter(description = "Charset of the file", example = "ISO-8859-15") @Nullable
        String charset,

        @Parameter(
                description =
                        "What parts the fields: one character, `comma`, `semicolon`, `tab`, `pipe`, or `whitespace`"
                                + " for fields between blanks",
                example = "semicolon")
        @Nullable
        String delimiter,

        @Parameter(
                description = "`none` if the first row is data already; `columns` then names the columns",
                example = "none")
        @Nullable
        String header,

        @Parameter(
                description = "Names of the columns of a file without a header, in order; `-` for one to leave out",
                example = "customerId,-,Age")
        @Nullable
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
