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
    /** What is found yet, nearest first. */
    private final double[] squared;

    private final int[] positions;
    private int count;
    private long weight;
    /** Only rows nearer than this, squared, are still of interest. */
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
     * For the row at each position of a tree the least squared distance within which rows of weight {@code k} lie, itself
     * included; infinite if all rows together weigh less.
     *
     * @param k at least 1
     * @param neighbours takes the first {@code each} positions found for each row, nearest first, −1 after the last
     */
    public static double[] reaches(KdTree tree, int k, int[] neighbours, int each, Phase phase) {
        double[] reaches = new double[tree.size()];
        Parallel.blocks(tree.size(), BLOCK, (first, end) -> {
            NearestRows search = new NearestRows(tree, k);
            for (int position = first; position < end; position++) {
                search.searchFrom(position);
                reaches[position] = search.bound;
                int kept = Math.min(each, search.count);
                int at = position * each;
                System.arraycopy(search.positions, 0, neighbours, at, kept);
                Arrays.fill(neighbours, at + kept, at + each, -1);
            }
            phase.done(end - first);
        });
        return reaches;
    }

    /** Least squared distance from a point of d coordinates within which rows of weight k lie; infinite if all weigh less. */
    public double reach(double[] around) {
        clear();
        System.arraycopy(around, 0, point, 0, point.length);
        visit(1);
        return bound;
    }

    /** From the leaf of the row upwards: the first rows seen are near, and the bound is narrow from the start. */
    private void searchFrom(int position) {
        clear();
        tree.copy(position, point);
        int node = tree.leafOf(position);
        scan(node);
        for (; node > 1; node >>= 1) {
            if (tree.nearest(node ^ 1, point) < bound) {
                visit(node ^ 1);
            }
        }
    }

    private void clear() {
        count = 0;
        weight = 0;
        bound = k == 0 ? 0 : Double.POSITIVE_INFINITY;
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
        if (toNear < bound) {
            visit(near);
        }
        if (toFar < bound) {
            visit(near ^ 1);
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
}
