package clade.segmentation.conditions;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A condition on a customer, such as {@code segment('value') = 'c2' and attribute('plan') = 'basic' and ordersIn('P90D') >= 3}.
 *
 * <p>A comparison with a missing value is neither true nor false, nor is its negation: {@code not (attribute('plan') = 'basic')}
 * is {@code attribute('plan') != 'basic'}, and neither matches a customer whose plan is not known. {@code is missing} asks for
 * that.
 */
public final class Condition {

    /** Characters that a condition may have. */
    public static final int MOST_CHARACTERS = 4_000;

    private final Expression root;

    private Condition(Expression root) {
        this.root = root;
    }

    /** Reads a condition; {@link ConditionException} says where it can't be understood. */
    public static Condition parse(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new ConditionException(
                    MOST_CHARACTERS + 1,
                    text.substring(MOST_CHARACTERS, MOST_CHARACTERS + 1),
                    "a condition has at most %,d characters, this one %,d".formatted(MOST_CHARACTERS, text.length()));
        }
        return new Condition(new Parser(Lexer.tokens(text)).condition());
    }

    /** {@link ConditionException} where it names what is not there, or compares what can't be compared. */
    public void check(Vocabulary vocabulary) {
        root.check(vocabulary);
    }

    /**
     * The test of a customer, which allocates nothing. Checks first. IllegalArgumentException if the vocabulary does not know the
     * types of the attributes that the condition uses.
     */
    public Predicate<Facts> compile(Vocabulary vocabulary) {
        if (vocabulary.attributes() == null && !attributes().isEmpty()) {
            throw new IllegalArgumentException("the types of the attributes are needed");
        }
        check(vocabulary);
        return root.compile(vocabulary, false);
    }

    /** Names of the features that it uses, as the API has them, such as {@code ordersIn:P90D}. */
    public Set<String> features() {
        return names(Operand.Feature.class, Operand.Feature::name);
    }

    /** Names of the attributes that it uses. */
    public Set<String> attributes() {
        return names(Operand.Attribute.class, Operand.Attribute::name);
    }

    /** Keys of the segmentations whose segments it asks for. */
    public Set<String> segmentations() {
        return names(Operand.Membership.class, Operand.Membership::segmentation);
    }

    private <T extends Operand> Set<String> names(Class<T> kind, Function<T, String> name) {
        Stream<T> used = root.operands().filter(kind::isInstance).map(kind::cast);
        return used.map(name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The condition in its normal form, which reads back as the same condition. */
    @Override
    public String toString() {
        return root.text();
    }
}
