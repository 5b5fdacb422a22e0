package clade.clustering.kmeans;

import java.util.Arrays;

/**
 * What a fit knows of its rows: the label of each, and of each node its slack, which is by how much the second nearest centre
 * is beyond the nearest for the rows below it, counted from the drift. A node speaks for all rows below it as far as it can.
 */
final class NodeLabels {

    /** Not assigned yet. */
    static final int NONE = -2;

    /** Of a node: the rows below it have different labels. */
    static final int MIXED = -1;

    private static final int LEAF = RowTree.LEAF;
    private static final int FAN = RowTree.FAN;

    /** Per level and node the label of all rows below, and the least of their slacks. */
    final int[][] owners;

    final double[][] slacks;

    /** Per level and node whether only the node knows: what stands below it is out of date. */
    final boolean[][] whole;

    final int[] labels;

    NodeLabels(RowTree tree) {
        int levels = tree.levels.size();
        owners = new int[levels][];
        slacks = new double[levels][];
        whole = new boolean[levels][];
        for (int level = 0; level < levels; level++) {
            int count = tree.levels.get(level).count;
            owners[level] = new int[count];
            slacks[level] = new double[count];
            whole[level] = new boolean[count];
        }
        Arrays.fill(owners[levels - 1], NONE);
        Arrays.fill(slacks[levels - 1], Double.NEGATIVE_INFINITY);
        Arrays.fill(whole[levels - 1], true);
        labels = new int[tree.size];
    }

    int top() {
        return owners.length - 1;
    }

    /** The end of the nodes or, below level 0, rows under a node. */
    int endBelow(int level, int node) {
        return level == 0
                ? Math.min(labels.length, (node + 1) * LEAF)
                : Math.min(owners[level - 1].length, (node + 1) * FAN);
    }

    /** Makes what stands below a node speak for itself. */
    void handDown(int level, int node) {
        if (!whole[level][node]) {
            return;
        }
        whole[level][node] = false;
        int owner = owners[level][node];
        int end = endBelow(level, node);
        if (level == 0) {
            Arrays.fill(labels, node * LEAF, end, owner);
        } else {
            Arrays.fill(owners[level - 1], node * FAN, end, owner);
            Arrays.fill(slacks[level - 1], node * FAN, end, slacks[level][node]);
            Arrays.fill(whole[level - 1], node * FAN, end, true);
        }
    }

    /** Makes a row speak for itself, and all nodes above it mixed and without slack. */
    void single(int row) {
        int node = row / LEAF;
        int[] way = new int[owners.length];
        for (int level = 0; level < way.length; level++) {
            way[level] = node;
            node /= FAN;
        }
        for (int level = way.length - 1; level >= 0; level--) {
            handDown(level, way[level]);
            owners[level][way[level]] = MIXED;
            slacks[level][way[level]] = Double.NEGATIVE_INFINITY;
        }
    }

    /** Brings {@link #labels} up to date. */
    void labelRows() {
        for (int node = 0; node < owners[top()].length; node++) {
            labelBelow(top(), node);
        }
    }

    private void labelBelow(int level, int node) {
        if (owners[level][node] != MIXED) {
            int rows = LEAF;
            for (int i = 0; i < level; i++) {
                rows *= FAN;
            }
            Arrays.fill(labels, node * rows, (int) Math.min(labels.length, (node + 1L) * rows), owners[level][node]);
        } else if (level > 0) {
            for (int child = node * FAN; child < endBelow(level, node); child++) {
                labelBelow(level - 1, child);
            }
        }
    }
}
