package clade.segmentation;

import clade.clustering.Progress;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
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
    private final SegmentRepository segments;
    private final TrustRepository trust;
    private final ObjectProvider<SchedulerClient> queue;
    private final JsonMapper json;
    private final Clock clock;

    RunPublisher(
            JdbcClient jdbc,
            Memberships memberships,
            LiveMemberships live,
            RunRepository runs,
            SegmentRepository segments,
            TrustRepository trust,
            ObjectProvider<SchedulerClient> queue,
            JsonMapper json,
            Clock clock) {
        this.jdbc = jdbc;
        this.memberships = memberships;
        this.live = live;
        this.runs = runs;
        this.segments = segments;
        this.trust = trust;
        this.queue = queue; // which needs this publisher's task before it can be made
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
                select s.current_run is null as first, coalesce(r.live, false) as live, coalesce(r.id, 0) as run,
                       coalesce(r.definition -> 'method' ->> 'name', '') as method
                from segmentation s left join segmentation_run r on r.segmentation_id = s.id and r.number = s.current_run
                where s.id = :id for key share of s""")
                .param("id", run.segmentation())
                .query(Before.class)
                .optional()
                .orElseThrow(CancellationException::new);
        String snapshot = live.snapshot();
        GivenNames names = new GivenNames(before.first() ? List.of() : segments.stored(before.run(), true));
        if (before.first()) {
            memberships.add(run, input.table(), outcome, now, progress);
        } else {
            memberships.compare(run, input.table(), outcome, now, progress, names, null);
        }
        List<String> warnings = new ArrayList<>(outcome.warnings());
        addSegments(run, names.carriedTo(outcome.segments(), way(before, run), warnings));
        LiveFigures.Difference since = live.catchUp(
                run,
                input,
                outcome,
                snapshot,
                before.live(),
                customers -> memberships.compare(run, input.table(), outcome, now, progress, null, customers));
        jdbc.sql("update segmentation set current_run = :number where id = :id")
                .param("number", run.number())
                .param("id", run.segmentation())
                .update();
        segments.countVersion(run.segmentation());
        boolean wanted = runs.complete(
                run,
                json.writeValueAsString(outcome.quality()),
                json.writeValueAsString(warnings),
                outcome.memberValues().keySet().stream().sorted().toList(),
                json.writeValueAsString(categories(input.table())),
                outcome.model(),
                clock.instant());
        if (!wanted) {
            throw new CancellationException();
        }
        live.count(since);
        trust.add(run.id(), now);
        queue.getObject()
                .scheduleIfNotExists(
                        TrustTask.TRUST.instance(Long.toString(run.id())).build(), now);
    }

    private static Map<String, List<String>> categories(FeatureTable table) {
        Map<String, List<String>> byName = new LinkedHashMap<>();
        table.categories().forEach((feature, names) -> byName.put(feature.apiName(), names));
        return byName;
    }

    /** What the segmentation has before a run of it is published: no run yet, or one of this id and method, which may be live. */
    private record Before(boolean first, boolean live, long run, String method) {}

    private static GivenNames.Way way(Before before, RunRepository.Claimed run) {
        if (run.definition().method().clusters()) {
            return GivenNames.Way.MEMBERS;
        }
        return before.method().equals(run.definition().method().name()) ? GivenNames.Way.KEY : GivenNames.Way.NONE;
    }

    private void addSegments(RunRepository.Claimed run, List<Segment> segments) {
        for (int position = 0; position < segments.size(); position++) {
            Segment segment = segments.get(position);
            jdbc.sql("""
                    insert into segment (run_id, position, key, name, size, share, revenue, revenue_share, pareto_share, noise, features, centre,
                                         persona, description, action, profile)
                    values (:run, :position, :key, :name, :size, :share, :revenue, :revenueShare, :paretoShare, :noise, :features::json,
                            :centre::json, :persona::json, :description, :action::json, :profile::json)""")
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
                    .param("profile", json.writeValueAsString(segment.profile()))
                    .update();
        }
    }

    private @Nullable String written(@Nullable Object value) {
        return value == null ? null : json.writeValueAsString(value);
    }
}
