package clade.segmentation.report;

import io.swagger.v3.oas.annotations.media.Schema;

/** How much each score counts within its axis of the board: size and revenue for value, reach and cost for ease. */
public record Weights(
        @Schema(example = "1.0") double size,
        @Schema(example = "1.0") double revenue,
        @Schema(example = "1.0") double reach,
        @Schema(example = "1.0") double cost) {

    /** All count alike. */
    public static final Weights EVEN = new Weights(1, 1, 1, 1);

    private static final double MOST = 1e6;

    /** IllegalArgumentException starts with the name of the weight that is wrong, see {@link #named}. */
    public Weights {
        check("size", size);
        check("revenue", revenue);
        check("reach", reach);
        check("cost", cost);
        if (size + revenue == 0) {
            throw new IllegalArgumentException("size and revenue must not both be 0");
        }
        if (reach + cost == 0) {
            throw new IllegalArgumentException("reach and cost must not both be 0");
        }
    }

    /** The weight that the message of a refusal is about. */
    public static String named(String message) {
        return message.substring(0, message.indexOf(' '));
    }

    private static void check(String name, double weight) {
        if (!(weight >= 0 && weight <= MOST)) {
            throw new IllegalArgumentException("%s must be from 0 to 1000000, was %s".formatted(name, weight));
        }
    }
}
