package clade.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutageTests {

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "08006, I/O error, true",
                "57P01, terminating connection, true",
                "53100, no space left, true",
                "53300, too many clients, true",
                "58030, could not write, true",
                "none, Connection is closed, true",
                "none, something else, false",
                "23505, duplicate key, false",
                "42601, syntax error, false"
            })
    void theDatabaseIsAwayWhereTheFirstCauseSaysSo(String state, String message, boolean away) {
        SQLException first = new SQLException(message, state);

        assertThat(Outage.caused(first)).isEqualTo(away);
        assertThat(Outage.caused(new IllegalStateException("later", new RuntimeException("rollback failed", first))))
                .isEqualTo(away);
    }
}
