package clade.clustering.kmeans;

import clade.clustering.Progress;
import clade.statistics.Parallel;
import java.util.Arrays;

/**
 * Lloyd's algorithm on a {@link RowTree}: exactly what assigning every row to its nearest centre and averaging gives, though
 * most rows are not looked at.
 *
 * <p>A node whose box lies nearer to one centre than to any other is assigned whole, by its exact sum (filtering, Pelleg and
 * Moore 1999; Kanungo et al. 2002). Each node and row keeps a slack: how far the second nearest centre is beyond the nearest.
 * Until the centres have drifted by that much in all it can't change and is passed over (bounds, Hamerly 2010). Bounds decide
 * only what holds in spite of rounding; the rest is left to the one formula, {@link RowTree#squaredDistance}. Sums are exact,
 * so rows may enter and leave them.
 *
 * @see <a href="https://doi.org/10.1109/TIT.1982.1056489">Lloyd (1982), Least squares quantization in PCM</a>;
 *     <a href="https://doi.org/10.1109/TPAMI.2002.1017616">Kanungo et al. (2002)</a>;
 *     <a href="https://doi.org/10.1137/1.9781611972801.12">Hamerly (2010)</a>
 */
final class Lloyd {

    /** Not assigned yet. */
    private static final int NONE = -2;

    /** Of a node: what is below it has labels of its own. */
    private static final int MIXED = -1;

    /** Makes up for what rounding may have added to a sum. */
    private static final double ROUND_DOWN = 1 - 0x1p-51;

    private static final int LEAF = RowTree.LEAF;
    private static final int FAN = RowTree.FAN;

    /** Up to so many rows of a leaf are looked at one by one rather than all rows of the leaf together. */
    private static final int SINGLY = 4;

    private final RowTree tree;
    private final int d;
    private final int k;
    private final int grain;
    private final double[] centres;

    /** Per level and node the label of all rows below, and by how much it is safe, counted from the drift. */
    private final int[][] owners;

    private final double[][] slacks;
    private final int[] labels;
    private final double[] rowSlacks;

    /** Per centre the exact sum of its rows and their weight. */
    private final long[] sums;

    private final int[] weights;

    /** How much nearer a rival can have come to a row of each centre since the start; to any row. */
    private final double[] drift;

    private double driftOfAny;

    /** What all rounding errors of a comparison of two distances stay below. */
    private double rounding;

    private boolean moved;

    /** One for each block of roots. */
    private final Visit[] visits;

    Lloyd(RowTree tree, double[] starts, boolean parallel) {
        this.tree = tree;
        d = tree.dimensions;
        k = starts.length / d;
        grain = parallel ? 2 : tree.top().count;
        centres = starts.clone();
        owners = new int[tree.levels.size()][];
        slacks = new double[owners.length][];
        for (int level = 0; level < owners.length; level++) {
            owners[level] = new int[tree.levels.get(level).count];
            slacks[level] = new double[owners[level].length];
        }
        Arrays.fill(owners[owners.length - 1], NONE);
        Arrays.fill(slacks[owners.length - 1], Double.NEGATIVE_INFINITY);
        labels = new int[tree.size];
        rowSlacks = new double[tree.size];
        sums = new long[Math.multiplyExact(k, tree.digits)];
        weights = new int[k];
        drift = new double[k];
        visits = new Visit[(tree.top().count + grain - 1) / grain];
        Arrays.setAll(visits, i -> new Visit());
        rounding = 8 * (d + 8) * Math.ulp(1.0) * reach() + 1e-150;
    }

    /** At least the distance of any row to any centre, now and later. */
    private double reach() {
        double sum = 0;
        RowTree.Level top = tree.top();
        for (int c = 0; c < d; c++) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (int node = 0; node < top.count; node++) {
                low = Math.min(low, top.low[node * d + c]);
                high = Math.max(high, top.high[node * d + c]);
            }
            for (int j = 0; j < k; j++) {
                low = Math.min(low, centres[j * d + c]);
                high = Math.max(high, centres[j * d + c]);
            }
            sum += (high - low) * (high - low);
        }
        return Math.sqrt(sum);
    }

    /**
     * Passes until no label changes, the squared moves of the centres sum to at most {@code leastMove}, or the limit.
     *
     * @param done fraction of the whole work that is done before
     * @param share fraction of the whole work that this is
     */
    Partition run(int maxPasses, double leastMove, Progress progress, double done, double share) {
        boolean settled = false;
        boolean current = false;
        int passes = 0;
        while (!settled && passes < maxPasses) {
            assign(progress, done + share * passes / (passes + 20.0));
            passes++;
            settled = current = !moved && !hasEmpty();
            if (!settled) {
                fillEmpty();
                settled = update() <= leastMove;
            }
        }
        if (!current) {
            assign(progress, done + share);
        }
        labelRows();
        return new Partition(centres, labels, inertia(), passes, settled);
    }

    private void assign(Progress progress, double fraction) {
        moved = false;
        int top = owners.length - 1;
        Parallel.blocks(owners[top].length, grain, (first, last) -> {
            Visit visit = visits[first / grain];
            for (int node = first; node < last; node++) {
                visit.node(top, node);
            }
            visit.join();
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
        labelRows();
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
                    double distance = tree.squaredDistance(i, centres, labels[i] * d);
                    if (distance > most) {
                        most = distance;
                        farthest = i;
                    }
                }
            }
            rows[labels[farthest]]--;
            rows[j] = 1;
            open(farthest);
            visits[0].moveRow(farthest, j);
            visits[0].join();
        }
    }

    /** Makes the labels below every node on the way to a row its own, and the way unsettled. */
    private void open(int row) {
        int node = row / LEAF;
        int[] way = new int[owners.length];
        for (int level = 0; level < way.length; level++) {
            way[level] = node;
            node /= FAN;
        }
        for (int level = way.length - 1; level >= 0; level--) {
            pushDown(level, way[level]);
            owners[level][way[level]] = MIXED;
            slacks[level][way[level]] = Double.NEGATIVE_INFINITY;
        }
        rowSlacks[row] = Double.NEGATIVE_INFINITY;
    }

    /** Hands what a node says for all below it to its children. */
    private void pushDown(int level, int node) {
        int owner = owners[level][node];
        if (owner == MIXED) {
            return;
        }
        double slack = slacks[level][node];
        if (level == 0) {
            int to = Math.min(tree.size, (node + 1) * LEAF);
            Arrays.fill(labels, node * LEAF, to, owner);
            Arrays.fill(rowSlacks, node * LEAF, to, slack);
        } else {
            int to = Math.min(owners[level - 1].length, (node + 1) * FAN);
            Arrays.fill(owners[level - 1], node * FAN, to, owner);
            Arrays.fill(slacks[level - 1], node * FAN, to, slack);
        }
    }

    /** Moves each centre to the mean of its rows; the sum of the squared moves. */
    private double update() {
        double[] moves = new double[k];
        double total = 0;
        double most = 0;
        double second = 0;
        int farthest = -1;
        for (int j = 0; j < k; j++) {
            double sum = 0;
            for (int c = 0; c < d; c++) {
                double mean = tree.sum(sums, j * tree.digits, c) / weights[j];
                double move = mean - centres[j * d + c];
                sum += move * move;
                centres[j * d + c] = mean;
            }
            total += sum;
            moves[j] = Math.sqrt(sum);
            if (moves[j] > most) {
                second = most;
                most = moves[j];
                farthest = j;
            } else {
                second = Math.max(second, moves[j]);
            }
        }
        for (int j = 0; j < k; j++) {
            drift[j] = above(drift[j], moves[j] + (j == farthest ? second : most));
        }
        driftOfAny = above(driftOfAny, most + second);
        return total;
    }

    /** A sum that rounding can't have made too small, with room for the rounding of the moves themselves. */
    private double above(double sum, double move) {
        return Math.nextUp(sum + move * (1 + 1e-12) + rounding / 16);
    }

    private void labelRows() {
        for (int node = 0; node < owners[owners.length - 1].length; node++) {
            labelBelow(owners.length - 1, node);
        }
    }

    private void labelBelow(int level, int node) {
        if (owners[level][node] != MIXED) {
            int rows = LEAF;
            for (int i = 0; i < level; i++) {
                rows *= FAN;
            }
            Arrays.fill(labels, node * rows, (int) Math.min(tree.size, (node + 1L) * rows), owners[level][node]);
        } else if (level > 0) {
            for (int child = node * FAN; child < Math.min(owners[level - 1].length, (node + 1) * FAN); child++) {
                labelBelow(level - 1, child);
            }
        }
    }

    /** Sums of 1,024 rows each, joined in order. */
    private double inertia() {
        double[] parts = new double[(tree.size + 1023) / 1024];
        Parallel.blocks(parts.length, grain < owners[owners.length - 1].length ? 16 : parts.length, (first, last) -> {
            for (int part = first; part < last; part++) {
                double sum = 0;
                for (int i = part * 1024; i < Math.min(tree.size, (part + 1) * 1024); i++) {
                    sum += tree.weights[i] * tree.squaredDistance(i, centres, labels[i] * d);
                }
                parts[part] = sum;
            }
        });
        double total = 0;
        for (double part : parts) {
            total += part;
        }
        return total;
    }

    /** One thread's share of a pass; what it moves from centre to centre is joined at its end. */
    private final class Visit {

        private final long[] sumChanges = new long[sums.length];
        private final int[] weightChanges = new int[k];
        private boolean changed;

        /** The centres that a row of the node in hand may be nearest to, ascending. */
        private final int[] candidates = new int[k];

        private int candidateCount;

        /** The centre in hand, and the sides of the box in hand as seen from it. */
        private final double[] centre = new double[d];

        private final double[] lowSide = new double[d];
        private final double[] highSide = new double[d];

        /** Of a candidate its place among them; of others anything. */
        private final int[] places = new int[k];

        private final LeafDistances distances = new LeafDistances(tree, k);

        /** By how much all other centres are farther than one of the candidates, at least, for any row of the node. */
        private double othersBeyond;

        void join() {
            if (changed) {
                synchronized (sums) {
                    moved = true;
                    for (int i = 0; i < sumChanges.length; i++) {
                        sums[i] += sumChanges[i];
                    }
                    for (int j = 0; j < k; j++) {
                        weights[j] += weightChanges[j];
                    }
                }
                Arrays.fill(sumChanges, 0);
                Arrays.fill(weightChanges, 0);
                changed = false;
            }
        }

        void node(int level, int node) {
            int owner = owners[level][node];
            if (slacks[level][node] > driftOf(owner)) {
                return;
            }
            int nearest = owner >= 0 ? owner : nearestToMiddle(level, node);
            filter(level, node, nearest);
            if (candidateCount == 1) {
                give(level, node, nearest);
                slacks[level][node] = (drift[nearest] + othersBeyond) * ROUND_DOWN;
                return;
            }
            pushDown(level, node);
            if (level == 0) {
                rows(node);
            } else {
                children(level, node);
            }
        }

        private double driftOf(int owner) {
            return owner >= 0 ? drift[owner] : driftOfAny;
        }

        private int nearestToMiddle(int level, int node) {
            double[] low = tree.levels.get(level).low;
            double[] high = tree.levels.get(level).high;
            double least = Double.POSITIVE_INFINITY;
            int nearest = 0;
            for (int j = 0; j < k; j++) {
                double sum = 0;
                for (int c = 0; c < d; c++) {
                    double difference = (low[node * d + c] + high[node * d + c]) * 0.5 - centres[j * d + c];
                    sum += difference * difference;
                }
                if (sum < least) {
                    least = sum;
                    nearest = j;
                }
            }
            return nearest;
        }

        /** Keeps as candidates {@code nearest} and those that are not farther than it from every place in the box. */
        private void filter(int level, int node, int nearest) {
            double[] low = tree.levels.get(level).low;
            double[] high = tree.levels.get(level).high;
            double sum = 0;
            for (int c = 0; c < d; c++) {
                centre[c] = centres[nearest * d + c];
                lowSide[c] = low[node * d + c] - centre[c];
                highSide[c] = high[node * d + c] - centre[c];
                sum += Math.max(lowSide[c] * lowSide[c], highSide[c] * highSide[c]);
            }
            double radius = Math.sqrt(sum);
            int count = 0;
            double least = Double.POSITIVE_INFINITY;
            for (int j = 0; j < k; j++) {
                double between = 0;
                double along = 0;
                for (int c = 0; c < d; c++) {
                    double difference = centres[j * d + c] - centre[c];
                    between += difference * difference;
                    along += (difference > 0 ? highSide[c] : lowSide[c]) * difference;
                }
                // |x-j|² - |x-nearest|² over |x-j| + |x-nearest|, each at its worst in the box
                double beyond = (between - 2 * along) / (2 * radius + Math.sqrt(between)) * (1 - 1e-12) - rounding;
                if (beyond > 0 && j != nearest) {
                    least = Math.min(least, beyond);
                } else {
                    candidates[count++] = j;
                }
            }
            candidateCount = count;
            othersBeyond = least;
        }

        private void children(int level, int node) {
            int from = node * FAN;
            int to = Math.min(owners[level - 1].length, from + FAN);
            for (int child = from; child < to; child++) {
                node(level - 1, child);
            }
            int owner = owners[level - 1][from];
            double left = Double.POSITIVE_INFINITY;
            for (int child = from; child < to; child++) {
                int other = owners[level - 1][child];
                owner = other == owner ? owner : MIXED;
                left = Math.min(left, slacks[level - 1][child] - driftOf(other));
            }
            settle(level, node, owner, left);
        }

        private void rows(int node) {
            int from = node * LEAF;
            int to = Math.min(tree.size, from + LEAF);
            int open = 0;
            for (int row = from; row < to && open <= SINGLY; row++) {
                if (isOpen(row)) {
                    open++;
                }
            }
            double left;
            if (open > SINGLY) {
                left = rowsTogether(from, to);
            } else {
                left = Double.POSITIVE_INFINITY;
                for (int row = from; row < to; row++) {
                    if (isOpen(row)) {
                        row(row);
                    }
                    left = Math.min(left, rowSlacks[row] - drift[labels[row]]);
                }
            }
            int owner = labels[from];
            int others = 0;
            for (int row = from; row < to; row++) {
                others |= labels[row] ^ owner;
            }
            settle(0, node, others == 0 ? owner : MIXED, left);
        }

        private boolean isOpen(int row) {
            return labels[row] < 0 || rowSlacks[row] <= drift[labels[row]];
        }

        /** Looks at all rows of a leaf; how far the least safe of them is from a change. */
        private double rowsTogether(int from, int to) {
            distances.compute(from, centres, candidates, candidateCount);
            for (int i = 0; i < candidateCount; i++) {
                places[candidates[i]] = i;
            }
            double left = Double.POSITIVE_INFINITY;
            for (int row = from; row < to; row++) {
                int label = labels[row];
                if (label < 0
                        || candidates[places[label]] != label
                        || !distances.isNearest(places[label], row - from)) {
                    label = candidates[distances.nearest(row - from)];
                }
                double slack = keep(row, label, distances.beyond(row - from));
                if (slack < left) {
                    left = slack;
                }
            }
            return left;
        }

        private void settle(int level, int node, int owner, double left) {
            owners[level][node] = owner;
            slacks[level][node] = (driftOf(owner) + left) * ROUND_DOWN;
        }

        private void row(int row) {
            double least = Double.POSITIVE_INFINITY;
            double second = Double.POSITIVE_INFINITY;
            int nearest = candidates[0];
            for (int i = 0; i < candidateCount; i++) {
                double square = tree.squaredDistance(row, centres, candidates[i] * d);
                if (square < least) {
                    second = least;
                    least = square;
                    nearest = candidates[i];
                } else if (square < second) {
                    second = square;
                }
            }
            keep(row, nearest, Math.sqrt(second) - Math.sqrt(least));
        }

        private double keep(int row, int label, double beyond) {
            double slack = Math.min(othersBeyond, beyond - rounding) * (1 - 1e-12);
            rowSlacks[row] = (drift[label] + slack) * ROUND_DOWN;
            if (label != labels[row]) {
                moveRow(row, label);
            }
            return slack;
        }

        void moveRow(int row, int label) {
            changed = true;
            int old = labels[row];
            int weight = tree.weights[row];
            if (old >= 0) {
                tree.moveRow(sumChanges, old * tree.digits, label * tree.digits, row, weight);
                weightChanges[old] -= weight;
            } else {
                tree.addRow(sumChanges, label * tree.digits, row, weight);
            }
            labels[row] = label;
            weightChanges[label] += weight;
        }

        /** Moves all that is below a node and not of that label yet. */
        private void give(int level, int node, int label) {
            int owner = owners[level][node];
            if (owner == MIXED && level == 0) {
                for (int row = node * LEAF; row < Math.min(tree.size, (node + 1) * LEAF); row++) {
                    if (labels[row] != label) {
                        moveRow(row, label);
                    }
                }
            } else if (owner == MIXED) {
                for (int child = node * FAN; child < Math.min(owners[level - 1].length, (node + 1) * FAN); child++) {
                    give(level - 1, child, label);
                }
            } else if (owner != label) {
                changed = true;
                addNode(level, node, label, 1);
                if (owner >= 0) {
                    addNode(level, node, owner, -1);
                }
            }
            owners[level][node] = label;
        }

        private void addNode(int level, int node, int label, int times) {
            RowTree.Level nodes = tree.levels.get(level);
            for (int digit = 0; digit < tree.digits; digit++) {
                sumChanges[label * tree.digits + digit] += times * nodes.sums[node * tree.digits + digit];
            }
            weightChanges[label] += times * nodes.weights[node];
        }
    }
}
