package clade.transactions;

import clade.datasets.Dataset;
import clade.datasets.Datasets;
import clade.web.Fault;
import clade.web.Refusal;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionException;

/** Receives an upload of any kind from its first byte to its report. All of it is stored or nothing. */
@Service
class UploadReceiver {

    private static final Logger LOG = LoggerFactory.getLogger(UploadReceiver.class);

    private final Datasets datasets;
    private final Uploads uploads;
    private final UploadHeartbeat heartbeat;
    private final UploadStore store;
    private final UploadPlaces places;
    private final Clock clock;

    UploadReceiver(
            Datasets datasets,
            Uploads uploads,
            UploadHeartbeat heartbeat,
            UploadStore store,
            UploadPlaces places,
            Clock clock) {
        this.datasets = datasets;
        this.uploads = uploads;
        this.heartbeat = heartbeat;
        this.store = store;
        this.places = places;
        this.clock = clock;
    }

    /** Reads a file and stores what it brings. */
    interface Intake {

        UploadReport store(Dataset dataset, long upload, Instant received) throws IOException;
    }

    UploadReport receive(String datasetKey, UploadKind kind, UploadBody body, Intake intake) {
        Dataset dataset = datasets.get(datasetKey);
        Semaphore place = places.take(body.isSmall());
        try {
            return receive(dataset, kind, intake);
        } finally {
            place.release();
        }
    }

    private UploadReport receive(Dataset dataset, UploadKind kind, Intake intake) {
        Instant received = clock.instant();
        long upload = uploads.begin(dataset.id(), kind, received);
        heartbeat.begin(upload);
        try {
            return intake.store(dataset, upload, received);
        } catch (IOException | RuntimeException e) {
            throw ended(dataset.id(), upload, e);
        } finally {
            heartbeat.end(upload);
        }
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
}
