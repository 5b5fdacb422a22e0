package clade.clustering.spatial;

import org.jspecify.annotations.Nullable;

/**
 * Finds the one row that a point reaches first. To reach a row takes the greatest of its squared distance, the row's own
 * floor and the point's own floor (with core distances as floors: mutual reachability); ties go to the nearer row, then to
 * the first. Belongs to one thread.
 */
public final class NearestRow {

    private final KdTree tree;
    private final double @Nullable [] floors;
    private final double[] point;
    private double floor;
    private int row;
    private double reach;
    private double squared;

    /**
     * A search that can be used again and again.
     *
     * @param floors squared, of each of the tree's rows in row order; null: none
     */
    public NearestRow(KdTree tree, double @Nullable [] floors) {
        this.tree = tree;
        this.floors = floors;
        this.point = new double[tree.columns()];
    }

    /**
     * Searches for the row that a point reaches first.
     *
     * @param around d coordinates
     * @param floor of the point, squared
     * @param limit greatest squared reach that counts
     * @return the row, −1 if none is within the limit
     */
    public int search(double[] around, double floor, double limit) {
        System.arraycopy(around, 0, point, 0, point.length);
        this.floor = floor;
        this.row = -1;
        this.reach = limit;
        this.squared = Double.POSITIVE_INFINITY;
        visit(1);
        return row;
    }

    /** Squared reach of the row found. */
    public double reach() {
        return reach;
    }

    private void visit(int node) {
        if (tree.isLeaf(node)) {
            scan(node);
            return;
        }
        int near = 2 * node;
        double toNear = tree.nearest(near, point);
        double toFar = tree.nearest(near + 1, point);
        if (toFar < toNear) {
            near++;
            double distance = toNear;
            toNear = toFar;
            toFar = distance;
        }
        if (toNear <= reach) {
            visit(near);
        }
        if (toFar <= reach) {
            visit(near ^ 1);
        }
    }

    private void scan(int leaf) {
        int to = tree.to(leaf);
        for (int position = tree.from(leaf); position < to; position++) {
            double distance = tree.squared(position, point);
            if (distance <= reach) {
                offer(tree.row(position), distance);
            }
        }
    }

    private void offer(int candidate, double distance) {
        double candidateReach = Math.max(distance, floor);
        if (floors != null) {
            candidateReach = Math.max(candidateReach, floors[candidate]);
        }
        boolean better = candidateReach < reach
                || (candidateReach == reach
                        && (distance < squared || (distance == squared && (row < 0 || candidate < row))));
        if (better) {
            row = candidate;
            reach = candidateReach;
            squared = distance;
        }
    }
}
