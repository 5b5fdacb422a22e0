package clade.clustering.kmeans;

import clade.clustering.Progress;
import clade.statistics.Draws;
import clade.statistics.Parallel;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Starts by greedy k-means++: the first a random row, each further one the best of 2 + ⌊ln k⌋ rows drawn with probability
 * proportional to their squared distance from the nearest start so far, where best means that the sum of these distances
 * becomes least. A row counts as often as its weight.
 *
 * <p>Leaves that a candidate can't improve are passed over by their box; the sums keep their bits, being joined from leaves.
 *
 * @see <a href="https://dl.acm.org/doi/10.5555/1283383.1283494">Arthur and Vassilvitskii (2007), k-means++: the advantages of
 *     careful seeding</a>; the greedy choice as scikit-learn has it
 */
final class PlusPlus {

    /** Leaves whose sums are joined before they are joined with others: 1,024 rows. */
    private static final int JOINED = 1024 / RowTree.LEAF;

    private final RowTree tree;
    private final RowTree.Level leaves;
    private final int grain;

    /** Per row the squared distance to the nearest start so far, and per leaf the largest of these and their weighted sum. */
    private final double[] closest;

    private final double[] largest;
    private double[] potentials;

    /** What is left of the target while a row is searched. */
    private double left;

    private PlusPlus(RowTree tree, boolean parallel) {
        this.tree = tree;
        leaves = tree.leafLevel();
        grain = parallel ? 512 : leaves.count;
        closest = new double[tree.size];
        largest = new double[leaves.count];
        potentials = new double[leaves.count];
        Arrays.fill(closest, Double.POSITIVE_INFINITY);
        Arrays.fill(largest, Double.POSITIVE_INFINITY);
    }

    /** How many rows are tried at each step for k starts. */
    static int trials(int k) {
        return 2 + (int) StrictMath.log(k);
    }

    /** k x d values: k rows, distinct if as many are. */
    static double[] starts(RowTree tree, int k, Draws draws, boolean parallel, Progress progress, double done) {
        return new PlusPlus(tree, parallel).choose(k, draws, progress, done);
    }

    private double[] choose(int k, Draws draws, Progress progress, double done) {
        int d = tree.dimensions;
        double[] starts = new double[k * d];
        int trials = trials(k);
        double[][] tried = new double[trials][leaves.count];
        double[] point = new double[d];
        take(firstRow(draws), starts, 0);
        for (int j = 1; j < k; j++) {
            double potential = join(potentials);
            int best = -1;
            int bestRow = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int t = 0; t < trials; t++) {
                int row = rowAt(draws.uniform((long) j * trials + t) * potential);
                tree.copyRow(row, point, 0);
                progress.at("choosing starts", done);
                sumWith(point, tried[t]);
                double sum = join(tried[t]);
                if (best < 0 || sum < least) {
                    least = sum;
                    best = t;
                    bestRow = row;
                }
            }
            double[] old = potentials;
            potentials = tried[best];
            tried[best] = old;
            take(bestRow, starts, j * d);
        }
        return starts;
    }

    private int firstRow(Draws draws) {
        long total = 0;
        for (int weight : leaves.weights) {
            total += weight;
        }
        int left = draws.below((int) total, 0);
        int row = 0;
        while (left >= tree.weights[row]) {
            left -= tree.weights[row++];
        }
        return row;
    }

    /** The row where the running sum of weighted distances passes {@code target}: none that is a start already. */
    private int rowAt(double target) {
        left = target;
        int block = passing(i -> join(potentials, i), 0, (leaves.count + JOINED - 1) / JOINED);
        int leaf = passing(i -> potentials[i], block * JOINED, Math.min(leaves.count, (block + 1) * JOINED));
        int from = leaf * RowTree.LEAF;
        return passing(i -> tree.weights[i] * closest[i], from, Math.min(tree.size, from + RowTree.LEAF));
    }

    /** Where the running sum passes what is left of the target; the last positive share if rounding lets none pass. */
    private int passing(IntToDoubleFunction share, int from, int to) {
        int last = from;
        double lastShare = 0;
        for (int i = from; i < to; i++) {
            double next = share.applyAsDouble(i);
            if (next > left) {
                return i;
            }
            if (next > 0) {
                left -= next;
                last = i;
                lastShare = next;
            }
        }
        left += lastShare;
        return last;
    }

    /** The sum over all rows: leaves joined to blocks, blocks joined in order. */
    private double join(double[] sums) {
        double sum = 0;
        for (int block = 0; block * JOINED < leaves.count; block++) {
            sum += join(sums, block);
        }
        return sum;
    }

    private double join(double[] sums, int block) {
        double sum = 0;
        for (int i = block * JOINED; i < Math.min(leaves.count, (block + 1) * JOINED); i++) {
            sum += sums[i];
        }
        return sum;
    }

    /** What the sums by leaf would be if {@code point} were a start. */
    private void sumWith(double[] point, double[] sums) {
        Parallel.blocks(leaves.count, grain, (first, last) -> {
            double[] squares = new double[RowTree.LEAF];
            for (int leaf = first; leaf < last; leaf++) {
                if (outOfReach(leaf, point)) {
                    sums[leaf] = potentials[leaf];
                    continue;
                }
                tree.squaredDistances(leaf, point, 0, squares);
                double sum = 0;
                int from = leaf * RowTree.LEAF;
                for (int row = from; row < Math.min(tree.size, from + RowTree.LEAF); row++) {
                    double square = squares[row - from];
                    sum += tree.weights[row] * (square < closest[row] ? square : closest[row]);
                }
                sums[leaf] = sum;
            }
        });
    }

    /** Makes {@code row} a start. */
    private void take(int row, double[] starts, int at) {
        tree.copyRow(row, starts, at);
        double[] point = Arrays.copyOfRange(starts, at, at + tree.dimensions);
        Parallel.blocks(leaves.count, grain, (first, last) -> {
            double[] squares = new double[RowTree.LEAF];
            for (int leaf = first; leaf < last; leaf++) {
                if (outOfReach(leaf, point)) {
                    continue;
                }
                tree.squaredDistances(leaf, point, 0, squares);
                double sum = 0;
                double most = 0;
                int from = leaf * RowTree.LEAF;
                for (int i = from; i < Math.min(tree.size, from + RowTree.LEAF); i++) {
                    closest[i] = Math.min(closest[i], squares[i - from]);
                    most = Math.max(most, closest[i]);
                    sum += tree.weights[i] * closest[i];
                }
                largest[leaf] = most;
                potentials[leaf] = sum;
            }
        });
    }

    /** Whether every row of the leaf is nearer to its nearest start than to {@code point}, rounding included. */
    private boolean outOfReach(int leaf, double[] point) {
        int d = tree.dimensions;
        double sum = 0;
        for (int c = 0; c < d; c++) {
            double beyond = Math.max(leaves.low(leaf, c) - point[c], point[c] - leaves.high(leaf, c));
            if (beyond > 0) {
                sum += beyond * beyond;
            }
        }
        return sum * (1 - 1e-12) > largest[leaf];
    }
}
