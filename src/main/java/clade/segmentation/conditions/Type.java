package clade.segmentation.conditions;

/** What kind of value stands on a side of a comparison. */
public enum Type {
    NUMBER("a number"),
    TEXT("a text"),
    BOOLEAN("true or false"),
    DATE("a date"),
    /** Of an attribute, before the dataset is known. */
    ANY("a value");

    private final String words;

    Type(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
