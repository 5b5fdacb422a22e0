package clade.segmentation.conditions;

import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether a value is missing. Never unknown itself. */
record Presence(Operand value, boolean isNot) implements Expression {

    @Override
    public void check(Vocabulary vocabulary) {
        value.type(vocabulary);
    }

    @Override
    public Predicate<Facts> compile(Vocabulary vocabulary, boolean negated) {
        boolean missing = negated == isNot;
        if (value.type(vocabulary) == Type.NUMBER) {
            ToDoubleFunction<Facts> number = value.number();
            return facts -> Double.isNaN(number.applyAsDouble(facts)) == missing;
        }
        Function<Facts, @Nullable Object> read = value.value(value.type(vocabulary));
        return facts -> (read.apply(facts) == null) == missing;
    }

    @Override
    public Stream<Operand> operands() {
        return Stream.of(value);
    }

    @Override
    public String text() {
        return "%s is %smissing".formatted(value.text(), isNot ? "not " : "");
    }
}
