package clade.clustering.kmeans;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** What Lloyd's passes end with: k centres, k x d values; one label a canonical row; its inertia. */
public final class Partition {

    private final double[] centres;
    private final int[] labels;
    private final int[] weights;
    private final double inertia;
    private final int passes;
    private final boolean settled;
    private final boolean emptied;

    Partition(
            double[] centres,
            int[] labels,
            int[] weights,
            double inertia,
            int passes,
            boolean settled,
            boolean emptied) {
        this.centres = centres;
        this.labels = labels;
        this.weights = weights;
        this.inertia = inertia;
        this.passes = passes;
        this.settled = settled;
        this.emptied = emptied;
    }

    public double[] centres() {
        return centres;
    }

    /** Each the nearest of {@link #centres}, ties to the lowest; a centre may have no row if the passes ended early. */
    public int[] labels() {
        return labels;
    }

    /** How many centres have rows. */
    public int clusters() {
        return (int) Arrays.stream(weights).filter(weight -> weight > 0).count();
    }

    /** Whether it may not be the same for the same rows in another order: a centre lost its rows, or two have equal weight. */
    public boolean dependsOnOrder() {
        return emptied || !differInWeight();
    }

    private boolean differInWeight() {
        return Arrays.stream(weights).filter(weight -> weight > 0).distinct().count() == clusters();
    }

    /** The centres by descending weight, of equal ones first the one that has the first row; those without rows last. */
    public int[] order() {
        int[] first = new int[weights.length];
        Arrays.fill(first, labels.length);
        if (!differInWeight()) {
            for (int row = labels.length - 1; row >= 0; row--) {
                first[labels[row]] = row;
            }
        }
        return IntStream.range(0, weights.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(j -> -weights[j]).thenComparing(j -> first[j]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Weighted sum of squared distances of the rows to their centres. */
    public double inertia() {
        return inertia;
    }

    /** Passes over the rows, the one that changed nothing included. */
    public int passes() {
        return passes;
    }

    /** Whether the last pass changed no label, or moved the centres by no more than the tolerance. */
    public boolean settled() {
        return settled;
    }
}
