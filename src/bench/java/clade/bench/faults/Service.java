package clade.bench.faults;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The service as a process of its own, on a port that it keeps and a data directory that outlives it. */
final class Service implements AutoCloseable {

    private static final String POSTMASTER_PID = "postgres-18/postmaster.pid";
    private static final Duration START = Duration.ofMinutes(10);

    private final Path jar;
    private final Path directory;
    private final List<String> settings;
    private final int port = freePort();
    private final Client client = new Client(port);
    private @Nullable Process process;

    /** @param settings as on its command line, {@code --name=value} */
    Service(Path jar, Path directory, String... settings) {
        this.jar = jar;
        this.directory = directory;
        this.settings = List.of(settings);
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts it and waits until it takes requests; seconds that it took. */
    double start() throws IOException, InterruptedException {
        long start = System.nanoTime();
        Files.createDirectories(directory);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-jar",
                jar.toString()));
        command.add("--server.port=" + port);
        command.add("--clade.data-directory=" + directory.resolve("data"));
        command.addAll(settings);
        File log = directory.resolve("service.log").toFile();
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
        process = started;
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroy));
        while (!ready()) {
            if (!started.isAlive() || System.nanoTime() - start > START.toNanos()) {
                throw new IllegalStateException("The service did not start; see " + log);
            }
            Thread.sleep(100);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private boolean ready() throws InterruptedException {
        try {
            return HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(URI.create(
                                                    "http://127.0.0.1:" + port + "/actuator/health/readiness"))
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** As by {@code kill -9}: what is not on disk is lost. */
    void kill() throws InterruptedException {
        process().destroyForcibly().waitFor();
    }

    void stop() throws InterruptedException {
        process().destroy();
        if (!process().waitFor(60, TimeUnit.SECONDS)) {
            kill();
        }
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    long pid() {
        return process().pid();
    }

    Client client() {
        return client;
    }

    int port() {
        return port;
    }

    /** A connection of one's own, to be used badly. */
    Socket connect(int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBuffer);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    /** Begins an upload of so many bytes, and leaves it at the first of them. */
    Socket beginUpload(String path, int length) throws IOException {
        Socket socket = connect(1 << 16);
        socket.getOutputStream().write("""
                        POST /api/v1%s HTTP/1.1\r
                        Host: 127.0.0.1\r
                        Content-Type: text/csv\r
                        Content-Length: %d\r
                        \r
                        customerId,occurredAt,amount
                        slow,2024-01-01,7
                        """.formatted(path, length).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Where the embedded server's programs lie, once it has been started. */
    Path binaries() throws IOException {
        try (var files = Files.walk(data().resolve("bin"))) {
            return Objects.requireNonNull(files.filter(file -> file.endsWith("pg_ctl"))
                    .findFirst()
                    .orElseThrow()
                    .getParent());
        }
    }

    /** The first process of the embedded server; waits until one is there. */
    ProcessHandle postmaster() throws IOException, InterruptedException {
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end) {
            List<String> pid = Files.exists(data().resolve(POSTMASTER_PID)) ? postmasterPid() : List.of();
            Optional<ProcessHandle> found = pid.isEmpty()
                    ? Optional.empty()
                    : ProcessHandle.of(Long.parseLong(pid.get(0).strip()));
            if (found.isPresent() && found.get().isAlive()) {
                return found.get();
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException("The embedded server did not come back");
    }

    Connection embeddedDatabase() throws IOException, SQLException {
        String password = Files.readString(data().resolve("postgres-password")).strip();
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%s/postgres"
                        .formatted(postmasterPid().get(3).strip()),
                "postgres",
                password);
    }

    private List<String> postmasterPid() throws IOException {
        return Files.readAllLines(data().resolve(POSTMASTER_PID));
    }

    Path data() {
        return directory.resolve("data");
    }

    private Process process() {
        return Objects.requireNonNull(process, "start it first");
    }

    @Override
    public void close() {
        try {
            if (isAlive()) {
                stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
