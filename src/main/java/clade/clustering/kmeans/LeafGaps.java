package clade.clustering.kmeans;

/**
 * What is known of leaves whose rows have few candidates, from when the rows were last scored: the candidates, and for those
 * that have rows by how much any other candidate was farther, in squared distance, from each of these rows.
 *
 * <p>How much nearer one centre has come to a row than another since is a linear function of the row, so a look at the leaf's
 * box tells whether any of these gaps can have closed. Unlike a sum of the centres' moves this knows their direction; a leaf
 * is scored again only about when a row of it changes its centre.
 */
final class LeafGaps {

    /** The most candidates that are remembered. */
    static final int MOST = 4;

    private static final int STRIDE = 8;
    private static final int COUNT = MOST;
    private static final int VERSION = MOST + 1;
    private static final int CLOSED = MOST;
    private static final int TWO_NEAREST = MOST + 1;

    private final Centres centres;
    private final int d;

    /** Per leaf the candidates, how many, and the version of the centres that the gaps are of; no candidates: not known. */
    private final int[] numbers;

    /**
     * Per leaf the gaps of the candidates' rows, the drift at which other candidates may come in, and at least the sum of the
     * distances of any row to its two nearest centres, less the drift at that time.
     */
    private final double[] gaps;

    LeafGaps(RowTree tree, Centres centres) {
        this.centres = centres;
        d = tree.dimensions;
        int leaves = tree.leafLevel().count;
        numbers = new int[leaves * STRIDE];
        gaps = new double[leaves * STRIDE];
    }

    /** Whether the candidates are known and no others can have come in at that drift. */
    boolean knows(int leaf, double drift) {
        return numbers[leaf * STRIDE + COUNT] > 0 && gaps[leaf * STRIDE + CLOSED] > drift;
    }

    /** Copies the candidates and gives how many there are. */
    int candidates(int leaf, int[] to) {
        int count = numbers[leaf * STRIDE + COUNT];
        System.arraycopy(numbers, leaf * STRIDE, to, 0, count);
        return count;
    }

    double closed(int leaf) {
        return gaps[leaf * STRIDE + CLOSED];
    }

    double twoNearest(int leaf, double drift) {
        return (gaps[leaf * STRIDE + TWO_NEAREST] + drift) * (1 + 1e-12);
    }

    void forget(int leaf) {
        numbers[leaf * STRIDE + COUNT] = 0;
    }

    void setCandidates(int leaf, int[] among, int count, double closed, double twoNearest, double drift) {
        numbers[leaf * STRIDE + COUNT] = count;
        System.arraycopy(among, 0, numbers, leaf * STRIDE, count);
        gaps[leaf * STRIDE + CLOSED] = closed;
        gaps[leaf * STRIDE + TWO_NEAREST] = twoNearest - drift;
    }

    void setGaps(int leaf, double[] byCandidate) {
        numbers[leaf * STRIDE + VERSION] = centres.version();
        System.arraycopy(byCandidate, 0, gaps, leaf * STRIDE, numbers[leaf * STRIDE + COUNT]);
    }

    /**
     * At most what the least gap of any row is now, but for rounding; below 0 if that is not known.
     *
     * @param middle of the leaf's box
     * @param half its half sides
     */
    double least(int leaf, double[] middle, double[] half) {
        int from = leaf * STRIDE;
        int version = numbers[from + VERSION];
        if (!centres.remembers(version)) {
            return -1;
        }
        double[] then = centres.at(version);
        double[] now = centres.at(centres.version());
        int count = numbers[from + COUNT];
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            int first = numbers[from + i] * (d + 1);
            for (int j = i + 1; j < count; j++) {
                int second = numbers[from + j] * (d + 1);
                double farther = now[second + d] - then[second + d] - (now[first + d] - then[first + d]);
                double spread = 0;
                for (int c = 0; c < d; c++) {
                    double slope = now[second + c] - then[second + c] - (now[first + c] - then[first + c]);
                    farther += slope * middle[c];
                    spread += Math.abs(slope) * half[c];
                }
                least = Math.min(least, gaps[from + i] + (farther - spread));
                least = Math.min(least, gaps[from + j] - (farther + spread));
            }
        }
        return least;
    }
}
