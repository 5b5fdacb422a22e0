package clade.database;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
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

    /**
     * One of them.
     *
     * @param rows takes each row that it gives; null: they are dropped
     */
    public record Step(String sql, @Nullable RowCallbackHandler rows) {

        public static Step of(String sql) {
            return new Step(sql, null);
        }
    }

    /**
     * Some that belong together, to be sent alone or with others.
     *
     * @param parameters of theirs, under names that no others use for something else
     * @param after what is to be done in the same transaction once they have been executed
     */
    public record Batch(Map<String, ?> parameters, List<Step> steps, Runnable after) {

        /** Nothing to send and nothing to do. */
        public static final Batch NONE = new Batch(Map.of(), List.of(), () -> {});

        /** These and then those. */
        public Batch and(Batch next) {
            Map<String, Object> all = new HashMap<>(parameters);
            all.putAll(next.parameters);
            return new Batch(
                    all, Stream.concat(steps.stream(), next.steps.stream()).toList(), () -> {
                        after.run();
                        next.after.run();
                    });
        }
    }

    /** Executes them, and does what is to be done then. */
    public void execute(Batch batch) {
        if (!batch.steps.isEmpty()) {
            execute(batch.parameters, batch.steps);
        }
        batch.after.run();
    }

    /** Executes them all, each with the rows that it gives. */
    public void execute(Map<String, ?> parameters, List<Step> steps) {
        String all = steps.stream().map(Step::sql).collect(Collectors.joining(";\n"));
        jdbc.execute(all, parameters, statement -> {
            statement.execute();
            for (int step = 0; step < steps.size(); step++) {
                if (step > 0) {
                    statement.getMoreResults();
                }
                RowCallbackHandler rows = steps.get(step).rows;
                if (rows != null) {
                    forEach(statement, rows);
                }
            }
            return true;
        });
    }

    private static void forEach(PreparedStatement statement, RowCallbackHandler handler) throws SQLException {
        try (ResultSet results = statement.getResultSet()) {
            while (results.next()) {
                handler.processRow(results);
            }
        }
    }

    /** Executes them all; the rows that the last of them, a query, gives. */
    public <T> List<T> query(Map<String, ?> parameters, List<String> statements, RowMapper<T> mapper) {
        List<T> rows = new ArrayList<>();
        int last = statements.size() - 1;
        List<Step> steps = new ArrayList<>(
                statements.subList(0, last).stream().map(Step::of).toList());
        steps.add(new Step(statements.get(last), row -> rows.add(mapper.mapRow(row, rows.size()))));
        execute(parameters, steps);
        return rows;
    }
}
