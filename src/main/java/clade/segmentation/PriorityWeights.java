package clade.segmentation;

import clade.segmentation.report.Weights;
import clade.web.Refusal;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;

/** How much each score of the boards of a dataset counts: all alike, or its own. Owns {@code priority_weights}. */
@Repository
class PriorityWeights {

    private final JdbcClient jdbc;

    PriorityWeights(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What the API shows. */
    @Schema(name = "PriorityWeights")
    record Entry(
            @Schema(description = "Whether they are the dataset's own; otherwise all count alike")
            boolean edited,

            @JsonUnwrapped Weights weights) {}

    @Transactional(readOnly = true)
    Entry get(long dataset) {
        Optional<Weights> own = find(dataset);
        return new Entry(own.isPresent(), own.orElse(Weights.EVEN));
    }

    private Optional<Weights> find(long dataset) {
        return jdbc.sql("select size, revenue, reach, cost from priority_weights where dataset_id = :dataset")
                .param("dataset", dataset)
                .query((row, number) -> new Weights(
                        row.getDouble("size"), row.getDouble("revenue"), row.getDouble("reach"), row.getDouble("cost")))
                .optional();
    }

    /** Stores the dataset's own weights; true if it had none. */
    @Transactional
    boolean put(long dataset, Weights weights) {
        return jdbc.sql("""
                insert into priority_weights (dataset_id, size, revenue, reach, cost) values (:dataset, :size, :revenue, :reach, :cost)
                on conflict (dataset_id) do update
                set size = excluded.size, revenue = excluded.revenue, reach = excluded.reach, cost = excluded.cost
                returning xmax = 0""")
                .param("dataset", dataset)
                .param("size", weights.size())
                .param("revenue", weights.revenue())
                .param("reach", weights.reach())
                .param("cost", weights.cost())
                .query(Boolean.class)
                .single();
    }

    /** Forgets the dataset's own weights, so that all scores count alike again; 404 if it has none. */
    @Transactional
    void delete(long dataset) {
        int deleted = jdbc.sql("delete from priority_weights where dataset_id = :dataset")
                .param("dataset", dataset)
                .update();
        if (deleted == 0) {
            throw Refusal.notFound("own weights of", "priorities");
        }
    }

    /** Reads what a client sent, 1 where it says nothing; a refusal (400) names the field. */
    static Weights read(JsonNode body) {
        Fields fields = Fields.of(body, "");
        double size = fields.number("size", 1);
        double revenue = fields.number("revenue", 1);
        double reach = fields.number("reach", 1);
        double cost = fields.number("cost", 1);
        fields.end();
        try {
            return new Weights(size, revenue, reach, cost);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw Refusal.badField("/" + Weights.named(message), "invalid-value", message);
        }
    }
}
