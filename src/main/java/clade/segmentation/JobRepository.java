package clade.segmentation;

import clade.database.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/**
 * A table of queued work. Which state may follow which is decided here and in the claim, by the conditions of the updates.
 *
 * <p>queued → running (claimed by one attempt) → completed, failed or cancelled; a later attempt may take a running one over.
 */
abstract class JobRepository<J extends Job> {

    private final JdbcClient jdbc;
    private final String table;

    JobRepository(JdbcClient jdbc, String table) {
        this.jdbc = jdbc;
        this.table = table;
    }

    /** Makes a job this attempt's own. Empty if there is nothing to do or not yet: {@link #isWaiting} tells. */
    abstract Optional<J> claim(long id, UUID attempt, Instant now);

    /** Customers of the dataset of a job, 0 if it is gone: how large the job is. */
    abstract long size(long id);

    /** Whether a job is still to be computed. */
    @Transactional(readOnly = true)
    boolean isWaiting(long id) {
        return jdbc.sql("select exists (select from %s where id = :id and status in ('queued', 'running'))"
                        .formatted(table))
                .param("id", id)
                .query(Boolean.class)
                .single();
    }

    /** Says how far the attempt has got; false if it is to end, because somebody cancelled or took it over. */
    boolean heartbeat(J job, String phase, double fraction, Instant now) {
        return update("heartbeat_at = :now, phase = :phase, fraction = :fraction", "and not cancel_requested", job)
                        .param("now", Times.of(now))
                        .param("phase", phase)
                        .param("fraction", fraction)
                        .update()
                == 1;
    }

    /** Notes what the job reads, and whom a missing feature keeps out of it. */
    void noteInput(J job, RunInput input) {
        update(
                        "as_of = :asOf, time_zone = :zone, data_cutoff = :cutoff, customers = :customers, without_purchase = :without, "
                                + "missing = :missing::json, excluded = :excluded",
                        "",
                        job)
                .param("asOf", Times.of(input.asOf()))
                .param("zone", input.zone().getId())
                .param("cutoff", Times.of(input.dataCutoff()))
                .param("customers", input.customers())
                .param("without", input.withoutPurchase())
                .param("missing", JsonMapper.shared().writeValueAsString(input.missing()))
                .param("excluded", input.excluded())
                .update();
    }

    /** Ends the attempt with what it found, a JSON of that column: completed if nobody cancelled it or took it over meanwhile. */
    boolean complete(J job, String column, String found, Instant now) {
        return update(
                                "status = 'completed', finished_at = :now, phase = null, fraction = null, %s = :found::json"
                                        .formatted(column),
                                "and not cancel_requested",
                                job)
                        .param("now", Times.of(now))
                        .param("found", found)
                        .update()
                == 1;
    }

    /** Ends the attempt as cancelled if somebody asked for that. */
    void endCancelled(J job, Instant now) {
        update("status = 'cancelled', finished_at = :now, phase = null, fraction = null", "and cancel_requested", job)
                .param("now", Times.of(now))
                .update();
    }

    /** Ends the attempt as failed; {@code problem} is a JSON object that says why. */
    void fail(J job, String problem, Instant now) {
        update(
                        "status = 'failed', finished_at = :now, phase = null, fraction = null, problem = :problem::json",
                        "",
                        job)
                .param("now", Times.of(now))
                .param("problem", problem)
                .update();
    }

    /** Puts the attempt back in the queue, for this instance stops. It does not count as a try. */
    void putBack(J job) {
        update("status = 'queued', attempt = null, attempts = attempts - 1, phase = null, fraction = null", "", job)
                .update();
    }

    /** Cancels a job: at once while it is queued, soon while it runs. Updates nothing if it is finished. */
    JdbcClient.StatementSpec cancellation(String condition, Instant now) {
        return jdbc.sql("""
                        update %s set cancel_requested = true,
                               finished_at = case when status = 'queued' then :now else finished_at end,
                               status = case when status = 'queued' then 'cancelled' else status end
                        where %s and status in ('queued', 'running')""".formatted(table, condition)).param("now", Times.of(now));
    }

    /** Unfinished jobs of which nothing was heard for so long: their task may be lost. */
    @Transactional(readOnly = true)
    List<Long> silent(Duration silence, Instant now) {
        return jdbc.sql("select id from %s where status in ('queued', 'running') and heartbeat_at < :before order by id"
                        .formatted(table))
                .param("before", Times.of(now.minus(silence)))
                .query(Long.class)
                .list();
    }

    /** How far the job of a row has got; null once it is finished. */
    static Run.@Nullable Progress progress(ResultSet row) throws SQLException {
        String phase = row.getString("phase");
        return phase == null ? null : new Run.Progress(phase, row.getDouble("fraction"));
    }

    /** An update of what the attempt is computing still. */
    JdbcClient.StatementSpec update(String assignments, String condition, J job) {
        return jdbc.sql("update %s set %s where id = :id and attempt = :attempt and status = 'running' %s"
                        .formatted(table, assignments, condition))
                .param("id", job.id())
                .param("attempt", job.attempt());
    }
}
