package clade.segmentation;

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
        List<Feature> profileFeatures,
        AsOf asOf,
        @Nullable Period window,
        Returns returns,
        FrequencyOf frequency,
        Missing missing,
        Roles roles,
        @Nullable Population population,
        boolean lapsedApart,
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
        definition.refuseItself(fields);
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
        Roles roles = Roles.read(fields);
        Population population = Population.read(fields);
        Period window = window(fields);
        boolean lapsedApart =
                fields.choice("outsideWindow", "exclude", "exclude", "segment").equals("segment");
        if (lapsedApart && window == null) {
            throw fields.refusal("outsideWindow", "has no effect without a window: give one, such as P12M");
        }
        if (lapsedApart
                && population instanceof Population.Meeting meeting
                && !Feature.RFM.containsAll(meeting.features())) {
            throw fields.refusal(
                    "outsideWindow",
                    "has no effect with a population by other features than recency, frequency and monetary");
        }
        if (lapsedApart && method instanceof Rules rules && rules.hasKey(Lapsed.KEY)) {
            throw fields.refusal(
                    "outsideWindow", "makes a segment %s: give that of the rules another key".formatted(Lapsed.KEY));
        }
        if (lapsedApart && features.stream().allMatch(feature -> feature.isAttribute() || roles.has(feature.base()))) {
            throw fields.refusal("outsideWindow", "has no effect on attributes alone");
        }
        List<Feature> profileFeatures = Feature.list(fields, "profileFeatures", List.of());
        boolean attributesAlone =
                features.stream().allMatch(feature -> feature.isAttribute() || roles.has(feature.base()));
        for (int i = 0; attributesAlone && i < profileFeatures.size(); i++) {
            if (!profileFeatures.get(i).isAttribute()) {
                throw fields.refusal(
                        "profileFeatures/" + i,
                        "must be an attribute where the features are attributes alone, was " + profileFeatures.get(i));
            }
        }
        JsonNode preparation = fields.find("preparation");
        List<Feature> prepared = method.prepared(features);
        if (preparation != null && prepared.isEmpty()) {
            throw fields.refusal("preparation", "has no effect with method %s: leave it out".formatted(method.name()));
        }
        AsOf asOf = Objects.requireNonNullElse(AsOf.find(fields), AsOf.LATEST);
        return new Definition(
                key,
                name,
                features,
                profileFeatures,
                asOf,
                window,
                Returns.valueOf(fields.choice("returns", "net", "net", "ignore").toUpperCase(Locale.ROOT)),
                FrequencyOf.valueOf(fields.choice("frequency", "orders", "orders", "transactions", "days")
                        .toUpperCase(Locale.ROOT)),
                Missing.read(fields),
                roles,
                population,
                lapsedApart,
                prepared.isEmpty() ? null : PreparationSettings.read(preparation, prepared),
                method,
                fields.seed("seed", DEFAULT_SEED),
                wantedLive
                        && asOf.isRelative()
                        && beyondPurchases(features, roles, population, lapsedApart, method) == null);
    }

    /** A segmentation is not there yet while it is computed. */
    private void refuseItself(Fields fields) {
        if (population instanceof Population.Members members
                && members.segmentation().equals(key)) {
            throw fields.refusal("population/segmentation", "names the segmentation itself; it must be another one");
        }
        conditions().stream()
                .filter(placed -> placed.condition().segmentations().contains(key))
                .findFirst()
                .ifPresent(placed -> {
                    throw Refusal.badField(
                            placed.pointer(),
                            "invalid-value",
                            "when asks for segment('%s'), which is this segmentation itself: name another"
                                    .formatted(key));
                });
    }

    /** All conditions in it. */
    List<Placed> conditions() {
        return Stream.concat(
                        method.conditions().stream(),
                        population instanceof Population.Meeting meeting ? Stream.of(meeting.placed()) : Stream.empty())
                .toList();
    }

    /** The same customers and time, segmented by other features in another way. */
    private Definition by(List<Feature> others, @Nullable PreparationSettings othersPreparation, Method by) {
        return new Definition(
                key,
                name,
                others,
                List.of(),
                asOf,
                window,
                returns,
                frequency,
                missing,
                roles,
                population,
                lapsedApart,
                othersPreparation,
                by,
                seed,
                live);
    }

    /** How a hybrid segments one of its tiers. */
    Definition within(Hybrid hybrid) {
        return by(hybrid.features(), preparation, hybrid.within());
    }

    /** How a hybrid finds its tiers, if it does so by a method: with the default preparation. */
    Definition tiers(Hybrid.ByMethod tiers) {
        boolean clusters = tiers.method().clusters();
        return by(tiers.features(), clusters ? PreparationSettings.read(null, tiers.features()) : null, tiers.method());
    }

    /** Every feature that is to be read: the definition's, then those that its method and its population need besides. */
    List<Feature> neededFeatures() {
        return Stream.of(
                        features,
                        method.needed(),
                        population instanceof Population.Meeting meeting ? meeting.features() : List.<Feature>of())
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    /** The features that must have a value of everybody, and those that scores are of. */
    List<Feature> featuresWithoutGaps() {
        return Stream.concat(
                        method.withoutGaps(features).stream(),
                        neededFeatures().stream()
                                .filter(feature -> feature.kind().isScore()))
                .map(Feature::base)
                .distinct()
                .toList();
    }

    /** The same with a parameter of its method as suggested. */
    Definition with(Method.Clusters chosen) {
        return new Definition(
                key,
                name,
                features,
                profileFeatures,
                asOf,
                window,
                returns,
                frequency,
                missing,
                roles,
                population,
                lapsedApart,
                preparation,
                chosen,
                seed,
                live);
    }

    /** Why it takes more than recency, frequency and monetary value of all who purchased; null if it does not. */
    private static @Nullable String beyondPurchases(
            List<Feature> features, Roles roles, @Nullable Population population, boolean lapsedApart, Method method) {
        if (population != null) {
            return "Its population, %s, can't follow each change".formatted(population.words());
        }
        if (lapsedApart) {
            return "Who lies outside the window can't follow each change";
        }
        for (Placed placed : method.conditions()) {
            if (!placed.condition().segmentations().isEmpty()) {
                return "A condition asks for segments of %s, which follow no change of this customer alone"
                        .formatted(String.join(", ", placed.condition().segmentations()));
            }
            if (!placed.condition().attributes().isEmpty()) {
                return "A condition asks for the attribute %s, whose changes are not followed"
                        .formatted(String.join(", ", placed.condition().attributes()));
            }
        }
        return Stream.of(features, method.needed(), List.copyOf(roles.all()))
                .flatMap(List::stream)
                .filter(feature -> !Feature.RFM.contains(feature))
                .findFirst()
                .map(feature -> "The feature %s can't follow each change".formatted(feature.apiName()))
                .orElse(null);
    }

    /** The attributes that it uses, as features or in roles. */
    List<Feature> attributes() {
        return Stream.concat(features.stream().filter(Feature::isAttribute), roles.all().stream())
                .distinct()
                .toList();
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
        return Objects.requireNonNullElse(
                beyondPurchases(features, roles, population, lapsedApart, method),
                "It is switched off in the definition");
    }

    /** The features that a segment's profile covers: those that it is made of, and further ones to look at. */
    List<Feature> shownFeatures() {
        return Stream.concat(features.stream(), profileFeatures.stream())
                .distinct()
                .toList();
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
        ArrayNode profileNames = json.putArray("profileFeatures");
        profileFeatures.forEach(feature -> profileNames.add(feature.apiName()));
        json.put("asOf", asOf.text());
        json.put("window", window == null ? null : window.toString());
        json.put("returns", returns.name().toLowerCase(Locale.ROOT));
        json.put("frequency", frequency.name().toLowerCase(Locale.ROOT));
        json.put("missing", missing.apiName());
        json.set("roles", roles.toJson());
        json.set("population", population == null ? null : population.toJson());
        json.put("outsideWindow", lapsedApart ? "segment" : "exclude");
        json.set("preparation", preparation == null ? null : preparation.toJson(method.prepared(features)));
        json.set("method", method.toJson());
        json.put("seed", seed);
        json.put("live", live);
        return json;
    }

    /** What {@link #readSelection} reads. */
    ObjectNode toSelectionJson() {
        ObjectNode json = toJson();
        json.remove(List.of("key", "name", "profileFeatures", "live"));
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
