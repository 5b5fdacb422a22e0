package clade.segmentation;

import clade.segmentation.conditions.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The customers whom a segmentation is about, if not all. */
sealed interface Population {

    /** A few words for a sentence. */
    String words();

    ObjectNode toJson();

    /** Null where the definition narrows nothing. */
    static @Nullable Population read(Fields fields) {
        JsonNode node = fields.find("population");
        if (node == null) {
            return null;
        }
        Fields inner = Fields.of(node, "/population");
        Population population = inner.find("when") == null ? Members.read(inner) : Meeting.read(inner);
        inner.end();
        return population;
    }

    /**
     * Those who are in some segments of another segmentation.
     *
     * @param segmentation key of the other
     * @param segments keys of its segments
     */
    record Members(String segmentation, List<String> segments) implements Population {

        private static Members read(Fields inner) {
            String segmentation = inner.text("segmentation");
            if (segmentation == null) {
                throw inner.refusal(
                        "segmentation", "is needed: the key of a segmentation; or when with a condition in its place");
            }
            List<String> segments = inner.texts("segments", List.of());
            if (segments.isEmpty()) {
                throw inner.refusal("segments", "is needed: the keys of one or more of its segments");
            }
            return new Members(segmentation, segments);
        }

        @Override
        public String words() {
            return "the members of " + segmentation;
        }

        @Override
        public ObjectNode toJson() {
            ObjectNode json = JsonMapper.shared().createObjectNode().put("segmentation", segmentation);
            ArrayNode keys = json.putArray("segments");
            segments.forEach(keys::add);
            return json;
        }
    }

    /** Those of whom a condition is true. */
    record Meeting(Condition when) implements Population {

        /** Where the condition stands in a definition. */
        static final String POINTER = "/population/when";

        private static Meeting read(Fields inner) {
            Condition when = Rules.readCondition(inner, "when");
            for (String name : when.features()) {
                if (Feature.parse(name).kind().isScore()) {
                    throw inner.refusal(
                            "when",
                            "asks for %s, but scores are counted within the population: ask for %s itself"
                                    .formatted(name, Feature.parse(name).base().apiName()));
                }
            }
            return new Meeting(when);
        }

        Placed placed() {
            return new Placed(POINTER, when);
        }

        /** The features that it asks for. */
        List<Feature> features() {
            return when.features().stream().map(Feature::parse).toList();
        }

        @Override
        public String words() {
            return "those of whom %s is true".formatted(when);
        }

        @Override
        public ObjectNode toJson() {
            return JsonMapper.shared().createObjectNode().put("when", when.toString());
        }
    }
}
