package clade.clustering.spatial;

import clade.statistics.Parallel;
import java.util.Arrays;

/**
 * Finds the nearest rows of one point after another: as many as it takes to weigh {@code k} together. Belongs to one thread.
 */
public final class NearestRows {

    /** Positions that a thread takes at a time. */
    private static final int BLOCK = 512;

    private final KdTree tree;
    private final int k;
    private final double[] point;
    private final double[] squared;
    private final int[] positions;
    private int count;
    private long weight;
    private double bound;

    /**
     * A search that can be used again and again.
     *
     * @param k weight to be gathered, at least 0
     */
    public NearestRows(KdTree tree, int k) {
        this.tree = tree;
        this.k = k;
        this.point = new double[tree.columns()];
        int most = Math.min(k, tree.size()) + 1;
        this.squared = new double[most];
        this.positions = new int[most];
    }

    /**
     * For the row at each position the least squared distance within which rows of weight {@code k} lie, itself included.
     *
     * @param nearest takes the first {@code each} positions found for each row, nearest first, −1 after the last
     */
    public static double[] reaches(KdTree tree, int k, int[] nearest, int each, Phase phase) {
        double[] reaches = new double[tree.size()];
        Parallel.blocks(tree.size(), BLOCK, (first, end) -> {
            NearestRows rows = new NearestRows(tree, k);
            for (int position = first; position < end; position++) {
                rows.searchFrom(position);
                reaches[position] = rows.bound;
                rows.copyPositions(nearest, position * each, each);
            }
            phase.done(end - first);
        });
        return reaches;
    }

    /** Searches around the row at a position; that row is the first that counts. */
    private void searchFrom(int position) {
        clear();
        tree.copy(position, point);
        int node = tree.leafOf(position);
        scan(node);
        for (; node > 1; node >>= 1) {
            if (tree.nearest(node ^ 1, point) < bound) {
                search(node ^ 1);
            }
        }
    }

    /** Searches around a point of d coordinates. */
    public void searchAround(double[] around) {
        clear();
        System.arraycopy(around, 0, point, 0, point.length);
        search(1);
    }

    private void clear() {
        count = 0;
        weight = 0;
        bound = k == 0 ? 0 : Double.POSITIVE_INFINITY;
    }

    private void search(int node) {
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
        if (toNear < bound) {
            search(near);
        }
        if (toFar < bound) {
            search(near ^ 1);
        }
    }

    private void scan(int leaf) {
        int to = tree.to(leaf);
        for (int position = tree.from(leaf); position < to; position++) {
            double distance = tree.squared(position, point);
            if (distance < bound) {
                insert(distance, position);
            }
        }
    }

    private void insert(double distance, int position) {
        int at = count;
        while (at > 0 && squared[at - 1] > distance) {
            squared[at] = squared[at - 1];
            positions[at] = positions[at - 1];
            at--;
        }
        squared[at] = distance;
        positions[at] = position;
        count++;
        weight += tree.weight(position);
        while (weight - tree.weight(positions[count - 1]) >= k) {
            weight -= tree.weight(positions[--count]);
        }
        if (weight >= k) {
            bound = squared[count - 1];
        }
    }

    /** Least squared distance within which rows of weight k lie; infinite if all rows together weigh less. */
    public double reach() {
        return bound;
    }

    private void copyPositions(int[] into, int at, int length) {
        int found = Math.min(count, length);
        System.arraycopy(positions, 0, into, at, found);
        Arrays.fill(into, at + found, at + length, -1);
    }
}
