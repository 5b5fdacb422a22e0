package clade.clustering.kmeans;

/** How much nearer a rival centre can have come to a row since the start of a fit, and what rounding may do to a bound. */
final class Drift {

    /** Makes up for what rounding may have added to a sum. */
    private static final double ROUND_DOWN = 1 - 0x1p-51;

    /** To a row of each centre. */
    private final double[] ofCentres;

    /** To any row. */
    private double ofAny;

    /** What all rounding errors of a comparison of two distances stay below. */
    private final double rounding;

    /**
     * A fit at its start.
     *
     * @param reach at least the distance of any row to any centre, now and later
     */
    Drift(int centres, int dimensions, double reach) {
        ofCentres = new double[centres];
        rounding = 8 * (dimensions + 8) * Math.ulp(1.0) * reach + 1e-150;
    }

    /** To a row of the centre {@code owner}, or to any if that is no centre. */
    double of(int owner) {
        return owner >= 0 ? ofCentres[owner] : ofAny;
    }

    /** A difference of distances that is not larger than the true one, from what was computed for it. */
    double surely(double beyond) {
        return beyond * (1 - 1e-12) - rounding;
    }

    /** The drift at which a node of {@code owner} that is this far from a change may change. */
    double slack(int owner, double beyond) {
        return (of(owner) + beyond) * ROUND_DOWN;
    }

    /** Takes in by how much each centre has moved. */
    void add(double[] moves) {
        double most = 0;
        double second = 0;
        int farthest = -1;
        for (int j = 0; j < moves.length; j++) {
            if (moves[j] > most) {
                second = most;
                most = moves[j];
                farthest = j;
            } else {
                second = Math.max(second, moves[j]);
            }
        }
        for (int j = 0; j < moves.length; j++) {
            ofCentres[j] = above(ofCentres[j], moves[j] + (j == farthest ? second : most));
        }
        ofAny = above(ofAny, most + second);
    }

    /** A sum that rounding can't have made too small, with room for the rounding of the moves themselves. */
    private double above(double sum, double move) {
        return Math.nextUp(sum + move * (1 + 1e-12) + rounding / 16);
    }
}
