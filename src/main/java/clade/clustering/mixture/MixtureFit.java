package clade.clustering.mixture;

/** Where expectation and maximisation ended, and what they make of the m distinct rows. */
public final class MixtureFit {

    private final Components components;
    private final double[] variances;
    private final double logLikelihood;
    private final int passes;
    private final boolean converged;
    private final int[] componentOf;
    private final double[] probability;

    MixtureFit(
            Maximisation last,
            double logLikelihood,
            int passes,
            boolean converged,
            int[] componentOf,
            double[] probability) {
        this.components = last.components;
        this.variances = last.variances;
        this.logLikelihood = logLikelihood;
        this.passes = passes;
        this.converged = converged;
        this.componentOf = componentOf;
        this.probability = probability;
    }

    public Components components() {
        return components;
    }

    /** Variance of component {@code j} in a column before the floor was added. */
    public double variance(int j, int column) {
        return variances[j * components.columns + column];
    }

    /** Total over all rows, weights counted, by the natural logarithm. */
    public double logLikelihood() {
        return logLikelihood;
    }

    public int passes() {
        return passes;
    }

    /** Whether the last pass changed the mean log-likelihood by no more than the tolerance. */
    public boolean converged() {
        return converged;
    }

    /** m components, each row's likeliest, ties to the first. */
    public int[] componentOf() {
        return componentOf;
    }

    /** m probabilities, of each row belonging to its likeliest component. */
    public double[] probability() {
        return probability;
    }
}
