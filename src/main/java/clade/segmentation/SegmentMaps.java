package clade.segmentation;

import clade.clustering.UnsuitableData;
import clade.rfm.BuiltInMaps;
import clade.rfm.SegmentMap;
import clade.web.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** The segment maps of a dataset, its own and the built-in ones. Owns {@code segment_map}. */
@Service
class SegmentMaps {

    private final JdbcClient jdbc;

    SegmentMaps(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The built-in ones, then those of the dataset by key. */
    @Transactional(readOnly = true)
    List<SegmentMap> list(long dataset) {
        List<SegmentMap> maps = new ArrayList<>(BuiltInMaps.list());
        jdbc.sql("select key, content from segment_map where dataset_id = :dataset order by key collate \"C\"")
                .param("dataset", dataset)
                .query((row, number) -> stored(row.getString("key"), row.getString("content")))
                .list()
                .forEach(maps::add);
        return maps;
    }

    /** The map of this key; 404 if there is none. */
    @Transactional(readOnly = true)
    SegmentMap get(long dataset, String key) {
        return find(dataset, key, "").orElseThrow(() -> Refusal.notFound("segment map", key));
    }

    /** The map that a run of this method uses. */
    @Transactional(readOnly = true)
    SegmentMap of(long dataset, Method.Rfm method) {
        String key = String.valueOf(method.map());
        return find(dataset, key, "")
                .filter(map -> map.scores() == method.scores())
                .orElseThrow(() -> new UnsuitableData(
                        "no-map", "There is no segment map %s of %d scores any more".formatted(key, method.scores())));
    }

    /**
     * Refuses (400) a definition of method rfm whose map is missing or has another number of scores. The map stays as it is
     * until the transaction ends.
     */
    @Transactional
    void check(long dataset, Definition definition) {
        check(dataset, Method.POINTER, definition.method());
        definition.method().inner().forEach((pointer, method) -> check(dataset, pointer, method));
    }

    private void check(long dataset, String pointer, Method method) {
        if (!(method instanceof Method.Rfm rfm)) {
            return;
        }
        Optional<SegmentMap> named = rfm.map() == null ? Optional.empty() : find(dataset, rfm.map(), " for share");
        if (named.isPresent() && named.get().scores() == rfm.scores()) {
            return;
        }
        String fitting = list(dataset).stream()
                .filter(map -> map.scores() == rfm.scores())
                .map(SegmentMap::key)
                .collect(Collectors.joining(", "));
        String wrong = named.map(
                        map -> "%s is a map of %d scores, not of %d".formatted(map.key(), map.scores(), rfm.scores()))
                .orElse(
                        rfm.map() == null
                                ? "is needed for %d scores".formatted(rfm.scores())
                                : "names no map: " + rfm.map());
        throw Refusal.badField(
                pointer + "/map",
                "invalid-value",
                "map %s; %s"
                        .formatted(
                                wrong,
                                fitting.isEmpty()
                                        ? "there is none of %d scores yet: PUT segment-maps/{key} makes one"
                                                .formatted(rfm.scores())
                                        : "of %d scores there are %s".formatted(rfm.scores(), fitting)));
    }

    /** Stores a map; true if there was none of its key. 409 where it would no longer fit the segmentations that use it. */
    @Transactional
    boolean put(long dataset, SegmentMap map) {
        refuseBuiltIn(map.key());
        List<Use> unfit = uses(dataset, map.key()).stream()
                .filter(use -> use.scores() != map.scores())
                .toList();
        if (!unfit.isEmpty()) {
            throw Refusal.conflict(
                    "map-in-use",
                    "%s uses the map %s with %d scores: give the new one another key"
                            .formatted(names(unfit), map.key(), unfit.get(0).scores()));
        }
        String content = SegmentMapJson.write(map).toString();
        return jdbc.sql("""
                insert into segment_map (dataset_id, key, content) values (:dataset, :key, :content::json)
                on conflict (dataset_id, key) do update set content = excluded.content returning xmax = 0""")
                .param("dataset", dataset)
                .param("key", map.key())
                .param("content", content)
                .query(Boolean.class)
                .single();
    }

    /** Deletes a map; 404 if there is none, 409 if it is built in or a segmentation uses it. */
    @Transactional
    void delete(long dataset, String key) {
        refuseBuiltIn(key);
        List<Use> uses = uses(dataset, key);
        if (!uses.isEmpty()) {
            throw Refusal.conflict(
                    "map-in-use", "%s uses the map %s: name another map there first".formatted(names(uses), key));
        }
        int deleted = jdbc.sql("delete from segment_map where dataset_id = :dataset and key = :key")
                .param("dataset", dataset)
                .param("key", key)
                .update();
        if (deleted == 0) {
            throw Refusal.notFound("segment map", key);
        }
    }

    private record Use(String segmentation, int scores) {}

    /**
     * The segmentations whose definition, or that of a run to come, names the map. Locks the map, so that none can begin to
     * before the transaction ends.
     */
    private List<Use> uses(long dataset, String key) {
        find(dataset, key, " for update");
        return jdbc
                .sql("""
                select distinct s.key, (d.definition -> 'method' ->> 'scores')::int as scores
                from segmentation s cross join lateral (
                    select s.definition
                    union all
                    select r.definition from segmentation_run r
                    where r.segmentation_id = s.id and r.status in ('queued', 'running')) d
                where s.dataset_id = :dataset and d.definition -> 'method' ->> 'name' = 'rfm'
                  and d.definition -> 'method' ->> 'map' = :key""")
                .param("dataset", dataset)
                .param("key", key)
                .query((row, number) -> new Use(row.getString("key"), row.getInt("scores")))
                .list()
                .stream()
                .sorted(Comparator.comparing(Use::segmentation))
                .toList();
    }

    private static String names(List<Use> uses) {
        return uses.stream()
                .map(Use::segmentation)
                .distinct()
                .collect(Collectors.joining(", ", "The segmentation ", ""));
    }

    private static void refuseBuiltIn(String key) {
        if (BuiltInMaps.find(key).isPresent()) {
            throw Refusal.conflict(
                    "map-built-in", "%s is built in and stays as it is: make one of another key".formatted(key));
        }
    }

    private Optional<SegmentMap> find(long dataset, String key, String lock) {
        return BuiltInMaps.find(key)
                .or(() -> jdbc.sql("select content from segment_map where dataset_id = :dataset and key = :key" + lock)
                        .param("dataset", dataset)
                        .param("key", key)
                        .query((row, number) -> stored(key, row.getString("content")))
                        .optional());
    }

    private static SegmentMap stored(String key, String content) {
        return SegmentMapJson.read(key, JsonMapper.shared().readTree(content));
    }
}
