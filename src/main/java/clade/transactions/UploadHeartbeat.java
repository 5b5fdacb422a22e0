package clade.transactions;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Shows that the uploads of this instance are alive, and fails those of instances that died. */
@Component
class UploadHeartbeat {

    private static final Logger LOG = LoggerFactory.getLogger(UploadHeartbeat.class);
    private static final int SILENT_SECONDS = 30;

    private final Uploads uploads;
    private final UploadStore store;
    private final Set<Long> alive = ConcurrentHashMap.newKeySet();

    UploadHeartbeat(Uploads uploads, UploadStore store) {
        this.uploads = uploads;
        this.store = store;
    }

    void begin(long upload) {
        alive.add(upload);
    }

    void end(long upload) {
        alive.remove(upload);
    }

    @Scheduled(fixedDelay = 5_000)
    void beat() {
        try {
            uploads.beat(List.copyOf(alive));
        } catch (DataAccessException e) {
            LOG.warn("Heartbeat of {} uploads failed: {}", alive.size(), e.getMessage());
        }
    }

    @Scheduled(fixedDelay = 10_000)
    void sweep() {
        try {
            uploads.failOrphans(
                    SILENT_SECONDS,
                    new UploadReport.Problem(
                            "instance-lost",
                            "The instance of Clade that received the file stopped before it was stored"));
            uploads.leftHidden().forEach(upload -> store.clear(upload.id(), upload.dataset()));
        } catch (DataAccessException e) {
            LOG.warn("Clearing up after lost uploads failed: {}", e.getMessage());
        }
    }
}
