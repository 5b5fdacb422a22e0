package clade.segmentation.conditions;

import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A condition or a part of one.
 *
 * <p>Logic is three-valued, as Kleene's: a comparison with a missing value is unknown, so is its negation, and a customer is
 * matched by what is true alone. It is computed with two values: negations are pushed down to the comparisons, where a missing
 * value makes the comparison and its opposite false; what is left are {@code and} and {@code or}, which never make more true by
 * an unknown than by a false.
 */
sealed interface Expression permits Comparison, Choice, Presence, Junction, Negation {

    /** Refuses what does not exist or does not fit. */
    void check(Vocabulary vocabulary);

    /** The test for the condition, or for its opposite; of a condition that was checked with this vocabulary. */
    Predicate<Facts> compile(Vocabulary vocabulary, boolean negated);

    /** All sides of all comparisons. */
    Stream<Operand> operands();

    /** In the normal form. */
    String text();

    /** How firmly it holds together in the normal form: 1 or, 2 and, 3 all others. */
    default int binding() {
        return 3;
    }
}
