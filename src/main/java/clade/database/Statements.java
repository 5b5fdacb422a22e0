package clade.database;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.stereotype.Component;

/**
 * Statements that are sent to the server together, so that they cost one wait for its answer and not one each. They are executed in
 * their order, and each sees what others have committed before it begins.
 */
@Component
public class Statements {

    private final NamedParameterJdbcOperations jdbc;

    Statements(NamedParameterJdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Executes them all; answers of queries are dropped. */
    public void execute(Map<String, ?> parameters, List<String> statements) {
        jdbc.execute(String.join(";\n", statements), parameters, PreparedStatement::execute);
    }

    /** Executes them all; the rows that the last of them, a query, gives. */
    public <T> List<T> query(Map<String, ?> parameters, List<String> statements, RowMapper<T> mapper) {
        List<T> found = jdbc.execute(String.join(";\n", statements), parameters, statement -> {
            statement.execute();
            for (int passed = 1; passed < statements.size(); passed++) {
                statement.getMoreResults();
            }
            return rows(statement, mapper);
        });
        return found == null ? List.of() : found;
    }

    private static <T> List<T> rows(PreparedStatement statement, RowMapper<T> mapper) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (ResultSet results = statement.getResultSet()) {
            while (results.next()) {
                rows.add(mapper.mapRow(results, rows.size()));
            }
        }
        return rows;
    }
}
