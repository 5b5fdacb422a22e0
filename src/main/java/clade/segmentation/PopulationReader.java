package clade.segmentation;

import clade.clustering.UnsuitableData;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Narrows the customers of a run to its population. */
@Component
class PopulationReader {

    private static final int FETCH = 10_000;

    private final JdbcClient jdbc;

    PopulationReader(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Those of the table's customers who are in the population at present. */
    @Transactional(propagation = Propagation.MANDATORY)
    FeatureTable narrow(long dataset, Population population, FeatureTable table) {
        long[] members = members(dataset, population);
        return table.rows(IntStream.range(0, table.size())
                .filter(row -> Arrays.binarySearch(members, table.customer(row)) >= 0)
                .toArray());
    }

    /** Their numbers, ascending. */
    private long[] members(long dataset, Population population) {
        long segmentation = jdbc.sql("""
                        select id from segmentation where dataset_id = :dataset and key = :key and current_run is not null""")
                .param("dataset", dataset)
                .param("key", population.segmentation())
                .query(Long.class)
                .optional()
                .orElseThrow(() -> new UnsuitableData(
                        "no-population",
                        "The population is of the segmentation %s, which has no completed run; complete one first"
                                .formatted(population.segmentation())));
        Set<String> known = new HashSet<>(
                jdbc.sql("""
                        select g.key from segment g join segmentation_run r on r.id = g.run_id
                        join segmentation s on s.id = r.segmentation_id and s.current_run = r.number where s.id = :id""").param("id", segmentation).query(String.class).list());
        List<String> unknown = population.segments().stream()
                .filter(key -> !known.contains(key))
                .toList();
        if (!unknown.isEmpty()) {
            throw new UnsuitableData(
                    "unknown-segment",
                    "The population names segments that %s has not: %s; it has %s"
                            .formatted(
                                    population.segmentation(),
                                    String.join(", ", unknown),
                                    String.join(", ", known.stream().sorted().toList())));
        }
        long[][] members = {new long[1024]};
        int[] size = {0};
        jdbc.sql("""
                        select customer_id from membership
                        where segmentation_id = :id and segment = any (cast(:segments as text[])) and until_run is null""")
                .param("id", segmentation)
                .param("segments", population.segments().toArray(String[]::new))
                .withFetchSize(FETCH)
                .query(row -> {
                    if (size[0] == members[0].length) {
                        members[0] = Arrays.copyOf(members[0], 2 * size[0]);
                    }
                    members[0][size[0]++] = row.getLong(1);
                });
        long[] numbers = Arrays.copyOf(members[0], size[0]);
        Arrays.sort(numbers);
        return numbers;
    }
}
