package clade.segmentation;

import clade.statistics.DecimalSum;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Counts live changes on top of the segments as published: sizes, and exact sums of monetary values, so that nothing is lost
 * however often customers come and go. Owns {@code live_segment} and the version of segmentations.
 */
@Repository
class LiveFigures {

    private final JdbcClient jdbc;

    LiveFigures(JdbcClient jdbc) {
        this.jdbc = jdbc;
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

    /** Counts a step's changes; the version goes up by one if there are any. */
    void apply(Difference difference) {
        if (difference.sizes.isEmpty()) {
            return;
        }
        // first, so that nobody else changes segments of this run meanwhile
        jdbc.sql("update segmentation set version = version + 1 where id = :id")
                .param("id", difference.run.segmentation())
                .update();
        Set<String> unknown = new TreeSet<>(difference.sizes.keySet());
        jdbc.sql("""
                        update live_segment set size = size + more.more_size, monetary = monetary + more.more_monetary
                        from unnest(:keys, :sizes, cast(:monetary as numeric[])) as more (more_key, more_size, more_monetary)
                        where run_id = :run and key = more_key returning key""")
                .param("keys", difference.sizes.keySet().toArray(String[]::new))
                .param(
                        "sizes",
                        difference.sizes.values().stream()
                                .mapToInt(Integer::intValue)
                                .toArray())
                .param(
                        "monetary",
                        difference.monetary.values().stream()
                                .map(BigDecimal::toPlainString)
                                .toArray(String[]::new))
                .param("run", difference.run.id())
                .query(String.class)
                .list()
                .forEach(unknown::remove);
        for (String segment : unknown) {
            addNoise(difference.run, segment);
            add(
                    difference.run.id(),
                    segment,
                    difference.sizes.getOrDefault(segment, 0),
                    difference.monetary.getOrDefault(segment, BigDecimal.ZERO));
        }
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
