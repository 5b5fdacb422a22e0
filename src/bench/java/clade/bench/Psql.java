package clade.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The server's own client programs, the peers. PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE say where the server is. */
final class Psql {

    private static Map<String, String> server = Map.of();

    private Psql() {}

    /** Leads the programs to this server, by the same variables. */
    static void use(Map<String, String> variables) {
        server = variables;
    }

    /** What a statement prints: rows of values without any frame. */
    static String ask(String sql) {
        return run("psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", sql).strip();
    }

    /** Seconds that a statement, or a command such as {@code \copy}, takes with the start of psql. */
    static double seconds(String sql) {
        long start = System.nanoTime();
        ask(sql);
        return (System.nanoTime() - start) / 1e9;
    }

    /** What a program prints; an exit code other than 0 is an error. */
    static String run(String... command) {
        try {
            List<String> words = new ArrayList<>(List.of(command));
            ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
            builder.environment().putAll(server);
            Process process = builder.start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", words) + ": " + printed);
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
