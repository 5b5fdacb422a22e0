package clade.clustering.kmeans;

import java.util.Arrays;

/**
 * The nearest of some centres for all rows of a leaf at once, by scores: for a row x and a centre c |c|² − 2 x·c,
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

    /** Per row in hand the least score and the second least. */
    private final double[] least = new double[LEAF];

    private final double[] next = new double[LEAF];

    /** Per centre its place among the candidates in hand, 0 for others. */
    private final int[] places;

    LeafScores(RowTree tree, Centres centres) {
        tiles = tree.tiles;
        this.centres = centres;
        scores = new double[Math.max(1, centres.count)][];
        scores[0] = new double[LEAF];
        difference = new double[centres.dimensions];
        places = new int[centres.count];
    }

    /**
     * Finds the nearest of the first {@code count} candidates, at least two, for each row.
     *
     * @param nearest has the centre that each row had, which it mostly keeps; gets the nearest, right for all if what is
     *     returned is above {@link #doubt}
     * @param gaps gets per candidate the least of the differences of its rows' second least scores and their least
     * @return the least of these
     */
    double nearest(int leaf, int[] candidates, int count, int[] nearest, double[] gaps) {
        if (count == 2) {
            scoreDifference(leaf * centres.dimensions, candidates[0], candidates[1]);
            return nearestOfTwo(candidates[0], candidates[1], nearest, gaps);
        }
        for (int candidate = 0; candidate < count; candidate++) {
            if (scores[candidate] == null) {
                scores[candidate] = new double[LEAF];
            }
            score(
                    leaf * centres.dimensions,
                    centres.factors,
                    candidates[candidate] * centres.dimensions,
                    centres.squares[candidates[candidate]],
                    scores[candidate]);
        }
        return nearestOfMany(candidates, count, nearest, gaps);
    }

    /**
     * More than what rounding may do to the difference of two scores and to that of two squared distances together.
     *
     * @param reach at least the largest distances of a row and of a centre from the origin together
     */
    double doubt(double reach) {
        return 8.0 * (centres.dimensions + 4) * Math.ulp(1.0) * reach * reach + 1e-300;
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

    private double nearestOfMany(int[] candidates, int count, int[] nearest, double[] gaps) {
        order(scores[0], scores[1], least, next);
        for (int candidate = 2; candidate < count; candidate++) {
            insert(scores[candidate], least, next);
        }
        Arrays.fill(gaps, 0, count, Double.POSITIVE_INFINITY);
        for (int candidate = 0; candidate < count; candidate++) {
            places[candidates[candidate]] = candidate;
        }
        for (int i = 0; i < LEAF; i++) {
            int place = places[nearest[i]];
            if (scores[place][i] != least[i]) {
                place = placeOf(least[i], i, count);
            }
            nearest[i] = candidates[place];
            double gap = next[i] - least[i];
            if (gap < gaps[place]) {
                gaps[place] = gap;
            }
        }
        for (int candidate = 0; candidate < count; candidate++) {
            places[candidates[candidate]] = 0;
        }
        return least(gaps, count);
    }

    private static void order(double[] first, double[] second, double[] least, double[] next) {
        for (int i = 0; i < LEAF; i++) {
            least[i] = Math.min(first[i], second[i]);
            next[i] = Math.max(first[i], second[i]);
        }
    }

    private static void insert(double[] score, double[] least, double[] next) {
        for (int i = 0; i < LEAF; i++) {
            next[i] = Math.min(next[i], Math.max(least[i], score[i]));
            least[i] = Math.min(least[i], score[i]);
        }
    }

    private int placeOf(double score, int row, int count) {
        int place = 0;
        while (place < count - 1 && scores[place][row] != score) {
            place++;
        }
        return place;
    }

    private static double least(double[] gaps, int count) {
        double least = gaps[0];
        for (int i = 1; i < count; i++) {
            least = Math.min(least, gaps[i]);
        }
        return least;
    }
}
