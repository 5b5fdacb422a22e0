package clade.clustering.kmeans;

import java.util.Arrays;

/** One thread's share of a pass: brings labels up to date and remembers what moved from centre to centre. */
final class Visit {

    private static final int LEAF = RowTree.LEAF;
    private static final int FAN = RowTree.FAN;

    private final RowTree tree;
    private final int d;
    private final Centres centres;
    private final NodeLabels state;
    private final Drift drift;

    private final long[] sumChanges;
    private final int[] weightChanges;
    private boolean changed;

    /** Per level the centres that a row of the node in hand may be nearest to, ascending; above the top all. */
    private final int[][] candidates;

    /** The middle of the box in hand and its half sides, and the centres' distances from the middle. */
    private final double[] middle;

    private final double[] half;
    private final double[] distances;

    /** The candidate nearest to the middle. */
    private int nearestToMiddle;

    /** By how much all centres but the candidates are farther than one of these, at least, for any row of the node. */
    private double othersBeyond;

    /** At least the sum of the distances of any row of the node to its two nearest centres. */
    private double twoNearest;

    private final LeafScores scores;

    /** What the rows of the leaf in hand are nearest to. */
    private final int[] found = new int[LEAF];

    Visit(RowTree tree, Centres centres, NodeLabels state, Drift drift) {
        this.tree = tree;
        this.centres = centres;
        this.state = state;
        this.drift = drift;
        d = tree.dimensions;
        sumChanges = new long[Math.multiplyExact(centres.count, tree.digits)];
        weightChanges = new int[centres.count];
        candidates = new int[tree.levels.size() + 1][centres.count];
        Arrays.setAll(candidates[tree.levels.size()], j -> j);
        middle = new double[d];
        half = new double[d];
        distances = new double[centres.count];
        scores = new LeafScores(tree, centres);
    }

    void root(int node) {
        node(state.top(), node, centres.count, Double.POSITIVE_INFINITY);
    }

    /** Adds what has moved since the last time to the sums and weights of all centres; whether anything has. */
    boolean join(long[] sums, int[] weights) {
        if (!changed) {
            return false;
        }
        changed = false;
        for (int i = 0; i < sums.length; i++) {
            sums[i] += sumChanges[i];
        }
        for (int j = 0; j < weights.length; j++) {
            weights[j] += weightChanges[j];
        }
        Arrays.fill(sumChanges, 0);
        Arrays.fill(weightChanges, 0);
        return true;
    }

    /** {@code above} candidates of the node's parent, and by how much all other centres are farther. */
    private void node(int level, int node, int above, double beyond) {
        if (state.slacks[level][node] > drift.of(state.owners[level][node])) {
            return;
        }
        int count = filter(level, node, above, beyond);
        int nearest = nearestToMiddle;
        if (count == 1) {
            give(level, node, nearest);
            state.whole[level][node] = true;
            state.slacks[level][node] = drift.slack(nearest, othersBeyond);
        } else if (level == 0) {
            if (state.owners[0][node] == NodeLabels.NONE) {
                give(0, node, nearest);
            }
            state.handDown(0, node);
            rows(node, count);
        } else {
            state.handDown(level, node);
            children(level, node, count, othersBeyond);
        }
    }

    /** Keeps as candidates the centre nearest to the middle of the node and those not farther than it from all of the box. */
    private int filter(int level, int node, int above, double beyondAbove) {
        int[] from = candidates[level + 1];
        int[] to = candidates[level];
        double diagonal = measureBox(level, node);
        int nearest = measureCentres(from, above);
        int count = 0;
        double leastBeyond = beyondAbove;
        double second = Double.POSITIVE_INFINITY;
        for (int i = 0; i < above; i++) {
            int j = from[i];
            double beyond = j == nearest ? 0 : beyond(j, nearest, diagonal);
            if (beyond > 0) {
                leastBeyond = Math.min(leastBeyond, beyond);
            } else {
                to[count++] = j;
                second = j == nearest ? second : Math.min(second, distances[j]);
            }
        }
        nearestToMiddle = nearest;
        othersBeyond = leastBeyond;
        twoNearest = distances[nearest] + second + 2 * diagonal;
        return count;
    }

    /** Half the diagonal of the box. */
    private double measureBox(int level, int node) {
        RowTree.Level nodes = tree.levels.get(level);
        double sum = 0;
        for (int c = 0; c < d; c++) {
            double low = nodes.low[node * d + c];
            double high = nodes.high[node * d + c];
            double between = (low + high) * 0.5;
            double side = Math.max(high - between, between - low);
            middle[c] = between;
            half[c] = side;
            sum += side * side;
        }
        return Math.sqrt(sum);
    }

    /** The centre nearest to the middle. */
    private int measureCentres(int[] among, int count) {
        double least = Double.POSITIVE_INFINITY;
        int nearest = among[0];
        for (int i = 0; i < count; i++) {
            int j = among[i];
            double sum = 0;
            for (int c = 0; c < d; c++) {
                double difference = middle[c] - centres.values[j * d + c];
                sum += difference * difference;
            }
            if (sum < least) {
                least = sum;
                nearest = j;
            }
            distances[j] = Math.sqrt(sum);
        }
        return nearest;
    }

    /** By how much centre {@code j} is surely farther than {@code nearest} from any place in the box; at most 0 if not from all. */
    private double beyond(int j, int nearest, double diagonal) {
        double along = 0;
        for (int c = 0; c < d; c++) {
            along += half[c] * Math.abs(centres.values[j * d + c] - centres.values[nearest * d + c]);
        }
        double sum = distances[j] + distances[nearest];
        double difference = (distances[j] - distances[nearest]) * sum - 2 * along;
        // |x-j|² - |x-nearest|² over |x-j| + |x-nearest|, each at its worst in the box
        return difference > 0 ? drift.surely(difference / (sum + 2 * diagonal)) : 0;
    }

    private void children(int level, int node, int count, double beyond) {
        int from = node * FAN;
        int to = state.endBelow(level, node);
        int[] owners = state.owners[level - 1];
        double[] slacks = state.slacks[level - 1];
        int owner = NodeLabels.NONE;
        double least = Double.POSITIVE_INFINITY;
        for (int child = from; child < to; child++) {
            node(level - 1, child, count, beyond);
            int other = owners[child];
            owner = child == from || other == owner ? other : NodeLabels.MIXED;
            least = Math.min(least, slacks[child] - drift.of(other));
        }
        state.owners[level][node] = owner;
        state.slacks[level][node] = drift.slack(owner, least);
    }

    /** Labels the rows of a leaf that has several candidates. */
    private void rows(int leaf, int count) {
        int from = leaf * LEAF;
        int rows = state.endBelow(0, leaf) - from;
        double reach = farthestOfBox() + centres.farthest();
        double doubt = scores.doubt(count, reach);
        double gap = scores.nearest(leaf, candidates[0], count, reach, found);
        if (!(gap > doubt)) {
            gap = nearestByDistance(from, rows, count);
        }
        int differing = Arrays.mismatch(state.labels, from, from + rows, found, 0, rows);
        boolean moved = differing >= 0;
        while (differing >= 0) {
            moveRow(from + differing, found[differing]);
            differing = Arrays.mismatch(state.labels, from, from + rows, found, 0, rows);
        }
        int owner = moved ? commonLabel(leaf) : state.owners[0][leaf];
        double slack = drift.surely((gap - doubt) / twoNearest);
        state.owners[0][leaf] = owner;
        state.slacks[0][leaf] = drift.slack(owner, Math.min(slack, othersBeyond));
    }

    /** The largest distance of any place in the box from the origin. */
    private double farthestOfBox() {
        double sum = 0;
        for (int c = 0; c < d; c++) {
            double most = Math.abs(middle[c]) + half[c];
            sum += most * most;
        }
        return Math.sqrt(sum);
    }

    /** Finds the nearest candidates, of equally near ones the first; the least squared distance between second and nearest. */
    private double nearestByDistance(int from, int rows, int count) {
        int[] among = candidates[0];
        double gap = Double.POSITIVE_INFINITY;
        for (int i = 0; i < rows; i++) {
            double least = Double.POSITIVE_INFINITY;
            double second = Double.POSITIVE_INFINITY;
            for (int candidate = 0; candidate < count; candidate++) {
                double square = tree.squaredDistance(from + i, centres.values, among[candidate] * d);
                if (square < least) {
                    second = least;
                    least = square;
                    found[i] = among[candidate];
                } else if (square < second) {
                    second = square;
                }
            }
            gap = Math.min(gap, second - least);
        }
        return gap;
    }

    private int commonLabel(int leaf) {
        int from = leaf * LEAF;
        int label = state.labels[from];
        int others = 0;
        for (int row = from; row < state.endBelow(0, leaf); row++) {
            others |= state.labels[row] ^ label;
        }
        return others == 0 ? label : NodeLabels.MIXED;
    }

    /** Moves a row that speaks for itself. */
    void moveRow(int row, int label) {
        changed = true;
        int old = state.labels[row];
        int weight = tree.weights[row];
        tree.moveRow(sumChanges, old * tree.digits, label * tree.digits, row, weight);
        weightChanges[old] -= weight;
        weightChanges[label] += weight;
        state.labels[row] = label;
    }

    /** Moves all that is below a node and not of that label yet. */
    private void give(int level, int node, int label) {
        int owner = state.owners[level][node];
        if (owner == NodeLabels.MIXED) {
            for (int below = node * (level == 0 ? LEAF : FAN); below < state.endBelow(level, node); below++) {
                if (level > 0) {
                    give(level - 1, below, label);
                } else if (state.labels[below] != label) {
                    moveRow(below, label);
                }
            }
        } else if (owner != label) {
            changed = true;
            addNode(level, node, label, 1);
            if (owner >= 0) {
                addNode(level, node, owner, -1);
            }
        }
        state.owners[level][node] = label;
    }

    private void addNode(int level, int node, int label, int times) {
        RowTree.Level nodes = tree.levels.get(level);
        for (int digit = 0; digit < tree.digits; digit++) {
            sumChanges[label * tree.digits + digit] += times * nodes.sums[node * tree.digits + digit];
        }
        weightChanges[label] += times * nodes.weights[node];
    }
}
