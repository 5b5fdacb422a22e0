package clade.segmentation;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Which attributes stand for recency, frequency or monetary value, where a table was aggregated elsewhere. */
record Roles(Map<Feature, Feature> attributes) {

    static final Roles NONE = new Roles(Map.of());

    static Roles read(Fields fields) {
        JsonNode node = fields.find("roles");
        if (node == null) {
            return NONE;
        }
        Fields inner = Fields.of(node, "/roles");
        Map<Feature, Feature> attributes = new LinkedHashMap<>();
        for (Feature role : Feature.RFM) {
            String name = inner.text(role.apiName());
            if (name != null) {
                Feature attribute = Feature.find(inner, role.apiName(), name);
                if (!attribute.isAttribute()) {
                    throw inner.refusal(
                            role.apiName(), "must be an attribute, such as attribute:TotalSpend, was " + name);
                }
                attributes.put(role, attribute);
            }
        }
        inner.end();
        if (attributes.isEmpty()) {
            throw fields.refusal("roles", "must name an attribute for one of recency, frequency and monetary at least");
        }
        return new Roles(attributes);
    }

    @Nullable
    ObjectNode toJson() {
        if (attributes.isEmpty()) {
            return null;
        }
        ObjectNode json = JsonMapper.shared().createObjectNode();
        attributes.forEach((role, attribute) -> json.put(role.apiName(), attribute.apiName()));
        return json;
    }

    boolean has(Feature role) {
        return attributes.containsKey(role);
    }

    @Nullable
    Feature find(Feature role) {
        return attributes.get(role);
    }

    Collection<Feature> all() {
        return attributes.values();
    }
}
