package clade.transactions;

import clade.customers.AttributeType;
import clade.datasets.Dataset;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Reads a file of customers by the types and formats that the whole of it tells, which may take a second pass. */
final class CustomerReading {

    private final Dataset dataset;
    private final RecordsReader reader;
    private final CustomerParameters parameters;
    private final Staging staging;
    private final long rejectedAtMost;
    private final JsonMapper json;
    private final ColumnMap columns;

    private AttributeColumns attributes;
    private CustomerRows rows;
    private FilePass pass;
    private @Nullable String delimiter;

    CustomerReading(
            Dataset dataset,
            RecordsReader reader,
            CustomerParameters parameters,
            Staging staging,
            long rejectedAtMost,
            JsonMapper json) {
        this.dataset = dataset;
        this.reader = reader;
        this.parameters = parameters;
        this.staging = staging;
        this.rejectedAtMost = rejectedAtMost;
        this.json = json;
        this.columns = ColumnMap.ofCustomers(parameters.mapping());
        this.attributes = attributes(Map.of());
        this.rows = rows(attributes.decided(), false);
        this.pass = pass();
    }

    /**
     * Reads the file as it comes in.
     *
     * @param kept types of the attributes that are stored, to which the file keeps unless it declares others
     */
    void read(UploadBody body, Map<String, AttributeType> kept) throws IOException {
        attributes = attributes(kept);
        Records records = reader.open(staging.keepingRaw(body.file()));
        columns.learn(records.columns());
        if (records.delimiter() != null) {
            columns.check();
            attributes.learn();
            attributes.check();
        }
        delimiter = records.delimiter();
        List<Records.Entry> head = FilePass.head(records);
        columns.learn(records.columns());
        attributes.learn();
        for (Records.Entry entry : head) {
            if (entry.fault() == null
                    && !Cells.text(entry.fields(), columns.of(Field.CUSTOMER_ID))
                            .isEmpty()) {
                attributes.observe(entry.fields());
            }
        }
        AttributeScheme guess = attributes.decided();
        attributes = attributes(kept);
        pass(guess, true, head, records);
        body.client().check();
        if (pass.rows() == 0) {
            throw RecordsReader.empty();
        }
        settle(guess);
    }

    /** Reads the file again, as other types are kept by now. */
    void readAgain(Map<String, AttributeType> kept) throws IOException {
        AttributeScheme guess = attributes.decided();
        attributes = attributes(kept);
        staging.restart();
        pass(guess, true, List.of(), reader.open(staging.raw()));
        settle(guess);
    }

    private void settle(AttributeScheme guess) throws IOException {
        columns.check();
        attributes.learn();
        attributes.check();
        AttributeScheme found = attributes.decided();
        attributes.checkFormats();
        if (rows.misread() || !guess.agreesWith(found)) {
            staging.restart();
            pass(found, false, List.of(), reader.open(staging.raw()));
        }
    }

    private void pass(AttributeScheme scheme, boolean observing, List<Records.Entry> head, Records records)
            throws IOException {
        rows = rows(scheme, observing);
        pass = pass();
        pass.run(head, records);
    }

    CustomerRows rows() {
        return rows;
    }

    FilePass result() {
        return pass;
    }

    /** Whether each row names every column, blank or not. */
    boolean rowsNameAll() {
        return delimiter != null;
    }

    /** What the report says of the file. */
    UploadReport.Content content(long accepted, List<UploadReport.AttributeFigures> figures) {
        Map<String, Warning> warnings = new LinkedHashMap<>();
        rows.warn(warnings);
        return new UploadReport.Content(
                pass.rows(),
                accepted,
                pass.rejected(),
                pass.valid() - accepted,
                pass.rejections(),
                List.copyOf(warnings.values()),
                columns.report(),
                new UploadReport.Formats(
                        reader.charsetName(), delimiter, attributes.dateFormat(), attributes.decimal()),
                columns.nameless(),
                accepted,
                figures);
    }

    List<String> originalColumns() {
        return columns.originalNames();
    }

    private FilePass pass() {
        return new FilePass(columns, rows, staging, rejectedAtMost, json);
    }

    private CustomerRows rows(AttributeScheme scheme, boolean observing) {
        Dates dates = dates();
        dates.lead(scheme.dateFormat());
        Decimals decimals = decimals();
        decimals.lead(scheme.decimal());
        return new CustomerRows(columns, attributes, scheme, dates, decimals, staging, observing);
    }

    private AttributeColumns attributes(Map<String, AttributeType> kept) {
        return new AttributeColumns(columns, parameters.declaredTypes(), kept, this::dates, this::decimals);
    }

    private Dates dates() {
        return new Dates(parameters.declaredDateFormat(), dataset.timeZone());
    }

    private Decimals decimals() {
        return new Decimals(reader.declaredDecimal());
    }
}
