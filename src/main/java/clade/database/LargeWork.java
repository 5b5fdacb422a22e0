package clade.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads of many rows, runs, whole lists: work that takes seconds and has {@linkplain TwoPools connections} of its own. Where the
 * operating system allows it, threads and server processes that do nothing else get a lower priority, so that a processor turns to
 * a short request as soon as one comes.
 */
public final class LargeWork {

    private static final Logger LOG = LoggerFactory.getLogger(LargeWork.class);

    /** As of {@code nice}: beside another that wants the processor, a quarter of it, so that it goes on whatever comes. */
    private static final String NICENESS = "5";

    /** Only one session's priority can be changed in a tenth of a second. */
    private static final long SESSION_PAUSE_MILLIS = 110;

    private static final int SESSION_ATTEMPTS = 3;

    private static final ThreadLocal<Kind> KIND = ThreadLocal.withInitial(() -> Kind.SHORT);

    private enum Kind {
        SHORT,
        LARGE,

        /** The thread does nothing but large work, and its priority is lowered. */
        ALWAYS
    }

    private LargeWork() {}

    /** Large work that gives something. */
    public interface Work<T, E extends Exception> {
        T call() throws E;
    }

    /** Has the current thread do large work. */
    public static <T, E extends Exception> T call(Work<T, E> work) throws E {
        Kind before = KIND.get();
        if (before == Kind.SHORT) {
            KIND.set(Kind.LARGE);
        }
        try {
            return work.call();
        } finally {
            KIND.set(before);
        }
    }

    /** Has a thread of its own do large work, and waits for it. */
    public static <T, E extends Exception> T callApart(Work<T, E> work) throws E {
        FutureTask<T> task = new FutureTask<>(() -> {
            ownThread();
            return work.call();
        });
        Thread thread = new Thread(task, "large-work");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get();
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while large work went on", e);
        } catch (ExecutionException e) {
            throw LargeWork.<E>thrown(e.getCause());
        }
    }

    /** What the work threw, which can be nothing else than it declares. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> E thrown(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return (E) Objects.requireNonNull(cause);
    }

    /** Has the current thread do large work that gives nothing. */
    public static void run(Runnable work) {
        call(() -> {
            work.run();
            return true;
        });
    }

    /** Says that the current thread does nothing but large work, as do the threads that it begins. */
    public static void ownThread() {
        if (KIND.get() == Kind.ALWAYS) {
            return;
        }
        KIND.set(Kind.ALWAYS);
        try {
            // Linux shows a thread as a process of that number
            Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            lowerPriority(List.of(Long.valueOf(thread.getFileName().toString())));
        } catch (IOException e) {
            LOG.debug("This is not Linux; large work goes on at the priority of all else", e);
        }
    }

    static boolean underWay() {
        return KIND.get() != Kind.SHORT;
    }

    /**
     * Lowers the priority of server processes of the same user, as far as that can be done. Each is a session of its own, and
     * where Linux shares its processors among sessions ("autogroup") it is the session's priority that counts.
     */
    static void lowerProcesses(Collection<Long> ids) {
        ids.forEach(LargeWork::lowerSession);
        lowerPriority(ids);
    }

    private static void lowerSession(long process) {
        Path session = Path.of("/proc", String.valueOf(process), "autogroup");
        try {
            for (int attempt = 0; attempt < SESSION_ATTEMPTS && Files.exists(session); attempt++) {
                try {
                    Files.writeString(session, NICENESS, StandardOpenOption.WRITE);
                    return;
                } catch (IOException e) {
                    LOG.trace("Session of process {} keeps its priority for now", process, e);
                }
                Thread.sleep(SESSION_PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lowers the priority of processes or threads of the same user, as far as that can be done. */
    private static void lowerPriority(Collection<Long> ids) {
        List<String> command = new ArrayList<>(List.of("renice", "-n", NICENESS, "-p"));
        ids.forEach(id -> command.add(id.toString()));
        try {
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            LOG.debug("Large work goes on at the priority of all else: {}", e.getMessage());
        }
    }
}
