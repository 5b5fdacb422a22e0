package clade.segmentation.conditions;

import java.util.Locale;

/**
 * A word, number, text or sign of a condition.
 *
 * @param position of its first character, from 1
 * @param written as it stands there
 * @param value of a text: what it says, without its quotes
 */
record Token(Kind kind, int position, String written, String value) {

    enum Kind {
        WORD,
        NUMBER,
        TEXT,
        SIGN,
        END
    }

    boolean is(String sign) {
        return kind == Kind.SIGN && written.equals(sign);
    }

    /** Whether it is this word of the language, in any case. */
    boolean isWord(String word) {
        return kind == Kind.WORD && written.toLowerCase(Locale.ROOT).equals(word);
    }

    ConditionException refusal(String what) {
        return new ConditionException(position, written, what);
    }
}
