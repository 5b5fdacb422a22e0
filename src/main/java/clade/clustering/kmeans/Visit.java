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

    /** The middle of the box in hand and its half sides, and the squares of the centres' distances from the middle. */
    private final double[] middle;

    private final double[] half;
    private final double[] squares;

    /** More than the relative rounding error of a difference of squared distances from the box. */
    private final double doubt;

    /** The candidate nearest to the middle. */
    private int nearestToMiddle;

    /** By how much all centres but the candidates are farther than one of these, at least, for any row of the node. */
    private double othersBeyond;

    /** At least the sum of the distances of any row of the node to its two nearest centres. */
    private double twoNearest;

    private final LeafScores scores;
    private final LeafGaps gaps;

    /** Per candidate by how much the next nearest was farther from its rows. */
    private final double[] gapOf;

    /** What the rows of the leaf in hand are nearest to. */
    private final int[] found = new int[LEAF];

    private final LabelChanges changes = new LabelChanges();

    Visit(RowTree tree, Centres centres, NodeLabels state, LeafGaps gaps, Drift drift) {
        this.tree = tree;
        this.centres = centres;
        this.state = state;
        this.drift = drift;
        this.gaps = gaps;
        gapOf = new double[centres.count];
        d = tree.dimensions;
        sumChanges = new long[Math.multiplyExact(centres.count, tree.digits)];
        weightChanges = new int[centres.count];
        candidates = new int[tree.levels.size() + 1][centres.count];
        Arrays.setAll(candidates[tree.levels.size()], j -> j);
        middle = new double[d];
        half = new double[d];
        squares = new double[centres.count];
        doubt = 16 * (d + 8) * Math.ulp(1.0);
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
        takeInChanges();
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
        if (level == 0 && !state.whole[0][node] && gaps.knows(node, drift.of(NodeLabels.MIXED))) {
            leafAgain(node);
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
            if (count <= LeafGaps.MOST) {
                double any = drift.of(NodeLabels.MIXED);
                double closed = drift.slack(NodeLabels.MIXED, othersBeyond);
                gaps.setCandidates(node, candidates[0], count, closed, twoNearest, any);
            } else {
                gaps.forget(node);
            }
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
        double least = squares[nearest];
        double leastFarther = Double.POSITIVE_INFINITY;
        double second = Double.POSITIVE_INFINITY;
        int count = 0;
        for (int i = 0; i < above; i++) {
            int j = from[i];
            if (j == nearest) {
                to[count++] = j;
                continue;
            }
            double farther = squares[j] - least - 2 * along(j, nearest);
            double surely = farther - doubt * (squares[j] + least + diagonal);
            if (surely > 0) {
                leastFarther = Math.min(leastFarther, surely);
            } else {
                to[count++] = j;
                second = Math.min(second, squares[j]);
            }
        }
        nearestToMiddle = nearest;
        double half = Math.sqrt(diagonal);
        double farthest = Math.sqrt(least) + half;
        othersBeyond = Math.min(beyondAbove, beyond(leastFarther, farthest));
        if (count > 1) {
            twoNearest = farthest + half + Math.sqrt(second);
        }
        return count;
    }

    /**
     * By how much centres are farther from a row than the nearest, which is not farther than {@code nearest}, if their
     * squared distances are so much larger.
     */
    private double beyond(double farther, double nearest) {
        return farther == Double.POSITIVE_INFINITY
                ? farther
                : drift.surely(farther / (Math.sqrt(nearest * nearest + farther) + nearest));
    }

    /** The square of half the diagonal of the box. */
    private double measureBox(int level, int node) {
        tree.levels.get(level).measure(node, middle, half);
        double sum = 0;
        for (double side : half) {
            sum += side * side;
        }
        return sum;
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
            squares[j] = sum;
        }
        return nearest;
    }

    /** How far the box reaches from its middle along the way from {@code nearest} to {@code j}, times the way's length. */
    private double along(int j, int nearest) {
        double sum = 0;
        for (int c = 0; c < d; c++) {
            sum += half[c] * Math.abs(centres.values[j * d + c] - centres.values[nearest * d + c]);
        }
        return sum;
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

    /** Labels the rows of a leaf of which the candidates are known. */
    private void leafAgain(int leaf) {
        measureBox(0, leaf);
        int count = gaps.candidates(leaf, candidates[0]);
        double any = drift.of(NodeLabels.MIXED);
        othersBeyond = gaps.closed(leaf) - any;
        twoNearest = gaps.twoNearest(leaf, any);
        double doubt = 4 * rounding(farthestOfBox() + centres.farthest());
        double gap = gaps.least(leaf, middle, half);
        if (gap > doubt) {
            setSlack(leaf, state.owners[0][leaf], gap - doubt);
        } else {
            measureCentres(candidates[0], count);
            rows(leaf, count);
        }
    }

    /** Labels the rows of a leaf that has several candidates. */
    private void rows(int leaf, int count) {
        int rows = state.endBelow(0, leaf) - leaf * LEAF;
        double gap = scores.nearest(leaf, middle, half, squares, candidates[0], count, found, gapOf);
        if (count <= LeafGaps.MOST) {
            gaps.setGaps(leaf, gapOf);
        }
        setSlack(leaf, moveRows(leaf, rows) ? commonLabel(leaf) : state.owners[0][leaf], gap);
    }

    private void setSlack(int leaf, int owner, double gap) {
        double slack = drift.surely(gap / twoNearest);
        state.owners[0][leaf] = owner;
        state.slacks[0][leaf] = drift.slack(owner, Math.min(slack, othersBeyond));
    }

    /**
     * More than what rounding may do to a difference of two squared distances and to what {@link LeafGaps} tells of it together.
     *
     * @param reach at least the largest distances of a row and of a centre from the origin together
     */
    private double rounding(double reach) {
        return 8.0 * (d + 4) * Math.ulp(1.0) * reach * reach + 1e-300;
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
        int leaf = row / LEAF;
        int rows = state.endBelow(0, leaf) - leaf * LEAF;
        System.arraycopy(state.labels, leaf * LEAF, found, 0, rows);
        found[row % LEAF] = label;
        moveRows(leaf, rows);
    }

    /** Gives the rows of a leaf that speak for themselves the labels that were found; whether any is new. */
    private boolean moveRows(int leaf, int rows) {
        int from = leaf * LEAF;
        if (!changes.find(state.labels, from, rows, found)) {
            return false;
        }
        changed = true;
        if (changes.areMany()) {
            takeInChanges();
        }
        return true;
    }

    private void takeInChanges() {
        changes.weigh(tree.weights);
        tree.moveRows(sumChanges, changes);
        for (int i = 0; i < changes.count; i++) {
            weightChanges[changes.from[i]] -= changes.weights[i];
            weightChanges[changes.to[i]] += changes.weights[i];
        }
        changes.count = 0;
    }

    /** Moves all that is below a node and not of that label yet. */
    private void give(int level, int node, int label) {
        int owner = state.owners[level][node];
        if (owner == NodeLabels.MIXED && level == 0) {
            Arrays.fill(found, label);
            moveRows(node, state.endBelow(0, node) - node * LEAF);
        } else if (owner == NodeLabels.MIXED) {
            for (int below = node * FAN; below < state.endBelow(level, node); below++) {
                give(level - 1, below, label);
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
