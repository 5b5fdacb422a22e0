package clade.segmentation.conditions;

import java.util.function.Predicate;
import java.util.stream.Stream;

/** The opposite of a condition. */
record Negation(Expression of) implements Expression {

    @Override
    public void check(Vocabulary vocabulary) {
        of.check(vocabulary);
    }

    @Override
    public Predicate<Facts> compile(Vocabulary vocabulary, boolean negated) {
        return of.compile(vocabulary, !negated);
    }

    @Override
    public Stream<Operand> operands() {
        return of.operands();
    }

    @Override
    public String text() {
        return "not (%s)".formatted(of.text());
    }
}
