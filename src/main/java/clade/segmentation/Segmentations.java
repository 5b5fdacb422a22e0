package clade.segmentation;

import clade.database.Times;
import clade.datasets.Dataset;
import clade.datasets.Datasets;
import clade.web.Refusal;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The segmentations of a dataset: definitions kept under a key. Owns {@code segmentation}, whose versions are counted by {@link SegmentRepository} and {@link LiveFigures}. */
@Service
class Segmentations {

    private final JdbcClient jdbc;
    private final Datasets datasets;
    private final RunRepository runs;
    private final SegmentMaps maps;
    private final FeatureCheck features;
    private final SchedulerClient queue;
    private final Clock clock;

    Segmentations(
            JdbcClient jdbc,
            Datasets datasets,
            RunRepository runs,
            SegmentMaps maps,
            FeatureCheck features,
            SchedulerClient queue,
            Clock clock) {
        this.jdbc = jdbc;
        this.datasets = datasets;
        this.runs = runs;
        this.maps = maps;
        this.features = features;
        this.queue = queue;
        this.clock = clock;
    }

    /** A segmentation's row. */
    record Stored(
            long id,
            Dataset dataset,
            String key,
            Definition definition,
            @Nullable Integer currentRun,
            long version,
            Instant createdAt) {

        /** The number of the current run; 409 before the first completed one. */
        int neededRun() {
            if (currentRun == null) {
                throw Refusal.conflict(
                        "no-completed-run",
                        "The segmentation %s has no completed run yet; look at its runs".formatted(key));
            }
            return currentRun;
        }
    }

    /** The segmentation of these keys; 404 if there is none. */
    @Transactional(readOnly = true)
    Stored get(String dataset, String key) {
        return find(datasets.get(dataset), key).orElseThrow(() -> Refusal.notFound("segmentation", key));
    }

    @Transactional(readOnly = true)
    Optional<Stored> find(String dataset, String key) {
        return find(datasets.get(dataset), key);
    }

    @Transactional(readOnly = true)
    List<SegmentationView> list(String datasetKey) {
        Dataset dataset = datasets.get(datasetKey);
        return jdbc
                .sql("select key from segmentation where dataset_id = :dataset order by key collate \"C\"")
                .param("dataset", dataset.id())
                .query(String.class)
                .list()
                .stream()
                .map(key -> view(find(dataset, key).orElseThrow()))
                .toList();
    }

    @Transactional(readOnly = true)
    SegmentationView view(String dataset, String key) {
        return view(get(dataset, key));
    }

    /** Stores a definition and queues its first run; 409 if the key is taken. */
    @Transactional
    Run create(String datasetKey, Definition definition) {
        Dataset dataset = datasets.get(datasetKey);
        maps.check(dataset.id(), definition);
        features.check(dataset.id(), definition);
        try {
            jdbc.sql("""
                    insert into segmentation (dataset_id, key, definition, created_at)
                    values (:dataset, :key, :definition::json, :now)""")
                    .param("dataset", dataset.id())
                    .param("key", definition.key())
                    .param("definition", definition.toJson().toString())
                    .param("now", Times.of(clock.instant()))
                    .update();
        } catch (DuplicateKeyException e) {
            throw Refusal.conflict(
                    "key-taken",
                    "There is a segmentation %s already; PUT replaces its definition".formatted(definition.key()));
        }
        return start(find(dataset, definition.key()).orElseThrow(), null);
    }

    /** Replaces the definition; runs that are queued keep the one they were asked for with. */
    @Transactional
    SegmentationView replace(String dataset, String key, Definition definition) {
        Stored stored = get(dataset, key);
        if (!definition.key().equals(key)) {
            throw Refusal.badField("/key", "invalid-value", "key must be %s, as in the path".formatted(key));
        }
        maps.check(stored.dataset().id(), definition);
        features.check(stored.dataset().id(), definition);
        jdbc.sql("update segmentation set definition = :definition::json where id = :id")
                .param("definition", definition.toJson().toString())
                .param("id", stored.id())
                .update();
        return view(dataset, key);
    }

    @Transactional
    void delete(String dataset, String key) {
        jdbc.sql("delete from segmentation where id = :id")
                .param("id", get(dataset, key).id())
                .update();
    }

    /** Queues a run; {@code asOf} is for this one alone. */
    @Transactional
    Run start(String dataset, String key, @Nullable AsOf asOf) {
        return start(get(dataset, key), asOf);
    }

    private Run start(Stored segmentation, @Nullable AsOf asOf) {
        long id = runs.add(segmentation.id(), asOf, clock.instant());
        queue.scheduleIfNotExists(RunTask.RUN.instance(Long.toString(id)).build(), clock.instant());
        return runs.get(id);
    }

    private SegmentationView view(Stored stored) {
        List<Run> newestFirst = runs.list(stored.id());
        Optional<Run> current = newestFirst.stream()
                .filter(run -> Objects.equals(run.number(), stored.currentRun()))
                .findFirst();
        return new SegmentationView(
                stored.key(),
                stored.definition().name(),
                stored.createdAt(),
                stored.currentRun(),
                stored.definition().toJson().toString(),
                stored.version(),
                current.map(Run::live).orElse(stored.definition().live()),
                current.isPresent()
                        ? current.get().notLiveBecause()
                        : stored.definition().notLiveBecause(),
                newestFirst.get(0));
    }

    private Optional<Stored> find(Dataset dataset, String key) {
        return jdbc.sql("""
                select id, key, definition, current_run, version, created_at
                from segmentation join segmentation_version on segmentation_id = id where dataset_id = :dataset and key = :key""")
                .param("dataset", dataset.id())
                .param("key", key)
                .query((row, number) -> new Stored(
                        row.getLong("id"),
                        dataset,
                        row.getString("key"),
                        Definition.stored(row.getString("definition")),
                        row.getObject("current_run", Integer.class),
                        row.getLong("version"),
                        Times.get(row, "created_at")))
                .optional();
    }
}
