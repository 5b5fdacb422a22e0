package clade.clustering.kmeans;

/** The centres of a fit, what the passes need to know of them, and where they were some passes ago. */
final class Centres {

    /** Passes that are remembered. */
    static final int MEMORY = 64;

    final int count;
    final int dimensions;

    /** count x dimensions. */
    final double[] values;

    private double farthest;

    /** How often the centres have changed. */
    private int version;

    /**
     * Per version, modulo {@link #MEMORY}, count x (dimensions + 1): −2 times {@link #values}, and after those of a centre its
     * squared distance from the origin.
     */
    private final double[][] past = new double[MEMORY][];

    Centres(double[] starts, int dimensions) {
        this.dimensions = dimensions;
        count = starts.length / dimensions;
        values = starts.clone();
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
                now[to++] = -2 * values[at];
                sum += values[at] * values[at];
            }
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

    /** What is remembered of a version that is. */
    double[] at(int ofVersion) {
        return past[ofVersion % MEMORY];
    }
}
