package clade.clustering.hierarchy;

import clade.clustering.spatial.CanonicalRows;
import clade.clustering.spatial.KdTree;
import clade.statistics.Parallel;

/**
 * The live clusters of a Ward clustering in a balanced tree of boxes over their centroids, each node with its lightest
 * cluster.
 *
 * <p>A cluster lives in a <em>slot</em>; slots are in the order of a k-d tree, and a node is a run of slots, numbered as in a
 * heap: 1 is the root, the children of {@code q} are {@code 2q} and {@code 2q + 1}. What has merged takes the slot of one of
 * its two, the other is left empty until {@link #rebuild}.
 */
final class Centroids {

    /** Slots of a leaf at most. */
    private static final int LEAF = 8;

    /** Slots that a thread takes at a time. */
    private static final int BLOCK = 1 << 14;

    /** Levels above the subtrees that threads take. */
    private static final int SHARED_LEVELS = 6;

    final int columns;
    int slots;
    int levels;
    int live;
    /** Slot by slot the d coordinates, NaN in an empty slot: no comparison holds there. */
    final double[] at;

    final double[] weight;
    final int[] representative;
    final int[] cluster;
    /** Node by node the least and the greatest value of each column in turn. */
    final double[] boxes;

    final double[] lightest;

    private final Runnable look;

    /** @param look called now and then while the tree is built, now and by {@link #rebuild}; may throw */
    Centroids(CanonicalRows rows, Runnable look) {
        this.look = look;
        this.columns = rows.columns();
        this.slots = rows.size();
        this.live = slots;
        this.at = new double[Math.multiplyExact(slots, columns)];
        this.weight = new double[slots];
        this.representative = new int[slots];
        for (int s = 0; s < slots; s++) {
            weight[s] = rows.weights()[s];
            representative[s] = s;
        }
        this.cluster = representative.clone();
        this.boxes = new double[Math.multiplyExact(2 << levels(slots), 2 * columns)];
        this.lightest = new double[2 << levels(slots)];
        arrange(rows.byColumn(), representative.clone());
    }

    /** Bytes for {@code rows} clusters, the first building of the tree included. */
    static long bytes(long rows, int columns) {
        long nodes = 2L << levels((int) rows);
        return rows * (16L * columns + 40) + nodes * (16L * columns + 8) + KdTree.bytes(rows, columns);
    }

    private static int levels(int slots) {
        int levels = 0;
        while (((slots - 1) >> levels) + 1 > LEAF) {
            levels++;
        }
        return levels;
    }

    boolean isLeaf(int node) {
        return node >> levels != 0;
    }

    int from(int leaf) {
        return (int) (((long) slots * (leaf - (1 << levels))) >> levels);
    }

    int to(int leaf) {
        return (int) (((long) slots * (leaf + 1 - (1 << levels))) >> levels);
    }

    int leafOf(int slot) {
        return (1 << levels) + (int) ((((slot + 1L) << levels) - 1) / slots);
    }

    boolean isEmpty(int slot) {
        return Double.isNaN(at[slot * columns]);
    }

    /** Ward's distance between two live slots, squared and halved. */
    double halfSquared(int a, int b) {
        double sum = 0;
        for (int w = 0; w < columns; w++) {
            double difference = at[a * columns + w] - at[b * columns + w];
            sum += difference * difference;
        }
        return sum * (weight[a] * weight[b] / (weight[a] + weight[b]));
    }

    /** Merges slot b into slot a. Other threads may do so with other slots, so {@link #live} is not counted here. */
    void merge(int a, int b, int merged) {
        double total = weight[a] + weight[b];
        for (int w = 0; w < columns; w++) {
            int i = a * columns + w;
            int j = b * columns + w;
            at[i] = (weight[a] * at[i] + weight[b] * at[j]) / total;
            at[j] = Double.NaN;
        }
        weight[a] = total;
        weight[b] = Double.POSITIVE_INFINITY;
        representative[a] = Math.min(representative[a], representative[b]);
        cluster[a] = merged;
    }

    /**
     * Builds the tree anew over the live clusters.
     *
     * @return the new slot of each old one, -1 for an empty one
     */
    int[] rebuild() {
        int[] moved = new int[slots];
        int[] from = new int[live];
        double[][] byColumn = new double[columns][live];
        int count = 0;
        for (int s = 0; s < slots; s++) {
            moved[s] = -1;
            if (!isEmpty(s)) {
                for (int w = 0; w < columns; w++) {
                    byColumn[w][count] = at[s * columns + w];
                }
                from[count++] = s;
            }
        }
        arrange(byColumn, from);
        Parallel.blocks(slots, BLOCK, (first, end) -> {
            for (int s = first; s < end; s++) {
                moved[from[s]] = s;
            }
        });
        return moved;
    }

    /**
     * Puts the live clusters into the first slots, in the order of a k-d tree.
     *
     * @param byColumn their centroids
     * @param from the slot of each; becomes the old slot of each new one
     */
    private void arrange(double[][] byColumn, int[] from) {
        slots = live;
        levels = levels(slots);
        double[] weights = new double[slots];
        int[] representatives = new int[slots];
        int[] clusters = new int[slots];
        int[] old = from.clone();
        KdTree order = new KdTree(byColumn, new int[slots], look);
        Parallel.blocks(slots, BLOCK, (first, end) -> {
            for (int s = first; s < end; s++) {
                int row = order.row(s);
                from[s] = old[row];
                weights[s] = weight[from[s]];
                representatives[s] = representative[from[s]];
                clusters[s] = cluster[from[s]];
                for (int w = 0; w < columns; w++) {
                    at[s * columns + w] = byColumn[w][row];
                }
            }
        });
        System.arraycopy(weights, 0, weight, 0, slots);
        System.arraycopy(representatives, 0, representative, 0, slots);
        System.arraycopy(clusters, 0, cluster, 0, slots);
        refreshAll();
    }

    /** Brings all boxes up to date. */
    void refreshAll() {
        int subtrees = 1 << Math.min(levels, SHARED_LEVELS);
        Parallel.blocks(subtrees, 1, (node, end) -> refreshBelow(subtrees + node));
        for (int node = subtrees - 1; node >= 1; node--) {
            refreshInner(node);
        }
    }

    private void refreshBelow(int node) {
        if (isLeaf(node)) {
            refreshLeaf(node);
            return;
        }
        refreshBelow(2 * node);
        refreshBelow(2 * node + 1);
        refreshInner(node);
    }

    /** Brings the boxes over a slot up to date. */
    void refresh(int slot) {
        int node = leafOf(slot);
        boolean changed = refreshLeaf(node);
        while (changed && node > 1) {
            node >>= 1;
            changed = refreshInner(node);
        }
    }

    private boolean refreshLeaf(int leaf) {
        double least = Double.POSITIVE_INFINITY;
        int from = from(leaf);
        int to = to(leaf);
        for (int s = from; s < to; s++) {
            least = Math.min(least, weight[s]);
        }
        boolean changed = setLightest(leaf, least);
        for (int w = 0; w < columns; w++) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (int s = from; s < to; s++) {
                double value = at[s * columns + w];
                low = value < low ? value : low;
                high = value > high ? value : high;
            }
            changed |= setSide(leaf, w, low, high);
        }
        return changed;
    }

    private boolean refreshInner(int node) {
        int left = 2 * node;
        boolean changed = setLightest(node, Math.min(lightest[left], lightest[left + 1]));
        for (int w = 0; w < columns; w++) {
            int a = 2 * (left * columns + w);
            int b = a + 2 * columns;
            changed |= setSide(node, w, Math.min(boxes[a], boxes[b]), Math.max(boxes[a + 1], boxes[b + 1]));
        }
        return changed;
    }

    private boolean setLightest(int node, double least) {
        boolean changed = lightest[node] != least;
        lightest[node] = least;
        return changed;
    }

    private boolean setSide(int node, int column, double low, double high) {
        int i = 2 * (node * columns + column);
        boolean changed = boxes[i] != low || boxes[i + 1] != high;
        boxes[i] = low;
        boxes[i + 1] = high;
        return changed;
    }
}
