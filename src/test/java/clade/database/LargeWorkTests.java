package clade.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

class LargeWorkTests {

    private static final int LOWERED = 5;

    @TempDir
    Path path;

    private interface Trial {
        void with(DataSource database) throws Exception;
    }

    @Test
    void eachHasConnectionsOfItsOwnAndWaitsForNoneOfTheOthers() {
        run(database -> {
            try (Connection only = database.getConnection();
                    Connection other = LargeWork.call(database::getConnection)) {
                assertThat(pid(only)).isNotEqualTo(pid(other));
            }
            // only one of each kind: who comes next gets the same
            long first = LargeWork.call(() -> pidOfOne(database));
            LargeWork.run(
                    () -> LargeWork.run(() -> assertThat(pidOfOne(database)).isEqualTo(first)));
            assertThat(pidOfOne(database)).isNotEqualTo(first);
        });
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void itsServerProcessesAndThoseThatHelpThemHaveALowerPriority() {
        run(database -> {
            long atOnce = pidOfOne(database);
            try (Connection connection = LargeWork.call(database::getConnection);
                    Statement statement = connection.createStatement()) {
                await(() -> niceness(Path.of("/proc", String.valueOf(pid(connection)), "stat")) == LOWERED);
                assertThat(niceness(Path.of("/proc", String.valueOf(atOnce), "stat")))
                        .isZero();
                Path session = Path.of("/proc", String.valueOf(pid(connection)), "autogroup");
                if (Files.exists(session)) {
                    assertThat(Files.readString(session)).endsWith("nice %d\n".formatted(LOWERED));
                }

                assertThat(text(connection, "show plan_cache_mode")).isEqualTo("force_custom_plan");
                statement.execute("set debug_parallel_query = on");
                CompletableFuture<Void> query = CompletableFuture.runAsync(() -> {
                    try {
                        statement.execute("select pg_sleep(5)");
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                });
                try (Connection watching = database.getConnection()) {
                    await(() -> {
                        long helper = number(
                                watching,
                                "select min(pid) from pg_stat_activity where backend_type = 'parallel worker'");
                        return helper != 0 && niceness(Path.of("/proc", String.valueOf(helper), "stat")) == LOWERED;
                    });
                }
                query.get(1, TimeUnit.MINUTES);
            }
        });
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aThreadThatDoesNothingElseHasALowerPriority() throws Exception {
        CompletableFuture<Integer> lowered = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                LargeWork.ownThread();
                await(() -> niceness(Path.of("/proc/thread-self/stat")) == LOWERED);
                lowered.complete(niceness(Path.of("/proc/thread-self/stat")));
            } catch (Exception e) {
                lowered.completeExceptionally(e);
            }
        });
        thread.start();
        assertThat(lowered.get(1, TimeUnit.MINUTES)).isEqualTo(LOWERED);
        assertThat(niceness(Path.of("/proc/thread-self/stat"))).isNotEqualTo(LOWERED);
    }

    @Test
    void workDoneApartGivesOrThrowsWhatItWould() throws Exception {
        Thread here = Thread.currentThread();
        Thread apart = LargeWork.callApart(() -> {
            assertThat(LargeWork.underWay()).isTrue();
            return Thread.currentThread();
        });

        assertThat(apart).isNotSameAs(here);
        assertThat(LargeWork.underWay()).isFalse();
        IOException checked = new IOException("checked");
        assertThatThrownBy(() -> LargeWork.callApart(() -> {
                    throw checked;
                }))
                .isSameAs(checked);
        IllegalStateException unchecked = new IllegalStateException("unchecked");
        assertThatThrownBy(() -> LargeWork.callApart(() -> {
                    throw unchecked;
                }))
                .isSameAs(unchecked);
    }

    @Test
    void statementsSentTogetherAreExecutedInTheirOrder() {
        run(database -> {
            Statements statements = new Statements(new NamedParameterJdbcTemplate(database));
            List<Integer> each = new ArrayList<>();
            statements.execute(
                    Map.of("five", 5),
                    List.of(
                            new Statements.Step("select 1 where false", row -> each.add(row.getInt(1))),
                            Statements.Step.of("create table kept (number int)"),
                            Statements.Step.of("select 4"),
                            new Statements.Step(
                                    "insert into kept values (:five), (6) returning number",
                                    row -> each.add(row.getInt(1))),
                            Statements.Step.of("delete from kept"),
                            new Statements.Step("select 7", row -> each.add(row.getInt(1)))));
            assertThat(each).containsExactly(5, 6, 7);
            List<Integer> rows = statements.query(
                    Map.of("one", 1, "ten", 10),
                    List.of(
                            "select 7",
                            "insert into kept values (:one), (:ten)",
                            "update kept set number = number + :one",
                            "select number from kept order by number"),
                    (row, number) -> row.getInt(1));

            assertThat(rows).containsExactly(2, 11);
        });
    }

    private void run(Trial trial) {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(EmbeddedPostgresConfiguration.class, DataSourceAutoConfiguration.class))
                .withUserConfiguration(PoolConfiguration.class)
                .withPropertyValues(
                        "clade.data-directory=" + path.resolve("data"),
                        "clade.large-work.connections=1",
                        "spring.datasource.hikari.maximum-pool-size=1",
                        "spring.datasource.hikari.connection-timeout=10000")
                .run(context -> trial.with(context.getBean(DataSource.class)));
    }

    private static long pidOfOne(DataSource database) {
        try (Connection connection = database.getConnection()) {
            return pid(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long pid(Connection connection) throws SQLException {
        return number(connection, "select pg_backend_pid()");
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    /** The 19th field; the second is a name in parentheses. */
    private static int niceness(Path stat) throws IOException {
        String behindName = Files.readString(stat).replaceFirst(".*\\) ", "");
        return Integer.parseInt(behindName.split(" ", -1)[16]);
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        Instant end = Instant.now().plus(Duration.ofSeconds(30));
        while (!condition.call()) {
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(20);
        }
    }
}
