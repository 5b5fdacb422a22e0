package clade.segmentation.conditions;

import clade.segmentation.conditions.Token.Kind;
import java.time.DateTimeException;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reads a condition by recursive descent:
 *
 * <pre>
 * any     = all {"or" all}
 * all     = single {"and" single}
 * single  = "not" single | "(" any ")" | value test
 * test    = sign value | ["not"] "in" "(" constant {"," constant} ")" | "is" ["not"] "missing"
 * value   = "attribute" "(" text ")" | "segment" "(" text ")" | word ["(" text ")"] | constant
 * constant = number | text | "true" | "false"
 * </pre>
 */
final class Parser {

    /** Brackets and negations within each other. */
    private static final int MOST_DEPTH = 50;

    private static final Set<String> WORDS =
            Set.of("and", "or", "not", "in", "is", "missing", "true", "false", "attribute", "segment");

    private static final String A_TEST = "here =, !=, <, <=, >, >=, in ('a','b') or is missing is wanted";

    private final List<Token> tokens;
    private int next;
    private int depth;

    Parser(List<Token> tokens) {
        this.tokens = tokens;
    }

    Expression condition() {
        Expression condition = any();
        Token rest = peek();
        if (rest.kind() != Kind.END) {
            throw rest.refusal(
                    rest.is(")")
                            ? "this bracket was never opened"
                            : "here and, or or the end of the condition is wanted");
        }
        return condition;
    }

    private Expression any() {
        return junction(false, "or", this::all);
    }

    private Expression all() {
        return junction(true, "and", this::single);
    }

    private Expression junction(boolean all, String word, Supplier<Expression> part) {
        Expression first = part.get();
        if (!peek().isWord(word)) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (peek().isWord(word)) {
            next++;
            parts.add(part.get());
        }
        return new Junction(all, parts);
    }

    private Expression single() {
        Token token = peek();
        if (token.isWord("not")) {
            next++;
            return nested(token, () -> new Negation(single()));
        }
        if (token.is("(")) {
            next++;
            return nested(token, () -> {
                Expression inner = any();
                Token end = take();
                if (!end.is(")")) {
                    throw end.refusal("here and, or or the ) to the bracket at character %d is wanted"
                            .formatted(token.position()));
                }
                return inner;
            });
        }
        return test(value());
    }

    private Expression nested(Token opens, Supplier<Expression> inner) {
        if (depth == MOST_DEPTH) {
            throw opens.refusal("more than %d brackets and nots lie within each other here".formatted(MOST_DEPTH));
        }
        depth++;
        Expression found = inner.get();
        depth--;
        return found;
    }

    private Expression test(Operand value) {
        Token token = peek();
        if (token.kind() == Kind.SIGN && Comparison.SIGNS.contains(token.written())) {
            next++;
            Operand right = value();
            if (value instanceof Operand.Constant && right instanceof Operand.Constant) {
                throw value.at()
                        .refusal("two constants are compared here; one side must be a feature, attribute or segment");
            }
            return new Comparison(value, token, right);
        }
        if (token.isWord("is")) {
            next++;
            boolean isNot = isNot();
            Token missing = take();
            if (!missing.isWord("missing")) {
                throw missing.refusal("here missing or not missing is wanted; values are compared with = and !=");
            }
            refuseConstant(value);
            return new Presence(value, isNot);
        }
        boolean isNot = isNot();
        Token in = take();
        if (!in.isWord("in")) {
            throw in.refusal(
                    value instanceof Operand.Constant || in.is("(") || in.kind() == Kind.END || isNot
                            ? A_TEST
                            : A_TEST + "; for true or false write " + value.text() + " = true");
        }
        refuseConstant(value);
        return new Choice(value, isNot, among());
    }

    private static void refuseConstant(Operand value) {
        if (value instanceof Operand.Constant) {
            throw value.at().refusal("a feature, attribute or segment is wanted here, not a constant");
        }
    }

    private boolean isNot() {
        boolean isNot = peek().isWord("not");
        if (isNot) {
            next++;
        }
        return isNot;
    }

    private List<Operand.Constant> among() {
        Token open = take();
        if (!open.is("(")) {
            throw open.refusal("in wants its values in brackets, such as in ('a','b')");
        }
        List<Operand.Constant> among = new ArrayList<>();
        Token end;
        do {
            Operand one = value();
            if (!(one instanceof Operand.Constant constant)) {
                throw one.at().refusal("in takes constants: numbers, texts, true or false");
            }
            among.add(constant);
            end = take();
        } while (end.is(","));
        if (!end.is(")")) {
            throw end.refusal(
                    "here a comma or the ) to the bracket at character %d is wanted".formatted(open.position()));
        }
        return among;
    }

    private Operand value() {
        Token token = take();
        return switch (token.kind()) {
            case NUMBER -> new Operand.Constant(token, number(token));
            case TEXT -> new Operand.Constant(token, token.value());
            case WORD -> word(token);
            case SIGN, END ->
                throw token.refusal("here a feature, attribute('…'), segment('…') or a constant is wanted");
        };
    }

    private static double number(Token token) {
        double number = Double.parseDouble(token.written());
        if (Double.isInfinite(number)) {
            throw token.refusal("this number is too large");
        }
        return number == 0 ? 0.0 : number; // no negative zero
    }

    private Operand word(Token token) {
        String lower = token.written().toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "true", "false" -> new Operand.Constant(token, lower.equals("true"));
            case "attribute" -> new Operand.Attribute(token, argument(token, "age"));
            case "segment" -> new Operand.Membership(token, argument(token, "value"));
            default -> {
                if (WORDS.contains(lower)) {
                    throw token.refusal("here a feature, attribute('…'), segment('…') or a constant is wanted");
                }
                yield feature(token);
            }
        };
    }

    private Operand feature(Token token) {
        if (!peek().is("(")) {
            return new Operand.Feature(token, token.written(), null);
        }
        String period = argument(token, "P90D");
        try {
            Period.parse(period);
        } catch (DateTimeException e) {
            throw tokens.get(next - 2).refusal("a period is written 'P90D', 'P12M' or 'P1Y'");
        }
        return new Operand.Feature(token, token.written(), period);
    }

    private String argument(Token word, String example) {
        Token open = take();
        Token name = open.is("(") ? take() : open;
        if (!open.is("(") || name.kind() != Kind.TEXT || name.value().isBlank()) {
            throw name.refusal(
                    "%s wants a text in brackets, such as %s('%s')".formatted(word.written(), word.written(), example));
        }
        Token close = take();
        if (!close.is(")")) {
            throw close.refusal("here the ) to the bracket at character %d is wanted".formatted(open.position()));
        }
        return name.value();
    }

    private Token peek() {
        return tokens.get(next);
    }

    private Token take() {
        Token token = tokens.get(next);
        if (token.kind() != Kind.END) {
            next++;
        }
        return token;
    }
}
