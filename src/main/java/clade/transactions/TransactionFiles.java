package clade.transactions;

import clade.datasets.Dataset;
import java.io.IOException;
import java.time.Instant;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** Takes a file of transactions: reads and stages its rows, decides formats, and has them stored. */
@Service
class TransactionFiles {

    /** Fewer rows say nothing about a customer who has half of them. */
    private static final int TELLING_ROWS = 20;

    private final UploadStore store;
    private final UploadSettings settings;
    private final JsonMapper json;

    TransactionFiles(UploadStore store, UploadSettings settings, JsonMapper json) {
        this.store = store;
        this.settings = settings;
        this.json = json;
    }

    /** Stores the transactions of the file. */
    UploadReport store(Dataset dataset, long upload, Instant received, UploadBody body, UploadParameters parameters)
            throws IOException {
        ReadingLimits limits = new ReadingLimits(settings.rowLength(), settings.columns());
        RecordsReader reader = new RecordsReader(body, parameters, limits, settings.bodySize());
        try (Staging staging = new Staging(settings.directory(), upload)) {
            Reading reading = new Reading(dataset, received, reader, parameters, staging);
            FilePass pass = reading.first(body);
            if (reading.rows.identified() && reading.columns.recognised(Field.TRANSACTION_ID)) {
                TransactionIds.Recurring recurring = TransactionIds.recurring(staging);
                if (recurring.number() > 0) {
                    throw reading.columns.notAnIdOfRows(recurring.number(), recurring.transactionId());
                }
            }
            UploadStore.Staged staged = new UploadStore.Staged(
                    dataset.id(),
                    upload,
                    staging,
                    pass.valid(),
                    reading.rows.identified(),
                    parameters.dropsDuplicates(),
                    reading.rows.suspect(),
                    dataset.cancellationPattern());
            return store.store(staged, new Report(reading, pass));
        }
    }

    /** What the report of an upload says. */
    private record Report(Reading reading, FilePass pass) implements UploadStore.Reporter {

        @Override
        public void reject(BitSet conflicting) throws IOException {
            reading.rejectConflicts(conflicting, pass);
        }

        @Override
        public UploadReport.Content content(long accepted, Tally tally) {
            return new UploadReport.Content(
                    pass.rows(),
                    accepted,
                    pass.rejected(),
                    pass.rows() - accepted - pass.rejected(),
                    pass.rejections(),
                    warnings(reading, pass, tally.ofSuspect),
                    reading.columns.report(),
                    reading.formats(),
                    reading.columns.ignored(),
                    tally.distinctCustomers(),
                    null);
        }

        @Override
        public List<String> originalColumns() {
            return reading.columns.originalNames();
        }
    }

    private static List<Warning> warnings(Reading reading, FilePass pass, long ofSuspect) {
        Map<String, Warning> warnings = new LinkedHashMap<>();
        reading.parser.warn(warnings);
        if (pass.valid() >= TELLING_ROWS && ofSuspect * 2 >= pass.valid()) {
            Warning.add(
                    warnings,
                    "one-customer-dominates",
                    ofSuspect,
                    "The customer %s has half of the rows or more; is it a placeholder for customers not known?"
                            .formatted(reading.rows.suspect()));
        }
        return List.copyOf(warnings.values());
    }

    /** Reads a file by the formats that most of it is written in, which may take a second pass. */
    private final class Reading {

        private final Dataset dataset;
        private final Instant received;
        private final RecordsReader reader;
        private final UploadParameters parameters;
        private final Staging staging;

        private ColumnMap columns;
        private Dates dates;
        private Decimals decimals;
        private RowParser parser;
        private TransactionRows rows;
        private @Nullable String delimiter;

        Reading(Dataset dataset, Instant received, RecordsReader reader, UploadParameters parameters, Staging staging) {
            this.dataset = dataset;
            this.received = received;
            this.reader = reader;
            this.parameters = parameters;
            this.staging = staging;
            this.columns = ColumnMap.ofTransactions(parameters.mapping());
            this.dates = dates();
            this.decimals = decimals();
            this.parser = parser();
            this.rows = new TransactionRows(parser, staging);
        }

        FilePass first(UploadBody body) throws IOException {
            Records records = reader.open(staging.keepingRaw(body.file()));
            columns.learn(records.columns());
            if (records.delimiter() != null) {
                columns.check();
            }
            delimiter = records.delimiter();
            List<Records.Entry> head = FilePass.head(records);
            columns.learn(records.columns());
            for (Records.Entry entry : head) {
                if (entry.fault() == null) {
                    parser.observe(entry.fields());
                }
            }
            FilePass pass = pass(dates.decided(), decimals.decided(), head, records);
            body.client().check();
            if (pass.rows() == 0) {
                throw RecordsReader.empty();
            }
            columns.check();
            dates.check();
            decimals.check();
            if (dates.leading() == dates.decided() && decimals.leading() == decimals.decided()) {
                return pass;
            }
            staging.restart();
            Records again = reader.open(staging.raw());
            columns = ColumnMap.ofTransactions(parameters.mapping());
            columns.learn(again.columns());
            return pass(dates.decided(), decimals.decided(), List.of(), again);
        }

        private FilePass pass(int dateFormat, char decimal, List<Records.Entry> head, Records records)
                throws IOException {
            dates = dates();
            dates.lead(dateFormat);
            decimals = decimals();
            decimals.lead(decimal);
            parser = parser();
            rows = new TransactionRows(parser, staging);
            FilePass pass = new FilePass(columns, rows, staging, settings.rejectedRows(), json);
            pass.run(head, records);
            return pass;
        }

        /** Rejects the rows, whose fields are looked up in the file. */
        void rejectConflicts(BitSet conflicting, FilePass pass) throws IOException {
            if (conflicting.isEmpty()) {
                return;
            }
            Records records = reader.open(staging.raw());
            for (int number = 1; number < conflicting.length(); number++) {
                Records.Entry entry = records.next();
                if (conflicting.get(number)) {
                    String[] fields = entry == null ? new String[0] : entry.fields();
                    pass.reject(number, conflicting(fields), fields);
                }
            }
        }

        UploadReport.Formats formats() {
            return new UploadReport.Formats(reader.charsetName(), delimiter, dates.report(), decimals.report());
        }

        private Rejection conflicting(String[] fields) {
            int place = columns.of(Field.TRANSACTION_ID);
            return new Rejection(
                    columns.nameOf(Field.TRANSACTION_ID),
                    "conflicting-transaction",
                    "There is a transaction %s already, with other content"
                            .formatted(place < fields.length ? fields[place].strip() : ""));
        }

        private Dates dates() {
            return new Dates(parameters.declaredDateFormat(), dataset.timeZone());
        }

        private Decimals decimals() {
            return new Decimals(reader.declaredDecimal());
        }

        private RowParser parser() {
            String pattern = dataset.cancellationPattern();
            Pattern cancellation = pattern == null ? null : Pattern.compile(pattern);
            return new RowParser(columns, dates, decimals, cancellation, received, reader.needsIdentity());
        }
    }
}
