package clade.segmentation.conditions;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Two values compared. */
record Comparison(Operand left, Token sign, Operand right) implements Expression {

    static final List<String> SIGNS = List.of("=", "!=", "<", "<=", ">", ">=");

    @Override
    public void check(Vocabulary vocabulary) {
        Type type = Comparison.type(left, right, vocabulary);
        boolean ordered = !sign.is("=") && !sign.is("!=");
        if (ordered && (type == Type.BOOLEAN || (type == Type.TEXT && !mayBeDates(vocabulary)))) {
            throw sign.refusal("%s is %s, which has no order; use =, != or in".formatted(left.text(), type.words()));
        }
    }

    /** Whether texts may turn out to be dates, once the types of attributes are known. */
    private boolean mayBeDates(Vocabulary vocabulary) {
        return left.type(vocabulary) == Type.ANY || right.type(vocabulary) == Type.ANY;
    }

    /** The type as which two values are compared; a refusal if there is none. */
    static Type type(Operand left, Operand right, Vocabulary vocabulary) {
        Type of = left.type(vocabulary);
        Type with = right.type(vocabulary);
        if (of == Type.ANY || of == with) {
            return with;
        }
        if (with == Type.ANY) {
            return of;
        }
        if (of == Type.DATE && right instanceof Operand.Constant date && with == Type.TEXT) {
            date.as(Type.DATE);
            return Type.DATE;
        }
        if (with == Type.DATE && left instanceof Operand.Constant date && of == Type.TEXT) {
            date.as(Type.DATE);
            return Type.DATE;
        }
        throw right.at()
                .refusal("%s is %s and can't be compared with %s, which is %s; compare it with %s"
                        .formatted(left.text(), of.words(), right.text(), with.words(), example(of)));
    }

    private static String example(Type type) {
        return switch (type) {
            case NUMBER -> "a number, such as 3";
            case TEXT -> "a text, such as 'basic'";
            case BOOLEAN -> "true or false";
            case DATE -> "a date, such as '2024-01-31'";
            case ANY -> "a value";
        };
    }

    @Override
    public Predicate<Facts> compile(Vocabulary vocabulary, boolean negated) {
        Type type = type(left, right, vocabulary);
        String wanted = negated ? opposite(sign.written()) : sign.written();
        return type == Type.NUMBER
                ? ofNumbers(left.number(), wanted, right.number())
                : ofValues(left.value(type), wanted, right.value(type));
    }

    private static String opposite(String sign) {
        return switch (sign) {
            case "=" -> "!=";
            case "!=" -> "=";
            case "<" -> ">=";
            case "<=" -> ">";
            case ">" -> "<=";
            default -> "<";
        };
    }

    private static Predicate<Facts> ofNumbers(ToDoubleFunction<Facts> a, String sign, ToDoubleFunction<Facts> b) {
        return switch (sign) {
            case "=" -> facts -> a.applyAsDouble(facts) == b.applyAsDouble(facts);
            case "!=" ->
                facts -> {
                    double left = a.applyAsDouble(facts);
                    double right = b.applyAsDouble(facts);
                    // NaN, a missing value, is neither
                    return left < right || left > right;
                };
            case "<" -> facts -> a.applyAsDouble(facts) < b.applyAsDouble(facts);
            case "<=" -> facts -> a.applyAsDouble(facts) <= b.applyAsDouble(facts);
            case ">" -> facts -> a.applyAsDouble(facts) > b.applyAsDouble(facts);
            default -> facts -> a.applyAsDouble(facts) >= b.applyAsDouble(facts);
        };
    }

    private static Predicate<Facts> ofValues(
            Function<Facts, @Nullable Object> a, String sign, Function<Facts, @Nullable Object> b) {
        if (sign.equals("=") || sign.equals("!=")) {
            boolean equal = sign.equals("=");
            return facts -> {
                Object left = a.apply(facts);
                Object right = b.apply(facts);
                return left != null && right != null && left.equals(right) == equal;
            };
        }
        IntPredicate order = switch (sign) {
            case "<" -> compared -> compared < 0;
            case "<=" -> compared -> compared <= 0;
            case ">" -> compared -> compared > 0;
            default -> compared -> compared >= 0;
        };
        return facts -> {
            Object left = a.apply(facts);
            Object right = b.apply(facts);
            return left != null && right != null && order.test(order(left, right));
        };
    }

    @SuppressWarnings("unchecked") // the types were checked, and a type's values are of one class
    private static int order(Object left, Object right) {
        return ((Comparable<Object>) left).compareTo(right);
    }

    @Override
    public Stream<Operand> operands() {
        return Stream.of(left, right);
    }

    @Override
    public String text() {
        return "%s %s %s".formatted(left.text(), sign.written(), right.text());
    }
}
