package clade.clustering.kmeans;

/** What Lloyd's passes end with: k centres, k x d values; one label a canonical row; its inertia. */
public final class Partition {

    private final double[] centres;
    private final int[] labels;
    private final double inertia;
    private final int passes;
    private final boolean settled;

    Partition(double[] centres, int[] labels, double inertia, int passes, boolean settled) {
        this.centres = centres;
        this.labels = labels;
        this.inertia = inertia;
        this.passes = passes;
        this.settled = settled;
    }

    public double[] centres() {
        return centres;
    }

    /** Each the nearest of {@link #centres}, ties to the lowest; a centre may have no row if the passes ended early. */
    public int[] labels() {
        return labels;
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
