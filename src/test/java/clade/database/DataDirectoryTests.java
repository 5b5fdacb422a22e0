package clade.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

class DataDirectoryTests {

    @TempDir
    Path parent;

    Path path;

    @BeforeEach
    void place() {
        path = parent.resolve("not").resolve("there yet");
    }

    @Test
    void isClosedToOtherUsersEvenIfItWasOpenBefore() throws IOException {
        assumeTrue(Files.getFileStore(parent).supportsFileAttributeView("posix"));
        Files.createDirectories(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));

        try (DataDirectory directory = DataDirectory.take(path)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.passwordFile())))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void keepsItsPasswordAndSharesItWithNoOtherDirectory() throws IOException {
        String password;
        try (DataDirectory directory = DataDirectory.take(path)) {
            password = directory.password();
        }

        try (DataDirectory again = DataDirectory.take(path);
                DataDirectory other = DataDirectory.take(parent.resolve("other"))) {
            assertThat(password).matches("[0-9a-f]{48}").isEqualTo(again.password());
            assertThat(other.password()).isNotEqualTo(password);
        }
    }

    @Test
    void isRefusedWhileItIsTakenAndFreeAfterwards() throws IOException {
        try (DataDirectory first = DataDirectory.take(path)) {
            assertThatThrownBy(() -> DataDirectory.take(path))
                    .isInstanceOfSatisfying(
                            InvalidConfigurationPropertyValueException.class,
                            refusal -> assertThat(refusal.getReason())
                                    .startsWith("it is in use by another running Clade (process %d)"
                                            .formatted(ProcessHandle.current().pid()))
                                    .contains("--clade.data-directory=DIR"));
            assertThat(first.cluster()).doesNotExist();
        }
        DataDirectory.take(path).close();
    }

    @Test
    void ofAnotherMajorVersionIsRefused() throws IOException {
        Files.createDirectories(path.resolve("postgres-17"));

        assertThatThrownBy(() -> DataDirectory.take(path))
                .isInstanceOfSatisfying(
                        InvalidConfigurationPropertyValueException.class,
                        refusal -> assertThat(refusal.getReason())
                                .startsWith("it holds postgres-17 but this Clade runs PostgreSQL 18"));
        assertThat(path.resolve("postgres-password")).doesNotExist();
    }

    @Test
    void thatLostItsPasswordIsRefusedRatherThanGivenANewOne() throws IOException {
        Files.createDirectories(path.resolve("postgres-18"));

        assertThatThrownBy(() -> DataDirectory.take(path)).hasMessageContaining("postgres-password");
        assertThat(path.resolve("postgres-password")).doesNotExist();
    }

    @Test
    void leavesAProcessAloneWhoseNumberAStalePidFileHolds() throws IOException {
        try (DataDirectory directory = DataDirectory.take(path)) {
            Files.createDirectories(directory.cluster());
            Files.writeString(
                    directory.cluster().resolve("postmaster.pid"),
                    ProcessHandle.current().pid() + "\n");

            directory.recover(); // a mistake here would be the end of this test run

            assertThat(directory.cluster()).exists();
        }
    }

    @Test
    void removesAClusterThatAnEarlierStartDidNotFinish() throws IOException {
        try (DataDirectory directory = DataDirectory.take(path)) {
            Path unfinished = Files.createDirectories(path.resolve("unfinished-1/base"));
            Files.writeString(unfinished.resolve("1"), "half a table");
            Files.createDirectories(directory.cluster());

            directory.recover();

            assertThat(path.resolve("unfinished-1")).doesNotExist();
            assertThat(directory.cluster()).exists();
        }
    }
}
