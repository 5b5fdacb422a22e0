package clade.clustering.kmeans;

/**
 * For all rows x of a leaf and some centres c at once |c|² − 2 x·c: the squared distance but for |x|², which is the same for
 * all centres, and for rounding.
 *
 * <p>Loops of a fixed length over arrays of their own, none at an offset: this the compiler turns into vectors.
 */
final class LeafScores {

    private static final int LEAF = RowTree.LEAF;

    private final double[][] tiles;
    private final Centres centres;

    /** Per centre in hand one score a row. */
    private final double[][] scores;

    private final double[] leastOfOthers = new double[LEAF];

    LeafScores(RowTree tree, Centres centres) {
        tiles = tree.tiles;
        this.centres = centres;
        scores = new double[centres.count][];
    }

    /** Takes the rows of a leaf against the first {@code count} of the candidates. */
    void compute(int leaf, int[] candidates, int count) {
        for (int candidate = 0; candidate < count; candidate++) {
            if (scores[candidate] == null) {
                scores[candidate] = new double[LEAF];
            }
            score(leaf * centres.dimensions, candidates[candidate], scores[candidate]);
        }
    }

    private void score(int tile, int j, double[] sums) {
        int d = centres.dimensions;
        double[] f = centres.factors;
        int at = j * d;
        double square = centres.squares[j];
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

    /** One score a row of a centre in hand. */
    double[] of(int candidate) {
        return scores[candidate];
    }

    /** Per row the least score of all {@code count} centres in hand but one. */
    double[] leastOfOthers(int candidate, int count) {
        int first = candidate == 0 ? 1 : 0;
        double[] least = scores[first];
        for (int other = first + 1; other < count; other++) {
            if (other != candidate) {
                lesser(least, scores[other], leastOfOthers);
                least = leastOfOthers;
            }
        }
        return least;
    }

    private static void lesser(double[] x, double[] y, double[] lesser) {
        for (int i = 0; i < LEAF; i++) {
            lesser[i] = Math.min(x[i], y[i]);
        }
    }
}
