package clade.clustering.kmeans;

/** The centres of a fit, what the passes need to know of them, and where they were some passes ago. */
final class Centres {

    /** Passes that are remembered. */
    static final int MEMORY = 64;

    final int count;
    final int dimensions;

    /** count x dimensions. */
    final double[] values;

    /** −2 times {@link #values}. */
    final double[] factors;

    /** Squared distance of each from the origin, and the largest distance. */
    final double[] squares;

    private double farthest;

    /** How often the centres have changed. */
    private int version;

    /** Per version, modulo {@link #MEMORY}, count x (dimensions + 1): factors, and after those of a centre its square. */
    private final double[][] past = new double[MEMORY][];

    Centres(double[] starts, int dimensions) {
        this.dimensions = dimensions;
        count = starts.length / dimensions;
        values = starts.clone();
        factors = new double[values.length];
        squares = new double[count];
        version = -1;
        refresh();
    }

    /** Takes in that {@link #values} have changed. */
    void refresh() {
        version++;
        int place = version % MEMORY;
        if (past[place] == null) {
            past[place] = new double[count * (dimensions + 1)];
        }
        double[] now = past[place];
        int to = 0;
        double most = 0;
        for (int j = 0; j < count; j++) {
            double sum = 0;
            for (int at = j * dimensions; at < (j + 1) * dimensions; at++) {
                factors[at] = -2 * values[at];
                now[to++] = factors[at];
                sum += values[at] * values[at];
            }
            squares[j] = sum;
            now[to++] = sum;
            most = Math.max(most, sum);
        }
        farthest = Math.max(farthest, Math.sqrt(most));
    }

    /** The largest distance of one from the origin, now or before. */
    double farthest() {
        return farthest;
    }

    int version() {
        return version;
    }

    /** Whether the centres as they were at a version are remembered. */
    boolean remembers(int ofVersion) {
        return version - ofVersion < MEMORY;
    }

    /** The factors and squares of a version that is remembered. */
    double[] at(int ofVersion) {
        return past[ofVersion % MEMORY];
    }
}
