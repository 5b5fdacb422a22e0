package clade.segmentation.conditions;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Conditions of which all or any must hold; at least two. */
record Junction(boolean all, List<Expression> parts) implements Expression {

    @Override
    public void check(Vocabulary vocabulary) {
        parts.forEach(part -> part.check(vocabulary));
    }

    @Override
    public Predicate<Facts> compile(Vocabulary vocabulary, boolean negated) {
        List<Predicate<Facts>> tests =
                parts.stream().map(part -> part.compile(vocabulary, negated)).toList();
        // the opposite of "all" is "any is opposite"
        return all == negated ? any(tests) : every(tests);
    }

    private static Predicate<Facts> every(List<Predicate<Facts>> tests) {
        return facts -> {
            for (int i = 0; i < tests.size(); i++) {
                if (!tests.get(i).test(facts)) {
                    return false;
                }
            }
            return true;
        };
    }

    private static Predicate<Facts> any(List<Predicate<Facts>> tests) {
        return facts -> {
            for (int i = 0; i < tests.size(); i++) {
                if (tests.get(i).test(facts)) {
                    return true;
                }
            }
            return false;
        };
    }

    @Override
    public Stream<Operand> operands() {
        return parts.stream().flatMap(Expression::operands);
    }

    @Override
    public int binding() {
        return all ? 2 : 1;
    }

    @Override
    public String text() {
        return parts.stream()
                .map(part -> part.binding() > binding() ? part.text() : "(%s)".formatted(part.text()))
                .collect(Collectors.joining(all ? " and " : " or "));
    }
}
