package clade.segmentation.conditions;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** One side of a comparison. */
sealed interface Operand {

    /** Where it stands. */
    Token at();

    /** Its type; a refusal if there is no such thing. */
    Type type(Vocabulary vocabulary);

    /** Reads it as a number; NaN: missing. */
    default ToDoubleFunction<Facts> number() {
        Function<Facts, @Nullable Object> value = value(Type.NUMBER);
        return facts -> value.apply(facts) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /** Reads it as a value of a type; null: missing. */
    Function<Facts, @Nullable Object> value(Type wanted);

    /** As it is written in the normal form. */
    String text();

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /**
     * A number that Clade computes.
     *
     * @param period null for a feature without one
     */
    record Feature(Token at, String word, @Nullable String period) implements Operand {

        /** As the API names it. */
        String name() {
            return period == null ? word : word + ":" + period;
        }

        @Override
        public Type type(Vocabulary vocabulary) {
            Set<String> known = period == null ? vocabulary.features() : vocabulary.periodFeatures();
            if (!known.contains(word)) {
                throw at.refusal(unknown(vocabulary));
            }
            return Type.NUMBER;
        }

        private String unknown(Vocabulary vocabulary) {
            if (vocabulary.periodFeatures().contains(word)) {
                return "needs a period, such as %s('P90D')".formatted(word);
            }
            if (vocabulary.features().contains(word)) {
                return "takes no period; write it without ('%s')".formatted(period);
            }
            Map<String, Type> attributes = vocabulary.attributes();
            if (attributes != null && attributes.containsKey(word)) {
                return "there is no feature %s; the attribute is written attribute(%s)".formatted(word, quoted(word));
            }
            Set<String> known = new TreeSet<>(vocabulary.features());
            vocabulary.periodFeatures().forEach(feature -> known.add(feature + "('P90D')"));
            return "there is no feature %s%s (an attribute is written attribute('%s'), a text '%s')"
                    .formatted(word, Nearest.hint(word, known, "there are none"), word, word);
        }

        @Override
        public ToDoubleFunction<Facts> number() {
            String name = name();
            return facts -> facts.number(name);
        }

        @Override
        public Function<Facts, @Nullable Object> value(Type wanted) {
            throw new IllegalStateException("a feature is read as a number");
        }

        @Override
        public String text() {
            return period == null ? word : "%s(%s)".formatted(word, quoted(period));
        }
    }

    /** A fact that was uploaded with the customer. */
    record Attribute(Token at, String name) implements Operand {

        @Override
        public Type type(Vocabulary vocabulary) {
            Map<String, Type> attributes = vocabulary.attributes();
            if (attributes == null) {
                return Type.ANY;
            }
            Type type = attributes.get(name);
            if (type == null) {
                throw at.refusal("there is no attribute %s%s"
                        .formatted(
                                name,
                                Nearest.hint(
                                        name, attributes.keySet(), "the dataset has no attributes: upload customers")));
            }
            return type;
        }

        @Override
        public Function<Facts, @Nullable Object> value(Type wanted) {
            return facts -> facts.attribute(name);
        }

        @Override
        public String text() {
            return "attribute(%s)".formatted(quoted(name));
        }
    }

    /** The segment of another segmentation that the customer is in. */
    record Membership(Token at, String segmentation) implements Operand {

        @Override
        public Type type(Vocabulary vocabulary) {
            Set<String> segmentations = vocabulary.segmentations();
            if (segmentations != null && !segmentations.contains(segmentation)) {
                throw at.refusal("there is no segmentation %s%s"
                        .formatted(
                                segmentation, Nearest.hint(segmentation, segmentations, "the dataset has no other")));
            }
            return Type.TEXT;
        }

        @Override
        public Function<Facts, @Nullable Object> value(Type wanted) {
            return facts -> facts.segment(segmentation);
        }

        @Override
        public String text() {
            return "segment(%s)".formatted(quoted(segmentation));
        }
    }

    /** A Double, String or Boolean that the condition says itself. */
    record Constant(Token at, Object value) implements Operand {

        @Override
        public Type type(Vocabulary vocabulary) {
            return value instanceof Double ? Type.NUMBER : value instanceof String ? Type.TEXT : Type.BOOLEAN;
        }

        @Override
        public ToDoubleFunction<Facts> number() {
            double number = (Double) value;
            return facts -> number;
        }

        @Override
        public Function<Facts, @Nullable Object> value(Type wanted) {
            Object constant = as(wanted);
            return facts -> constant;
        }

        /** The value as one of a type; a refusal if it is a text and no date where a date is wanted. */
        Object as(Type wanted) {
            if (wanted == Type.DATE && value instanceof String date) {
                try {
                    return LocalDate.parse(date);
                } catch (DateTimeException e) {
                    throw at.refusal("a date is written '2024-01-31'");
                }
            }
            return value;
        }

        @Override
        public String text() {
            if (value instanceof Double number) {
                String plain =
                        new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
                return plain.length() <= number.toString().length() ? plain : number.toString();
            }
            return value instanceof String written ? quoted(written) : value.toString();
        }
    }
}
