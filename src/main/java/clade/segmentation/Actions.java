package clade.segmentation;

import clade.rfm.BuiltInMaps;
import clade.rfm.SegmentMap;
import clade.segmentation.Segment.Action;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What to do about each segment of the built-in maps, about noise and about lapsed customers. */
final class Actions {

    private static final Map<String, Suggested> BY_SEGMENT = read();

    /** Keys of the segments that clusters take after, by their names. */
    private static final Map<String, String> PERSONAS = BuiltInMaps.rfGrid().segments().stream()
            .collect(Collectors.toMap(SegmentMap.Segment::name, SegmentMap.Segment::key));

    private Actions() {}

    /** A row of the resource. */
    record Suggested(
            String segment,
            String name,
            String title,
            String goal,
            String channel,
            String offer,
            String avoid,
            String cost,
            List<String> steps) {

        Action action() {
            return new Action(title, goal, channel, offer, avoid, cost, steps);
        }
    }

    /** All of them by segment key, in the order of answers. */
    static Map<String, Suggested> bySegment() {
        return BY_SEGMENT;
    }

    /** The action for a segment of a built-in map, null for another key. */
    static @Nullable Action find(String segment) {
        Suggested suggested = BY_SEGMENT.get(segment);
        return suggested == null ? null : suggested.action();
    }

    /**
     * The action for a segment of a run: of its own key, else of its persona's; what a dataset has of its own goes first.
     *
     * @param own by segment key
     */
    static @Nullable Action of(Segment segment, Map<String, Action> own) {
        String persona = segment.persona() == null || segment.noise()
                ? segment.key()
                : PERSONAS.getOrDefault(segment.persona().segment(), segment.key());
        Action edited = own.getOrDefault(segment.key(), own.get(persona));
        if (edited != null) {
            return edited;
        }
        Action suggested = find(segment.key());
        if (suggested == null) {
            suggested = find(persona);
        }
        return suggested == null ? segment.action() : suggested;
    }

    private static Map<String, Suggested> read() {
        try (InputStream in = Actions.class.getResourceAsStream("/segmentation/actions.json")) {
            Map<String, Suggested> all = new LinkedHashMap<>();
            JsonMapper.shared()
                    .readValue(Objects.requireNonNull(in), new TypeReference<List<Suggested>>() {})
                    .forEach(suggested -> all.put(suggested.segment(), suggested));
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
