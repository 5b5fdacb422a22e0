package clade.segmentation;

import clade.support.Api;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads whole segmentations in tests. */
final class MemberLists {

    private MemberLists() {}

    /** All members of a segmentation's current run, by customer id, each with its {@code segment}. */
    static Map<String, JsonNode> of(Api api, String dataset, String segmentation) {
        Map<String, JsonNode> members = new TreeMap<>();
        String segments = dataset + "/segmentations/" + segmentation + "/segments";
        for (JsonNode segment : api.get(segments).json().get("segments")) {
            String key = segment.get("key").asString();
            api.get(segments + "/" + key + "/customers", "Accept", "application/x-ndjson")
                    .body()
                    .lines()
                    .forEach(line -> {
                        ObjectNode member = (ObjectNode) JsonMapper.shared().readTree(line);
                        members.put(member.get("customerId").asString(), member.put("segment", key));
                    });
        }
        return members;
    }

    /** Their segments alone. */
    static Map<String, String> segments(Api api, String dataset, String segmentation) {
        Map<String, String> segments = new TreeMap<>();
        of(api, dataset, segmentation)
                .forEach((id, member) -> segments.put(id, member.get("segment").asString()));
        return segments;
    }

    static double value(JsonNode member, String feature) {
        return member.get("features").get(feature).asDouble();
    }
}
