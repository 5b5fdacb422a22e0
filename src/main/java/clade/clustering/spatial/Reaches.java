package clade.clustering.spatial;

import clade.statistics.Parallel;
import java.util.Arrays;

/**
 * How far each row of a tree must reach to gather a weight, found for the rows of a leaf together: they share the walk over
 * the tree, whose parts are passed over if none of them can gain there. Belongs to one thread.
 */
public final class Reaches {

    /** Greatest weight for which a new distance is taken in without branches, one step for each distance kept. */
    private static final int FEW = 32;

    /** Leaves that a thread takes at a time. */
    private static final int BLOCK = 32;

    private static final long INFINITE = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);

    private final KdTree tree;
    private final int k;

    /** The k least squared distances found for each row of the leaf, ascending: as bits, whose order is that of the numbers. */
    private final long[] least;

    /** The k-th of each, and the greatest of these: only nearer rows are still of interest. */
    private final double[] bounds = new double[KdTree.LEAF];

    private double widest;
    private int leaf;
    private int from;
    private int to;

    private Reaches(KdTree tree, int k) {
        this.tree = tree;
        this.k = k;
        this.least = new long[KdTree.LEAF * k];
    }

    /**
     * For the row at each position of a tree the least squared distance within which rows of weight {@code k} lie, itself
     * included; infinite if all rows together weigh less.
     *
     * @param k at least 1
     * @param phase counts positions
     */
    public static double[] of(KdTree tree, int k, Phase phase) {
        if (k > FEW) {
            return NearestRows.reaches(tree, k, new int[0], 0, phase);
        }
        double[] reaches = new double[tree.size()];
        Parallel.blocks(tree.leaves(), BLOCK, (first, end) -> {
            Reaches search = new Reaches(tree, k);
            for (int leaf = first; leaf < end; leaf++) {
                search.search(tree.leaves() + leaf);
                System.arraycopy(search.bounds, 0, reaches, search.from, search.to - search.from);
            }
            phase.done(tree.to(tree.leaves() + end - 1) - tree.from(tree.leaves() + first));
        });
        return reaches;
    }

    /** From the leaf upwards: the first rows seen are near, and the bounds are narrow from the start. */
    private void search(int start) {
        leaf = start;
        from = tree.from(leaf);
        to = tree.to(leaf);
        Arrays.fill(least, INFINITE);
        Arrays.fill(bounds, Double.POSITIVE_INFINITY);
        for (int position = from; position < to; position++) {
            scan(leaf, position);
        }
        widen();
        for (int node = leaf; node > 1; node >>= 1) {
            if (tree.between(node ^ 1, leaf) < widest) {
                visit(node ^ 1);
            }
        }
    }

    private void visit(int node) {
        if (tree.isLeaf(node)) {
            for (int position = from; position < to; position++) {
                if (tree.nearest(node, position) < bounds[position - from]) {
                    scan(node, position);
                }
            }
            widen();
            return;
        }
        int near = 2 * node;
        double toNear = tree.between(near, leaf);
        double toFar = tree.between(near + 1, leaf);
        if (toFar < toNear) {
            near++;
            double distance = toNear;
            toNear = toFar;
            toFar = distance;
        }
        if (toNear < widest) {
            visit(near);
        }
        if (toFar < widest) {
            visit(near ^ 1);
        }
    }

    private void widen() {
        double greatest = 0;
        for (int i = 0; i < to - from; i++) {
            greatest = Math.max(greatest, bounds[i]);
        }
        widest = greatest;
    }

    private void scan(int node, int position) {
        int last = (position - from + 1) * k - 1;
        double bound = bounds[position - from];
        int end = tree.to(node);
        for (int other = tree.from(node); other < end; other++) {
            double distance = tree.squared(other, position);
            if (distance < bound) {
                for (int copy = Math.min(k, tree.weight(other)); copy > 0; copy--) {
                    insert(Double.doubleToRawLongBits(distance), last);
                }
                bound = Double.longBitsToDouble(least[last]);
            }
        }
        bounds[position - from] = bound;
    }

    /** Puts a number in its place among the k that end at {@code last}, and the greatest out. */
    private void insert(long number, int last) {
        long above = least[last];
        for (int at = last; at > last - k + 1; at--) {
            long below = least[at - 1];
            least[at] = Math.min(above, Math.max(below, number));
            above = below;
        }
        least[last - k + 1] = Math.min(above, number);
    }
}
