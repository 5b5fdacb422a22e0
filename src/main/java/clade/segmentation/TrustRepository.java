package clade.segmentation;

import clade.database.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Owns {@code run_trust}: the work of finding out whether a published run can be trusted, and what came out. */
@Repository
class TrustRepository extends JobRepository<TrustRepository.Claimed> {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    TrustRepository(JdbcClient jdbc, JsonMapper json) {
        super(jdbc, "run_trust");
        this.jdbc = jdbc;
        this.json = json;
    }

    /** The trust of a run that an attempt computes; its id is the run's. */
    record Claimed(
            long id, UUID attempt, int attempts, long segmentation, int number, String key, Definition definition)
            implements Job {

        @Override
        public String title() {
            return "Trust of run %d of %s".formatted(number, key);
        }
    }

    /** A customer who was drawn: the segment, and what is stored of its features. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once and never compared
    record Drawn(String segment, double[] facts) {}

    /** Adds the work for a run that the transaction publishes. */
    @Transactional(propagation = Propagation.MANDATORY)
    void add(long run, Instant now) {
        jdbc.sql("insert into run_trust (id, queued_at, heartbeat_at) values (:run, :now, :now)")
                .param("run", run)
                .param("now", Times.of(now))
                .update();
    }

    @Transactional(readOnly = true)
    Optional<TrustOfRun> find(long segmentation, int number) {
        return jdbc.sql("""
                select t.status, t.phase, t.fraction, t.queued_at, t.started_at, t.finished_at, t.trust, t.problem
                from run_trust t join segmentation_run r on r.id = t.id
                where r.segmentation_id = :segmentation and r.number = :number""")
                .param("segmentation", segmentation)
                .param("number", number)
                .query(TrustRepository::ofRun)
                .optional();
    }

    @Override
    @Transactional
    Optional<Claimed> claim(long id, UUID attempt, Instant now) {
        return jdbc.sql("""
                update run_trust t
                set status = 'running', attempt = :attempt, attempts = t.attempts + 1, heartbeat_at = :now,
                    started_at = coalesce(t.started_at, :now), phase = 'reading', fraction = 0
                from segmentation_run r join segmentation s on s.id = r.segmentation_id
                where t.id = :id and r.id = t.id and t.status in ('queued', 'running')
                returning t.attempts, r.segmentation_id, r.number, s.key, r.definition, r.evidence -> 'suggestion' as suggestion""")
                .param("id", id)
                .param("attempt", attempt)
                .param("now", Times.of(now))
                .query((row, number) -> new Claimed(
                        id,
                        attempt,
                        row.getInt("attempts"),
                        row.getLong("segmentation_id"),
                        row.getInt("number"),
                        row.getString("key"),
                        chosen(Definition.stored(row.getString("definition")), row.getString("suggestion"))))
                .optional();
    }

    /** The run whose trust has waited longest. */
    @Transactional(readOnly = true)
    Optional<Long> next() {
        return jdbc.sql("select id from run_trust where status = 'queued' order by queued_at, id limit 1")
                .query(Long.class)
                .optional();
    }

    /** The definition with what was taken where it says "auto". */
    private Definition chosen(Definition definition, @Nullable String suggestion) {
        return suggestion != null && definition.method() instanceof Method.Clusters clusters && clusters.isOpen()
                ? definition.with(clusters.with(json.readValue(suggestion, Evidence.Suggestion.class)))
                : definition;
    }

    /** It looks at a bounded number of customers, so it never is large. */
    @Override
    long size(long id) {
        return 0;
    }

    /**
     * Customers of a run as it was published, drawn by a hash of their ids: the same ones whenever and in whatever order they
     * were uploaded.
     */
    @Transactional(readOnly = true)
    List<Drawn> draw(Claimed run, int most) {
        List<Drawn> drawn = new ArrayList<>();
        jdbc.sql("""
                        select segment, facts from membership_of_runs
                        where segmentation_id = :segmentation and from_run <= :run
                          and (until_run is null or until_run > :run) and (ending is null or ending > :run)
                          and segment <> :without
                        order by hashtextextended(customer, 0), customer limit :most""")
                .param("segmentation", run.segmentation())
                .param("run", run.number())
                // who lies outside the window is no part of what was found
                .param("without", run.definition().lapsedApart() ? Lapsed.KEY : "")
                .param("most", most)
                .withFetchSize(10_000)
                .query(row -> {
                    drawn.add(new Drawn(row.getString("segment"), Members.doubles(row, "facts")));
                });
        return drawn;
    }

    /** Keys of a run's segments in their order, as published. */
    @Transactional(readOnly = true)
    List<String> segments(Claimed run) {
        return jdbc.sql("select key from segment where run_id = :run and not only_live order by position")
                .param("run", run.id())
                .query(String.class)
                .list();
    }

    /** Ends the attempt: completed if nobody cancelled it or took it over meanwhile. */
    @Transactional
    boolean complete(Claimed run, Trust trust, Instant now) {
        return complete(run, "trust", json.writeValueAsString(trust), now);
    }

    /** Cancels: at once while it is queued, soon while it runs; false if it is finished. */
    @Transactional
    boolean cancel(long segmentation, int number, Instant now) {
        return cancellation(
                                "id = (select id from segmentation_run where segmentation_id = :segmentation and number = :number)",
                                now)
                        .param("segmentation", segmentation)
                        .param("number", number)
                        .update()
                == 1;
    }

    private static TrustOfRun ofRun(ResultSet row, int number) throws SQLException {
        return new TrustOfRun(
                row.getString("status"),
                progress(row),
                Times.get(row, "queued_at"),
                Times.find(row, "started_at"),
                Times.find(row, "finished_at"),
                row.getString("trust"),
                row.getString("problem"));
    }
}
