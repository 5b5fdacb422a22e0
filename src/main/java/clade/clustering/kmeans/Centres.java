package clade.clustering.kmeans;

/** The centres of a fit, and what the passes need to know of them. */
final class Centres {

    final int count;
    final int dimensions;

    /** count x dimensions. */
    final double[] values;

    /** −2 times {@link #values}. */
    final double[] factors;

    /** Squared distance of each from the origin, and the largest distance. */
    final double[] squares;

    private double farthest;

    Centres(double[] starts, int dimensions) {
        this.dimensions = dimensions;
        count = starts.length / dimensions;
        values = starts.clone();
        factors = new double[values.length];
        squares = new double[count];
        refresh();
    }

    /** Takes in that {@link #values} have changed. */
    void refresh() {
        double most = 0;
        for (int j = 0; j < count; j++) {
            double sum = 0;
            for (int at = j * dimensions; at < (j + 1) * dimensions; at++) {
                factors[at] = -2 * values[at];
                sum += values[at] * values[at];
            }
            squares[j] = sum;
            most = Math.max(most, sum);
        }
        farthest = Math.sqrt(most);
    }

    /** The largest distance of one from the origin. */
    double farthest() {
        return farthest;
    }
}
