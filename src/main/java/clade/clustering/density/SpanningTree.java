package clade.clustering.density;

import clade.clustering.Progress;
import clade.clustering.spatial.CanonicalRows;
import clade.clustering.spatial.KdTree;
import clade.clustering.spatial.NearestRows;
import clade.clustering.spatial.Phase;
import clade.statistics.Parallel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A minimum spanning tree of canonical rows by mutual reachability distance, the greatest of two rows' distance and their
 * core distances: Borůvka's rounds over a k-d tree (McInnes and Healy 2017, doi:10.1109/ICDMW.2017.12; March, Ram and Gray
 * 2010, doi:10.1145/1835804.1835882).
 *
 * <p>Which of several trees of equal weight is found may depend on the threads; the components that its edges up to any
 * distance make do not.
 */
final class SpanningTree {

    private static final VarHandle DOUBLES = MethodHandles.arrayElementVarHandle(double[].class);

    /** Positions that a thread takes at a time. */
    private static final int BLOCK = 512;

    /** Leaves that a thread takes at a time. */
    private static final int LEAVES = 32;

    /** Most neighbours of a row that are remembered as first guesses at its component's next edge. */
    private static final int MOST_REMEMBERED = 16;

    /** Squared core distance of each canonical row: 0 where equal rows alone are enough. */
    final double[] squaredCore;
    /** Canonical rows at the ends of each of the m − 1 edges, and its length; infinite where squares overflow. */
    final int[] from;

    final int[] to;
    final double[] length;

    private final KdTree tree;
    /** Squared core distance at each position of the tree, and the least of each node. */
    private final double[] core2;

    private final double[] leastCore2;
    private final int remembered;
    private final int[] near;
    private final UnionFind sets;
    private final AtomicInteger edges = new AtomicInteger();
    /** The root of each position's component, and of each node's, −1 where it has rows of several. */
    private final int[] root;

    private final int[] nodeRoot;
    /** For each root the squared length of the shortest edge found yet that leaves its component. */
    private final double[] shortest;
    /** For each position the squared length and the end of the shortest edge found that leaves its component, −1 if none is. */
    private final double[] edge2;

    private final int[] edgeTo;
    /** No edge from the position out of its component is shorter than this squared length: true for all later rounds. */
    private final double[] least2;

    /** @param minPoints at most the total weight of the rows */
    SpanningTree(CanonicalRows rows, int minPoints, Progress progress) {
        int size = rows.size();
        tree = new KdTree(rows.byColumn(), rows.weights(), () -> progress.at("building a tree", 0.1));
        remembered = Math.min(minPoints, MOST_REMEMBERED);
        near = new int[Math.multiplyExact(size, remembered)];
        Phase measuring = new Phase(progress, "measuring density", 0.15, 0.5, size);
        core2 = NearestRows.reaches(tree, minPoints, near, remembered, measuring);
        leastCore2 = leastCore2();
        sets = new UnionFind(size);
        root = new int[size];
        nodeRoot = new int[2 * tree.leaves()];
        shortest = new double[size];
        edge2 = new double[size];
        edgeTo = new int[size];
        Arrays.fill(edgeTo, -1);
        least2 = core2.clone();
        from = new int[size - 1];
        to = new int[size - 1];
        length = new double[size - 1];
        // each round at least halves the components
        for (int round = 0; edges.get() < size - 1; round++) {
            double begin = 0.9 - 0.4 * Math.pow(0.6, round);
            double end = 0.9 - 0.4 * Math.pow(0.6, round + 1);
            Phase joining = new Phase(progress, "joining rows", begin, end, 4L * size);
            findShortestEdges(joining);
            int before = edges.get();
            addEdges(joining);
            if (edges.get() == before) {
                addInfiniteEdges();
            }
        }
        squaredCore = new double[size];
        Parallel.blocks(size, BLOCK, (first, end) -> {
            for (int position = first; position < end; position++) {
                squaredCore[tree.row(position)] = core2[position];
            }
        });
    }

    /** Bytes at the peak beyond the canonical rows, at most. */
    static long bytes(long size, int columns, int minPoints) {
        return KdTree.bytes(size, columns) + size * (80 + 4L * Math.min(minPoints, MOST_REMEMBERED));
    }

    private double[] leastCore2() {
        double[] least = new double[2 * tree.leaves()];
        tree.fromLeavesUp(node -> {
            if (tree.isLeaf(node)) {
                least[node] = Double.POSITIVE_INFINITY;
                for (int position = tree.from(node); position < tree.to(node); position++) {
                    least[node] = Math.min(least[node], core2[position]);
                }
            } else {
                least[node] = Math.min(least[2 * node], least[2 * node + 1]);
            }
        });
        return least;
    }

    private void findShortestEdges(Phase phase) {
        Parallel.blocks(tree.size(), BLOCK, (first, end) -> {
            for (int position = first; position < end; position++) {
                root[position] = sets.find(position);
                shortest[position] = Double.POSITIVE_INFINITY;
            }
            phase.done(end - first);
        });
        tree.fromLeavesUp(node -> nodeRoot[node] = tree.isLeaf(node)
                ? rootOf(tree.from(node), tree.to(node))
                : nodeRoot[2 * node] == nodeRoot[2 * node + 1] ? nodeRoot[2 * node] : -1);
        Parallel.blocks(tree.size(), BLOCK, (first, end) -> {
            for (int position = first; position < end; position++) {
                recall(position);
            }
            phase.done(end - first);
        });
        Parallel.blocks(tree.leaves(), LEAVES, (first, end) -> {
            Searcher searcher = new Searcher();
            for (int leaf = tree.leaves() + first; leaf < tree.leaves() + end; leaf++) {
                if (nodeRoot[leaf] < 0) {
                    searcher.searchEach(leaf);
                } else {
                    searcher.searchTogether(leaf);
                }
            }
            phase.done(tree.to(tree.leaves() + end - 1) - tree.from(tree.leaves() + first));
        });
    }

    private int rootOf(int first, int end) {
        for (int position = first + 1; position < end; position++) {
            if (root[position] != root[first]) {
                return -1;
            }
        }
        return root[first];
    }

    /** Takes for a first guess the edge of the round before, if it still leads outside, or the shortest to a neighbour. */
    private void recall(int position) {
        int own = root[position];
        if (edgeTo[position] < 0 || root[edgeTo[position]] == own) {
            edgeTo[position] = -1;
            edge2[position] = Double.POSITIVE_INFINITY;
            if (least2[position] < shortest[own]) {
                recallNeighbours(position, own);
            }
        }
        lower(own, edge2[position]);
    }

    private void recallNeighbours(int position, int own) {
        for (int i = position * remembered; i < (position + 1) * remembered && near[i] >= 0; i++) {
            if (root[near[i]] != own) {
                double reach = Math.max(tree.squared(position, near[i]), Math.max(core2[position], core2[near[i]]));
                if (reach < edge2[position]) {
                    edge2[position] = reach;
                    edgeTo[position] = near[i];
                }
            }
        }
    }

    private void lower(int component, double squared) {
        double known = shortest[component];
        while (squared < known && !DOUBLES.compareAndSet(shortest, component, known, squared)) {
            known = (double) DOUBLES.getVolatile(shortest, component);
        }
    }

    /** Adds the edge found for each component, unless another component's has joined its ends already. */
    private void addEdges(Phase phase) {
        Parallel.blocks(tree.size(), BLOCK, (first, end) -> {
            for (int position = first; position < end; position++) {
                double squared = edge2[position];
                // one edge a component: two of equal length might close a cycle with a shorter one
                if (edgeTo[position] >= 0
                        && squared == shortest[root[position]]
                        && DOUBLES.compareAndSet(shortest, root[position], squared, -1.0)
                        && sets.join(position, edgeTo[position])) {
                    add(position, edgeTo[position], Math.sqrt(squared));
                }
            }
            phase.done(end - first);
        });
    }

    private void addInfiniteEdges() {
        for (int position = 1; position < root.length; position++) {
            if (sets.join(0, position)) {
                add(0, position, Double.POSITIVE_INFINITY);
            }
        }
    }

    private void add(int a, int b, double distance) {
        int edge = edges.getAndIncrement();
        from[edge] = tree.row(a);
        to[edge] = tree.row(b);
        length[edge] = distance;
    }

    /** The state of one thread. */
    private final class Searcher {

        private final double[] point = new double[tree.columns()];
        private int own;
        private double limit;

        /** Searches for the rows of a leaf one by one. */
        void searchEach(int leaf) {
            for (int position = tree.from(leaf); position < tree.to(leaf); position++) {
                own = root[position];
                limit = shortest[own];
                if (least2[position] < limit) {
                    tree.copy(position, point);
                    visit(leaf, position);
                    for (int node = leaf; node > 1; node >>= 1) {
                        visit(node ^ 1, position);
                    }
                    least2[position] = limit;
                }
            }
        }

        private void visit(int node, int position) {
            if (nodeRoot[node] == own || leastCore2[node] >= limit || tree.nearest(node, point) >= limit) {
                return;
            }
            if (tree.isLeaf(node)) {
                scan(node, position);
                return;
            }
            int near = 2 * node;
            if (tree.nearest(near + 1, point) < tree.nearest(near, point)) {
                near++;
            }
            visit(near, position);
            visit(near ^ 1, position);
        }

        private void scan(int leaf, int position) {
            limit = Math.min(limit, shortest[own]);
            int end = tree.to(leaf);
            for (int i = tree.from(leaf); i < end; i++) {
                if (root[i] != own && core2[i] < limit) {
                    double reach = Math.max(tree.squared(i, point), Math.max(core2[i], core2[position]));
                    if (reach < limit) {
                        limit = reach;
                        edge2[position] = reach;
                        edgeTo[position] = i;
                        lower(own, reach);
                    }
                }
            }
        }

        /** Searches for all rows of a leaf at once: they are in one component, most often deep inside it. */
        void searchTogether(int leaf) {
            own = nodeRoot[leaf];
            limit = shortest[own];
            boolean any = false;
            for (int position = tree.from(leaf); position < tree.to(leaf); position++) {
                any |= least2[position] < limit;
            }
            if (any) {
                for (int node = leaf; node > 1; node >>= 1) {
                    visitTogether(node ^ 1, leaf);
                }
                for (int position = tree.from(leaf); position < tree.to(leaf); position++) {
                    least2[position] = Math.max(least2[position], limit);
                }
            }
        }

        private void visitTogether(int node, int leaf) {
            if (nodeRoot[node] == own || leastCore2[node] >= limit || tree.between(node, leaf) >= limit) {
                return;
            }
            if (tree.isLeaf(node)) {
                for (int position = tree.from(leaf); position < tree.to(leaf); position++) {
                    if (least2[position] < limit) {
                        tree.copy(position, point);
                        if (tree.nearest(node, point) < limit) {
                            scan(node, position);
                        }
                    }
                }
                return;
            }
            int near = 2 * node;
            if (tree.between(near + 1, leaf) < tree.between(near, leaf)) {
                near++;
            }
            visitTogether(near, leaf);
            visitTogether(near ^ 1, leaf);
        }
    }
}
