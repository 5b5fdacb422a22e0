package clade.segmentation;

import clade.database.Times;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The runs whose members follow what happens. A model never changes, so those used last are kept. */
@Repository
class LiveRuns {

    /** Bytes of stored models that are kept; the last one always is. */
    private static final long KEPT = 64L << 20;

    private final JdbcClient jdbc;
    private final Map<Long, LiveRun> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long keptBytes;

    LiveRuns(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param key of its segmentation */
    record LiveRun(
            long id,
            long segmentation,
            String key,
            int number,
            Instant asOf,
            ZoneId zone,
            Definition definition,
            KeptModel model,
            int modelBytes,
            @Nullable NoiseLimits noiseLimits) {}

    private static final String LIVE = """
            from segmentation s join segmentation_run r on r.segmentation_id = s.id and r.number = s.current_run
            where s.dataset_id = :dataset and r.live""";

    /** SQL for ids of the {@linkplain #current current} runs. */
    static final String CURRENT = "select r.id %s order by s.id".formatted(LIVE);

    /** SQL for ids of their segmentations. */
    static final String CURRENT_SEGMENTATIONS = "select s.id " + LIVE;

    /** The current runs of the dataset's live segmentations, the oldest segmentation first. */
    List<LiveRun> current(long dataset) {
        return jdbc.sql(CURRENT).param("dataset", dataset).query(Long.class).list().stream()
                .map(this::get)
                .toList();
    }

    /** The completed run of this id, live or not, with its model. */
    LiveRun get(long id) {
        synchronized (kept) {
            LiveRun known = kept.get(id);
            if (known != null) {
                return known;
            }
        }
        LiveRun read = read(id);
        keep(read);
        return read;
    }

    private LiveRun read(long id) {
        return jdbc.sql("""
                        select r.id, s.id as segmentation, s.key, r.number, r.as_of, r.time_zone, r.definition, r.model, r.noise_limits
                        from segmentation_run r join segmentation s on s.id = r.segmentation_id where r.id = :id""")
                .param("id", id)
                .query((row, n) -> {
                    Definition definition = Definition.stored(row.getString("definition"));
                    byte[] model = row.getBytes("model");
                    return new LiveRun(
                            row.getLong("id"),
                            row.getLong("segmentation"),
                            row.getString("key"),
                            row.getInt("number"),
                            Times.get(row, "as_of"),
                            ZoneId.of(row.getString("time_zone")),
                            definition,
                            KeptModel.read(definition, model),
                            model.length,
                            limits(row.getString("noise_limits")));
                })
                .single();
    }

    /** A run that is about to be published. */
    LiveRun published(RunRepository.Claimed claimed, RunInput input, Outcome outcome) {
        return new LiveRun(
                claimed.id(),
                claimed.segmentation(),
                "",
                claimed.number(),
                // as it is stored; without one nothing depends on it, and the run is not live
                Objects.requireNonNullElse(input.asOf(), Instant.EPOCH).truncatedTo(ChronoUnit.MICROS),
                input.zone(),
                claimed.definition(),
                KeptModel.read(claimed.definition(), outcome.model()),
                outcome.model().length,
                limits(jdbc.sql("select noise_limits::text from segmentation_run where id = :id")
                        .param("id", claimed.id())
                        .query((row, n) -> Optional.ofNullable(row.getString(1)))
                        .single()
                        .orElse(null)));
    }

    private static @Nullable NoiseLimits limits(@Nullable String stored) {
        return stored == null ? null : JsonMapper.shared().readValue(stored, NoiseLimits.class);
    }

    /** Keeps the segmentation from being deleted until the transaction ends; false if it is gone already. */
    boolean keep(long segmentation) {
        return jdbc.sql("select id from segmentation where id = :id for key share")
                .param("id", segmentation)
                .query(Long.class)
                .optional()
                .isPresent();
    }

    private void keep(LiveRun run) {
        synchronized (kept) {
            LiveRun before = kept.put(run.id(), run);
            keptBytes += run.modelBytes() - (before == null ? 0 : before.modelBytes());
            Iterator<LiveRun> oldest = kept.values().iterator();
            while (keptBytes > KEPT && kept.size() > 1) {
                keptBytes -= oldest.next().modelBytes();
                oldest.remove();
            }
        }
    }
}
