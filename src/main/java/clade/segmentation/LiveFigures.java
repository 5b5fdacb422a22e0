package clade.segmentation;

import clade.database.Statements;
import clade.statistics.DecimalSum;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Counts live changes on top of the segments as published: sizes, and exact sums of monetary values, so that nothing is lost
 * however often customers come and go. Owns {@code live_segment}.
 */
@Repository
class LiveFigures {

    private final JdbcClient jdbc;
    private final Statements statements;

    LiveFigures(JdbcClient jdbc, Statements statements) {
        this.jdbc = jdbc;
        this.statements = statements;
    }

    /** What a step changes in the segments of a run. */
    static final class Difference {

        private final LiveRuns.LiveRun run;
        private final Map<String, Integer> sizes = new TreeMap<>();
        private final Map<String, BigDecimal> monetary = new TreeMap<>();

        Difference(LiveRuns.LiveRun run) {
            this.run = run;
        }

        /** A member is there no more; nothing if the segment is null. */
        void leave(@Nullable String segment, double value) {
            add(segment, -1, DecimalSum.decimal(value).negate());
        }

        /** A member is there; nothing if the segment is null. */
        void enter(@Nullable String segment, double value) {
            add(segment, 1, DecimalSum.decimal(value));
        }

        /** A member who was counted as having left has not. */
        void takeBackLeaving(@Nullable String segment, double value) {
            enter(segment, value);
        }

        /** A member who was counted as having entered has not. */
        void takeBackEntering(@Nullable String segment, double value) {
            leave(segment, value);
        }

        private void add(@Nullable String segment, int size, BigDecimal value) {
            if (segment != null) {
                sizes.merge(segment, size, Integer::sum);
                monetary.merge(segment, value, BigDecimal::add);
            }
        }
    }

    /** Begins with the segments as a run publishes them. */
    void begin(long run, FeatureTable table, Outcome outcome) {
        int segments = outcome.segments().size();
        DecimalSum[] monetary = new DecimalSum[segments];
        Arrays.setAll(monetary, segment -> new DecimalSum());
        long[] sizes = new long[segments];
        IntToDoubleFunction values = table.values(Feature.MONETARY);
        for (int row = 0; row < table.size(); row++) {
            int segment = outcome.segmentOf()[row];
            sizes[segment]++;
            monetary[segment].add(values.applyAsDouble(row));
        }
        for (int segment = 0; segment < segments; segment++) {
            add(run, outcome.segments().get(segment).key(), sizes[segment], monetary[segment].value());
        }
    }

    /** A segment that has figures. */
    private record Known(long run, String key) {}

    /** A segment of a run that a difference changes. */
    private record Changed(LiveRuns.LiveRun run, String segment, int size, BigDecimal monetary) {

        boolean is(Known known) {
            return run.id() == known.run && segment.equals(known.key);
        }
    }

    /** Counts changes, one difference for each segmentation at most; the version goes up by one where there are any. */
    void apply(List<Difference> differences) {
        statements.execute(counting(differences));
    }

    /** What {@link #apply} does. */
    Statements.Batch counting(List<Difference> differences) {
        List<Changed> changed = new ArrayList<>();
        for (Difference difference : differences) {
            difference.sizes.forEach((segment, size) -> changed.add(new Changed(
                    difference.run, segment, size, difference.monetary.getOrDefault(segment, BigDecimal.ZERO))));
        }
        if (changed.isEmpty()) {
            return Statements.Batch.NONE;
        }
        Map<String, Object> parameters = new HashMap<>();
        parameters.put(
                "changedSegmentations",
                changed.stream()
                        .mapToLong(segment -> segment.run.segmentation())
                        .distinct()
                        .toArray());
        parameters.put(
                "changedRuns",
                changed.stream().mapToLong(segment -> segment.run.id()).toArray());
        parameters.put("keys", changed.stream().map(Changed::segment).toArray(String[]::new));
        parameters.put("sizes", changed.stream().mapToInt(Changed::size).toArray());
        parameters.put(
                "monetary",
                changed.stream()
                        .map(segment -> segment.monetary.toPlainString())
                        .toArray(String[]::new));
        List<Changed> unknown = new ArrayList<>(changed);
        List<Statements.Step> steps = new ArrayList<>();
        // the versions first, so that nobody else changes segments of these runs meanwhile
        Set<Long> there = new HashSet<>();
        steps.add(new Statements.Step("""
                select segmentation_id from segmentation_version where segmentation_id = any (:changedSegmentations)
                order by segmentation_id for no key update""", row -> there.add(row.getLong(1))));
        steps.add(
                Statements.Step.of(
                        "update segmentation_version set version = version + 1 where segmentation_id = any (:changedSegmentations)"));
        steps.add(new Statements.Step("""
                update live_segment set size = size + more_size, monetary = monetary + more_monetary
                from unnest(:changedRuns, :keys, :sizes, cast(:monetary as numeric[]))
                    as more (more_run, more_key, more_size, more_monetary)
                where run_id = more_run and key = more_key returning run_id, key""", row -> {
            Known known = new Known(row.getLong("run_id"), row.getString("key"));
            unknown.removeIf(segment -> segment.is(known));
        }));
        return new Statements.Batch(parameters, steps, () -> {
            unknown.removeIf(segment -> !there.contains(segment.run.segmentation())); // it was deleted meanwhile
            for (Changed segment : unknown) {
                addNoise(segment.run, segment.segment);
                add(segment.run.id(), segment.segment, segment.size, segment.monetary);
            }
        });
    }

    private void add(long run, String segment, long size, BigDecimal monetary) {
        jdbc.sql("""
                        insert into live_segment as known values (:run, :key, :size, :monetary)
                        on conflict (run_id, key) do update
                        set size = known.size + excluded.size, monetary = known.monetary + excluded.monetary""")
                .param("run", run)
                .param("key", segment)
                .param("size", size)
                .param("monetary", monetary)
                .update();
    }

    /** Only noise can be found where a run found none. */
    private void addNoise(LiveRuns.LiveRun run, String segment) {
        StringBuilder features = new StringBuilder();
        run.definition()
                .features()
                .forEach(feature -> features.append(features.isEmpty() ? "{" : ",")
                        .append('"')
                        .append(feature.apiName())
                        .append("\":null"));
        jdbc.sql("""
                        insert into segment (run_id, position, key, name, size, noise, features, description, only_live)
                        select :run, 1 + max(position), :key, 'Noise', 0, true, :features::json,
                            'Customers who came into no cluster after the run', true
                        from segment where run_id = :run
                        on conflict do nothing""")
                .param("run", run.id())
                .param("key", segment)
                .param("features", features.append('}').toString())
                .update();
    }
}
