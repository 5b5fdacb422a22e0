package clade.database;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.CladeTest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@CladeTest
class CopiedRowsTests {

    @Autowired
    private DataSource database;

    @Test
    void whoeverUsesTheConnectionNextFindsNothingOfAQueryThatWasLeft() throws SQLException {
        Random random = new Random(8);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < 60; i++) {
                int rows = random.nextInt(random.nextBoolean() ? 5 : 60_000);
                int read = random.nextInt(rows + 2);
                connection.setAutoCommit(random.nextBoolean());
                try (CopiedRows copied = new CopiedRows(
                        connection,
                        "select n, 'text ' || n, array[n, 0.5]::float8[] from generate_series(1::bigint, %d) n"
                                .formatted(rows))) {
                    for (int row = 1; row <= read && copied.next(); row++) {
                        assertThat(copied.bigint()).isEqualTo(row);
                        assertThat(copied.text()).isEqualTo("text " + row);
                        assertThat(copied.doubles()).containsExactly(row, 0.5);
                    }
                }
                if (!connection.getAutoCommit()) {
                    connection.rollback();
                }
                try (ResultSet answer = statement.executeQuery("select " + i)) {
                    assertThat(answer.next()).isTrue();
                    assertThat(answer.getInt(1)).isEqualTo(i);
                }
                if (!connection.getAutoCommit()) {
                    connection.commit();
                }
            }
            connection.setAutoCommit(true);
        }
    }
}
