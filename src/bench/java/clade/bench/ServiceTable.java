package clade.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The whole table of the service: starts {@code clade.jar} with 512 MB on a fresh data directory, generates transactions, measures
 * row after row beside psql and pgbench on the same server, and removes the data again.
 */
final class ServiceTable {

    private static final int START_SECONDS = 300;

    private ServiceTable() {}

    static void print(Arguments arguments) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(Path.of(arguments.text("directory", "target")), "bench-service-");
        int port = arguments.number("port", 8089);
        Process service = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-jar",
                        arguments.text("jar", "target/clade.jar"),
                        "--clade.data-directory=" + directory.resolve("data"),
                        "--clade.uploads.directory=" + directory,
                        "--server.port=" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        try {
            RunningService running =
                    new RunningService(URI.create("http://127.0.0.1:" + port), arguments.text("dataset", "bench"));
            running.awaitStart(START_SECONDS);
            rows(arguments, running, directory);
        } finally {
            service.destroy();
            if (!service.waitFor(60, TimeUnit.SECONDS)) {
                service.destroyForcibly();
            }
            delete(directory);
        }
    }

    private static void rows(Arguments arguments, RunningService service, Path directory) throws IOException {
        int rows = arguments.number("rows", 1_000_000);
        int times = arguments.number("times", 3);
        List<String> pid = Files.readAllLines(directory.resolve("data/postgres-18/postmaster.pid"));
        String password =
                Files.readString(directory.resolve("data/postgres-password")).strip();
        Psql.use(Map.of(
                "PGHOST", "127.0.0.1",
                "PGPORT", pid.get(3),
                "PGUSER", "postgres",
                "PGDATABASE", "postgres",
                "PGPASSWORD", password));
        String jdbcUrl =
                "jdbc:postgresql://127.0.0.1:%s/postgres?user=postgres&password=%s".formatted(pid.get(3), password);
        Path file = directory.resolve("transactions.csv");
        int customers = arguments.number("customers", rows / 10);
        new Generator(rows, customers, 0, 0, arguments.number("seed", 1)).write(file, directory.resolve("truth.csv"));
        System.out.println("| work | Clade | compared with | ratio |\n|---|---|---|---|");
        System.out.println(new UploadRate(service, times).measure(file, rows));
        System.out.println(new RfmTime(service, jdbcUrl, times).measure());
        System.out.println(new RunTime(service, times).measure("rfm", "{\"name\":\"rfm\"}"));
        System.out.println(new RunTime(service, times).measure("k-means, k = 8", "{\"name\":\"k-means\",\"k\":8}"));
        System.out.println(new ExportRate(service, times).measure());
        System.out.println(new ProfileLoad(service, customers, 64, 10, times).measure());
        Path more = directory.resolve("more.csv");
        new Generator(rows, arguments.number("customers", rows / 10), 0, 0, arguments.number("seed", 1) + 1)
                .write(more, directory.resolve("more-truth.csv"));
        System.out.println(new PostLatency(service).measure(more));
    }

    private static void delete(Path directory) throws IOException {
        List<Path> all;
        try (var found = Files.walk(directory)) {
            all = found.sorted(java.util.Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
