package clade.segmentation;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The customers whom a segmentation is about, if not all: those who are in some segments of another one.
 *
 * @param segmentation key of the other
 * @param segments keys of its segments
 */
record Population(String segmentation, List<String> segments) {

    /** Null where the definition narrows nothing. */
    static @Nullable Population read(Fields fields) {
        JsonNode node = fields.find("population");
        if (node == null) {
            return null;
        }
        Fields inner = Fields.of(node, "/population");
        String segmentation = inner.text("segmentation");
        if (segmentation == null) {
            throw inner.refusal("segmentation", "is needed: the key of a segmentation");
        }
        List<String> segments = inner.texts("segments", List.of());
        if (segments.isEmpty()) {
            throw inner.refusal("segments", "is needed: the keys of one or more of its segments");
        }
        inner.end();
        return new Population(segmentation, segments);
    }

    ObjectNode toJson() {
        ObjectNode json = JsonMapper.shared().createObjectNode().put("segmentation", segmentation);
        ArrayNode keys = json.putArray("segments");
        segments.forEach(keys::add);
        return json;
    }
}
