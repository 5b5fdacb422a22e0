package clade.segmentation.conditions;

import clade.segmentation.conditions.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits a condition into its tokens. */
final class Lexer {

    /** Possessive, so that no text, however built, makes it slow or deep. */
    private static final Pattern TOKEN = Pattern.compile("(?<word>[\\p{L}_][\\p{L}\\p{N}_]*+)"
            + "|(?<number>-?+\\d++(?:\\.\\d++)?+(?:[eE][+-]?+\\d++)?+)"
            + "|'(?<text>[^']*+(?:''[^']*+)*+)'"
            + "|(?<sign>!=|<=|>=|[=<>(),])");

    /** What people write who know other languages, and what to write here. */
    private static final Map<String, String> ELSEWHERE =
            Map.of("==", "=", "<>", "!=", "=<", "<=", "=>", ">=", "&&", "and", "||", "or", "!", "not");

    private static final Pattern BLANK = Pattern.compile("[\\s\\p{Z}]*+");

    private Lexer() {}

    /** The last token is {@code END}. */
    static List<Token> tokens(String text) {
        List<Token> tokens = new ArrayList<>();
        Matcher blank = BLANK.matcher(text);
        Matcher token = TOKEN.matcher(text);
        int at = 0;
        while (true) {
            blank.region(at, text.length()).lookingAt();
            at = blank.end();
            if (at == text.length()) {
                tokens.add(new Token(Kind.END, at + 1, "", ""));
                return tokens;
            }
            refuseElsewhere(text, at);
            if (!token.region(at, text.length()).lookingAt()) {
                throw unknown(text, at);
            }
            tokens.add(token(token, at + 1));
            at = token.end();
        }
    }

    private static Token token(Matcher found, int position) {
        String written = found.group();
        String text = found.group("text");
        if (text != null) {
            return new Token(Kind.TEXT, position, written, text.replace("''", "'"));
        }
        Kind kind = found.group("word") != null ? Kind.WORD : found.group("number") != null ? Kind.NUMBER : Kind.SIGN;
        return new Token(kind, position, written, written);
    }

    private static void refuseElsewhere(String text, int at) {
        String two = text.substring(at, Math.min(at + 2, text.length()));
        String one = text.substring(at, at + 1);
        String here = ELSEWHERE.getOrDefault(two, two.equals("!=") ? null : ELSEWHERE.get(one));
        if (here != null) {
            String written = ELSEWHERE.containsKey(two) ? two : one;
            throw new ConditionException(at + 1, written, "write %s instead".formatted(here));
        }
    }

    private static ConditionException unknown(String text, int at) {
        String character = Character.toString(text.codePointAt(at));
        return switch (character) {
            case "'" ->
                new ConditionException(
                        at + 1, character, "a text begins here and has no end; a quote within a text is written ''");
            case "\"", "`", "‘", "’", "“", "”" ->
                new ConditionException(at + 1, character, "texts stand in single quotes, such as 'basic'");
            case "." ->
                new ConditionException(
                        at + 1, character, "a number begins with a digit, such as 0.5, and has one point");
            default -> new ConditionException(at + 1, character, "this sign has no meaning in a condition");
        };
    }
}
