package clade.database;

import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.FileSystemUtils;

/**
 * The folder that holds the embedded server: {@code postgres-18} (its cluster), {@code bin} (its binaries), {@code
 * postgres-password} and {@code clade.lock}. It is closed to other users, and one process at a time owns it.
 */
final class DataDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);
    private static final String VERSION = "18";
    private static final String UNFINISHED = "unfinished-";

    private final Path path;
    private final FileChannel lock;
    private final String password;

    private DataDirectory(Path path, FileChannel lock, String password) {
        this.path = path;
        this.lock = lock;
        this.password = password;
    }

    /** Makes the folder if it is not there and takes it for this process; refuses if another has it. */
    static DataDirectory take(Path wanted) throws IOException {
        Path path = wanted.toAbsolutePath().normalize();
        createPrivately(path);
        Path lockFile = path.resolve("clade.lock");
        FileChannel lock = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!hold(lock)) {
                throw refusal(
                        path,
                        "it is in use by another running Clade%s. Stop that one, or give this one a directory of its own: --clade.data-directory=DIR"
                                .formatted(owner(path)
                                        .map(" (process %s)"::formatted)
                                        .orElse("")));
            }
            refuseOtherVersion(path);
            Files.writeString(
                    path.resolve("clade.pid"),
                    Long.toString(ProcessHandle.current().pid()));
            return new DataDirectory(path, lock, readOrMakePassword(path));
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    Path cluster() {
        return path.resolve("postgres-" + VERSION);
    }

    Path binaries() {
        return path.resolve("bin");
    }

    Path passwordFile() {
        return path.resolve("postgres-password");
    }

    String password() {
        return password;
    }

    /**
     * Where a new cluster is made before {@link #keep} moves it into place, so that a crash on the way never leaves half a
     * cluster.
     */
    Path unfinishedCluster() {
        return path.resolve(UNFINISHED + ProcessHandle.current().pid());
    }

    void keep(Path finished) throws IOException {
        Files.move(finished, cluster(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Ends servers that outlived their Clade (after a {@code kill -9}) and removes clusters that one never finished. */
    void recover() throws IOException {
        stopOrphan(cluster());
        try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(path, UNFINISHED + "*")) {
            for (Path cluster : unfinished) {
                stopOrphan(cluster);
                FileSystemUtils.deleteRecursively(cluster);
            }
        }
    }

    private void stopOrphan(Path cluster) throws IOException {
        Optional<Path> orphan = runningProgram(cluster);
        if (orphan.isEmpty()) {
            return;
        }
        LOG.info("Stopping the PostgreSQL server that an earlier Clade left behind in {}", cluster);
        if (!control(orphan.get(), cluster, "stop", "-m", "fast")) {
            throw new IllegalStateException(
                    "The PostgreSQL server left behind in %s did not stop. Stop it by hand and start Clade again."
                            .formatted(path));
        }
    }

    /** The program of the server that runs on the cluster: empty if none of ours does, even while its process is not yet reaped. */
    Optional<Path> runningProgram(Path cluster) throws IOException {
        return programOnFile(cluster).filter(this::isOurs);
    }

    /** The process that the cluster's pid file names. */
    static Optional<Long> pidOnFile(Path cluster) throws IOException {
        Path pidFile = cluster.resolve("postmaster.pid");
        return Files.exists(pidFile)
                ? Optional.of(Long.valueOf(Files.readAllLines(pidFile).get(0).strip()))
                : Optional.empty();
    }

    /** The program of the process that the cluster's pid file names, whatever it is. */
    static Optional<Path> programOnFile(Path cluster) throws IOException {
        return pidOnFile(cluster)
                .flatMap(ProcessHandle::of)
                .flatMap(process -> process.info().command())
                .map(Path::of);
    }

    /**
     * Has {@code pg_ctl} do something with the server on the cluster and waits for it.
     *
     * @param program the server's program, beside which {@code pg_ctl} lies
     * @return false if it could not be done within a minute
     */
    static boolean control(Path program, Path cluster, String... what) throws IOException {
        List<String> command = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) {
            // as root, which PostgreSQL refuses: the embedded server itself was started in the same way
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(program.resolveSibling("pg_ctl").toString());
        command.addAll(List.of(what));
        command.addAll(List.of("-D", cluster.toString(), "-w", "-t", "60"));
        try {
            Process control = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return control.waitFor(90, TimeUnit.SECONDS) && control.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for pg_ctl", e);
        }
    }

    /** After a reboot the number in a stale pid file may belong to anything, even to another PostgreSQL. */
    private boolean isOurs(Path program) {
        try {
            return program.startsWith(binaries().toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private static boolean hold(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // this process has it already
        }
    }

    private static void createPrivately(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            if (Files.notExists(path)) {
                Files.createDirectory(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        } else {
            Files.createDirectories(path);
        }
    }

    private static void refuseOtherVersion(Path path) throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.startsWith("postgres-")
                            && !name.equals("postgres-" + VERSION)
                            && !name.equals("postgres-password"))
                    .findFirst()
                    .ifPresent(other -> {
                        throw refusal(
                                path,
                                "it holds %s but this Clade runs PostgreSQL %s. Dump it with the Clade that made it and restore it here (docs/operations.md)"
                                        .formatted(other, VERSION));
                    });
        }
    }

    private static String readOrMakePassword(Path path) throws IOException {
        Path file = path.resolve("postgres-password");
        if (Files.notExists(file)) {
            if (Files.exists(path.resolve("postgres-" + VERSION))) {
                throw refusal(
                        path,
                        "it holds a database but not its password. Put the file postgres-password back beside it");
            }
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            // written aside and moved, so that a crash never leaves half a password
            Path fresh = path.resolve("postgres-password.new");
            Files.writeString(fresh, HexFormat.of().formatHex(random));
            if (fresh.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
            }
            Files.move(fresh, file);
        }
        return Files.readString(file, StandardCharsets.US_ASCII).strip();
    }

    private static Optional<String> owner(Path path) {
        Path file = path.resolve("clade.pid");
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InvalidConfigurationPropertyValueException refusal(Path path, String reason) {
        return new InvalidConfigurationPropertyValueException("clade.data-directory", path, reason);
    }
}
