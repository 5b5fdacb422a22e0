package clade.segmentation.conditions;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Random conditions, read, shown and read again, against an evaluator of its own that computes with true, false and null. */
class RandomConditionTests {

    private static final List<String> FEATURES = List.of("recency", "ordersIn:P90D", "monetary");
    private static final Map<String, Type> ATTRIBUTES =
            Map.of("plan", Type.TEXT, "it's", Type.TEXT, "age", Type.NUMBER, "vip", Type.BOOLEAN, "joined", Type.DATE);
    private static final List<String> SEGMENTATIONS = List.of("value", "stage");
    private static final Vocabulary VOCABULARY =
            new Vocabulary(Set.of("recency", "monetary"), Set.of("ordersIn"), ATTRIBUTES, Set.copyOf(SEGMENTATIONS));

    private final SplittableRandom random = new SplittableRandom(20_261_128);

    /** How a condition is written, and what it says of a customer: true, false or null. */
    private record Wanted(String text, java.util.function.Function<KnownFacts, Boolean> answer) {}

    @Test
    void saysOfEachCustomerWhatThreeValuedLogicSays() {
        int matches = 0;
        for (int trial = 0; trial < 4_000; trial++) {
            Wanted wanted = condition(4);
            Condition condition = Condition.parse(wanted.text());
            Condition again = Condition.parse(condition.toString());
            assertThat(again).hasToString(condition.toString());
            Predicate<Facts> test = condition.compile(VOCABULARY);
            Predicate<Facts> testAgain = again.compile(VOCABULARY);
            for (int i = 0; i < 25; i++) {
                KnownFacts facts = customer();
                boolean matched = Boolean.TRUE.equals(wanted.answer().apply(facts));
                assertThat(test.test(facts))
                        .as("%s of %s", wanted.text(), facts)
                        .isEqualTo(matched);
                assertThat(testAgain.test(facts)).as("%s of %s", again, facts).isEqualTo(matched);
                matches += matched ? 1 : 0;
            }
        }
        assertThat(matches).isBetween(20_000, 80_000);
    }

    private Wanted condition(int depth) {
        int kind = random.nextInt(depth == 0 ? 4 : 9);
        return switch (kind) {
            case 0, 1 -> comparison();
            case 2 -> choice();
            case 3 -> presence();
            case 4, 5 -> junction(depth, true);
            case 6, 7 -> junction(depth, false);
            default -> {
                Wanted of = condition(depth - 1);
                yield new Wanted(word("not") + " (" + of.text() + ")", facts -> {
                    Boolean answer = of.answer().apply(facts);
                    return answer == null ? null : !answer;
                });
            }
        };
    }

    private Wanted junction(int depth, boolean all) {
        List<Wanted> parts = new ArrayList<>();
        int count = 2 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            parts.add(condition(depth - 1));
        }
        String text = parts.stream()
                .map(part -> "(" + part.text() + ")")
                .collect(Collectors.joining(" " + word(all ? "and" : "or") + blank()));
        return new Wanted(text, facts -> {
            List<Boolean> answers = new ArrayList<>();
            parts.forEach(part -> answers.add(part.answer().apply(facts)));
            if (answers.contains(!all)) {
                return !all;
            }
            return answers.contains(null) ? null : Boolean.valueOf(all);
        });
    }

    /** A side of a comparison: how it is written, and its value (null: missing). */
    private record Side(String text, java.util.function.Function<KnownFacts, Object> value) {}

    private Wanted comparison() {
        Type type = type();
        Side left = variable(type);
        Side right = random.nextInt(4) == 0 ? variable(type) : constant(type);
        if (random.nextBoolean()) {
            Side swapped = left;
            left = right;
            right = swapped;
        }
        List<String> signs = List.of("=", "!=", "<", "<=", ">", ">=");
        boolean ordered = type == Type.NUMBER || type == Type.DATE;
        String sign = signs.get(random.nextInt(ordered ? 6 : 2));
        return binary(left, sign, right);
    }

    private Wanted binary(Side left, String sign, Side right) {
        BiFunction<Object, Object, Boolean> holds = (a, b) -> switch (sign) {
            case "=" -> compare(a, b) == 0;
            case "!=" -> compare(a, b) != 0;
            case "<" -> compare(a, b) < 0;
            case "<=" -> compare(a, b) <= 0;
            case ">" -> compare(a, b) > 0;
            default -> compare(a, b) >= 0;
        };
        return new Wanted(left.text() + blank() + sign + blank() + right.text(), facts -> {
            Object a = left.value().apply(facts);
            Object b = right.value().apply(facts);
            return (a == null || b == null) ? null : holds.apply(a, b);
        });
    }

    @SuppressWarnings("unchecked")
    private static int compare(Object a, Object b) {
        return ((Comparable<Object>) a).compareTo(b);
    }

    private Wanted choice() {
        Type type = type();
        Side value = variable(type);
        List<Side> among = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            among.add(constant(type));
        }
        boolean not = random.nextBoolean();
        String list = among.stream().map(Side::text).collect(Collectors.joining(blank() + ","));
        String text = "%s %s%s (%s)".formatted(value.text(), not ? word("not") + " " : "", word("in"), list);
        return new Wanted(text, facts -> {
            Object found = value.value().apply(facts);
            return found == null
                    ? null
                    : Boolean.valueOf(not
                            != among.stream()
                                    .anyMatch(one -> one.value().apply(facts).equals(found)));
        });
    }

    private Wanted presence() {
        Side value = variable(type());
        boolean not = random.nextBoolean();
        return new Wanted(
                "%s %s %s%s".formatted(value.text(), word("is"), not ? word("not") + " " : "", word("missing")),
                facts -> (value.value().apply(facts) == null) != not);
    }

    private Type type() {
        return List.of(Type.NUMBER, Type.NUMBER, Type.TEXT, Type.BOOLEAN, Type.DATE)
                .get(random.nextInt(5));
    }

    private Side variable(Type type) {
        if (type == Type.NUMBER && random.nextInt(4) != 0) {
            String name = FEATURES.get(random.nextInt(FEATURES.size()));
            int colon = name.indexOf(':');
            return new Side(
                    colon < 0 ? name : "%s('%s')".formatted(name.substring(0, colon), name.substring(colon + 1)),
                    facts -> facts.numbers().get(name));
        }
        if (type == Type.TEXT && random.nextBoolean()) {
            String key = SEGMENTATIONS.get(random.nextInt(SEGMENTATIONS.size()));
            return new Side("segment('" + key + "')", facts -> facts.segments().get(key));
        }
        List<String> names = ATTRIBUTES.keySet().stream()
                .filter(name -> ATTRIBUTES.get(name) == type)
                .sorted()
                .toList();
        String name = names.get(random.nextInt(names.size()));
        return new Side(
                "attribute('" + name.replace("'", "''") + "')",
                facts -> facts.attributes().get(name));
    }

    private Side constant(Type type) {
        Object value = value(type);
        if (value instanceof Double number && number == Math.rint(number) && random.nextBoolean()) {
            return new Side(String.valueOf(number.longValue()), facts -> value);
        }
        return new Side(
                type == Type.TEXT || type == Type.DATE
                        ? "'" + value.toString().replace("'", "''") + "'"
                        : word(value.toString()),
                facts -> value);
    }

    private Object value(Type type) {
        return switch (type) {
            case NUMBER ->
                random.nextInt(10) == 0
                        ? Double.longBitsToDouble(random.nextLong(1, Long.MAX_VALUE >> 1))
                        : (random.nextInt(7) - 2) / 2.0;
            case TEXT -> List.of("a", "b", "it's", "and", "c1").get(random.nextInt(5));
            case BOOLEAN -> random.nextBoolean();
            default -> LocalDate.of(2024, 2, 26).plusDays(random.nextInt(5));
        };
    }

    private KnownFacts customer() {
        Map<String, Double> numbers = new HashMap<>();
        FEATURES.forEach(name -> put(numbers, name, (Double) value(Type.NUMBER)));
        Map<String, Object> attributes = new HashMap<>();
        ATTRIBUTES.forEach((name, type) -> put(attributes, name, value(type)));
        Map<String, String> segments = new HashMap<>();
        SEGMENTATIONS.forEach(key -> put(segments, key, (String) value(Type.TEXT)));
        return new KnownFacts(numbers, attributes, segments);
    }

    private <T> void put(Map<String, T> map, String key, T value) {
        if (random.nextInt(5) != 0) {
            map.put(key, value);
        }
    }

    private String word(String word) {
        return random.nextInt(3) == 0 ? word.toUpperCase(java.util.Locale.ROOT) : word;
    }

    private String blank() {
        return List.of("", " ", "\n ").get(random.nextInt(3));
    }
}
