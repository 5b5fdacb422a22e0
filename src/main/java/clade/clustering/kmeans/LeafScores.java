package clade.clustering.kmeans;

/**
 * The nearest of some centres for all rows of a leaf at once, by scores: for a row x and a centre c |c|² − 2 x·c and a lift,
 * which is the squared distance but for what is the same for all centres, and for rounding. What the scores can't decide is
 * for others to decide.
 *
 * <p>Loops of a fixed length over arrays of their own, none at an offset: this the compiler turns into vectors.
 */
final class LeafScores {

    private static final int LEAF = RowTree.LEAF;

    private final double[][] tiles;
    private final Centres centres;

    /** Per centre in hand one score a row. */
    private final double[][] scores;

    LeafScores(RowTree tree, Centres centres) {
        tiles = tree.tiles;
        this.centres = centres;
        scores = new double[centres.count][];
    }

    /**
     * Finds the nearest of the first {@code count} candidates, at least two, for each row.
     *
     * @param reach at least the largest distances of a row and of a centre from the origin together
     * @param nearest gets the centre nearest to each row, right for all if what is returned is above {@link #doubt}
     * @return the least of the differences of a row's second least score and its least
     */
    double nearest(int leaf, int[] candidates, int count, double reach, int[] nearest) {
        for (int candidate = 0; candidate < count; candidate++) {
            if (scores[candidate] == null) {
                scores[candidate] = new double[LEAF];
            }
            // lifted, no score is negative, and so they compare as their bits do
            score(leaf * centres.dimensions, candidates[candidate], reach * reach, scores[candidate]);
        }
        return count == 2 ? nearestOfTwo(candidates[0], candidates[1], nearest) : nearestOf(candidates, count, nearest);
    }

    /** More than what rounding may do to the difference of two scores and to that of two squared distances together. */
    double doubt(int count, double reach) {
        return 8.0 * (centres.dimensions + 4 + placeBits(count)) * Math.ulp(1.0) * reach * reach + 1e-300;
    }

    private void score(int tile, int j, double lift, double[] sums) {
        int d = centres.dimensions;
        double[] f = centres.factors;
        int at = j * d;
        double square = centres.squares[j] + lift;
        int c = d % 4;
        switch (c) {
            case 0 -> start(square, sums);
            case 1 -> start(square, tiles[tile], f[at], sums);
            case 2 -> start(square, tiles[tile], f[at], tiles[tile + 1], f[at + 1], sums);
            default -> start(square, tiles[tile], f[at], tiles[tile + 1], f[at + 1], tiles[tile + 2], f[at + 2], sums);
        }
        for (; c < d; c += 4) {
            addFour(
                    tiles[tile + c],
                    f[at + c],
                    tiles[tile + c + 1],
                    f[at + c + 1],
                    tiles[tile + c + 2],
                    f[at + c + 2],
                    tiles[tile + c + 3],
                    f[at + c + 3],
                    sums);
        }
    }

    private static void start(double square, double[] sums) {
        for (int i = 0; i < LEAF; i++) {
            sums[i] = square;
        }
    }

    private static void start(double square, double[] x, double a, double[] sums) {
        for (int i = 0; i < LEAF; i++) {
            sums[i] = square + a * x[i];
        }
    }

    private static void start(double square, double[] x, double a, double[] y, double b, double[] sums) {
        for (int i = 0; i < LEAF; i++) {
            sums[i] = square + a * x[i] + b * y[i];
        }
    }

    private static void start(
            double square, double[] x, double a, double[] y, double b, double[] z, double c, double[] sums) {
        for (int i = 0; i < LEAF; i++) {
            sums[i] = square + a * x[i] + b * y[i] + c * z[i];
        }
    }

    private static void addFour(
            double[] x, double a, double[] y, double b, double[] z, double c, double[] w, double e, double[] sums) {
        for (int i = 0; i < LEAF; i++) {
            sums[i] = sums[i] + a * x[i] + b * y[i] + c * z[i] + e * w[i];
        }
    }

    private double nearestOfTwo(int first, int second, int[] nearest) {
        double[] own = scores[0];
        double[] other = scores[1];
        long least = Long.MAX_VALUE;
        for (int i = 0; i < LEAF; i++) {
            long difference = Double.doubleToRawLongBits(other[i] - own[i]);
            int negative = (int) (difference >>> 63);
            nearest[i] = first + negative * (second - first);
            least = Math.min(least, difference & Long.MAX_VALUE);
        }
        return Double.longBitsToDouble(least);
    }

    /** The place of a candidate rides in the last bits of its scores, so that one comparison finds both. */
    private double nearestOf(int[] candidates, int count, int[] nearest) {
        long placeBits = placeBits(count);
        double leastGap = Double.POSITIVE_INFINITY;
        for (int i = 0; i < LEAF; i++) {
            long least = Long.MAX_VALUE;
            long second = Long.MAX_VALUE;
            for (int candidate = 0; candidate < count; candidate++) {
                long score = (Double.doubleToRawLongBits(scores[candidate][i]) & ~placeBits) | candidate;
                second = Math.min(second, Math.max(least, score));
                least = Math.min(least, score);
            }
            nearest[i] = candidates[(int) (least & placeBits)];
            double gap = Double.longBitsToDouble(second) - Double.longBitsToDouble(least);
            if (gap < leastGap) {
                leastGap = gap;
            }
        }
        return leastGap;
    }

    private static int placeBits(int count) {
        return (Integer.highestOneBit(count) << 1) - 1;
    }
}
