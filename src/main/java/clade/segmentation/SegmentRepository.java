package clade.segmentation;

import clade.web.Refusal;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads the segments of completed runs. */
@Repository
class SegmentRepository {

    private static final TypeReference<LinkedHashMap<String, Segment.@Nullable Summary>> SUMMARIES =
            new TypeReference<>() {};
    private static final TypeReference<LinkedHashMap<String, Double>> CENTRE = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final PublishedRuns runs;
    private final ActionMatrix actions;
    private final JsonMapper json;

    SegmentRepository(JdbcClient jdbc, PublishedRuns runs, ActionMatrix actions, JsonMapper json) {
        this.jdbc = jdbc;
        this.runs = runs;
        this.actions = actions;
        this.json = json;
    }

    /** The segments of a run as the API shows them. */
    record SegmentList(
            @Schema(example = "rfm") String segmentation,
            @Schema(example = "1") int run,

            @Schema(
                    description =
                            "Counts what was published and each live change since; with ?run=n as that run was published",
                    example = "1")
            long version,

            @Schema(description = "Whether the members of the run follow what happens, while it is the current one")
            boolean live,

            @Nullable Instant asOf,
            @Schema(example = "4338") long customers,
            List<Segment> segments) {}

    /** A segment with the run that it belongs to. */
    record SegmentOfRun(
            @Schema(example = "rfm") String segmentation,
            @Schema(example = "1") int run,
            @Schema(example = "1") long version,
            boolean live,
            @Nullable Instant asOf,
            @com.fasterxml.jackson.annotation.JsonUnwrapped Segment segment) {}

    /** Of the current run with live changes counted in, or of another as it was published. */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    SegmentList list(Segmentations.Stored segmentation, @Nullable Integer number) {
        PublishedRuns.PublishedRun run = published(segmentation, number);
        boolean frozen = number != null || !run.live();
        Map<String, Segment.Action> own = actions.own(segmentation.dataset().id());
        List<Segment> segments = (frozen ? asPublished(run) : reasonsAsTheyAre(segmentation, run, asTheyAre(run)))
                .stream().map(segment -> segment.with(Actions.of(segment, own))).toList();
        return new SegmentList(
                segmentation.key(),
                run.number(),
                number == null ? version(segmentation) : run.version(),
                run.live(),
                run.asOf(),
                segments.stream().mapToLong(Segment::size).sum(),
                segments);
    }

    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    SegmentOfRun one(Segmentations.Stored segmentation, @Nullable Integer number, String key) {
        SegmentList all = list(segmentation, number);
        return all.segments().stream()
                .filter(segment -> segment.key().equals(key))
                .findFirst()
                .map(segment ->
                        new SegmentOfRun(all.segmentation(), all.run(), all.version(), all.live(), all.asOf(), segment))
                .orElseThrow(() -> Refusal.notFound("segment", key));
    }

    /** How often the segmentation was published or changed live. */
    long version(Segmentations.Stored segmentation) {
        return jdbc.sql("select version from segmentation_version where segmentation_id = :id")
                .param("id", segmentation.id())
                .query(Long.class)
                .single();
    }

    /** Counts a change that readers see, in the transaction that makes it. */
    void countVersion(long segmentation) {
        jdbc.sql("update segmentation_version set version = version + 1 where segmentation_id = :id")
                .param("id", segmentation)
                .update();
    }

    private List<Segment> asPublished(PublishedRuns.PublishedRun run) {
        return stored(run.id(), false);
    }

    /** The segments of a run as they are stored, on request with those that only live changes brought. */
    List<Segment> stored(long run, boolean withLive) {
        return jdbc.sql("select * from segment where run_id = :run and (:live or not only_live) order by position")
                .param("run", run)
                .param("live", withLive)
                .query(this::segment)
                .list();
    }

    /** The reasons of noise with live changes counted in. */
    private List<Segment> reasonsAsTheyAre(
            Segmentations.Stored segmentation, PublishedRuns.PublishedRun run, List<Segment> segments) {
        boolean asPublished = version(segmentation) == run.version();
        return segments.stream()
                .map(segment -> asPublished || !segment.noise() || run.noiseLimits() == null
                        ? segment
                        : segment.with(segment.name(), segment.profile().with(reasons(segmentation, run))))
                .toList();
    }

    private List<SegmentProfile.Reason> reasons(Segmentations.Stored segmentation, PublishedRuns.PublishedRun run) {
        int monetary = run.features().contains(Feature.MONETARY)
                ? run.features().indexOf(Feature.MONETARY)
                : run.features().size();
        Map<String, SegmentProfile.Reason> known = jdbc
                .sql("""
                        select reason, count(*) as size, sum(facts[:at]::text::numeric)::float8 as revenue from membership
                        where segmentation_id = :segmentation and until_run is null and reason is not null group by reason""")
                .param("at", monetary + 1)
                .param("segmentation", segmentation.id())
                .query((row, number) -> new SegmentProfile.Reason(
                        row.getString("reason"), row.getLong("size"), row.getDouble("revenue")))
                .stream()
                .collect(Collectors.toMap(SegmentProfile.Reason::reason, reason -> reason));
        return NoiseLimits.REASONS.stream()
                .map(reason -> known.getOrDefault(reason, new SegmentProfile.Reason(reason, 0, 0)))
                .toList();
    }

    private record Live(Segment published, long size, BigDecimal monetary) {}

    private List<Segment> asTheyAre(PublishedRuns.PublishedRun run) {
        List<Live> segments = jdbc.sql("""
                        select g.*, l.size as live_size, l.monetary as live_monetary
                        from segment g join live_segment l on l.run_id = g.run_id and l.key = g.key
                        where g.run_id = :run order by g.position""")
                .param("run", run.id())
                .query((row, number) ->
                        new Live(segment(row, number), row.getLong("live_size"), row.getBigDecimal("live_monetary")))
                .list();
        long customers = segments.stream().mapToLong(Live::size).sum();
        double total = segments.stream()
                .map(Live::monetary)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .doubleValue();
        return segments.stream()
                .map(live -> {
                    double revenue = live.monetary().doubleValue();
                    return live.published()
                            .counted(
                                    live.size(),
                                    customers == 0 ? null : (double) live.size() / customers,
                                    revenue,
                                    total == 0 ? null : revenue / total);
                })
                .toList();
    }

    /** The current run, or the completed one of this number; 409 before the first, 404 for a number that is none. */
    PublishedRuns.PublishedRun published(Segmentations.Stored segmentation, @Nullable Integer number) {
        // the current run is asked for again here: the segmentation may have been read before it moved
        return jdbc.sql("""
                select r.id from segmentation_run r join segmentation s on s.id = r.segmentation_id
                where s.id = :segmentation and r.status = 'completed' and r.number = coalesce(:number, s.current_run)""")
                .param("segmentation", segmentation.id())
                .param("number", number)
                .query(Long.class)
                .optional()
                .map(runs::get)
                .orElseThrow(() -> {
                    segmentation.neededRun();
                    return Refusal.notFound("completed run", Objects.requireNonNull(number));
                });
    }

    /** 404 if the run has no segment of this key. */
    void check(PublishedRuns.PublishedRun run, String key) {
        boolean known = jdbc.sql("select exists (select from segment where run_id = :run and key = :key)")
                .param("run", run.id())
                .param("key", key)
                .query(Boolean.class)
                .single();
        if (!known) {
            throw Refusal.notFound("segment", key);
        }
    }

    private Segment segment(ResultSet row, int number) throws SQLException {
        String centre = row.getString("centre");
        String persona = row.getString("persona");
        String action = row.getString("action");
        String profile = row.getString("profile");
        return new Segment(
                row.getString("key"),
                row.getString("name"),
                row.getLong("size"),
                row.getObject("share", Double.class),
                row.getObject("revenue", Double.class),
                row.getObject("revenue_share", Double.class),
                row.getObject("pareto_share", Double.class),
                row.getBoolean("noise"),
                json.readValue(row.getString("features"), SUMMARIES),
                centre == null ? null : (Map<String, Double>) json.readValue(centre, CENTRE),
                persona == null ? null : json.readValue(persona, Segment.Persona.class),
                row.getString("description"),
                action == null ? null : json.readValue(action, Segment.Action.class),
                profile == null
                        ? SegmentProfile.none(row.getString("name"))
                        : json.readValue(profile, SegmentProfile.class));
    }
}
