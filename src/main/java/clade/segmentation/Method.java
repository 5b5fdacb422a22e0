package clade.segmentation;

import clade.clustering.ClusteringAlgorithm;
import clade.rfm.BuiltInMaps;
import clade.rfm.CompositeScore;
import clade.rfm.SegmentMap;
import clade.web.Refusal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The way a segmentation finds its segments, with its settings. */
sealed interface Method permits Method.Rfm, Method.Clusters, Rules, Hybrid {

    String name();

    /** Settings as the API shows them, the name first. */
    ObjectNode toJson();

    /** Whether it fits clusters in prepared features; otherwise it names segments by rule. */
    default boolean clusters() {
        return this instanceof Clusters;
    }

    /** Features that it computes with, beside those of the definition. */
    default List<Feature> needed() {
        return List.of();
    }

    /** Those of the definition's or its own features that go through the definition's preparation; none: it has no use for one. */
    default List<Feature> prepared(List<Feature> ofDefinition) {
        return clusters() ? ofDefinition : List.of();
    }

    /** Of the definition's features and its own, those that must have a value of everybody. */
    default List<Feature> withoutGaps(List<Feature> ofDefinition) {
        return ofDefinition;
    }

    /** The conditions that it tests. */
    default List<Placed> conditions() {
        return List.of();
    }

    /** Methods that it makes use of, by where they stand in a definition. */
    default Map<String, Method> inner() {
        return Map.of();
    }

    /** Reads the method of a definition; a refusal names the field. */
    static Method read(@Nullable JsonNode node) {
        return read(node, POINTER);
    }

    /** Reads a method that stands at {@code pointer}. */
    static Method read(@Nullable JsonNode node, String pointer) {
        if (node == null) {
            throw Refusal.badField(
                    pointer,
                    "missing",
                    "method is needed, such as {\"name\":\"rfm\"} or {\"name\":\"k-means\",\"k\":4}");
        }
        Fields fields = Fields.of(node, pointer);
        String name = fields.text("name");
        Method method = switch (name == null ? "" : name) {
            case "rfm" -> Rfm.read(fields);
            case "k-means" -> KMeansSettings.read(fields, Count.read(fields, "k", 2));
            case "dbscan" -> DbscanSettings.read(fields);
            case "hdbscan" -> HdbscanSettings.read(fields);
            case "hierarchical" -> HierarchicalSettings.read(fields, Count.read(fields, "k", 2));
            case "gaussian-mixture" -> MixtureSettings.read(fields, Count.read(fields, "components", 1));
            case "hybrid" -> Hybrid.read(fields);
            case "rules" -> Rules.read(fields);
            default -> throw fields.refusal("name", "must be one of %s, was %s".formatted(NAMES, name));
        };
        fields.end();
        return method;
    }

    /**
     * Scores of recency, frequency and monetary value, and a map from scores to named segments.
     *
     * @param map key of the map; null, until {@link SegmentMaps} refuses it, where none is named and none is built in
     * @param weights of the composite score; null: there is none
     */
    record Rfm(
            int scores,
            AxisBinnings binning,
            @Nullable String map,
            @Nullable CompositeScore weights) implements Method {

        private static final int DEFAULT_SCORES = 5;

        static Rfm read(Fields fields) {
            int scores = fields.integer("scores", DEFAULT_SCORES, 2, 10);
            String map = fields.text("map");
            return new Rfm(
                    scores,
                    AxisBinnings.read(fields, scores),
                    map == null
                            ? BuiltInMaps.ofScores(scores).map(SegmentMap::key).orElse(null)
                            : map,
                    readWeights(fields));
        }

        private static @Nullable CompositeScore readWeights(Fields fields) {
            JsonNode node = fields.find("weights");
            if (node == null) {
                return null;
            }
            Fields inner = fields.inner("weights", node);
            try {
                CompositeScore weights = new CompositeScore(
                        weight(inner, "recency"), weight(inner, "frequency"), weight(inner, "monetary"));
                inner.end();
                return weights;
            } catch (IllegalArgumentException e) {
                throw fields.refusal("weights", "must be at least 0 and not all 0, was " + node);
            }
        }

        private static double weight(Fields fields, String axis) {
            double weight = fields.number(axis, 1);
            if (!(weight >= 0 && weight <= MOST_WEIGHT)) {
                throw fields.refusal(axis, "must be from 0 to %s, was %s".formatted(MOST_WEIGHT, weight));
            }
            return weight;
        }

        @Override
        public String name() {
            return "rfm";
        }

        @Override
        public ObjectNode toJson() {
            ObjectNode json = Method.json(name()).put("scores", scores);
            binning.write(json);
            json.put("map", map);
            if (weights == null) {
                json.putNull("weights");
            } else {
                json.putObject("weights")
                        .put("recency", weights.recency())
                        .put("frequency", weights.frequency())
                        .put("monetary", weights.monetary());
            }
            return json;
        }
    }

    /**
     * Reads the method of a selection, whose number of clusters or eps is for the data to say. The numbers to try stand in
     * {@code body} itself.
     */
    static Clusters readOpen(Fields body) {
        JsonNode node = body.find("method");
        if (node == null) {
            throw body.refusal(
                    "method", "is needed, such as {\"name\":\"k-means\"} or {\"name\":\"dbscan\",\"minPoints\":5}");
        }
        Fields fields = Fields.of(node, "/method");
        String name = fields.text("name");
        Clusters method = switch (name == null ? "" : name) {
            case "k-means" -> KMeansSettings.read(fields, Count.range(body, 2));
            case "dbscan" -> DbscanSettings.readOpen(fields);
            case "hdbscan" -> HdbscanSettings.read(fields);
            case "hierarchical" -> HierarchicalSettings.read(fields, Count.range(body, 2));
            case "gaussian-mixture" -> MixtureSettings.read(fields, Count.range(body, 1));
            default ->
                throw fields.refusal(
                        "name",
                        "must be k-means, dbscan, hdbscan, hierarchical or gaussian-mixture in a selection, was "
                                + name);
        };
        fields.end();
        return method;
    }

    /** The beginning of {@link #toJson}. */
    static ObjectNode json(String name) {
        return JsonMapper.shared().createObjectNode().put("name", name);
    }

    /** A method that fits clusters. */
    sealed interface Clusters extends Method
            permits KMeansSettings, DbscanSettings, HdbscanSettings, HierarchicalSettings, MixtureSettings {
        /** The algorithm for so many customers; nothing may be open. */
        ClusteringAlgorithm algorithm(int customers);

        /** Whether a parameter is for the data to say ({@code "auto"}). */
        boolean isOpen();

        /** The same with that parameter as suggested. */
        Clusters with(Evidence.Suggestion suggestion);
    }

    /** Where the method of a definition stands. */
    String POINTER = "/method";

    /** The largest weight of a score. */
    double MOST_WEIGHT = 1e6;

    /** Clusters beyond which nobody could read the segments. */
    int MOST_CLUSTERS = 1_000;

    /** The methods that are there. */
    String NAMES = "rfm, k-means, dbscan, hdbscan, hierarchical, gaussian-mixture, hybrid and rules";
}
