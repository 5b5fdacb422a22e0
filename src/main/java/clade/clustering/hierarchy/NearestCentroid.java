package clade.clustering.hierarchy;

/** Finds the nearest other cluster by Ward's distance, ties by {@link Ties}. Belongs to one thread. */
final class NearestCentroid {

    /**
     * A box is passed by only if its distance is above the best by more than all rounding: each of the few operations that
     * lead to either side is off by at most 2^-53 of its result.
     */
    private static final double SLACK = 1 + 0x1p-40;

    private final Centroids tree;
    private final double[] point;
    private double weight;
    private int self;
    private double best;
    private int bestSlot;

    NearestCentroid(Centroids tree) {
        this.tree = tree;
        this.point = new double[tree.columns];
    }

    /**
     * @param slot a live one, not the last
     * @param candidate a live slot that may be the nearest, or -1
     */
    void search(int slot, int candidate) {
        self = slot;
        System.arraycopy(tree.at, slot * point.length, point, 0, point.length);
        weight = tree.weight[slot];
        best = Double.POSITIVE_INFINITY;
        bestSlot = -1;
        if (candidate >= 0) {
            best = tree.halfSquared(slot, candidate);
            bestSlot = candidate;
        }
        int node = tree.leafOf(slot);
        scan(node);
        for (; node > 1; node >>= 1) {
            int sibling = node ^ 1;
            double outside = outside(sibling);
            if (!isBeyond(outside, sibling)) {
                descend(sibling);
            }
        }
    }

    /** The slot that the last search found. */
    int slot() {
        return bestSlot;
    }

    private void descend(int node) {
        if (tree.isLeaf(node)) {
            scan(node);
            return;
        }
        int near = 2 * node;
        int far = near + 1;
        double toNear = outside(near);
        double toFar = outside(far);
        if (toFar < toNear) {
            far = near;
            near++;
            double swap = toNear;
            toNear = toFar;
            toFar = swap;
        }
        if (!isBeyond(toNear, near)) {
            descend(near);
        }
        if (!isBeyond(toFar, far)) {
            descend(far);
        }
    }

    private void scan(int leaf) {
        int to = tree.to(leaf);
        for (int slot = tree.from(leaf); slot < to; slot++) {
            double other = tree.weight[slot];
            double squared = squared(slot);
            if (squared * (weight * other) <= best * (weight + other) * SLACK && slot != self) {
                double exact = squared * (weight * other / (weight + other));
                if (exact < best || (exact == best && isBefore(slot))) {
                    best = exact;
                    bestSlot = slot;
                }
            }
        }
    }

    private boolean isBefore(int slot) {
        int own = tree.representative[self];
        return bestSlot < 0 || Ties.key(own, tree.representative[slot]) < Ties.key(own, tree.representative[bestSlot]);
    }

    private double squared(int slot) {
        double[] at = tree.at;
        int i = slot * point.length;
        if (point.length == 3) {
            double a = at[i] - point[0];
            double b = at[i + 1] - point[1];
            double c = at[i + 2] - point[2];
            return a * a + b * b + c * c;
        }
        double sum = 0;
        for (int w = 0; w < point.length; w++) {
            double difference = at[i + w] - point[w];
            sum += difference * difference;
        }
        return sum;
    }

    /** Squared distance from the point to the box of a node, infinite for one without clusters. */
    private double outside(int node) {
        double[] boxes = tree.boxes;
        int i = 2 * node * point.length;
        if (point.length == 3) {
            double a = Math.max(0, Math.max(boxes[i] - point[0], point[0] - boxes[i + 1]));
            double b = Math.max(0, Math.max(boxes[i + 2] - point[1], point[1] - boxes[i + 3]));
            double c = Math.max(0, Math.max(boxes[i + 4] - point[2], point[2] - boxes[i + 5]));
            return a * a + b * b + c * c;
        }
        double sum = 0;
        for (int w = 0; w < point.length; w++, i += 2) {
            double value = point[w];
            double outside = Math.max(0, Math.max(boxes[i] - value, value - boxes[i + 1]));
            sum += outside * outside;
        }
        return sum;
    }

    private boolean isBeyond(double outside, int node) {
        double least = tree.lightest[node];
        return outside * (weight * least) > best * (weight + least) * SLACK;
    }
}
