package clade.clustering.hierarchy;

import clade.clustering.Dendrogram;
import clade.clustering.Progress;
import clade.clustering.spatial.CanonicalRows;
import clade.clustering.spatial.KdTree;
import clade.clustering.spatial.Phase;
import clade.clustering.spatial.RadixSort;
import clade.statistics.Parallel;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Single linkage by the minimum spanning tree of the distinct rows (Gower and Ross 1969, doi:10.2307/2346439), built by
 * Borůvka's rounds over a k-d tree (March, Ram and Gray 2010, doi:10.1145/1835804.1835882).
 *
 * <p>Edges are ordered by distance, ties by {@link Ties} of their two rows, so the tree is unique: the merges are what one
 * gets from taking, again and again, the least edge between rows of different clusters. Linear memory.
 */
public final class SpanningTree {

    private static final int NONE = -1;
    private static final int MIXED = -1;
    private static final int BLOCK = 256;

    /** Merges between two looks at progress. */
    private static final int LOOK = 1 << 14;

    private final CanonicalRows rows;
    private final Progress progress;
    private final KdTree tree;
    private final int size;
    /** Position by position, as all that follows: its component, named by one of its positions. */
    private final int[] component;
    /** The nearest position of another component when last searched, or {@link #NONE}, and a bound on its distance. */
    private final int[] nearest;

    private final double[] squared;
    /** Node by node the component that all its positions are in, or {@link #MIXED}. */
    private final int[] componentOfNode;
    /** Component by component the bits of the least squared distance out of it that is known. */
    private final AtomicLongArray least;

    private final int[] edgeFrom;
    private final int[] edgeTo;
    private final double[] edgeSquared;
    private int edges;

    public SpanningTree(CanonicalRows rows, Progress progress) {
        this.rows = rows;
        this.progress = progress;
        this.tree = new KdTree(rows.byColumn(), rows.weights(), () -> progress.at("merging", 0.1));
        this.size = rows.size();
        this.component = new int[size];
        Arrays.setAll(component, i -> i);
        this.nearest = new int[size];
        Arrays.fill(nearest, NONE);
        this.squared = new double[size];
        this.componentOfNode = new int[2 * tree.leaves()];
        this.least = new AtomicLongArray(size);
        this.edgeFrom = new int[size - 1];
        this.edgeTo = new int[size - 1];
        this.edgeSquared = new double[size - 1];
    }

    /** Bytes that a run over {@code rows} distinct rows needs. */
    public static long bytes(long rows, int columns) {
        return KdTree.bytes(rows, columns) + Merges.bytes(rows) + rows * 64;
    }

    public Dendrogram run() {
        while (edges < size - 1) {
            nameNodes();
            searchAll();
            join();
        }
        return merge();
    }

    private void nameNodes() {
        for (int node = 2 * tree.leaves() - 1; node >= 1; node--) {
            if (tree.isLeaf(node)) {
                int name = component[tree.from(node)];
                for (int p = tree.from(node) + 1; p < tree.to(node); p++) {
                    name = component[p] == name ? name : MIXED;
                }
                componentOfNode[node] = name;
            } else {
                int left = componentOfNode[2 * node];
                componentOfNode[node] = left == componentOfNode[2 * node + 1] ? left : MIXED;
            }
        }
    }

    private void searchAll() {
        long infinite = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);
        for (int p = 0; p < size; p++) {
            least.setPlain(p, infinite);
        }
        for (int p = 0; p < size; p++) {
            if (isKnown(p)) {
                offer(component[p], squared[p]);
            }
        }
        double done = 0.1 + 0.8 * edges / size;
        Parallel.blocks(size, BLOCK, (from, to) -> {
            progress.at("merging", done);
            Search search = new Search();
            for (int p = from; p < to; p++) {
                if (!isKnown(p) && squared[p] <= leastOf(component[p])) {
                    search.from(p);
                }
            }
        });
    }

    private boolean isKnown(int p) {
        return nearest[p] != NONE && component[nearest[p]] != component[p];
    }

    private double leastOf(int name) {
        return Double.longBitsToDouble(least.getPlain(name));
    }

    /** Distances are not negative, so their bits have their order. */
    private void offer(int name, double distance) {
        least.accumulateAndGet(name, Double.doubleToRawLongBits(distance), Math::min);
    }

    /** Adds every component's least edge. As no two edges are equal in their order, only a pair's own edge can come twice. */
    private void join() {
        int[] best = new int[size];
        Arrays.fill(best, NONE);
        for (int p = 0; p < size; p++) {
            int name = component[p];
            if (isKnown(p) && squared[p] == leastOf(name) && (best[name] == NONE || key(p) < key(best[name]))) {
                best[name] = p;
            }
        }
        int[] parent = new int[size];
        Arrays.setAll(parent, i -> i);
        for (int name = 0; name < size; name++) {
            if (best[name] != NONE) {
                int p = best[name];
                int a = root(parent, component[p]);
                int b = root(parent, component[nearest[p]]);
                if (a != b) {
                    parent[Math.max(a, b)] = Math.min(a, b);
                    edgeFrom[edges] = tree.row(p);
                    edgeTo[edges] = tree.row(nearest[p]);
                    edgeSquared[edges++] = squared[p];
                }
            }
        }
        for (int p = 0; p < size; p++) {
            component[p] = root(parent, component[p]);
        }
    }

    private long key(int p) {
        return Ties.key(tree.row(p), tree.row(nearest[p]));
    }

    private static int root(int[] parent, int i) {
        int at = i;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    private Dendrogram merge() {
        Phase phase = new Phase(progress, "merging", 0.9, 0.95, edges);
        long[] ties = new long[edges];
        Arrays.setAll(ties, e -> Ties.key(edgeFrom[e], edgeTo[e]) ^ Long.MIN_VALUE); // sorted as unsigned
        int[] order = RadixSort.order(edgeSquared, RadixSort.order(ties, edges));
        Merges merges = new Merges(rows.weights());
        int[] parent = new int[size];
        Arrays.setAll(parent, i -> i);
        int[] cluster = parent.clone();
        for (int e : order) {
            int a = root(parent, edgeFrom[e]);
            int b = root(parent, edgeTo[e]);
            parent[b] = a;
            cluster[a] = merges.add(cluster[a], cluster[b], Math.sqrt(edgeSquared[e]));
            if (merges.count() % LOOK == 0) {
                phase.done(LOOK);
            }
        }
        return merges.toDendrogram(progress);
    }

    /** Finds the nearest position of another component, ties by {@link Ties}. Belongs to one thread. */
    private final class Search {

        private final double[] point = new double[tree.columns()];
        private int self;
        private int name;
        private double best;
        private int found;

        void from(int p) {
            self = p;
            name = component[p];
            best = leastOf(
                    name); // read once: what is found below it is the nearest indeed, not just good enough for now
            found = NONE;
            tree.copy(p, point);
            int node = tree.leafOf(p);
            visit(node, 0);
            for (; node > 1; node >>= 1) {
                visit(node ^ 1, tree.nearest(node ^ 1, point));
            }
            nearest[p] = found;
            squared[p] = best;
            if (found != NONE) {
                offer(name, best);
            }
        }

        private void visit(int node, double distance) {
            if (distance > best || componentOfNode[node] == name) {
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
                if (component[p] != name) {
                    double distance = tree.squared(p, point);
                    if (distance < best || (distance == best && (found == NONE || isBefore(p)))) {
                        best = distance;
                        found = p;
                    }
                }
            }
        }

        private boolean isBefore(int p) {
            int own = tree.row(self);
            return Ties.key(own, tree.row(p)) < Ties.key(own, tree.row(found));
        }
    }
}
