package clade.segmentation.conditions;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A value that is one of several, or none of them. */
record Choice(Operand value, boolean isNot, List<Operand.Constant> among) implements Expression {

    @Override
    public void check(Vocabulary vocabulary) {
        among.forEach(one -> Comparison.type(value, one, vocabulary));
        Type first = among.get(0).type(vocabulary);
        for (Operand.Constant one : among) {
            if (one.type(vocabulary) != first) {
                throw one.at()
                        .refusal("the values in brackets must be of one kind, as %s is"
                                .formatted(among.get(0).text()));
            }
        }
    }

    @Override
    public Predicate<Facts> compile(Vocabulary vocabulary, boolean negated) {
        boolean opposite = negated != isNot;
        Type type = Comparison.type(value, among.get(0), vocabulary);
        return type == Type.NUMBER
                ? ofNumbers(value.number(), numbers(), opposite)
                : ofValues(
                        value.value(type),
                        among.stream().map(one -> one.as(type)).collect(Collectors.toSet()),
                        opposite);
    }

    private double[] numbers() {
        return among.stream().mapToDouble(one -> (Double) one.value()).toArray();
    }

    private static Predicate<Facts> ofNumbers(ToDoubleFunction<Facts> read, double[] among, boolean opposite) {
        return facts -> {
            double value = read.applyAsDouble(facts);
            if (Double.isNaN(value)) {
                return false;
            }
            for (double one : among) {
                if (one == value) {
                    return !opposite;
                }
            }
            return opposite;
        };
    }

    private static Predicate<Facts> ofValues(
            Function<Facts, @Nullable Object> read, Set<Object> among, boolean opposite) {
        return facts -> {
            Object value = read.apply(facts);
            return value != null && among.contains(value) != opposite;
        };
    }

    @Override
    public Stream<Operand> operands() {
        return Stream.of(value);
    }

    @Override
    public String text() {
        return "%s %sin %s"
                .formatted(
                        value.text(),
                        isNot ? "not " : "",
                        among.stream().map(Operand.Constant::text).collect(Collectors.joining(", ", "(", ")")));
    }
}
