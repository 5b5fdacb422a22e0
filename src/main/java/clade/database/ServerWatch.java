package clade.database;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the embedded server again, on its port, should its process end while Clade runs (killed for want of memory, stopped by
 * a full disk): requests get 503 meanwhile, and go on without a restart of Clade.
 */
final class ServerWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerWatch.class);
    private static final long GLANCE_MILLIS = 500;
    private static final long RETRY_MILLIS = 2_000;

    private final DataDirectory directory;
    private final Thread watching = new Thread(this::watch, "postgres-watch");

    /** Of the server when it was first seen, just started: its tools lie beside it. */
    private @Nullable Path program;

    ServerWatch(DataDirectory directory) {
        this.directory = directory;
        watching.setDaemon(true);
        watching.start();
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(glance() ? GLANCE_MILLIS : RETRY_MILLIS);
            }
        } catch (InterruptedException | IllegalStateException e) {
            LOG.debug("No longer watching the embedded PostgreSQL", e);
        }
    }

    /** False if the server should run and does not. */
    private boolean glance() {
        try {
            Optional<Path> running = DataDirectory.programOnFile(directory.cluster());
            if (program == null) {
                program = running.orElse(null);
                return true;
            }
            return running.filter(program::equals).isPresent() || startAgain(program);
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            LOG.warn("Whether the embedded PostgreSQL runs can't be told: {}", e.getMessage());
            return false;
        }
    }

    private boolean startAgain(Path known) throws IOException {
        LOG.error("The embedded PostgreSQL has ended; starting it again");
        // with the options it had before; fails while processes of the old one have not ended
        boolean started = DataDirectory.control(known, directory.cluster(), "restart", "-m", "fast");
        if (started) {
            LOG.info("The embedded PostgreSQL runs again");
        }
        return started;
    }

    @Override
    public void close() {
        watching.interrupt();
        try {
            watching.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
