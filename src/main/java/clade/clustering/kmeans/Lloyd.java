package clade.clustering.kmeans;

import clade.clustering.Progress;
import clade.statistics.Parallel;
import clade.statistics.WideSum;
import java.util.Arrays;

/**
 * Lloyd's algorithm on a {@link RowTree}: exactly what assigning every row to its nearest centre and averaging gives, though
 * most rows are not looked at.
 *
 * <p>A node whose box lies nearer to one centre than to any other is assigned whole, by its exact sum (filtering, Pelleg and
 * Moore 1999; Kanungo et al. 2002). Each node keeps a slack: how far the second nearest centre is beyond the nearest, for any of its rows.
 * Until the centres have drifted by that much in all it can't change and is passed over (bounds, Hamerly 2010). Bounds decide
 * only what holds in spite of rounding; the rest is left to the one formula, {@link RowTree#squaredDistance}. Sums are exact,
 * so rows may enter and leave them.
 *
 * @see <a href="https://doi.org/10.1109/TIT.1982.1056489">Lloyd (1982), Least squares quantization in PCM</a>;
 *     <a href="https://doi.org/10.1109/TPAMI.2002.1017616">Kanungo et al. (2002)</a>;
 *     <a href="https://doi.org/10.1137/1.9781611972801.12">Hamerly (2010)</a>
 */
final class Lloyd {

    /** Up to so many rows a pass is too short to share. */
    private static final int ALONE = 1 << 14;

    private final RowTree tree;
    private final int d;
    private final int k;
    private final int grain;
    private final Centres centres;
    private final NodeLabels state;
    private final LeafGaps gaps;
    private final Drift drift;

    /** Per centre the exact sum of its rows and their weight. */
    private final long[] sums;

    private final int[] weights;
    private boolean moved;

    /** One for each block of roots. */
    private final Visit[] visits;

    Lloyd(RowTree tree, double[] starts, boolean parallel) {
        this.tree = tree;
        d = tree.dimensions;
        k = starts.length / d;
        grain = parallel && tree.size > ALONE ? 2 : tree.top().count;
        centres = new Centres(starts, d);
        state = new NodeLabels(tree);
        gaps = new LeafGaps(tree, centres);
        drift = new Drift(k, d, reach());
        sums = new long[Math.multiplyExact(k, tree.digits)];
        weights = new int[k];
        visits = new Visit[(tree.top().count + grain - 1) / grain];
        Arrays.setAll(visits, i -> new Visit(tree, centres, state, gaps, drift));
    }

    /** At least the distance of any row to any centre, now and later. */
    private double reach() {
        double sum = 0;
        RowTree.Level top = tree.top();
        for (int c = 0; c < d; c++) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (int node = 0; node < top.count; node++) {
                low = Math.min(low, top.low(node, c));
                high = Math.max(high, top.high(node, c));
            }
            for (int j = 0; j < k; j++) {
                low = Math.min(low, centres.values[j * d + c]);
                high = Math.max(high, centres.values[j * d + c]);
            }
            sum += (high - low) * (high - low);
        }
        return Math.sqrt(sum);
    }

    /**
     * Passes until no label changes, the squared moves of the centres sum to at most {@code leastMove}, or the limit.
     *
     * @param anyOrder the rows are not canonical: to stop once the answer depends on their order
     * @param done fraction of the whole work that is done before
     * @param share fraction of the whole work that this is
     */
    Partition run(int maxPasses, double leastMove, boolean anyOrder, Progress progress, double done, double share) {
        boolean settled = false;
        boolean current = false;
        boolean emptied = false;
        int passes = 0;
        while (!settled && passes < maxPasses) {
            assign(progress, done + share * passes / (passes + 20.0));
            passes++;
            settled = current = !moved && !hasEmpty();
            emptied |= hasEmpty();
            if (anyOrder && emptied) {
                break;
            }
            if (!settled) {
                fillEmpty();
                settled = update() <= leastMove;
            }
        }
        if (!current) {
            assign(progress, done + share);
        }
        state.labelRows();
        return new Partition(centres.values, state.labels, weights, inertia(), passes, settled, emptied);
    }

    private void assign(Progress progress, double fraction) {
        moved = false;
        Parallel.blocks(tree.top().count, grain, (first, last) -> {
            Visit visit = visits[first / grain];
            for (int node = first; node < last; node++) {
                visit.root(node);
            }
            synchronized (sums) {
                moved |= visit.join(sums, weights);
            }
            progress.at("clustering", fraction);
        });
    }

    private boolean hasEmpty() {
        for (int weight : weights) {
            if (weight == 0) {
                return true;
            }
        }
        return false;
    }

    /** Gives each centre without rows the row farthest from its own centre, among centres that have another row as well. */
    private void fillEmpty() {
        if (!hasEmpty()) {
            return;
        }
        state.labelRows();
        int[] labels = state.labels;
        int[] rows = new int[k];
        for (int label : labels) {
            rows[label]++;
        }
        for (int j = 0; j < k; j++) {
            if (weights[j] > 0) {
                continue;
            }
            int farthest = -1;
            double most = -1;
            for (int i = 0; i < labels.length; i++) {
                if (rows[labels[i]] > 1) {
                    double distance = tree.squaredDistance(i, centres.values, labels[i] * d);
                    if (distance > most) {
                        most = distance;
                        farthest = i;
                    }
                }
            }
            rows[labels[farthest]]--;
            rows[j] = 1;
            state.single(farthest);
            gaps.forget(farthest / RowTree.LEAF);
            visits[0].moveRow(farthest, j);
            visits[0].join(sums, weights);
        }
    }

    /** Moves each centre to the mean of its rows; the sum of the squared moves. */
    private double update() {
        double[] moves = new double[k];
        double total = 0;
        for (int j = 0; j < k; j++) {
            double sum = 0;
            for (int c = 0; c < d; c++) {
                double mean = tree.sum(sums, j * tree.digits, c) / weights[j];
                double move = mean - centres.values[j * d + c];
                sum += move * move;
                centres.values[j * d + c] = mean;
            }
            total += sum;
            moves[j] = Math.sqrt(sum);
        }
        centres.refresh();
        drift.add(moves);
        return total;
    }

    /** Cut off far below what counts, the same for any order of the rows. */
    private double inertia() {
        WideSum format = WideSum.cut(reach() * reach(), tree.totalWeight);
        long[] total = new long[format.digits()];
        int block = grain < tree.top().count ? 64 : tree.leafLevel().count;
        Parallel.blocks(tree.leafLevel().count, block, (first, last) -> {
            long[] sum = new long[format.digits()];
            double[] squares = new double[RowTree.LEAF];
            for (int leaf = first; leaf < last; leaf++) {
                int from = leaf * RowTree.LEAF;
                int to = Math.min(tree.size, from + RowTree.LEAF);
                int label = state.labels[from];
                if (state.owners[0][leaf] == label) {
                    tree.squaredDistances(leaf, centres.values, label * d, squares);
                } else {
                    for (int i = from; i < to; i++) {
                        squares[i - from] = tree.squaredDistance(i, centres.values, state.labels[i] * d);
                    }
                }
                for (int i = from; i < to; i++) {
                    format.add(sum, 0, squares[i - from], tree.weights[i]);
                }
            }
            synchronized (total) {
                for (int digit = 0; digit < total.length; digit++) {
                    total[digit] += sum[digit];
                }
            }
        });
        return format.value(total, 0);
    }
}
