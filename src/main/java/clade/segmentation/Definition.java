package clade.segmentation;

import clade.segmentation.conditions.Condition;
import clade.transactions.FrequencyOf;
import clade.transactions.Returns;
import clade.web.Refusal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How customers are segmented, checked, with every default filled in. */
record Definition(
        String key,
        String name,
        List<Feature> features,
        AsOf asOf,
        @Nullable Period window,
        Returns returns,
        FrequencyOf frequency,
        @Nullable PreparationSettings preparation,
        Method method,
        long seed,
        boolean live) {

    static final long DEFAULT_SEED = 42;

    /** Stands for the key and the name that a selection has none of. */
    private static final String SELECTION = "selection";

    /** Of segmentations and segments. */
    static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final int NAME_LENGTH = 200;
    private static final LocalDate LONGEST = LocalDate.EPOCH.plusYears(1000);

    /** Reads what a client sent; a refusal (400) names the field. */
    static Definition read(@Nullable JsonNode body) {
        Fields fields = Fields.of(body, "");
        String key = fields.text("key");
        if (key == null || !KEY.matcher(key).matches()) {
            throw fields.refusal(
                    "key", "must be 1 to 63 lower-case letters, digits and hyphens, the first no hyphen, was " + key);
        }
        String name = fields.text("name");
        if (name != null && name.length() > NAME_LENGTH) {
            throw fields.refusal("name", "must have at most %d characters".formatted(NAME_LENGTH));
        }
        Definition definition = read(
                fields, key, name == null ? key : name, Method.read(fields.find("method")), fields.flag("live", true));
        fields.end();
        return definition;
    }

    /** Reads what a selection is computed from: a definition without key and name whose method leaves a parameter open. */
    static Definition readSelection(@Nullable JsonNode body) {
        Fields fields = Fields.of(body, "");
        Definition definition = read(fields, SELECTION, SELECTION, Method.readOpen(fields), false);
        fields.end();
        return definition;
    }

    private static Definition read(Fields fields, String key, String name, Method method, boolean wantedLive) {
        List<Feature> features = Feature.read(fields, method);
        JsonNode preparation = fields.find("preparation");
        List<Feature> prepared = method.prepared(features);
        if (preparation != null && prepared.isEmpty()) {
            throw fields.refusal("preparation", "has no effect with method %s: leave it out".formatted(method.name()));
        }
        AsOf asOf = Objects.requireNonNullElse(AsOf.find(fields), AsOf.LATEST);
        refuseItself(key, method);
        return new Definition(
                key,
                name,
                features,
                asOf,
                window(fields),
                Returns.valueOf(fields.choice("returns", "net", "net", "ignore").toUpperCase(Locale.ROOT)),
                FrequencyOf.valueOf(fields.choice("frequency", "orders", "orders", "transactions", "days")
                        .toUpperCase(Locale.ROOT)),
                prepared.isEmpty() ? null : PreparationSettings.read(preparation, prepared),
                method,
                fields.seed("seed", DEFAULT_SEED),
                wantedLive && asOf.isRelative() && notLive(features, method) == null);
    }

    /** A segmentation is not there yet while it is computed. */
    private static void refuseItself(String key, Method method) {
        for (Placed placed : method.conditions()) {
            if (placed.condition().segmentations().contains(key)) {
                throw Refusal.badField(
                        placed.pointer(),
                        "invalid-value",
                        "when asks for segment('%s'), which is this segmentation itself: name another".formatted(key));
            }
        }
    }

    /** Why customers can't be assigned anew by a change of their purchases alone; null if they can. */
    private static @Nullable String notLive(List<Feature> features, Method method) {
        for (Placed placed : method.conditions()) {
            Condition condition = placed.condition();
            if (!condition.segmentations().isEmpty()) {
                return "A condition asks for segments of %s, which follow no change of this customer alone"
                        .formatted(String.join(", ", condition.segmentations()));
            }
            if (!condition.attributes().isEmpty()) {
                return "A condition asks for the attribute %s, whose changes are not followed"
                        .formatted(String.join(", ", condition.attributes()));
            }
        }
        return Stream.concat(features.stream(), method.needed().stream())
                .filter(feature -> !Feature.RFM.contains(feature))
                .findFirst()
                .map(feature -> "The feature %s can't follow each change".formatted(feature.apiName()))
                .orElse(null);
    }

    /** The same customers and time, segmented by other features in another way. */
    private Definition by(List<Feature> others, @Nullable PreparationSettings othersPreparation, Method by) {
        return new Definition(
                key, name, others, asOf, window, returns, frequency, othersPreparation, by, seed, live);
    }

    /** How a hybrid segments one of its tiers. */
    Definition within(Hybrid hybrid) {
        return by(hybrid.features(), preparation, hybrid.within());
    }

    /** How a hybrid finds its tiers, if it does so by a method: with the default preparation. */
    Definition tiers(Hybrid.ByMethod tiers) {
        boolean clusters = tiers.method().clusters();
        return by(
                tiers.features(), clusters ? PreparationSettings.read(null, tiers.features()) : null, tiers.method());
    }

    /** Every feature that is to be read: the definition's, then those that its method needs besides. */
    List<Feature> neededFeatures() {
        return Stream.concat(features.stream(), method.needed().stream()).distinct().toList();
    }

    /** All conditions in it. */
    List<Placed> conditions() {
        return method.conditions();
    }

    /** The same with a parameter of its method as suggested. */
    Definition with(Method.Clusters chosen) {
        return new Definition(key, name, features, asOf, window, returns, frequency, preparation, chosen, seed, live);
    }

    /** Null if it is live. */
    @Nullable
    String notLiveBecause() {
        if (live) {
            return null;
        }
        if (!asOf.isRelative()) {
            return "The definition has an asOf of its own";
        }
        return Objects.requireNonNullElse(notLive(features, method), "It is switched off in the definition");
    }

    /** The features whose facts are kept of each member: its own, and monetary, from which a segment's revenue is summed. */
    List<Feature> keptFeatures() {
        return features.contains(Feature.MONETARY)
                ? features
                : Stream.concat(features.stream(), Stream.of(Feature.MONETARY)).toList();
    }

    /** The definition that {@link #toJson} wrote. */
    static Definition stored(String json) {
        return read(JsonMapper.shared().readTree(json));
    }

    ObjectNode toJson() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("key", key);
        json.put("name", name);
        ArrayNode names = json.putArray("features");
        features.forEach(feature -> names.add(feature.apiName()));
        json.put("asOf", asOf.text());
        json.put("window", window == null ? null : window.toString());
        json.put("returns", returns.name().toLowerCase(Locale.ROOT));
        json.put("frequency", frequency.name().toLowerCase(Locale.ROOT));
        json.set("preparation", preparation == null ? null : preparation.toJson(method.prepared(features)));
        json.set("method", method.toJson());
        json.put("seed", seed);
        json.put("live", live);
        return json;
    }

    /** What {@link #readSelection} reads. */
    ObjectNode toSelectionJson() {
        ObjectNode json = toJson();
        json.remove(List.of("key", "name", "live"));
        ObjectNode methodJson = (ObjectNode) json.get("method");
        for (String bound : Count.BOUNDS) {
            if (methodJson.has(bound)) {
                json.set(bound, methodJson.remove(bound));
            }
        }
        methodJson.remove(List.of("k", "components", "eps"));
        return json;
    }

    private static @Nullable Period window(Fields fields) {
        String text = fields.text("window");
        try {
            return text == null ? null : window(text);
        } catch (IllegalArgumentException e) {
            throw fields.refusal("window", String.valueOf(e.getMessage()));
        }
    }

    /** A window as a client writes it; IllegalArgumentException says what it must be. */
    static Period window(String text) {
        try {
            Period window = Period.parse(text);
            if (!window.isNegative()
                    && !window.isZero()
                    && LocalDate.EPOCH.plus(window).isBefore(LONGEST)) {
                return window;
            }
        } catch (DateTimeException e) {
            // refused below
        }
        throw new IllegalArgumentException("must be a period such as P12M, P90D or P1Y, longer than none, was " + text);
    }
}
