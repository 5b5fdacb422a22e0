package clade.segmentation;

import clade.database.Times;
import clade.datasets.Dataset;
import io.swagger.v3.oas.annotations.media.Schema;
import java.sql.Array;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Tells in which segments a customer is. */
@Repository
public class CustomerSegments {

    private final JdbcClient jdbc;
    private final PublishedRuns runs;

    CustomerSegments(JdbcClient jdbc, PublishedRuns runs) {
        this.jdbc = jdbc;
        this.runs = runs;
    }

    /** A customer's place in the current run of a segmentation. */
    public record Place(
            @Schema(example = "rfm") String segmentation,
            @Schema(example = "champions") String segment,
            @Schema(example = "Champions") String name,

            @Schema(
                    description = "Of the segmentation: counts what was published and each live change since",
                    example = "1")
            long version,

            @Schema(description = "When the customer came into this segment")
            Instant since,

            @Schema(description = "Key of the segment before this one, null if there was none") @Nullable
            String previous) {}

    /** Scores of recency, frequency and monetary value in the current run of a segmentation. */
    public record RfmScores(
            String segmentation,
            @Nullable Map<String, Integer> scores,
            @Nullable String code) {}

    /** By segmentation key. */
    @Transactional(readOnly = true)
    public List<Place> of(Dataset dataset, long customer) {
        return jdbc.sql("""
                select s.key as segmentation, g.key as segment, g.name, s.version, m.since, m.previous
                from segmentation s
                join membership m on m.segmentation_id = s.id and m.customer_id = :customer and m.until_run is null
                join segmentation_run r on r.segmentation_id = s.id and r.number = s.current_run
                join segment g on g.run_id = r.id and g.key = m.segment
                where s.dataset_id = :dataset order by s.key collate "C\"""")
                .param("customer", customer)
                .param("dataset", dataset.id())
                .query((row, number) -> new Place(
                        row.getString("segmentation"),
                        row.getString("segment"),
                        row.getString("name"),
                        row.getLong("version"),
                        Times.get(row, "since"),
                        row.getString("previous")))
                .list();
    }

    /** From the dataset's oldest segmentation of method rfm; empty if there is none. */
    @Transactional(readOnly = true)
    public Optional<RfmScores> rfmScores(Dataset dataset, long customer) {
        return jdbc.sql("""
                select s.key, r.id as run, m.facts from segmentation s
                left join segmentation_run r on r.segmentation_id = s.id and r.number = s.current_run
                left join membership m on m.segmentation_id = s.id and m.customer_id = :customer and m.until_run is null
                where s.dataset_id = :dataset and s.definition -> 'method' ->> 'name' = 'rfm' order by s.id limit 1""")
                .param("customer", customer)
                .param("dataset", dataset.id())
                .query((row, number) -> {
                    Array facts = row.getArray("facts");
                    Scores scores = facts == null ? null : scores(row.getLong("run"), (Double[]) facts.getArray());
                    return new RfmScores(
                            row.getString("key"),
                            scores == null ? null : scores.byName(),
                            scores == null ? null : scores.code());
                })
                .optional();
    }

    private @Nullable Scores scores(long runId, Double[] facts) {
        PublishedRuns.PublishedRun run = runs.get(runId);
        return run.scores(
                run.values(Arrays.stream(facts).mapToDouble(Double::doubleValue).toArray()));
    }
}
