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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;
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
    private final Merge merge;
    private final ObjectProvider<PurchasesListener> listeners;
    private final DataSource database;
    private final TransactionOperations transaction;
    private final UploadSettings settings;
    private final JsonMapper json;
    private final Clock clock;
    private final Semaphore places;

    UploadReceiver(
            Datasets datasets,
            Uploads uploads,
            UploadHeartbeat heartbeat,
            Merge merge,
            ObjectProvider<PurchasesListener> listeners,
            DataSource database,
            TransactionOperations transaction,
            UploadSettings settings,
            JsonMapper json,
            Clock clock) {
        this.datasets = datasets;
        this.uploads = uploads;
        this.heartbeat = heartbeat;
        this.merge = merge;
        this.listeners = listeners;
        this.database = database;
        this.transaction = transaction;
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
        } catch (IOException | SQLException | RuntimeException e) {
            throw ended(upload, e);
        } finally {
            heartbeat.end(upload);
            dropStaging(upload);
        }
    }

    private Optional<List<PurchasesListener.Change>> store(
            Dataset dataset, long upload, Instant received, UploadBody body, UploadParameters parameters)
            throws IOException, SQLException {
        ReadingLimits limits = new ReadingLimits(settings.rowLength(), settings.columns());
        RecordsReader reader = new RecordsReader(body, parameters, limits, settings.bodySize());
        Staging staging = new Staging(database, upload);
        Reading reading = new Reading(dataset, received, reader, parameters, staging);
        FilePass pass = reading.first(body);
        staging.flush();
        if (!uploads.startMerging(upload)) {
            throw givenUp();
        }
        return transaction.execute(status -> {
            uploads.lock(dataset.id());
            return merge(dataset, upload, reading, pass, parameters);
        });
    }

    /** The memberships that changed; empty if so many customers changed that the answer does not tell. */
    private Optional<List<PurchasesListener.Change>> merge(
            Dataset dataset, long upload, Reading reading, FilePass pass, UploadParameters parameters) {
        if (merge.staged(upload) != pass.valid()) {
            throw new IllegalStateException("The database lost staged rows in a crash");
        }
        if (pass.identified()) {
            if (reading.columns.recognised(Field.TRANSACTION_ID)) {
                merge.recurring(upload).ifPresent(row -> {
                    throw reading.columns.notAnIdOfRows(row.rowNumber(), row.transactionId());
                });
            }
            reading.rejectConflicts(merge.takeConflicts(dataset.id(), upload), pass);
        }
        Merge.Outcome outcome = merge.storeRows(dataset.id(), upload, parameters.dropsDuplicates());
        merge.storeRejected(upload);
        UploadReport.Content content = new UploadReport.Content(
                pass.rows(),
                outcome.accepted(),
                pass.rejected(),
                outcome.duplicates(),
                pass.rejections(),
                warnings(upload, reading, pass),
                reading.columns.report(),
                reading.formats(),
                reading.columns.ignored(),
                outcome.customers());
        if (!uploads.complete(upload, content, reading.columns.originalNames())) {
            throw givenUp();
        }
        List<PurchasesListener.Change> changes = listeners
                .orderedStream()
                .flatMap(listener -> listener.purchasesChanged(dataset.id(), outcome.changed()).stream())
                .toList();
        return outcome.changed().length > PurchasesListener.TOLD ? Optional.empty() : Optional.of(changes);
    }

    private List<Warning> warnings(long upload, Reading reading, FilePass pass) {
        Map<String, Warning> warnings = new LinkedHashMap<>();
        reading.parser.warn(warnings);
        long ofSuspect = pass.valid() < TELLING_ROWS ? 0 : merge.stagedOf(upload, pass.suspect());
        if (ofSuspect * 2 >= pass.valid() && ofSuspect > 0) {
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
    private RuntimeException ended(long upload, Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof Refusal refusal) {
                uploads.forget(upload);
                return refusal;
            }
            if (cause instanceof ClientStream.Lost lost) {
                String code = lost.silent ? "client-silent" : "connection-lost";
                uploads.fail(upload, new UploadReport.Problem(code, lost.reason()));
                return new Refusal(HttpStatus.REQUEST_TIMEOUT, lost.reason(), List.of(Fault.of(code, lost.reason())));
            }
            if (cause instanceof SQLException sql && "53100".equals(sql.getSQLState())) {
                String message = "The disk of the database is full; nothing of the file was stored";
                uploads.fail(upload, new UploadReport.Problem("disk-full", message));
                return Refusal.of(HttpStatus.INSUFFICIENT_STORAGE, "disk-full", message);
            }
        }
        LOG.error("Upload {} failed", upload, e);
        uploads.fail(upload, new UploadReport.Problem("internal-error", String.valueOf(e.getMessage())));
        return e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
    }

    private void dropStaging(long upload) {
        try {
            uploads.dropStaging(upload);
        } catch (DataAccessException e) {
            LOG.warn("The staging of upload {} stays for the next sweep: {}", upload, e.getMessage());
        }
    }

    private static Refusal givenUp() {
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

        FilePass first(UploadBody body) throws IOException, SQLException {
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
                throws IOException, SQLException {
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
        void rejectConflicts(List<Merge.Conflict> conflicts, FilePass pass) {
            if (conflicts.isEmpty()) {
                return;
            }
            try {
                Records records = reader.open(staging.raw());
                long number = 0;
                for (Merge.Conflict conflict : conflicts) {
                    Records.Entry entry = null;
                    while (number < conflict.rowNumber()) {
                        entry = records.next();
                        number++;
                    }
                    String[] fields = entry == null ? new String[0] : entry.fields();
                    pass.reject(conflict.rowNumber(), conflicting(conflict), fields);
                }
                staging.flush();
            } catch (IOException | SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        UploadReport.Formats formats() {
            return new UploadReport.Formats(reader.charsetName(), delimiter, dates.report(), decimals.report());
        }

        private Rejection conflicting(Merge.Conflict conflict) {
            return new Rejection(
                    columns.nameOf(Field.TRANSACTION_ID),
                    "conflicting-transaction",
                    "There is a transaction %s already, with other content".formatted(conflict.transactionId()));
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
