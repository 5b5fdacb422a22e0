package clade.clustering.kmeans;

import java.util.Arrays;

/**
 * The nearest of some centres for all rows of a leaf at once, by scores: for a row x and a centre c |c|² − 2 x·c and a lift,
 * which is the squared distance but for what is the same for all centres, and for rounding. What the scores can't decide is
 * for others to decide.
 *
 * <p>Loops of a fixed length over arrays of their own, none at an offset: this the compiler turns into vectors.
 */
final class LeafScores {

    private static final int LEAF = RowTree.LEAF;
    private static final long INFINITE = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);

    private final double[][] tiles;
    private final Centres centres;

    /** Per centre in hand one score a row. */
    private final double[][] scores;

    private final double[] difference;

    LeafScores(RowTree tree, Centres centres) {
        tiles = tree.tiles;
        this.centres = centres;
        scores = new double[Math.max(1, centres.count)][];
        scores[0] = new double[LEAF];
        difference = new double[centres.dimensions];
    }

    /**
     * Finds the nearest of the first {@code count} candidates, at least two, for each row.
     *
     * @param reach at least the largest distances of a row and of a centre from the origin together
     * @param nearest gets the centre nearest to each row, right for all if what is returned is above {@link #doubt}
     * @param gaps gets per candidate the least of the differences of its rows' second least scores and their least
     * @return the least of these
     */
    double nearest(int leaf, int[] candidates, int count, double reach, int[] nearest, double[] gaps) {
        if (count == 2) {
            scoreDifference(leaf * centres.dimensions, candidates[0], candidates[1]);
            return nearestOfTwo(candidates[0], candidates[1], nearest, gaps);
        }
        for (int candidate = 0; candidate < count; candidate++) {
            if (scores[candidate] == null) {
                scores[candidate] = new double[LEAF];
            }
            // lifted, no score is negative, and so they compare as their bits do
            score(
                    leaf * centres.dimensions,
                    centres.factors,
                    candidates[candidate] * centres.dimensions,
                    centres.squares[candidates[candidate]] + reach * reach,
                    scores[candidate]);
        }
        return switch (count) {
            case 3 -> nearestOfThree(candidates, nearest, gaps);
            case 4 -> nearestOfFour(candidates, nearest, gaps);
            default -> nearestOfMany(candidates, count, nearest, gaps);
        };
    }

    /** More than what rounding may do to the difference of two scores and to that of two squared distances together. */
    double doubt(int count, double reach) {
        return 8.0 * (centres.dimensions + 4 + placeBits(count)) * Math.ulp(1.0) * reach * reach + 1e-300;
    }

    /** Into the first scores by how much the second of two centres scores higher. */
    private void scoreDifference(int tile, int first, int second) {
        int d = centres.dimensions;
        for (int c = 0; c < d; c++) {
            difference[c] = centres.factors[second * d + c] - centres.factors[first * d + c];
        }
        score(tile, difference, 0, centres.squares[second] - centres.squares[first], scores[0]);
    }

    private void score(int tile, double[] f, int at, double square, double[] sums) {
        int d = centres.dimensions;
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

    private double nearestOfTwo(int first, int second, int[] nearest, double[] gaps) {
        double[] differences = scores[0];
        long ofFirst = INFINITE;
        long ofSecond = INFINITE;
        for (int i = 0; i < LEAF; i++) {
            long bits = Double.doubleToRawLongBits(differences[i]);
            long gap = bits & Long.MAX_VALUE;
            long negative = bits >>> 63;
            nearest[i] = first + (int) negative * (second - first);
            ofFirst = Math.min(ofFirst, gap | (-negative >>> 1));
            ofSecond = Math.min(ofSecond, gap | ((negative - 1) >>> 1));
        }
        gaps[0] = Double.longBitsToDouble(ofFirst);
        gaps[1] = Double.longBitsToDouble(ofSecond);
        return Math.min(gaps[0], gaps[1]);
    }

    /** The place of a candidate rides in the last bits of its scores, so that one comparison finds both. */
    private double nearestOfThree(int[] candidates, int[] nearest, double[] gaps) {
        double[] a = scores[0];
        double[] b = scores[1];
        double[] c = scores[2];
        Arrays.fill(gaps, 0, 3, Double.POSITIVE_INFINITY);
        for (int i = 0; i < LEAF; i++) {
            long first = Double.doubleToRawLongBits(a[i]) & -4;
            long second = (Double.doubleToRawLongBits(b[i]) & -4) | 1;
            long third = (Double.doubleToRawLongBits(c[i]) & -4) | 2;
            long less = Math.min(first, second);
            long least = Math.min(less, third);
            long next = Math.min(Math.max(first, second), Math.max(less, third));
            nearest[i] = take(candidates, least, next, 3, gaps);
        }
        return least(gaps, 3);
    }

    private double nearestOfFour(int[] candidates, int[] nearest, double[] gaps) {
        double[] a = scores[0];
        double[] b = scores[1];
        double[] c = scores[2];
        double[] d = scores[3];
        Arrays.fill(gaps, 0, 4, Double.POSITIVE_INFINITY);
        for (int i = 0; i < LEAF; i++) {
            long first = Double.doubleToRawLongBits(a[i]) & -4;
            long second = (Double.doubleToRawLongBits(b[i]) & -4) | 1;
            long third = (Double.doubleToRawLongBits(c[i]) & -4) | 2;
            long fourth = Double.doubleToRawLongBits(d[i]) | 3;
            long less = Math.min(first, second);
            long other = Math.min(third, fourth);
            long least = Math.min(less, other);
            long next = Math.min(Math.max(less, other), Math.min(Math.max(first, second), Math.max(third, fourth)));
            nearest[i] = take(candidates, least, next, 3, gaps);
        }
        return least(gaps, 4);
    }

    private double nearestOfMany(int[] candidates, int count, int[] nearest, double[] gaps) {
        long placeBits = placeBits(count);
        Arrays.fill(gaps, 0, count, Double.POSITIVE_INFINITY);
        for (int i = 0; i < LEAF; i++) {
            long least = Long.MAX_VALUE;
            long next = Long.MAX_VALUE;
            for (int candidate = 0; candidate < count; candidate++) {
                long score = (Double.doubleToRawLongBits(scores[candidate][i]) & ~placeBits) | candidate;
                next = Math.min(next, Math.max(least, score));
                least = Math.min(least, score);
            }
            nearest[i] = take(candidates, least, next, placeBits, gaps);
        }
        return least(gaps, count);
    }

    /** The centre of the least score; its gaps take in that of this row. */
    private static int take(int[] candidates, long least, long next, long placeBits, double[] gaps) {
        int place = (int) (least & placeBits);
        double gap = Double.longBitsToDouble(next) - Double.longBitsToDouble(least);
        if (gap < gaps[place]) {
            gaps[place] = gap;
        }
        return candidates[place];
    }

    private static double least(double[] gaps, int count) {
        double least = gaps[0];
        for (int i = 1; i < count; i++) {
            least = Math.min(least, gaps[i]);
        }
        return least;
    }

    private static int placeBits(int count) {
        return (Integer.highestOneBit(count) << 1) - 1;
    }
}
