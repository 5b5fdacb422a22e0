package clade.segmentation;

import clade.segmentation.conditions.Condition;
import clade.segmentation.conditions.ConditionException;
import clade.segmentation.conditions.Vocabulary;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Segments by conditions: a customer is in the first whose condition is true. */
record Rules(List<Rule> rules, Otherwise otherwise) implements Method {

    private static final int MOST_RULES = 200;
    private static final int NAME_LENGTH = 200;

    /** A segment and its condition. */
    record Rule(String key, String name, Condition when) {}

    /** The segment of those for whom no condition is true. */
    record Otherwise(String key, String name) {}

    static Rules read(Fields fields) {
        JsonNode segments = fields.find("segments");
        if (segments == null || !segments.isArray() || segments.isEmpty() || segments.size() > MOST_RULES) {
            throw fields.refusal(
                    "segments",
                    "must be an array of 1 to %d segments such as {\"key\":\"regulars\",\"name\":\"Regulars\",\"when\":\"frequency >= 3\"}"
                            .formatted(MOST_RULES));
        }
        Set<String> keys = new HashSet<>();
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < segments.size(); i++) {
            Fields one = fields.inner("segments/" + i, segments.get(i));
            String key = key(one, keys, null);
            rules.add(new Rule(key, name(one, key), readCondition(one, "when")));
            one.end();
        }
        return new Rules(List.copyOf(rules), readOtherwise(fields, keys));
    }

    private static Otherwise readOtherwise(Fields fields, Set<String> keys) {
        JsonNode node = fields.find("otherwise");
        if (node == null || node.isString()) {
            if (!keys.add("other")) {
                throw fields.refusal(
                        "otherwise",
                        "needs a key of its own, such as {\"key\":\"rest\",\"name\":\"Rest\"}: other is taken");
            }
            return new Otherwise("other", node == null ? "Other" : name(fields, "otherwise", "Other"));
        }
        Fields inner = fields.inner("otherwise", node);
        String key = key(inner, keys, "other");
        Otherwise otherwise = new Otherwise(key, name(inner, key.equals("other") ? "Other" : key));
        inner.end();
        return otherwise;
    }

    private static String key(Fields fields, Set<String> keys, @Nullable String defaultKey) {
        String given = fields.text("key");
        String key = given == null ? defaultKey : given;
        if (key == null || !Definition.KEY.matcher(key).matches()) {
            throw fields.refusal(
                    "key", "must be 1 to 63 lower-case letters, digits and hyphens, the first no hyphen, was " + key);
        }
        if (!keys.add(key)) {
            throw fields.refusal("key", "must be another one for each segment, %s is there twice".formatted(key));
        }
        return key;
    }

    private static String name(Fields fields, String defaultName) {
        return name(fields, "name", defaultName);
    }

    private static String name(Fields fields, String field, String defaultName) {
        String name = fields.text(field);
        if (name != null && name.length() > NAME_LENGTH) {
            throw fields.refusal(field, "must have at most %d characters".formatted(NAME_LENGTH));
        }
        return name == null ? defaultName : name;
    }

    /** The condition in a field, checked as far as that is possible without a dataset; a refusal names the field. */
    static Condition readCondition(Fields fields, String field) {
        String text = fields.text(field);
        if (text == null) {
            throw fields.refusal(
                    field, "is needed: a condition such as frequency >= 3 and attribute('plan') = 'basic'");
        }
        try {
            Condition condition = Condition.parse(text);
            condition.check(new Vocabulary(Feature.words(), Feature.periodWords(), null, null));
            for (String feature : condition.features()) {
                Feature.find(fields, field, feature);
            }
            return condition;
        } catch (ConditionException e) {
            throw fields.refusal(field, String.valueOf(e.getMessage()));
        }
    }

    boolean hasKey(String key) {
        return otherwise.key().equals(key)
                || rules.stream().anyMatch(rule -> rule.key().equals(key));
    }

    /** Key of the segment of the first rule that is true; of {@code otherwise} behind the last. */
    String key(int rule) {
        return rule == rules.size() ? otherwise.key() : rules.get(rule).key();
    }

    @Override
    public String name() {
        return "rules";
    }

    @Override
    public List<Feature> needed() {
        return rules.stream()
                .flatMap(rule -> rule.when().features().stream())
                .distinct()
                .map(Feature::parse)
                .toList();
    }

    /** Conditions say themselves what they make of a missing value. */
    @Override
    public List<Feature> withoutGaps(List<Feature> ofDefinition) {
        return List.of();
    }

    @Override
    public List<Placed> conditions() {
        List<Placed> placed = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            placed.add(new Placed(
                    "%s/segments/%d/when".formatted(POINTER, i), rules.get(i).when()));
        }
        return placed;
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = Method.json(name());
        ArrayNode segments = json.putArray("segments");
        rules.forEach(rule -> segments.addObject()
                .put("key", rule.key())
                .put("name", rule.name())
                .put("when", rule.when().toString()));
        json.putObject("otherwise").put("key", otherwise.key()).put("name", otherwise.name());
        return json;
    }
}
