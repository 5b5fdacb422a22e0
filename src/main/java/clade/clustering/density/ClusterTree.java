package clade.clustering.density;

import clade.clustering.Progress;
import clade.clustering.spatial.CanonicalRows;
import clade.clustering.spatial.Phase;
import clade.clustering.spatial.RadixSort;
import java.util.Arrays;

/**
 * The clusters of HDBSCAN* and how they contain each other. At a distance, the components of all edges up to it that weigh at
 * least minClusterSize are clusters. With a falling distance a cluster may shed rows and stay the same, split at once into
 * two or more, or end. Edges of equal length join at once, so the tree is the same for every minimum spanning tree.
 *
 * <p>A row of weight w stands for w customers, who join each other at the row's core distance. Clusters are numbered by the
 * distance at which they end, then by their first row: children before parents, the root last.
 */
final class ClusterTree {

    /** Edges between two looks at progress, at least. */
    private static final int LOOK = 1 << 14;

    /** Of each cluster; −1 for the root. */
    int[] parent = new int[16];
    /** The distance below which each cluster exists: where it joins its siblings, infinite for the root. */
    double[] birth = new double[16];
    /** The least distance at which each cluster exists: where it splits or its last rows part. */
    double[] death = new double[16];

    int clusters;

    /** The smallest cluster that each row is ever in, and the distance up to which it stays there; −1 if there is none. */
    final int[] clusterOf;

    final double[] leaves;

    private final int minClusterSize;
    private final int[] weights;
    private final UnionFind sets;
    /** Of each component, by its root: total weight, a cluster of its ring or −1, the last row not yet in a cluster or −1. */
    private final int[] weight;

    private final int[] cluster;
    private final int[] loose;
    /** Rings: of the rows of a component that are in no cluster yet, and of the clusters that join at the current distance. */
    private final int[] nextLoose;

    private int[] nextSibling = new int[16];

    ClusterTree(SpanningTree tree, CanonicalRows rows, int minClusterSize, Progress progress) {
        Phase phase = new Phase(progress, "condensing the tree", 0.9, 0.97, rows.size());
        int size = rows.size();
        this.minClusterSize = minClusterSize;
        this.weights = rows.weights();
        this.sets = new UnionFind(size);
        this.weight = weights.clone();
        this.cluster = new int[size];
        this.loose = new int[size];
        this.nextLoose = new int[size];
        this.clusterOf = new int[size];
        this.leaves = new double[size];
        Arrays.fill(cluster, -1);
        Arrays.fill(clusterOf, -1);
        Arrays.setAll(loose, i -> i);
        Arrays.setAll(nextLoose, i -> i);
        grow(tree, phase);
    }

    private void grow(SpanningTree tree, Phase phase) {
        int[] edges = RadixSort.order(tree.length);
        int[] heavy = heavyRows(tree.squaredCore);
        int[] touched = new int[edges.length + heavy.length];
        int e = 0;
        int h = 0;
        int looked = 0;
        while (e < edges.length || h < heavy.length) {
            double distance = Math.min(
                    e < edges.length ? tree.length[edges[e]] : Double.POSITIVE_INFINITY,
                    h < heavy.length ? Math.sqrt(tree.squaredCore[heavy[h]]) : Double.POSITIVE_INFINITY);
            int count = 0;
            for (; h < heavy.length && Math.sqrt(tree.squaredCore[heavy[h]]) == distance; h++) {
                touched[count++] = heavy[h];
            }
            for (; e < edges.length && tree.length[edges[e]] == distance; e++) {
                touched[count++] = join(tree.from[edges[e]], tree.to[edges[e]]);
            }
            for (int i = 0; i < count; i++) {
                touched[i] = sets.find(touched[i]);
            }
            Arrays.sort(touched, 0, count);
            for (int i = 0; i < count; i++) {
                if (i == 0 || touched[i] != touched[i - 1]) {
                    settle(touched[i], distance);
                }
            }
            if (e - looked >= LOOK) {
                phase.done(e - looked);
                looked = e;
            }
        }
    }

    /** Rows that are clusters by themselves, by ascending core distance. */
    private int[] heavyRows(double[] squaredCore) {
        int[] heavy = new int[squaredCore.length];
        int count = 0;
        for (int row = 0; row < squaredCore.length; row++) {
            if (weights[row] >= minClusterSize) {
                heavy[count++] = row;
            }
        }
        double[] distances = new double[count];
        for (int i = 0; i < count; i++) {
            distances[i] = squaredCore[heavy[i]];
        }
        int[] order = RadixSort.order(distances);
        for (int i = 0; i < count; i++) {
            order[i] = heavy[order[i]];
        }
        return order;
    }

    /** Joins two components and their rings, and answers the root of the whole. */
    private int join(int a, int b) {
        int i = sets.find(a);
        int j = sets.find(b);
        sets.join(i, j);
        int whole = Math.min(i, j);
        int part = Math.max(i, j);
        weight[whole] += weight[part];
        cluster[whole] = splice(nextSibling, cluster[whole], cluster[part]);
        loose[whole] = splice(nextLoose, loose[whole], loose[part]);
        return whole;
    }

    /** Makes one ring of two, each given by a member or −1 if empty, and answers a member. */
    private static int splice(int[] next, int a, int b) {
        if (a < 0 || b < 0) {
            return Math.max(a, b);
        }
        int after = next[a];
        next[a] = next[b];
        next[b] = after;
        return a;
    }

    /** Decides what a component that has grown at this distance is: too small, the cluster that it was, or a new one. */
    private void settle(int component, double distance) {
        if (weight[component] < minClusterSize) {
            return;
        }
        int one = cluster[component];
        if (one < 0 || nextSibling[one] != one) {
            int whole = add(distance);
            for (int child = one; child >= 0 && parent[child] < 0; child = nextSibling[child]) {
                parent[child] = whole;
                birth[child] = distance;
            }
            cluster[component] = whole;
        }
        int row = loose[component];
        while (row >= 0 && clusterOf[row] < 0) {
            clusterOf[row] = cluster[component];
            leaves[row] = distance;
            row = nextLoose[row];
        }
        loose[component] = -1;
    }

    private int add(double distance) {
        if (clusters == parent.length) {
            parent = Arrays.copyOf(parent, 2 * clusters);
            birth = Arrays.copyOf(birth, 2 * clusters);
            death = Arrays.copyOf(death, 2 * clusters);
            nextSibling = Arrays.copyOf(nextSibling, 2 * clusters);
        }
        parent[clusters] = -1;
        birth[clusters] = Double.POSITIVE_INFINITY;
        death[clusters] = distance;
        nextSibling[clusters] = clusters;
        return clusters++;
    }

    /**
     * The excess of mass of each cluster: over its customers, how much longer than the cluster's birth they stay, in units of
     * λ = 1 / distance (Campello, Moulavi, Zimek and Sander 2015, doi:10.1145/2733381).
     *
     * @param least distance that λ is limited at, positive
     */
    double[] stability(double least) {
        double[] stability = new double[clusters];
        double[] lost = new double[clusters];
        long[] customers = new long[clusters];
        for (int row = 0; row < clusterOf.length; row++) {
            int c = clusterOf[row];
            if (c >= 0) {
                // compensated (Kahan), in canonical order: the same for every spanning tree
                double excess = weights[row] * (lambda(leaves[row], least) - lambda(birth[c], least)) - lost[c];
                double sum = stability[c] + excess;
                lost[c] = (sum - stability[c]) - excess;
                stability[c] = sum;
                customers[c] += weights[row];
            }
        }
        for (int c = 0; c < clusters; c++) {
            if (parent[c] >= 0) {
                int p = parent[c];
                stability[p] += customers[c] * (lambda(death[p], least) - lambda(birth[p], least));
                customers[p] += customers[c];
            }
        }
        return stability;
    }

    private static double lambda(double distance, double least) {
        return 1 / Math.max(distance, least);
    }
}
