package clade.segmentation;

import clade.web.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Gives segments of the current run the names that users want. */
@Service
class SegmentNames {

    private static final int LENGTH = 200;

    private final JdbcClient jdbc;
    private final SegmentRepository segments;
    private final JsonMapper json;

    SegmentNames(JdbcClient jdbc, SegmentRepository segments, JsonMapper json) {
        this.jdbc = jdbc;
        this.segments = segments;
        this.json = json;
    }

    /** Names a segment, or takes its given name back if the body's name is null; 409 if another segment has that name. */
    @Transactional
    SegmentRepository.SegmentOfRun rename(Segmentations.Stored segmentation, String key, JsonNode body) {
        String name = name(body);
        // a run that is published meanwhile would carry the names as they were
        jdbc.sql("select 1 from segmentation where id = :id for update")
                .param("id", segmentation.id())
                .query()
                .singleRow();
        PublishedRuns.PublishedRun run = segments.published(segmentation, null);
        List<Segment> all = segments.stored(run.id(), true);
        Segment segment = all.stream()
                .filter(one -> one.key().equals(key))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("segment", key));
        String shown = name == null ? segment.profile().profileName() : name;
        all.stream()
                .filter(other -> !other.key().equals(key) && other.name().equalsIgnoreCase(shown))
                .findFirst()
                .ifPresent(other -> {
                    throw Refusal.conflict(
                            "name-taken", "The segment %s is called %s already".formatted(other.key(), other.name()));
                });
        SegmentProfile profile = segment.profile();
        SegmentProfile named = name == null
                ? profile.with(null, null, List.of())
                : profile.with(
                        new SegmentProfile.Given(name, run.number(), profile.levels(), GivenNames.medians(segment)),
                        true,
                        List.of());
        jdbc.sql("update segment set name = :name, profile = :profile::json where run_id = :run and key = :key")
                .param("name", shown)
                .param("profile", json.writeValueAsString(named))
                .param("run", run.id())
                .param("key", key)
                .update();
        segments.countVersion(segmentation.id());
        return segments.one(segmentation, null, key);
    }

    private static @Nullable String name(JsonNode body) {
        Fields fields = Fields.of(body, "");
        if (!body.has("name")) {
            throw fields.refusal("name", "is needed: the name to show, or null for the profile's own");
        }
        String name = fields.text("name");
        fields.end();
        if (name != null && (name.isBlank() || name.length() > LENGTH)) {
            throw fields.refusal("name", "must have 1 to %d characters, not all blank".formatted(LENGTH));
        }
        return name == null ? null : name.strip();
    }
}
