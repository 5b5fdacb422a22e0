package clade.segmentation;

import clade.database.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Owns {@code segmentation_run}. */
@Repository
class RunRepository extends JobRepository<RunRepository.Claimed> {

    private static final String VIEW = """
            select s.key, r.number, r.status, r.phase, r.fraction, r.queued_at, r.started_at, r.finished_at, r.as_of,
                   r.data_cutoff, r.customers, r.without_purchase, r.missing, r.excluded, r.definition, r.chosen, r.evidence, r.quality, r.warnings,
                   r.problem, r.live, r.wanted_as_of, t.trust
            from segmentation_run r join segmentation s on s.id = r.segmentation_id left join run_trust t on t.id = r.id""";

    private final JdbcClient jdbc;

    RunRepository(JdbcClient jdbc) {
        super(jdbc, "segmentation_run");
        this.jdbc = jdbc;
    }

    /** What a runner needs to know of a run that it has claimed. */
    record Claimed(
            long id,
            UUID attempt,
            long segmentation,
            long dataset,
            String datasetKey,
            int number,
            int attempts,
            Definition definition,
            @Nullable AsOf wantedAsOf,
            boolean live)
            implements Job {

        @Override
        public String title() {
            return "Run %d of %s/%s".formatted(number, datasetKey, definition.key());
        }
    }

    /** Adds a queued run, the segmentation's next, and returns its id. Runs of one segmentation are added one at a time. */
    @Transactional
    long add(long segmentation, @Nullable AsOf wantedAsOf, Instant now) {
        jdbc.sql("select 1 from segmentation where id = :id for no key update")
                .param("id", segmentation)
                .query()
                .singleRow();
        return jdbc.sql("""
                insert into segmentation_run (segmentation_id, number, status, definition, wanted_as_of, live, warnings, queued_at, heartbeat_at)
                select id, 1 + coalesce((select max(number) from segmentation_run where segmentation_id = s.id), 0), 'queued',
                       definition, :asOf, :mayLive and (coalesce(definition ->> 'live', 'true'))::boolean
                           and definition ->> 'asOf' in ('latest', 'now'), '[]', :now, :now
                from segmentation s where id = :id returning id""")
                .param("id", segmentation)
                .param("asOf", wantedAsOf == null ? null : wantedAsOf.text())
                .param("mayLive", wantedAsOf == null || wantedAsOf.isRelative())
                .param("now", Times.of(now))
                .query(Long.class)
                .single();
    }

    @Transactional(readOnly = true)
    Optional<Run> find(long segmentation, int number) {
        return jdbc.sql(VIEW + " where r.segmentation_id = :segmentation and r.number = :number")
                .param("segmentation", segmentation)
                .param("number", number)
                .query(RunRepository::run)
                .optional();
    }

    @Transactional(readOnly = true)
    Run get(long id) {
        return jdbc.sql(VIEW + " where r.id = :id")
                .param("id", id)
                .query(RunRepository::run)
                .single();
    }

    /** Newest first. */
    @Transactional(readOnly = true)
    List<Run> list(long segmentation) {
        return jdbc.sql(VIEW + " where r.segmentation_id = :segmentation order by r.number desc")
                .param("segmentation", segmentation)
                .query(RunRepository::run)
                .list();
    }

    /**
     * Makes a run this attempt's own. Empty if there is nothing to do (it is finished, cancelled or deleted) or not yet (an
     * earlier run of the same segmentation is still unfinished: {@link #isWaiting} tells).
     */
    @Override
    @Transactional
    Optional<Claimed> claim(long id, UUID attempt, Instant now) {
        return jdbc.sql("""
                update segmentation_run r
                set status = 'running', attempt = :attempt, attempts = attempts + 1, heartbeat_at = :now,
                    started_at = coalesce(started_at, :now), phase = 'reading', fraction = 0
                from segmentation s join dataset d on d.id = s.dataset_id
                where r.id = :id and s.id = r.segmentation_id and r.status in ('queued', 'running')
                  and not exists (select from segmentation_run earlier
                      where earlier.segmentation_id = r.segmentation_id and earlier.number < r.number
                        and earlier.status in ('queued', 'running'))
                returning r.id, r.segmentation_id, s.dataset_id, d.key as dataset_key, r.number, r.attempts, r.definition,
                          r.wanted_as_of, r.live""")
                .param("id", id)
                .param("attempt", attempt)
                .param("now", Times.of(now))
                .query((row, n) -> new Claimed(
                        row.getLong("id"),
                        attempt,
                        row.getLong("segmentation_id"),
                        row.getLong("dataset_id"),
                        row.getString("dataset_key"),
                        row.getInt("number"),
                        row.getInt("attempts"),
                        Definition.stored(row.getString("definition")),
                        Optional.ofNullable(row.getString("wanted_as_of"))
                                .map(AsOf::new)
                                .orElse(null),
                        row.getBoolean("live")))
                .optional();
    }

    @Override
    @Transactional(readOnly = true)
    long size(long id) {
        return jdbc.sql("""
                select c.customers from segmentation_run r join segmentation s on s.id = r.segmentation_id
                join dataset_counters c on c.dataset_id = s.dataset_id where r.id = :id""").param("id", id).query(Long.class).optional().orElse(0L);
    }

    /** Whether this attempt is still the one that is to complete the run. */
    boolean isWanted(Claimed run) {
        return jdbc.sql("""
                        select id from segmentation_run
                        where id = :id and attempt = :attempt and status = 'running' and not cancel_requested""")
                .param("id", run.id())
                .param("attempt", run.attempt())
                .query(Long.class)
                .optional()
                .isPresent();
    }

    /** Notes what was taken where the definition says "auto", and why. */
    void noteEvidence(Claimed run, String evidence) {
        update(
                        "evidence = :evidence::json, chosen = json_strip_nulls(json_build_object("
                                + "'k', :evidence::json -> 'suggestion' -> 'k', 'eps', :evidence::json -> 'suggestion' -> 'eps'))",
                        "",
                        run)
                .param("evidence", evidence)
                .update();
    }

    /** Notes from where on who is in noise is there for a reason; a JSON object. */
    void noteNoiseLimits(Claimed run, String limits) {
        update("noise_limits = :limits::json", "", run).param("limits", limits).update();
    }

    /** Ends the attempt: completed if nobody cancelled it or took it over meanwhile. Called in the publishing transaction. */
    boolean complete(
            Claimed run,
            String quality,
            String warnings,
            List<String> memberValues,
            String categories,
            byte[] model,
            Instant now) {
        return update(
                                "status = 'completed', finished_at = :now, phase = null, fraction = null, quality = :quality::json, "
                                        + "warnings = :warnings::json, model = :model, "
                                        + "version = (select v.version from segmentation_version v where v.segmentation_id = segmentation_run.segmentation_id), member_values = :memberValues, categories = :categories::json",
                                "and not cancel_requested",
                                run)
                        .param("now", Times.of(now))
                        .param("quality", quality)
                        .param("warnings", warnings)
                        .param("memberValues", memberValues.toArray(String[]::new))
                        .param("categories", categories)
                        .param("model", model)
                        .update()
                == 1;
    }

    /** Cancels: at once while it is queued, soon while it runs; false if it is finished. */
    @Transactional
    boolean cancel(long segmentation, int number, Instant now) {
        return cancellation("segmentation_id = :segmentation and number = :number", now)
                        .param("segmentation", segmentation)
                        .param("number", number)
                        .update()
                == 1;
    }

    private static @Nullable String notLiveBecause(ResultSet row) throws SQLException {
        String wanted = row.getString("wanted_as_of");
        return row.getBoolean("live")
                ? null
                : wanted != null && !new AsOf(wanted).isRelative()
                        ? "The run was started with an asOf of its own"
                        : Objects.requireNonNullElse(
                                Definition.stored(row.getString("definition")).notLiveBecause(),
                                "It was computed before members could follow");
    }

    private static Run run(ResultSet row, int number) throws SQLException {
        return new Run(
                row.getString("key"),
                row.getInt("number"),
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
                row.getString("chosen"),
                row.getString("evidence"),
                row.getString("quality"),
                row.getString("warnings"),
                row.getString("problem"),
                row.getBoolean("live"),
                notLiveBecause(row),
                row.getString("trust"));
    }
}
