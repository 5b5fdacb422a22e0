package clade.clustering.kmeans;

import java.util.Arrays;

/**
 * The nearest of some centres for all rows of a leaf at once, by scores in single precision: the squared distance of the row to
 * the centre but for what is the same for all centres, in a unit of which the largest possible is 2³⁰. As whole numbers
 * whose last bits are the centre's place among the candidates, scores tell by their minimum both the least and whose it is.
 * What they can't decide {@link RowTree#squaredDistance} does.
 *
 * <p>With m the middle of the leaf, a row m + y and a centre m + g are |g|² − 2 g·y + |y|² apart, of which the last is the same
 * for all centres and at most the square of the leaf's half diagonal, which takes its place so that no score is below 0.
 *
 * <p>Loops of a fixed length over arrays of their own, none at an offset: this the compiler turns into vectors.
 */
final class LeafScores {

    private static final int LEAF = RowTree.LEAF;

    /** Scores stay within this but for their rounding. */
    private static final double RANGE = 1 << 30;

    /** More would leave too few bits to a score. */
    private static final int MOST = 1 << 12;

    private final RowTree tree;
    private final int d;
    private final Centres centres;

    private final float[] scores = new float[LEAF];

    /** Of the centre in hand. */
    private final float[] factors;

    /** Per row in hand the least score and the second least. */
    private final int[] least = new int[LEAF];

    private final int[] next = new int[LEAF];

    /** More units than what rounding may do to the difference of two scores. */
    private final int doubt;

    /** The same with what the places among the candidates may do to it. */
    private int unsure;

    /** The bits of a score that are not a place. */
    private int ofScore;

    /** Squared distance that a unit is. */
    private double unit;

    LeafScores(RowTree tree, Centres centres) {
        this.tree = tree;
        this.centres = centres;
        d = tree.dimensions;
        factors = new float[d];
        // d + 4 roundings of at most 2⁻²⁴ of the range for either of two scores, and as much again
        doubt = Math.multiplyExact(256, d + 5);
    }

    /**
     * Finds the nearest of the first {@code count} candidates, at least two, for each row.
     *
     * @param middle of the leaf's box
     * @param half its half sides
     * @param squares per centre, if it is a candidate, the square of its distance from the middle
     * @param nearest gets the nearest, of equally near ones the first
     * @param gaps gets per candidate, if these are few enough for {@link LeafGaps}, at most the least difference of the squared
     *     distances of its rows to their second nearest centre and to it
     * @return at most the least of these differences; 0 or less if that is not known to be more
     */
    double nearest(
            int leaf,
            double[] middle,
            double[] half,
            double[] squares,
            int[] candidates,
            int count,
            int[] nearest,
            double[] gaps) {
        double diagonal = 0;
        for (double side : half) {
            diagonal += side * side;
        }
        double most = 0;
        for (int i = 0; i < count; i++) {
            most = Math.max(most, squares[candidates[i]]);
        }
        double reach = Math.sqrt(most) + Math.sqrt(diagonal);
        unit = reach * reach * (1 + 1e-12) / RANGE;
        double scale = -2 * RowTree.unit(half) / unit;
        double gap = -1;
        if (!(unit > 1e-290 && unit < 1e290) || count > MOST) {
            unsure = Integer.MAX_VALUE;
        } else if (count == 2) {
            scoreDifference(leaf, candidates[0], candidates[1], squares, scale);
            gap = nearestOfTwo(candidates[0], candidates[1], nearest, gaps);
        } else {
            int placeBits = Integer.SIZE - Integer.numberOfLeadingZeros(count - 1);
            ofScore = -1 << placeBits;
            unsure = doubt - 2 * ofScore;
            for (int i = 0; i < count; i++) {
                score(leaf, candidates[i], middle, squares[candidates[i]] + diagonal, scale);
                if (i == 0) {
                    start(scores, ofScore, least, next);
                } else {
                    insert(scores, ofScore, i, least, next);
                }
            }
            gap = nearestOfMany(candidates, count, nearest, gaps);
        }
        return gap > 0 ? gap : nearestByDistance(leaf, candidates, count, nearest, gaps);
    }

    /** @param scale of the products of a row's offsets and a centre's distances from the middle */
    private void score(int leaf, int centre, double[] middle, double square, double scale) {
        for (int c = 0; c < d; c++) {
            factors[c] = (float) ((centres.values[centre * d + c] - middle[c]) * scale);
        }
        score(leaf, (float) (square / unit));
    }

    /** By how much the second of two centres scores higher. */
    private void scoreDifference(int leaf, int first, int second, double[] squares, double scale) {
        for (int c = 0; c < d; c++) {
            factors[c] = (float) ((centres.values[second * d + c] - centres.values[first * d + c]) * scale);
        }
        score(leaf, (float) ((squares[second] - squares[first]) / unit));
    }

    private void score(int leaf, float square) {
        float[][] tiles = tree.offsets;
        float[] f = factors;
        int tile = leaf * d;
        int c = d % 4;
        switch (c) {
            case 0 -> start(square, scores);
            case 1 -> start(square, tiles[tile], f[0], scores);
            case 2 -> start(square, tiles[tile], f[0], tiles[tile + 1], f[1], scores);
            default -> start(square, tiles[tile], f[0], tiles[tile + 1], f[1], tiles[tile + 2], f[2], scores);
        }
        for (; c < d; c += 4) {
            addFour(
                    tiles[tile + c],
                    f[c],
                    tiles[tile + c + 1],
                    f[c + 1],
                    tiles[tile + c + 2],
                    f[c + 2],
                    tiles[tile + c + 3],
                    f[c + 3],
                    scores);
        }
    }

    private static void start(float square, float[] sums) {
        for (int i = 0; i < LEAF; i++) {
            sums[i] = square;
        }
    }

    private static void start(float square, float[] x, float a, float[] sums) {
        for (int i = 0; i < LEAF; i++) {
            sums[i] = square + a * x[i];
        }
    }

    private static void start(float square, float[] x, float a, float[] y, float b, float[] sums) {
        for (int i = 0; i < LEAF; i++) {
            sums[i] = square + a * x[i] + b * y[i];
        }
    }

    private static void start(float square, float[] x, float a, float[] y, float b, float[] z, float c, float[] sums) {
        for (int i = 0; i < LEAF; i++) {
            sums[i] = square + a * x[i] + b * y[i] + c * z[i];
        }
    }

    private static void addFour(
            float[] x, float a, float[] y, float b, float[] z, float c, float[] w, float e, float[] sums) {
        for (int i = 0; i < LEAF; i++) {
            sums[i] = sums[i] + a * x[i] + b * y[i] + c * z[i] + e * w[i];
        }
    }

    private double nearestOfTwo(int first, int second, int[] nearest, double[] gaps) {
        unsure = doubt;
        int farther = second - first;
        int ofFirst = Integer.MAX_VALUE;
        int ofSecond = Integer.MAX_VALUE;
        for (int i = 0; i < LEAF; i++) {
            int difference = (int) scores[i];
            int negative = difference >> 31;
            nearest[i] = first + (negative & farther);
            ofFirst = Math.min(ofFirst, (difference & Integer.MAX_VALUE) | (negative >>> 1));
            ofSecond = Math.min(ofSecond, (-difference & Integer.MAX_VALUE) | (~negative >>> 1));
        }
        gaps[0] = surely(ofFirst);
        gaps[1] = surely(ofSecond);
        return Math.min(gaps[0], gaps[1]);
    }

    private double nearestOfMany(int[] candidates, int count, int[] nearest, double[] gaps) {
        for (int i = 0; i < LEAF; i++) {
            nearest[i] = candidates[least[i] & ~ofScore];
        }
        if (count > LeafGaps.MOST) {
            return surely(leastGap(least, next, ofScore));
        }
        double leastGap = Double.POSITIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            gaps[i] = surely(leastGap(least, next, ofScore, i));
            leastGap = Math.min(leastGap, gaps[i]);
        }
        return leastGap;
    }

    /** At most the difference of squared distances of which a difference of scores tells; the largest score tells of none. */
    private double surely(int difference) {
        return difference == Integer.MAX_VALUE ? Double.POSITIVE_INFINITY : (difference - unsure) * unit;
    }

    /** As {@link #nearest}, by the one formula for rows of which the scores can't tell. */
    private double nearestByDistance(int leaf, int[] candidates, int count, int[] nearest, double[] gaps) {
        int from = leaf * LEAF;
        double rounding = 4 * (d + 4) * Math.ulp(1.0) * (unit * RANGE);
        double leastGap = Double.POSITIVE_INFINITY;
        Arrays.fill(gaps, 0, count, Double.POSITIVE_INFINITY);
        for (int i = 0; i < Math.min(LEAF, tree.size - from); i++) {
            int difference = count == 2 ? (int) scores[i] : (next[i] & ofScore) - (least[i] & ofScore);
            int place;
            double gap;
            if (Math.abs(difference) > unsure) {
                place = count == 2 ? difference >>> 31 : least[i] & ~ofScore;
                gap = surely(Math.abs(difference));
            } else {
                place = 0;
                double nearestSquare = Double.POSITIVE_INFINITY;
                double second = Double.POSITIVE_INFINITY;
                for (int candidate = 0; candidate < count; candidate++) {
                    double square = tree.squaredDistance(from + i, centres.values, candidates[candidate] * d);
                    if (square < nearestSquare) {
                        second = nearestSquare;
                        nearestSquare = square;
                        place = candidate;
                    } else if (square < second) {
                        second = square;
                    }
                }
                gap = second - nearestSquare - rounding;
            }
            nearest[i] = candidates[place];
            gaps[place] = Math.min(gaps[place], gap);
            leastGap = Math.min(leastGap, gap);
        }
        return leastGap;
    }

    private static void start(float[] scores, int ofScore, int[] least, int[] next) {
        for (int i = 0; i < LEAF; i++) {
            least[i] = (int) scores[i] & ofScore;
        }
        Arrays.fill(next, Integer.MAX_VALUE);
    }

    private static void insert(float[] scores, int ofScore, int place, int[] least, int[] next) {
        for (int i = 0; i < LEAF; i++) {
            int score = ((int) scores[i] & ofScore) | place;
            int before = least[i];
            next[i] = Math.min(next[i], Math.max(before, score));
            least[i] = Math.min(before, score);
        }
    }

    private static int leastGap(int[] least, int[] next, int ofScore) {
        int gap = Integer.MAX_VALUE;
        for (int i = 0; i < LEAF; i++) {
            gap = Math.min(gap, (next[i] & ofScore) - (least[i] & ofScore));
        }
        return gap;
    }

    /** Of the rows that are nearest to the candidate at {@code place}; the largest number if there are none. */
    private static int leastGap(int[] least, int[] next, int ofScore, int place) {
        int gap = Integer.MAX_VALUE;
        for (int i = 0; i < LEAF; i++) {
            int other = (least[i] & ~ofScore) ^ place;
            gap = Math.min(gap, ((next[i] & ofScore) - (least[i] & ofScore)) | (-other >> 31 >>> 1));
        }
        return gap;
    }
}
