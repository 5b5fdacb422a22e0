package clade.transactions;

import clade.datasets.Dataset;
import clade.datasets.Datasets;
import clade.web.Fault;
import clade.web.Refusal;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.json.JsonMapper;

/** Receives an upload from its first byte to its report: reads, stages, decides formats, merges. All of it is stored or nothing. */
@Service
class UploadReceiver {

    private static final Logger LOG = LoggerFactory.getLogger(UploadReceiver.class);

    /** Records, and characters of them, by which formats are guessed before the whole file has told them. */
    private static final int HEAD_RECORDS = 1000;

    private static final int HEAD_LENGTH = 1 << 20;

    /** Fewer rows say nothing about a customer who has half of them. */
    private static final int TELLING_ROWS = 20;

    private final Datasets datasets;
    private final Uploads uploads;
    private final UploadHeartbeat heartbeat;
    private final UploadStore store;
    private final UploadSettings settings;
    private final JsonMapper json;
    private final Clock clock;
    private final Semaphore places;

    UploadReceiver(
            Datasets datasets,
            Uploads uploads,
            UploadHeartbeat heartbeat,
            UploadStore store,
            UploadSettings settings,
            JsonMapper json,
            Clock clock) {
        this.datasets = datasets;
        this.uploads = uploads;
        this.heartbeat = heartbeat;
        this.store = store;
        this.settings = settings;
        this.json = json;
        this.clock = clock;
        this.places = new Semaphore(settings.atOnce());
    }

    UploadReport receive(String datasetKey, UploadBody body, UploadParameters parameters) {
        Dataset dataset = datasets.get(datasetKey);
        if (!places.tryAcquire()) {
            throw Refusal.of(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "too-many-uploads",
                            "%d uploads are being received, which is the most at a time (clade.uploads.at-once); try again"
                                    .formatted(settings.atOnce()))
                    .withHeader(HttpHeaders.RETRY_AFTER, "5");
        }
        try {
            return receive(dataset, body, parameters);
        } finally {
            places.release();
        }
    }

    private UploadReport receive(Dataset dataset, UploadBody body, UploadParameters parameters) {
        Instant received = clock.instant();
        long upload = uploads.begin(dataset.id(), received);
        heartbeat.begin(upload);
        try {
            Optional<List<PurchasesListener.Change>> changes = store(dataset, upload, received, body, parameters);
            return uploads.get(dataset.id(), String.valueOf(upload)).withChanges(changes.orElse(null));
        } catch (IOException | RuntimeException e) {
            throw ended(dataset.id(), upload, e);
        } finally {
            heartbeat.end(upload);
        }
    }

    private Optional<List<PurchasesListener.Change>> store(
            Dataset dataset, long upload, Instant received, UploadBody body, UploadParameters parameters)
            throws IOException {
        ReadingLimits limits = new ReadingLimits(settings.rowLength(), settings.columns());
        RecordsReader reader = new RecordsReader(body, parameters, limits, settings.bodySize());
        try (Staging staging = new Staging(settings.directory(), upload)) {
            Reading reading = new Reading(dataset, received, reader, parameters, staging);
            FilePass pass = reading.first(body);
            if (pass.identified() && reading.columns.recognised(Field.TRANSACTION_ID)) {
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
                    pass.identified(),
                    parameters.dropsDuplicates(),
                    pass.suspect(),
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
                    tally.distinctCustomers());
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
                            .formatted(pass.suspect()));
        }
        return List.copyOf(warnings.values());
    }

    /** Leaves nothing of the upload but, unless the file itself is refused, the record that it failed. */
    private RuntimeException ended(long dataset, long upload, Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof Refusal refusal) {
                clear(dataset, upload, null);
                return refusal;
            }
            if (cause instanceof ClientStream.Lost lost) {
                String code = lost.silent ? "client-silent" : "connection-lost";
                clear(dataset, upload, new UploadReport.Problem(code, lost.reason()));
                return new Refusal(HttpStatus.REQUEST_TIMEOUT, lost.reason(), List.of(Fault.of(code, lost.reason())));
            }
            boolean databaseFull = cause instanceof SQLException sql && "53100".equals(sql.getSQLState());
            if (databaseFull || cause instanceof SpillFile.Full) {
                String message = databaseFull
                        ? "The disk of the database is full; nothing of the file was stored"
                        : "The disk for files under way (clade.uploads.directory) is full; nothing of the file was stored";
                clear(dataset, upload, new UploadReport.Problem("disk-full", message));
                return Refusal.of(HttpStatus.INSUFFICIENT_STORAGE, "disk-full", message);
            }
        }
        LOG.error("Upload {} failed", upload, e);
        clear(dataset, upload, new UploadReport.Problem("internal-error", String.valueOf(e.getMessage())));
        return e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
    }

    /** Without a problem not even the record stays. */
    private void clear(long dataset, long upload, UploadReport.@Nullable Problem problem) {
        try {
            if (problem != null) {
                uploads.fail(upload, problem);
            }
            if (!uploads.hidden(List.of(upload)).isEmpty()) {
                store.clear(upload, dataset);
            }
            if (problem == null) {
                uploads.forget(upload);
            }
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("What upload {} has stored stays hidden until the next sweep: {}", upload, e.getMessage());
        }
    }

    static Refusal givenUp() {
        return Refusal.conflict("upload-given-up", "The upload was given up meanwhile; nothing of it was stored");
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
        private @Nullable String delimiter;

        Reading(Dataset dataset, Instant received, RecordsReader reader, UploadParameters parameters, Staging staging) {
            this.dataset = dataset;
            this.received = received;
            this.reader = reader;
            this.parameters = parameters;
            this.staging = staging;
            this.columns = new ColumnMap(parameters.mapping());
            this.dates = dates();
            this.decimals = decimals();
            this.parser = parser();
        }

        FilePass first(UploadBody body) throws IOException {
            Records records = reader.open(staging.keepingRaw(body.file()));
            columns.learn(records.columns());
            if (records.delimiter() != null) {
                columns.check();
            }
            delimiter = records.delimiter();
            List<Records.Entry> head = head(records);
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
            columns = new ColumnMap(parameters.mapping());
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
            FilePass pass = new FilePass(columns, parser, staging, settings.rejectedRows(), json);
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

        private List<Records.Entry> head(Records records) throws IOException {
            List<Records.Entry> head = new ArrayList<>();
            int length = 0;
            while (head.size() < HEAD_RECORDS && length < HEAD_LENGTH) {
                Records.Entry entry = records.next();
                if (entry == null) {
                    break;
                }
                for (String field : entry.fields()) {
                    length += field.length();
                }
                head.add(entry);
            }
            return head;
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
