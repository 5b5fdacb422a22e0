package clade.transactions;

import clade.web.Refusal;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * How many uploads this instance receives at a time. Small ones have places of their own, so that no long one keeps a posted
 * transaction out, and wait for one for a moment, since each takes but a moment.
 */
@Component
class UploadPlaces {

    private static final int PATIENCE_SECONDS = 5;

    /** So many may wait that those who are slow do not take every thread that serves requests. */
    private static final int WAITING = 64;

    private final UploadSettings settings;
    private final Semaphore large;
    private final Semaphore small;

    UploadPlaces(UploadSettings settings) {
        this.settings = settings;
        large = new Semaphore(settings.atOnce());
        small = new Semaphore(settings.smallAtOnce(), true);
    }

    /** Takes a place, which is to be released in what is returned; 503 if there is none. */
    Semaphore take(boolean isSmall) {
        if (isSmall ? waitForOne() : large.tryAcquire()) {
            return isSmall ? small : large;
        }
        int most = isSmall ? settings.smallAtOnce() : settings.atOnce();
        throw Refusal.of(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "too-many-uploads",
                        "%d uploads are being received, which is the most at a time (clade.uploads.%s); try again"
                                .formatted(most, isSmall ? "small-at-once" : "at-once"))
                .withHeader(HttpHeaders.RETRY_AFTER, "5");
    }

    private boolean waitForOne() {
        try {
            return small.getQueueLength() < WAITING && small.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
