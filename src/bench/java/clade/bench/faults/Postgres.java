package clade.bench.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL server that is not the service's own, made of the programs that the embedded one brings. */
final class Postgres implements AutoCloseable {

    private final Path binaries;
    private final Path cluster;
    private final Path log;
    private final int port = Service.freePort();

    private Postgres(Path binaries, Path directory) {
        this.binaries = binaries;
        this.cluster = directory.resolve("cluster");
        this.log = directory.resolve("postgres.log");
    }

    /** Starts the service once on a directory of its own, for the sake of the programs, and then a server. */
    static Postgres start(Path jar, Path directory) throws IOException, InterruptedException {
        Path programs;
        try (Service service = new Service(jar, directory.resolve("programs"))) {
            service.start();
            programs = service.binaries();
        }
        Postgres server = new Postgres(programs, directory);
        server.run(
                "initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-D", server.cluster.toString());
        Files.writeString(
                server.cluster.resolve("postgresql.auto.conf"),
                "port = %d\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n".formatted(server.port));
        server.control("start");
        return server;
    }

    /** @param what {@code start}, {@code stop} or {@code restart}, and how */
    void control(String... what) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("pg_ctl"));
        command.addAll(List.of(what));
        command.addAll(List.of("-w", "-D", cluster.toString(), "-l", log.toString()));
        run(command.toArray(String[]::new));
    }

    /** As by {@code kill -9}. */
    void kill() throws IOException {
        ProcessHandle.of(Long.parseLong(Files.readAllLines(cluster.resolve("postmaster.pid"))
                        .get(0)
                        .strip()))
                .orElseThrow()
                .destroyForcibly();
    }

    /** Settings of a service that uses it. */
    String[] settings() {
        return new String[] {
            "--spring.datasource.url=jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port),
            "--spring.datasource.username=postgres"
        };
    }

    private void run(String... command) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            whole.addAll(List.of("unshare", "-U")); // PostgreSQL refuses to run as root
        }
        whole.add(binaries.resolve(command[0]).toString());
        whole.addAll(List.of(command).subList(1, command.length));
        Process process = new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("%s failed; see %s".formatted(String.join(" ", command), log));
        }
    }

    @Override
    public void close() throws IOException {
        try {
            control("stop", "-m", "fast");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
