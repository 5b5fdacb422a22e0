package clade.segmentation;

import clade.web.Refusal;
import io.swagger.v3.oas.annotations.media.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
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
    private final JsonMapper json;

    SegmentRepository(JdbcClient jdbc, PublishedRuns runs, JsonMapper json) {
        this.jdbc = jdbc;
        this.runs = runs;
        this.json = json;
    }

    /** The segments of a run as the API shows them. */
    record SegmentList(
            @Schema(example = "rfm") String segmentation,
            @Schema(example = "1") int run,
            Instant asOf,
            @Schema(example = "4338") long customers,
            List<Segment> segments) {}

    /** A segment with the run that it belongs to. */
    record SegmentOfRun(
            @Schema(example = "rfm") String segmentation,
            @Schema(example = "1") int run,
            Instant asOf,
            @com.fasterxml.jackson.annotation.JsonUnwrapped Segment segment) {}

    @Transactional(readOnly = true)
    SegmentList list(Segmentations.Stored segmentation, @Nullable Integer number) {
        PublishedRuns.PublishedRun run = published(segmentation, number);
        List<Segment> segments = jdbc.sql("select * from segment where run_id = :run order by position")
                .param("run", run.id())
                .query(this::segment)
                .list();
        return new SegmentList(segmentation.key(), run.number(), run.asOf(), run.customers(), segments);
    }

    @Transactional(readOnly = true)
    SegmentOfRun one(Segmentations.Stored segmentation, @Nullable Integer number, String key) {
        PublishedRuns.PublishedRun run = published(segmentation, number);
        return new SegmentOfRun(segmentation.key(), run.number(), run.asOf(), get(run, key));
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

    /** The segment of this key; 404 if the run has none. */
    Segment get(PublishedRuns.PublishedRun run, String key) {
        return jdbc.sql("select * from segment where run_id = :run and key = :key")
                .param("run", run.id())
                .param("key", key)
                .query(this::segment)
                .optional()
                .orElseThrow(() -> Refusal.notFound("segment", key));
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
        return new Segment(
                row.getString("key"),
                row.getString("name"),
                row.getLong("size"),
                row.getObject("share", Double.class),
                row.getObject("revenue", Double.class),
                row.getObject("revenue_share", Double.class),
                row.getBoolean("noise"),
                json.readValue(row.getString("features"), SUMMARIES),
                centre == null ? null : (Map<String, Double>) json.readValue(centre, CENTRE),
                persona == null ? null : json.readValue(persona, Segment.Persona.class),
                row.getString("description"),
                action == null ? null : json.readValue(action, Segment.Action.class));
    }
}
