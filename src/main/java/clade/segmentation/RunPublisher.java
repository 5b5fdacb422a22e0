package clade.segmentation;

import clade.clustering.Progress;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a computed run the current one, in one transaction: readers see the old run whole or the new one whole. What takes long
 * comes first and locks nothing that others need; then the dataset is held, and rows are locked in the order segmentation, run. Owns
 * {@code segment}.
 */
@Component // not @Repository, which would turn a CancellationException into an error of data access
class RunPublisher {

    private final JdbcClient jdbc;
    private final Memberships memberships;
    private final LiveMemberships live;
    private final RunRepository runs;
    private final JsonMapper json;
    private final Clock clock;

    RunPublisher(
            JdbcClient jdbc,
            Memberships memberships,
            LiveMemberships live,
            RunRepository runs,
            JsonMapper json,
            Clock clock) {
        this.jdbc = jdbc;
        this.memberships = memberships;
        this.live = live;
        this.runs = runs;
        this.json = json;
        this.clock = clock;
    }

    /** {@code CancellationException}, with nothing changed, if the run was cancelled, taken over or deleted meanwhile. */
    @Transactional
    void publish(RunRepository.Claimed run, RunInput input, Outcome outcome, Progress progress) {
        live.takeTurn(run.dataset());
        if (!runs.isWanted(run)) {
            throw new CancellationException();
        }
        Instant now = clock.instant();
        Before before = jdbc.sql("""
                select s.current_run is null as first, coalesce(r.live, false) as live
                from segmentation s left join segmentation_run r on r.segmentation_id = s.id and r.number = s.current_run
                where s.id = :id for key share of s""")
                .param("id", run.segmentation())
                .query(Before.class)
                .optional()
                .orElseThrow(CancellationException::new);
        String snapshot = live.snapshot();
        if (before.first()) {
            memberships.add(run, input.table(), outcome, now, progress);
        } else {
            memberships.compare(run, input.table(), outcome, now, progress, null);
        }
        addSegments(run, outcome.segments());
        LiveFigures.Difference since = live.catchUp(
                run,
                input,
                outcome,
                snapshot,
                before.live(),
                customers -> memberships.compare(run, input.table(), outcome, now, progress, customers));
        jdbc.sql("update segmentation set current_run = :number, version = version + 1 where id = :id")
                .param("number", run.number())
                .param("id", run.segmentation())
                .update();
        boolean wanted = runs.complete(
                run,
                json.writeValueAsString(outcome.quality()),
                json.writeValueAsString(outcome.warnings()),
                outcome.memberValues().keySet().stream().sorted().toList(),
                json.writeValueAsString(categories(input.table())),
                outcome.model(),
                clock.instant());
        if (!wanted) {
            throw new CancellationException();
        }
        live.count(since);
    }

    private static Map<String, List<String>> categories(FeatureTable table) {
        Map<String, List<String>> byName = new LinkedHashMap<>();
        table.categories().forEach((feature, names) -> byName.put(feature.apiName(), names));
        return byName;
    }

    /** What the segmentation has before a run of it is published: no run yet, or a live one. */
    private record Before(boolean first, boolean live) {}

    private void addSegments(RunRepository.Claimed run, List<Segment> segments) {
        for (int position = 0; position < segments.size(); position++) {
            Segment segment = segments.get(position);
            jdbc.sql("""
                    insert into segment (run_id, position, key, name, size, share, revenue, revenue_share, pareto_share, noise, features, centre,
                                         persona, description, action)
                    values (:run, :position, :key, :name, :size, :share, :revenue, :revenueShare, :paretoShare, :noise, :features::json,
                            :centre::json, :persona::json, :description, :action::json)""")
                    .param("run", run.id())
                    .param("position", position)
                    .param("key", segment.key())
                    .param("name", segment.name())
                    .param("size", segment.size())
                    .param("share", segment.share())
                    .param("revenue", segment.revenue())
                    .param("revenueShare", segment.revenueShare())
                    .param("paretoShare", segment.paretoShare())
                    .param("noise", segment.noise())
                    .param("features", json.writeValueAsString(segment.features()))
                    .param("centre", written(segment.centre()))
                    .param("persona", written(segment.persona()))
                    .param("description", segment.description())
                    .param("action", written(segment.action()))
                    .update();
        }
    }

    private @Nullable String written(@Nullable Object value) {
        return value == null ? null : json.writeValueAsString(value);
    }
}
