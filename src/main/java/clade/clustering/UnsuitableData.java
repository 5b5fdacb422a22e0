package clade.clustering;

/** The settings are right in themselves but this data can't be clustered with them. */
public class UnsuitableData extends RuntimeException {

    private final String code;

    /**
     * Refuses the data.
     *
     * @param code what is wrong, as a stable word for programs: {@code k-above-distinct-rows}, {@code not-finite},
     *     {@code not-enough-memory}, …
     * @param message what was found, what is needed and how to mend it
     */
    public UnsuitableData(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
