package clade.segmentation;

import clade.database.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Owns {@code selection}. */
@Repository
class SelectionRepository extends JobRepository<SelectionRepository.Claimed> {

    private static final String FIELDS =
            "id, status, phase, fraction, queued_at, started_at, finished_at, as_of, data_cutoff, customers, without_purchase, missing, "
                    + "excluded, definition, problem";

    private final JdbcClient jdbc;
    private final JsonMapper json;

    SelectionRepository(JdbcClient jdbc, JsonMapper json) {
        super(jdbc, "selection");
        this.jdbc = jdbc;
        this.json = json;
    }

    /** A selection that an attempt computes. */
    record Claimed(long id, UUID attempt, int attempts, String datasetKey, Definition definition) implements Job {

        @Override
        public String title() {
            return "Selection %d of %s".formatted(id, datasetKey);
        }
    }

    /** Adds a queued selection and returns its id. */
    long add(long dataset, Definition definition, Instant now) {
        return jdbc.sql("""
                insert into selection (dataset_id, status, definition, queued_at, heartbeat_at)
                values (:dataset, 'queued', :definition::json, :now, :now) returning id""")
                .param("dataset", dataset)
                .param("definition", definition.toSelectionJson().toString())
                .param("now", Times.of(now))
                .query(Long.class)
                .single();
    }

    @Transactional(readOnly = true)
    Optional<Selection> find(long dataset, long id) {
        return jdbc.sql("select %s, evidence from selection where dataset_id = :dataset and id = :id".formatted(FIELDS))
                .param("dataset", dataset)
                .param("id", id)
                .query((row, number) -> selection(row, row.getString("evidence")))
                .optional();
    }

    /** Newest first, without their evidence. */
    @Transactional(readOnly = true)
    List<Selection> list(long dataset) {
        return jdbc.sql("select %s from selection where dataset_id = :dataset order by id desc".formatted(FIELDS))
                .param("dataset", dataset)
                .query((row, number) -> selection(row, null))
                .list();
    }

    @Override
    @Transactional
    Optional<Claimed> claim(long id, UUID attempt, Instant now) {
        return jdbc.sql("""
                update selection s
                set status = 'running', attempt = :attempt, attempts = attempts + 1, heartbeat_at = :now,
                    started_at = coalesce(started_at, :now), phase = 'reading', fraction = 0
                from dataset d
                where s.id = :id and d.id = s.dataset_id and s.status in ('queued', 'running')
                returning s.attempts, d.key, s.definition""")
                .param("id", id)
                .param("attempt", attempt)
                .param("now", Times.of(now))
                .query((row, number) -> new Claimed(
                        id,
                        attempt,
                        row.getInt("attempts"),
                        row.getString("key"),
                        Definition.readSelection(JsonMapper.shared().readTree(row.getString("definition")))))
                .optional();
    }

    @Override
    @Transactional(readOnly = true)
    long size(long id) {
        return jdbc.sql("""
                select c.customers from selection s join dataset_counters c on c.dataset_id = s.dataset_id where s.id = :id""").param("id", id).query(Long.class).optional().orElse(0L);
    }

    /** Ends the attempt: completed if nobody cancelled it or took it over meanwhile. */
    boolean complete(Claimed selection, Evidence evidence, Instant now) {
        return complete(selection, "evidence", json.writeValueAsString(evidence), now);
    }

    /** Cancels: at once while it is queued, soon while it runs; false if it is finished. */
    @Transactional
    boolean cancel(long dataset, long id, Instant now) {
        return cancellation("dataset_id = :dataset and id = :id", now)
                        .param("dataset", dataset)
                        .param("id", id)
                        .update()
                == 1;
    }

    private Selection selection(ResultSet row, @Nullable String evidence) throws SQLException {
        return new Selection(
                row.getLong("id"),
                row.getString("status"),
                progress(row),
                Times.get(row, "queued_at"),
                Times.find(row, "started_at"),
                Times.find(row, "finished_at"),
                Times.find(row, "as_of"),
                Times.find(row, "data_cutoff"),
                row.getObject("customers", Long.class),
                row.getObject("without_purchase", Long.class),
                row.getString("missing"),
                row.getObject("excluded", Long.class),
                row.getString("definition"),
                evidence == null ? null : json.readValue(evidence, Evidence.class),
                row.getString("problem"));
    }
}
