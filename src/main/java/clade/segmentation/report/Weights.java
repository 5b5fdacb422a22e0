package clade.segmentation.report;

import io.swagger.v3.oas.annotations.media.Schema;

/** How much each score counts within its axis of the board: size and revenue for value, reach and cost for ease. */
public record Weights(
        @Schema(example = "1.0") double size,
        @Schema(example = "1.0") double revenue,
        @Schema(example = "1.0") double reach,
        @Schema(example = "1.0") double cost) {

    private static final double MOST = 1e6;

    /** IllegalArgumentException starts with the name of the weight that is wrong. */
    public Weights {
        check("sizeWeight", size);
        check("revenueWeight", revenue);
        check("reachWeight", reach);
        check("costWeight", cost);
        if (size + revenue == 0) {
            throw new IllegalArgumentException("sizeWeight and revenueWeight must not both be 0");
        }
        if (reach + cost == 0) {
            throw new IllegalArgumentException("reachWeight and costWeight must not both be 0");
        }
    }

    private static void check(String name, double weight) {
        if (!(weight >= 0 && weight <= MOST)) {
            throw new IllegalArgumentException("%s must be from 0 to 1000000, was %s".formatted(name, weight));
        }
    }
}
