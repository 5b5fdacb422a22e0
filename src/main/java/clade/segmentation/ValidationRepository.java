package clade.segmentation;

import clade.database.Times;
import clade.segmentation.Validation.Held;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Owns {@code validation}. */
@Repository
class ValidationRepository extends JobRepository<ValidationRepository.Claimed> {

    private static final String FIELDS =
            "v.id, s.key, v.status, v.phase, v.fraction, v.queued_at, v.started_at, v.finished_at, v.horizon, v.as_of, v.until, "
                    + "v.data_cutoff, v.customers, v.without_purchase, v.missing, v.excluded, v.definition, v.problem";

    private static final String FROM = " from validation v join segmentation s on s.id = v.segmentation_id";

    private final JdbcClient jdbc;
    private final JsonMapper json;

    ValidationRepository(JdbcClient jdbc, JsonMapper json) {
        super(jdbc, "validation");
        this.jdbc = jdbc;
        this.json = json;
    }

    /** A validation that an attempt computes. */
    record Claimed(
            long id, UUID attempt, int attempts, long dataset, String datasetKey, Definition definition, Period horizon)
            implements Job {

        @Override
        public String title() {
            return "Validation %d of %s/%s".formatted(id, datasetKey, definition.key());
        }
    }

    /** Adds a queued validation of the definition as it is and returns its id. */
    long add(long segmentation, Period horizon, Instant now) {
        return jdbc.sql("""
                insert into validation (segmentation_id, status, definition, horizon, queued_at, heartbeat_at)
                select id, 'queued', definition, :horizon, :now, :now from segmentation where id = :segmentation returning id""")
                .param("segmentation", segmentation)
                .param("horizon", horizon.toString())
                .param("now", Times.of(now))
                .query(Long.class)
                .single();
    }

    @Transactional(readOnly = true)
    Optional<Validation> find(long segmentation, long id) {
        return jdbc.sql("select " + FIELDS + ", v.held" + FROM + " where s.id = :segmentation and v.id = :id")
                .param("segmentation", segmentation)
                .param("id", id)
                .query((row, number) -> validation(row, row.getString("held")))
                .optional();
    }

    /** Newest first, without what they found. */
    @Transactional(readOnly = true)
    List<Validation> list(long segmentation) {
        return jdbc.sql("select " + FIELDS + FROM + " where s.id = :segmentation order by v.id desc")
                .param("segmentation", segmentation)
                .query((row, number) -> validation(row, null))
                .list();
    }

    /** The newest completed one of this very definition, but for its name. */
    @Transactional(readOnly = true)
    Optional<Validation> newest(long segmentation, Definition definition) {
        return jdbc.sql("select " + FIELDS + ", v.held" + FROM
                        + " where s.id = :segmentation and v.status = 'completed'"
                        + " and v.definition::jsonb - 'name' = :definition::jsonb - 'name' order by v.id desc limit 1")
                .param("segmentation", segmentation)
                .param("definition", definition.toJson().toString())
                .query((row, number) -> validation(row, row.getString("held")))
                .optional();
    }

    @Override
    @Transactional
    Optional<Claimed> claim(long id, UUID attempt, Instant now) {
        return jdbc.sql("""
                update validation v
                set status = 'running', attempt = :attempt, attempts = attempts + 1, heartbeat_at = :now,
                    started_at = coalesce(started_at, :now), phase = 'reading', fraction = 0
                from segmentation s join dataset d on d.id = s.dataset_id
                where v.id = :id and s.id = v.segmentation_id and v.status in ('queued', 'running')
                returning v.attempts, d.id as dataset, d.key, v.definition, v.horizon""")
                .param("id", id)
                .param("attempt", attempt)
                .param("now", Times.of(now))
                .query((row, number) -> new Claimed(
                        id,
                        attempt,
                        row.getInt("attempts"),
                        row.getLong("dataset"),
                        row.getString("key"),
                        Definition.stored(row.getString("definition")),
                        Period.parse(row.getString("horizon"))))
                .optional();
    }

    @Override
    @Transactional(readOnly = true)
    long size(long id) {
        return jdbc.sql("""
                select c.customers from validation v join segmentation s on s.id = v.segmentation_id
                join dataset_counters c on c.dataset_id = s.dataset_id where v.id = :id""").param("id", id).query(Long.class).optional().orElse(0L);
    }

    /** Notes what the validation reads. */
    void noteInput(Claimed validation, RunInput input, Instant until) {
        noteInput(validation, input);
        update("until = :until", "", validation).param("until", Times.of(until)).update();
    }

    /** Ends the attempt: completed if nobody cancelled it or took it over meanwhile. */
    boolean complete(Claimed validation, Held held, Instant now) {
        return complete(validation, "held", json.writeValueAsString(held), now);
    }

    /** Cancels: at once while it is queued, soon while it runs; false if it is finished. */
    @Transactional
    boolean cancel(long segmentation, long id, Instant now) {
        return cancellation("segmentation_id = :segmentation and id = :id", now)
                        .param("segmentation", segmentation)
                        .param("id", id)
                        .update()
                == 1;
    }

    private Validation validation(ResultSet row, @Nullable String held) throws SQLException {
        return new Validation(
                row.getLong("id"),
                row.getString("key"),
                row.getString("status"),
                progress(row),
                Times.get(row, "queued_at"),
                Times.find(row, "started_at"),
                Times.find(row, "finished_at"),
                row.getString("horizon"),
                Times.find(row, "as_of"),
                Times.find(row, "until"),
                Times.find(row, "data_cutoff"),
                row.getObject("customers", Long.class),
                row.getObject("without_purchase", Long.class),
                row.getString("missing"),
                row.getObject("excluded", Long.class),
                row.getString("definition"),
                held == null ? null : json.readValue(held, Held.class),
                row.getString("problem"));
    }
}
