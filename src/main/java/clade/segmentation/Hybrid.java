package clade.segmentation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tiers, and segments within each tier.
 *
 * @param features by which customers are segmented within their tier
 * @param within how: a method of its own in each tier
 */
record Hybrid(Tiers tiers, List<Feature> features, Method within) implements Method {

    private static final int MOST_CUTS = 9;
    private static final int NAME_LENGTH = 100;
    private static final String TIERS_METHOD = POINTER + "/tiers/method";
    private static final String WITHIN_METHOD = POINTER + "/within/method";
    private static final String METHODS = "rfm, k-means, dbscan, hdbscan, hierarchical or gaussian-mixture";

    /** How customers come into their tier. */
    sealed interface Tiers {
        /** The features that it takes. */
        List<Feature> features();

        void write(ObjectNode json);
    }

    /**
     * By the values of a feature: a tier is 1 + the number of cut points strictly below the value.
     *
     * @param cuts the quantiles that are the cut points, ascending, between 0 and 1
     * @param names one a tier, the lowest first; null: they say what the tier is
     */
    record ByCuts(
            Feature feature, List<Double> cuts, @Nullable List<String> names) implements Tiers {
        @Override
        public List<Feature> features() {
            return List.of(feature);
        }

        @Override
        public void write(ObjectNode json) {
            json.put("feature", feature.apiName());
            ArrayNode array = json.putArray("cuts");
            cuts.forEach(array::add);
            if (names != null) {
                ArrayNode named = json.putArray("names");
                names.forEach(named::add);
            }
        }
    }

    /** By another method, whose segments are the tiers. */
    record ByMethod(List<Feature> features, Method method) implements Tiers {
        @Override
        public void write(ObjectNode json) {
            json.set("method", method.toJson());
            names(json.putArray("features"), features);
        }
    }

    static Hybrid read(Fields fields) {
        Fields within = inner(
                fields,
                "within",
                "{\"features\":[\"recency\",\"frequency\"],\"method\":{\"name\":\"k-means\",\"k\":3}}");
        Method method = method(within, WITHIN_METHOD);
        Hybrid hybrid = new Hybrid(readTiers(fields), Feature.read(within, method), method);
        within.end();
        return hybrid;
    }

    private static Tiers readTiers(Fields fields) {
        Fields tiers = inner(fields, "tiers", "{\"feature\":\"monetary\",\"cuts\":[0.5,0.8]}");
        String feature = tiers.text("feature");
        if ((feature == null) == (tiers.find("method") == null)) {
            throw fields.refusal("tiers", "needs either a feature with its cuts or a method with its features");
        }
        Tiers found;
        if (feature == null) {
            Method method = method(tiers, TIERS_METHOD);
            found = new ByMethod(Feature.read(tiers, method), method);
        } else {
            List<Double> cuts = readCuts(tiers);
            found = new ByCuts(Feature.find(tiers, "feature", feature), cuts, readNames(tiers, cuts.size() + 1));
        }
        tiers.end();
        return found;
    }

    private static List<Double> readCuts(Fields fields) {
        JsonNode node = fields.find("cuts");
        if (node == null || !node.isArray() || node.isEmpty() || node.size() > MOST_CUTS) {
            throw fields.refusal(
                    "cuts",
                    "must be an array of 1 to %d numbers between 0 and 1, such as [0.5,0.8]".formatted(MOST_CUTS));
        }
        List<Double> cuts = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            double cut = node.get(i).isNumber() ? node.get(i).asDouble() : Double.NaN;
            double least = i == 0 ? 0 : cuts.get(i - 1);
            if (!(cut > least && cut < 1)) {
                throw fields.refusal(
                        "cuts/" + i, "must be a number above %s and below 1, was %s".formatted(least, node.get(i)));
            }
            cuts.add(cut);
        }
        return List.copyOf(cuts);
    }

    private static @Nullable List<String> readNames(Fields fields, int tiers) {
        if (fields.find("names") == null) {
            return null;
        }
        List<String> names = fields.texts("names", List.of());
        if (names.size() != tiers || names.stream().anyMatch(name -> name.isBlank() || name.length() > NAME_LENGTH)) {
            throw fields.refusal(
                    "names",
                    "must be %d texts of at most %d characters, the lowest tier's first".formatted(tiers, NAME_LENGTH));
        }
        return List.copyOf(names);
    }

    private static Fields inner(Fields fields, String field, String example) {
        JsonNode node = fields.find(field);
        if (node == null) {
            throw fields.refusal(field, "is needed, such as " + example);
        }
        return fields.inner(field, node);
    }

    private static Method method(Fields fields, String pointer) {
        Method method = Method.read(fields.find("method"), pointer);
        if (method instanceof Hybrid || method instanceof Rules) {
            throw fields.refusal("method/name", "must be %s here, was %s".formatted(METHODS, method.name()));
        }
        return method;
    }

    private static void names(ArrayNode array, List<Feature> features) {
        features.forEach(feature -> array.add(feature.apiName()));
    }

    @Override
    public String name() {
        return "hybrid";
    }

    @Override
    public List<Feature> needed() {
        List<Feature> needed = new ArrayList<>(features);
        tiers.features().stream().filter(feature -> !needed.contains(feature)).forEach(needed::add);
        return needed;
    }

    @Override
    public List<Feature> prepared(List<Feature> ofDefinition) {
        return within.clusters() ? features : List.of();
    }

    @Override
    public List<Feature> withoutGaps(List<Feature> ofDefinition) {
        return needed();
    }

    @Override
    public Map<String, Method> inner() {
        return tiers instanceof ByMethod byMethod
                ? Map.of(TIERS_METHOD, byMethod.method(), WITHIN_METHOD, within)
                : Map.of(WITHIN_METHOD, within);
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = Method.json(name());
        tiers.write(json.putObject("tiers"));
        ObjectNode inner = json.putObject("within");
        names(inner.putArray("features"), features);
        inner.set("method", within.toJson());
        return json;
    }
}
