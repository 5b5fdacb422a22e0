package clade.clustering.density;

import clade.clustering.Progress;
import clade.clustering.spatial.CanonicalRows;
import clade.clustering.spatial.KdTree;
import clade.clustering.spatial.Phase;
import clade.statistics.Parallel;
import java.util.Arrays;

/**
 * DBSCAN over a k-d tree, for any number of columns. A node whose diagonal is at most eps is a cell: its rows are all
 * neighbours. Core rows are joined by walks over pairs of nodes that pass over every pair whose core rows are in one set
 * already: from near pairs to far ones, so that most are.
 */
final class TreeDbscan {

    /** In {@link #setOf}: the node has no core rows, or core rows of several sets. */
    private static final int NONE = -1;

    private static final int SEVERAL = -2;

    /** Level whose nodes are the parts that walks over pairs of larger nodes are split into for the threads. */
    private static final int SHARED_LEVEL = 10;

    /** Leaves that a thread takes at a time. */
    private static final int BLOCK = 32;

    private final KdTree tree;
    private final double eps2;
    private final int minPoints;
    private final boolean[] core;
    private final UnionFind sets;
    /** For each node a core position of the one set that all its core rows are in, or {@link #NONE} or {@link #SEVERAL}. */
    private final int[] setOf;

    private TreeDbscan(KdTree tree, double eps, int minPoints) {
        this.tree = tree;
        this.eps2 = eps * eps;
        this.minPoints = minPoints;
        this.core = new boolean[tree.size()];
        this.sets = new UnionFind(tree.size());
        this.setOf = new int[2 * tree.leaves()];
    }

    static DensityLabels fit(CanonicalRows rows, double eps, int minPoints, Progress progress) {
        KdTree tree = new KdTree(rows.byColumn(), rows.weights(), () -> progress.at("building a tree", 0.1));
        TreeDbscan fit = new TreeDbscan(tree, eps, minPoints);
        fit.overLeaves(new Phase(progress, "finding core rows", 0.2, 0.6, tree.leaves()), Searcher::markCore);
        fit.overLeaves(new Phase(progress, "joining cells", 0.6, 0.65, tree.leaves()), Searcher::joinCell);
        fit.joinCores(progress);
        int[] names = new int[rows.size()];
        boolean[] coreRows = new boolean[rows.size()];
        fit.overLeaves(
                new Phase(progress, "placing border rows", 0.95, 1, tree.leaves()),
                (searcher, leaf) -> searcher.name(leaf, names, coreRows));
        return new DensityLabels(names, coreRows, rows.weights(), null);
    }

    private interface LeafWork {
        void at(Searcher searcher, int leaf);
    }

    private void overLeaves(Phase phase, LeafWork work) {
        Parallel.blocks(tree.leaves(), BLOCK, (from, to) -> {
            Searcher searcher = new Searcher();
            for (int leaf = from; leaf < to; leaf++) {
                work.at(searcher, tree.leaves() + leaf);
            }
            phase.done(to - from);
        });
    }

    /** Joins within each leaf, then between the halves of each node, smallest nodes first. */
    private void joinCores(Progress progress) {
        int levels = Integer.numberOfTrailingZeros(tree.leaves());
        Arrays.fill(setOf, SEVERAL);
        for (int level = levels; level >= 0; level--) {
            summarise();
            int shared = Math.max(level, Math.min(levels, SHARED_LEVEL));
            int from = level;
            double done = 0.65 + 0.3 * (levels - level) / (levels + 1);
            Phase phase = new Phase(progress, "joining core rows", done, done + 0.3 / (levels + 1), 1 << shared);
            Parallel.blocks(1 << shared, 1, (first, end) -> {
                int node = (1 << shared) + first;
                int half = node >> (shared - from);
                if (from == levels) {
                    joinPair(node, node);
                } else if (shared == from) {
                    joinPair(2 * node, 2 * node + 1);
                } else if (((node >> (shared - from - 1)) & 1) == 0) {
                    joinPair(node, 2 * half + 1);
                }
                phase.done(1);
            });
        }
        summarise();
    }

    private void summarise() {
        for (int node = setOf.length - 1; node >= 1; node--) {
            if (setOf[node] == SEVERAL) {
                setOf[node] = tree.isLeaf(node) ? setOfLeaf(node) : join(setOf[2 * node], setOf[2 * node + 1]);
            }
        }
    }

    private int setOfLeaf(int leaf) {
        int set = NONE;
        for (int position = tree.from(leaf); position < tree.to(leaf); position++) {
            set = core[position] ? join(set, position) : set;
        }
        return set;
    }

    /** Joins core rows of one node to neighbours among those of another, as far as they are not in one set already. */
    private void joinPair(int a, int b) {
        if (setOf[a] == NONE
                || setOf[b] == NONE
                || (setOf[a] >= 0 && setOf[b] >= 0 && sets.find(setOf[a]) == sets.find(setOf[b]))
                || tree.between(a, b) > eps2) {
            return;
        }
        if (tree.isLeaf(a) && tree.isLeaf(b)) {
            joinLeaves(a, b);
        } else if (tree.isLeaf(b) || (!tree.isLeaf(a) && a <= b)) {
            joinPair(2 * a, b);
            joinPair(2 * a + 1, b);
        } else {
            joinPair(a, 2 * b);
            joinPair(a, 2 * b + 1);
        }
    }

    private void joinLeaves(int a, int b) {
        double[] point = new double[tree.columns()];
        for (int i = tree.from(a); i < tree.to(a); i++) {
            if (!core[i]) {
                continue;
            }
            tree.copy(i, point);
            if (tree.nearest(b, point) > eps2) {
                continue;
            }
            for (int j = tree.from(b); j < tree.to(b); j++) {
                if (core[j] && tree.squared(j, point) <= eps2) {
                    sets.join(i, j);
                    if (setOf[a] >= 0 && setOf[b] >= 0) {
                        return;
                    }
                }
            }
        }
    }

    private int join(int a, int b) {
        if (a == NONE || b == NONE) {
            return a == NONE ? b : a;
        }
        return a >= 0 && b >= 0 && sets.find(a) == sets.find(b) ? a : SEVERAL;
    }

    /** The largest cell that a leaf belongs to, 0 if even its own rows lie farther apart than eps. */
    private int cellOf(int leaf) {
        int cell = 0;
        for (int node = leaf; node >= 1 && tree.diagonal(node) <= eps2; node >>= 1) {
            cell = node;
        }
        return cell;
    }

    private int weight(int node) {
        return tree.weight(tree.from(node), tree.to(node));
    }

    /** The state of one thread. */
    private final class Searcher {

        private final double[] point = new double[tree.columns()];
        /** For each row of a leaf the weight of its neighbours, as far as counted. */
        private final int[] counts = new int[KdTree.LEAF];

        /** Number of rows of the leaf whose neighbours do not yet weigh enough. */
        private int sparse;

        private double nearest;
        private int nearestPosition;

        void markCore(int leaf) {
            int cell = cellOf(leaf);
            if (cell > 0 && weight(cell) >= minPoints) {
                Arrays.fill(core, tree.from(leaf), tree.to(leaf), true);
                return;
            }
            Arrays.fill(counts, 0);
            sparse = tree.to(leaf) - tree.from(leaf);
            count(leaf, leaf);
            for (int node = leaf; node > 1 && sparse > 0; node >>= 1) {
                count(node ^ 1, leaf);
            }
            for (int i = tree.from(leaf); i < tree.to(leaf); i++) {
                core[i] = counts[i - tree.from(leaf)] >= minPoints;
            }
        }

        /** Adds the neighbours in a node to the counts of those rows of a leaf that have not enough yet. */
        private void count(int node, int leaf) {
            if (sparse == 0) {
                return;
            }
            if (!tree.isLeaf(node)) {
                int near = 2 * node;
                double toNear = tree.between(near, leaf);
                double toFar = tree.between(near + 1, leaf);
                if (toFar < toNear) {
                    near++;
                    double distance = toNear;
                    toNear = toFar;
                    toFar = distance;
                }
                if (toNear <= eps2) {
                    count(near, leaf);
                }
                if (toFar <= eps2) {
                    count(near ^ 1, leaf);
                }
                return;
            }
            int from = tree.from(leaf);
            for (int i = from; i < tree.to(leaf); i++) {
                if (counts[i - from] < minPoints) {
                    tree.copy(i, point);
                    if (tree.nearest(node, point) <= eps2) {
                        counts[i - from] += neighbours(node, minPoints - counts[i - from]);
                        sparse -= counts[i - from] >= minPoints ? 1 : 0;
                    }
                }
            }
        }

        private int neighbours(int leaf, int wanted) {
            int found = 0;
            int to = tree.to(leaf);
            for (int i = tree.from(leaf); i < to && found < wanted; i++) {
                if (tree.squared(i, point) <= eps2) {
                    found += tree.weight(i);
                }
            }
            return found;
        }

        void joinCell(int leaf) {
            int cell = cellOf(leaf);
            if (cell == 0) {
                return;
            }
            int first = tree.from(cell);
            while (first < tree.to(leaf) && !core[first]) {
                first++;
            }
            for (int i = tree.from(leaf); i < tree.to(leaf); i++) {
                if (core[i]) {
                    sets.join(first, i);
                }
            }
        }

        void name(int leaf, int[] names, boolean[] coreRows) {
            for (int i = tree.from(leaf); i < tree.to(leaf); i++) {
                int row = tree.row(i);
                coreRows[row] = core[i];
                if (core[i]) {
                    names[row] = sets.find(i);
                } else {
                    tree.copy(i, point);
                    nearest = eps2;
                    nearestPosition = -1;
                    findNearestCore(leaf);
                    for (int node = leaf; node > 1; node >>= 1) {
                        findNearestCore(node ^ 1);
                    }
                    names[row] = nearestPosition < 0 ? -1 : sets.find(nearestPosition);
                }
            }
        }

        private void findNearestCore(int node) {
            if (setOf[node] == NONE || tree.nearest(node, point) > nearest) {
                return;
            }
            if (!tree.isLeaf(node)) {
                findNearestCore(2 * node);
                findNearestCore(2 * node + 1);
                return;
            }
            int to = tree.to(node);
            for (int i = tree.from(node); i < to; i++) {
                if (core[i]) {
                    double distance = tree.squared(i, point);
                    if (distance < nearest
                            || (distance == nearest
                                    && (nearestPosition < 0 || tree.row(i) < tree.row(nearestPosition)))) {
                        nearest = distance;
                        nearestPosition = i;
                    }
                }
            }
        }
    }
}
