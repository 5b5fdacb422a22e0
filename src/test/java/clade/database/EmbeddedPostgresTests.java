package clade.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class EmbeddedPostgresTests {

    private static final EmbeddedPostgresConfiguration CONFIGURATION = new EmbeddedPostgresConfiguration();

    @TempDir
    Path path;

    /** Runs the embedded server until it is killed; prints its port once it answers. */
    static class UntilKilled {
        public static void main(String[] args) throws IOException, InterruptedException {
            DataDirectory directory = DataDirectory.take(Path.of(args[0]));
            System.out.println(CONFIGURATION.embeddedPostgres(directory).getPort());
            Thread.currentThread().join();
        }
    }

    @Test
    void aKilledProcessLosesNothingAndTheNextOneRecovers() throws Exception {
        Process killed = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        UntilKilled.class.getName(),
                        path.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long orphanPid;
        try (BufferedReader output = killed.inputReader()) {
            int port = Integer.parseInt(output.lines()
                    .filter(line -> line.matches("\\d+"))
                    .findFirst()
                    .orElseThrow());
            assertThatThrownBy(() -> DataDirectory.take(path))
                    .hasMessageContaining("in use by another running Clade (process %d)".formatted(killed.pid()));
            try (Connection connection = connect(port, password());
                    Statement statement = connection.createStatement()) {
                statement.execute("create table kept as select 42 as answer");
                orphanPid = Long.parseLong(Files.readAllLines(path.resolve("postgres-18/postmaster.pid"))
                        .get(0));
            }
        } finally {
            killed.destroyForcibly().waitFor();
        }
        assertThat(ProcessHandle.of(orphanPid))
                .as("the server outlives its Clade")
                .isPresent();

        try (DataDirectory directory = DataDirectory.take(path);
                EmbeddedPostgres server = CONFIGURATION.embeddedPostgres(directory)) {
            assertThat(programOf(orphanPid)).as("the orphan's program").isEmpty();
            assertThat(query(server.getPort(), "select answer from kept")).containsExactly("42");
        }
    }

    @Test
    void isDurableDemandsItsPasswordAndKeepsItsDataAcrossRestarts() throws Exception {
        try (DataDirectory directory = DataDirectory.take(path);
                EmbeddedPostgres server = CONFIGURATION.embeddedPostgres(directory)) {
            int port = server.getPort();
            assertThat(query(port, """
                            select name || ' ' || setting from pg_settings
                            where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums',
                                'password_encryption', 'listen_addresses', 'unix_socket_directories', 'server_encoding')
                            order by name"""))
                    .containsExactly(
                            "data_checksums on",
                            "fsync on",
                            "full_page_writes on",
                            "listen_addresses 127.0.0.1",
                            "password_encryption scram-sha-256",
                            "server_encoding UTF8",
                            "synchronous_commit on",
                            "unix_socket_directories ");
            assertThat(query(port, "select distinct auth_method from pg_hba_file_rules"))
                    .containsExactly("scram-sha-256");
            for (String wrong : new String[] {"wrong", "postgres", directory.password() + "0"}) {
                assertThatThrownBy(() -> connect(port, wrong))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                refusal -> assertThat(refusal.getSQLState()).isEqualTo("28P01")); // invalid_password
            }
            assertThatThrownBy(() -> connect(port, null)).isInstanceOf(SQLException.class);
            try (Connection connection = connect(port, directory.password());
                    Statement statement = connection.createStatement()) {
                statement.execute("create table kept as select 'yes' as answer");
            }
        }
        assertThat(path.resolve("postgres-18/postmaster.pid")).doesNotExist();

        try (DataDirectory directory = DataDirectory.take(path);
                EmbeddedPostgres server = CONFIGURATION.embeddedPostgres(directory)) {
            assertThat(query(server.getPort(), "select answer from kept")).containsExactly("yes");
        }
    }

    @Test
    @SuppressWarnings("try") // the watch does its work by being there
    void aServerThatEndsIsStartedAgainOnItsPortWithItsDataAndSettings() throws Exception {
        try (DataDirectory directory = DataDirectory.take(path);
                EmbeddedPostgres server = CONFIGURATION.embeddedPostgres(directory);
                ServerWatch watch = CONFIGURATION.serverWatch(directory)) {
            int port = server.getPort();
            try (Connection connection = connect(port, password());
                    Statement statement = connection.createStatement()) {
                statement.execute("create table kept as select 'yes' as answer");
            }
            Thread.sleep(1_000); // it is seen at once, and from then on kept running
            for (int time = 1; time <= 2; time++) {
                ProcessHandle.of(Long.parseLong(Files.readAllLines(path.resolve("postgres-18/postmaster.pid"))
                                .get(0)))
                        .orElseThrow()
                        .destroyForcibly();

                assertThat(afterAWhile(port, "select answer from kept")).containsExactly("yes");
                assertThat(query(port, "show wal_compression")).containsExactly("pglz");
                assertThat(DataDirectory.programOnFile(directory.cluster())).isPresent();
            }
        }
        assertThat(path.resolve("postgres-18/postmaster.pid")).doesNotExist();
    }

    @Test
    void isNotStartedWhereAnotherServerIsNamed() {
        ApplicationContextRunner service = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(EmbeddedPostgresConfiguration.class))
                .withPropertyValues("clade.data-directory=" + path.resolve("unused"));

        service.withPropertyValues("spring.datasource.url=jdbc:postgresql://db.example/clade")
                .run(context -> assertThat(context).doesNotHaveBean(EmbeddedPostgres.class));
        service.withBean(JdbcConnectionDetails.class, () -> new JdbcConnectionDetails() {
                    @Override
                    public @Nullable String getUsername() {
                        return null;
                    }

                    @Override
                    public @Nullable String getPassword() {
                        return null;
                    }

                    @Override
                    public String getJdbcUrl() {
                        return "jdbc:postgresql://db.example/clade";
                    }
                })
                .run(context -> assertThat(context).doesNotHaveBean(EmbeddedPostgres.class));
        assertThat(path.resolve("unused")).doesNotExist();
    }

    /** Empty once the process has ended, even while nobody has asked for its exit code. */
    private static Optional<String> programOf(long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().command());
    }

    private List<String> query(int port, String sql) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection connection = connect(port, password());
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }

    private List<String> afterAWhile(int port, String sql) throws Exception {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (true) {
            try {
                return query(port, sql);
            } catch (SQLException e) {
                assertThat(System.nanoTime()).as(e.getMessage()).isLessThan(deadline);
                Thread.sleep(100);
            }
        }
    }

    private String password() throws IOException {
        return Files.readString(path.resolve("postgres-password"));
    }

    private static Connection connect(int port, @Nullable String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port), "postgres", password);
    }
}
