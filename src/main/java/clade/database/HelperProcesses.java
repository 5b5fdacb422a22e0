package clade.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.StringUtils;

/**
 * Lowers the priority of the processes with which the embedded server helps {@linkplain LargeWork large work}: parallel workers,
 * which only large queries have, and autovacuum. They are its children, so Linux tells them.
 */
final class HelperProcesses implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HelperProcesses.class);
    private static final long GLANCE_MILLIS = 50;
    private static final long IDLE_MILLIS = 500;
    private static final String TITLE = "postgres: ";
    private static final List<String> HELPERS = List.of(TITLE + "parallel worker", TITLE + "autovacuum worker");

    private final Path cluster;
    private final BooleanSupplier underWay;
    private final Thread watching = new Thread(this::watch, "large-work-helpers");
    private Set<Long> seen = new HashSet<>();

    /**
     * @param cluster of the server
     * @param underWay tells whether large work is going on
     */
    HelperProcesses(Path cluster, BooleanSupplier underWay) {
        this.cluster = cluster;
        this.underWay = underWay;
        watching.setDaemon(true);
        watching.start();
    }

    private void watch() {
        try {
            while (true) {
                boolean busy = underWay.getAsBoolean();
                if (busy && !glance()) {
                    return;
                }
                Thread.sleep(busy ? GLANCE_MILLIS : IDLE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False where the operating system does not tell. */
    private boolean glance() {
        try {
            String server = DataDirectory.pidOnFile(cluster).orElseThrow().toString();
            Path children = Path.of("/proc", server, "task", server, "children");
            if (Files.notExists(children) && Files.exists(Path.of("/proc", server))) {
                LOG.debug("{} is not there; the server's helpers keep the priority of all else", children);
                return false;
            }
            Set<Long> now = new HashSet<>();
            Set<Long> helpers = new HashSet<>();
            for (String child : StringUtils.tokenizeToStringArray(Files.readString(children), " \n")) {
                Long id = Long.valueOf(child);
                String title = seen.contains(id) ? "" : title(child);
                if (HELPERS.stream().anyMatch(title::startsWith)) {
                    helpers.add(id);
                }
                // one just begun has not got its title yet
                if (seen.contains(id) || title.startsWith(TITLE)) {
                    now.add(id);
                }
            }
            seen = now;
            if (!helpers.isEmpty()) {
                LargeWork.lowerProcesses(helpers);
            }
        } catch (IOException | RuntimeException e) {
            LOG.trace("The server is just starting or ending", e);
        }
        return true;
    }

    private static String title(String process) throws IOException {
        return Files.readString(Path.of("/proc", process, "cmdline"), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        watching.interrupt();
    }
}
