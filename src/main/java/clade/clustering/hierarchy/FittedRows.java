package clade.clustering.hierarchy;

import clade.clustering.spatial.KdTree;
import clade.statistics.Matrix;
import clade.statistics.Parallel;

/** Finds the nearest fitted row of any row, ties to the first in canonical order. */
public final class FittedRows {

    private static final int BLOCK = 256;

    private final KdTree tree;

    /** @param byColumn the distinct fitted rows in canonical order: d arrays of m values */
    public FittedRows(double[][] byColumn) {
        this.tree = new KdTree(byColumn, new int[byColumn[0].length]); // weights count for nothing here
    }

    /** The fitted row nearest to each row of {@code x}, n values in [0, m). */
    public int[] nearest(Matrix x) {
        int[] nearest = new int[x.rows()];
        Parallel.blocks(x.rows(), BLOCK, (from, to) -> {
            Search search = new Search();
            for (int i = from; i < to; i++) {
                nearest[i] = search.around(x, i);
            }
        });
        return nearest;
    }

    private final class Search {

        private final double[] point = new double[tree.columns()];
        private double best;
        private int row;

        int around(Matrix x, int i) {
            System.arraycopy(x.values(), i * point.length, point, 0, point.length);
            best = Double.POSITIVE_INFINITY;
            row = Integer.MAX_VALUE;
            visit(1, 0);
            return row;
        }

        private void visit(int node, double distance) {
            if (distance > best) {
                return;
            }
            if (tree.isLeaf(node)) {
                scan(node);
                return;
            }
            int near = 2 * node;
            double toNear = tree.nearest(near, point);
            double toFar = tree.nearest(near + 1, point);
            if (toFar < toNear) {
                visit(near + 1, toFar);
                visit(near, toNear);
            } else {
                visit(near, toNear);
                visit(near + 1, toFar);
            }
        }

        private void scan(int leaf) {
            for (int p = tree.from(leaf); p < tree.to(leaf); p++) {
                double distance = tree.squared(p, point);
                if (distance < best || (distance == best && tree.row(p) < row)) {
                    best = distance;
                    row = tree.row(p);
                }
            }
        }
    }
}
