package clade.segmentation;

import clade.segmentation.Segment.Action;
import clade.web.Refusal;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a dataset does about its segments: Clade's suggestions, and its own in place of them. Owns {@code segment_action}. */
@Repository
class ActionMatrix {

    private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final int LONGEST = 500;
    private static final int MOST_STEPS = 10;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    ActionMatrix(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** A row of the matrix as the API shows it. */
    @Schema(name = "SegmentAction")
    record Entry(
            @Schema(description = "Key of a segment, or of the persona that clusters take after", example = "champions")
            String segment,

            @Schema(description = "Null where the key is the dataset's own", example = "Champions") @Nullable
            String name,

            @Schema(description = "Whether it is the dataset's own, in place of what Clade suggests")
            boolean edited,

            @JsonUnwrapped Action action) {}

    /** Clade's segments in their order, then the dataset's own keys. */
    @Transactional(readOnly = true)
    List<Entry> list(long dataset) {
        Map<String, Action> own = own(dataset);
        List<Entry> entries = new ArrayList<>();
        Actions.bySegment().keySet().forEach(segment -> entries.add(entry(segment, own)));
        own.keySet().stream()
                .filter(segment -> Actions.find(segment) == null)
                .forEach(segment -> entries.add(entry(segment, own)));
        return entries;
    }

    /** 404 if neither Clade nor the dataset has one of this key. */
    @Transactional(readOnly = true)
    Entry get(long dataset, String segment) {
        Map<String, Action> own = own(dataset);
        if (!own.containsKey(segment) && Actions.find(segment) == null) {
            throw Refusal.notFound("action for segment", segment);
        }
        return entry(segment, own);
    }

    /** The dataset's own actions by segment key, in the order of the keys. */
    Map<String, Action> own(long dataset) {
        Map<String, Action> own = new LinkedHashMap<>();
        jdbc.sql(
                        "select segment, content from segment_action where dataset_id = :dataset order by segment collate \"C\"")
                .param("dataset", dataset)
                .query(row -> {
                    own.put(row.getString("segment"), json.readValue(row.getString("content"), Action.class));
                });
        return own;
    }

    /** Stores the dataset's own action; true if it had none. */
    @Transactional
    boolean put(long dataset, String segment, Action action) {
        return jdbc.sql("""
                insert into segment_action (dataset_id, segment, content) values (:dataset, :segment, :content::json)
                on conflict (dataset_id, segment) do update set content = excluded.content returning xmax = 0""")
                .param("dataset", dataset)
                .param("segment", segment)
                .param("content", json.writeValueAsString(action))
                .query(Boolean.class)
                .single();
    }

    /** Forgets the dataset's own action, so that Clade's holds again; 404 if it has none. */
    @Transactional
    void delete(long dataset, String segment) {
        int deleted = jdbc.sql("delete from segment_action where dataset_id = :dataset and segment = :segment")
                .param("dataset", dataset)
                .param("segment", segment)
                .update();
        if (deleted == 0) {
            throw Refusal.notFound("own action for segment", segment);
        }
    }

    /** Reads what a client sent for a segment of this key; a refusal (400) names the field. */
    static Action read(String segment, JsonNode body) {
        if (!KEY.matcher(segment).matches()) {
            throw Refusal.badParameter(
                    "segment",
                    "invalid-value",
                    "segment must be 1 to 63 lower-case letters, digits and hyphens, the first no hyphen, was "
                            + segment);
        }
        Fields fields = Fields.of(body, "");
        String title = text(fields, "title");
        if (title == null) {
            throw fields.refusal("title", "is needed: what to do, in a few words");
        }
        Action action = new Action(
                title,
                text(fields, "goal"),
                text(fields, "channel"),
                text(fields, "offer"),
                text(fields, "avoid"),
                cost(fields),
                steps(fields));
        fields.end();
        return action;
    }

    private static @Nullable String text(Fields fields, String field) {
        return checked(fields, field, fields.text(field));
    }

    private static @Nullable String cost(Fields fields) {
        return fields.find("cost") == null ? null : fields.choice("cost", "", "low", "medium", "high");
    }

    private static List<String> steps(Fields fields) {
        JsonNode given = fields.find("steps");
        if (given == null || (given.isArray() && given.isEmpty())) {
            return List.of();
        }
        List<String> steps = fields.texts("steps", List.of());
        if (steps.size() > MOST_STEPS) {
            throw fields.refusal("steps", "must be at most %d, was %d".formatted(MOST_STEPS, steps.size()));
        }
        for (int i = 0; i < steps.size(); i++) {
            checked(fields, "steps/" + i, steps.get(i));
        }
        return List.copyOf(steps);
    }

    private static @Nullable String checked(Fields fields, String field, @Nullable String text) {
        if (text != null && (text.isBlank() || text.length() > LONGEST || text.indexOf('\0') >= 0)) {
            throw fields.refusal(field, "must be text of 1 to %d characters".formatted(LONGEST));
        }
        return text;
    }

    private static Entry entry(String segment, Map<String, Action> own) {
        Actions.Suggested suggested = Actions.bySegment().get(segment);
        Action action = Optional.ofNullable(own.get(segment))
                .or(() -> Optional.ofNullable(suggested).map(Actions.Suggested::action))
                .orElseThrow();
        return new Entry(segment, suggested == null ? null : suggested.name(), own.containsKey(segment), action);
    }
}
