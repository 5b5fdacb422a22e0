package clade.segmentation.conditions;

/** A condition that can't be understood or speaks of what is not there: says where, what is wrong and the way out. */
public class ConditionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final int position;

    /** {@code position} counts characters from 1; {@code word} is what stands there, empty at the end. */
    ConditionException(int position, String word, String what) {
        super("at character %d%s: %s".formatted(position, word.isEmpty() ? " (its end)" : ", " + word, what));
        this.position = position;
    }

    /** Where it is, in characters from 1. */
    public int position() {
        return position;
    }
}
