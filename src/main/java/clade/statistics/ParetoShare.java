package clade.statistics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How much a sum rests on few: the least part of some values whose sum reaches 80 % of the sum of all. */
public final class ParetoShare {

    private ParetoShare() {}

    /**
     * The share, in (0, 1]; null where the sum is not above 0, for then nobody brings it.
     *
     * @param values finite, in any order
     */
    public static @Nullable Double of(double[] values) {
        double total = ExactSum.of(values);
        if (!(total > 0)) {
            return null;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double reached = 0;
        int taken = 0;
        // 5 x >= 4 y, for 0.8 is no double
        while (5 * reached < 4 * total && taken < sorted.length) {
            taken++;
            reached += sorted[sorted.length - taken];
        }
        return (double) taken / sorted.length;
    }
}
