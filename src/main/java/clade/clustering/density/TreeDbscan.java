package clade.clustering.density;

import clade.clustering.Progress;
import clade.clustering.spatial.CanonicalRows;
import clade.clustering.spatial.KdTree;
import clade.clustering.spatial.Phase;
import clade.statistics.Parallel;
import java.util.Arrays;

/**
 * DBSCAN over a k-d tree, for any number of columns. A node whose diagonal is at most eps is a cell: its rows are all
 * neighbours. Core rows are joined by searches that pass over every node whose core rows are in the searcher's set already.
 */
final class TreeDbscan {

    /** In {@link #setOf}: the node has no core rows, or core rows of several sets. */
    private static final int NONE = -1;

    private static final int SEVERAL = -2;

    /** How many levels above its leaf each pass joins a row: near rows first make the wide searches of the last pass short. */
    private static final int[] CLIMB = {3, 8, Integer.SIZE};

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
        progress.at("building a tree", 0.1);
        KdTree tree = new KdTree(rows.byColumn(), rows.weights());
        TreeDbscan fit = new TreeDbscan(tree, eps, minPoints);
        fit.overLeaves(new Phase(progress, "finding core rows", 0.2, 0.6, tree.leaves()), Searcher::markCore);
        fit.overLeaves(new Phase(progress, "joining cells", 0.6, 0.65, tree.leaves()), Searcher::joinCell);
        for (int i = 0; i < CLIMB.length; i++) {
            int climb = CLIMB[i];
            fit.summarise();
            fit.overLeaves(
                    new Phase(progress, "joining core rows", 0.65 + 0.1 * i, 0.75 + 0.1 * i, tree.leaves()),
                    (searcher, leaf) -> searcher.join(leaf, climb));
        }
        int[] names = new int[rows.size()];
        boolean[] coreRows = new boolean[rows.size()];
        fit.overLeaves(
                new Phase(progress, "placing border rows", 0.95, 1, tree.leaves()),
                (searcher, leaf) -> searcher.name(leaf, names, coreRows));
        return new DensityLabels(names, coreRows, rows.weights());
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

    private void summarise() {
        Arrays.fill(setOf, NONE);
        for (int position = 0; position < tree.size(); position++) {
            if (core[position]) {
                int leaf = tree.leafOf(position);
                setOf[leaf] = join(setOf[leaf], position);
            }
        }
        for (int node = tree.leaves() - 1; node >= 1; node--) {
            setOf[node] = join(setOf[2 * node], setOf[2 * node + 1]);
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
        private int position;
        private int count;
        private double nearest;
        private int nearestPosition;

        void markCore(int leaf) {
            int cell = cellOf(leaf);
            if (cell > 0 && weight(cell) >= minPoints) {
                Arrays.fill(core, tree.from(leaf), tree.to(leaf), true);
                return;
            }
            for (int i = tree.from(leaf); i < tree.to(leaf); i++) {
                tree.copy(i, point);
                count = 0;
                count(leaf);
                for (int node = leaf; node > 1 && count < minPoints; node >>= 1) {
                    count(node ^ 1);
                }
                core[i] = count >= minPoints;
            }
        }

        private void count(int node) {
            if (count >= minPoints || tree.nearest(node, point) > eps2) {
                return;
            }
            if (tree.farthest(node, point) <= eps2) {
                count += weight(node);
            } else if (tree.isLeaf(node)) {
                int to = tree.to(node);
                for (int i = tree.from(node); i < to; i++) {
                    if (tree.squared(i, point) <= eps2) {
                        count += tree.weight(i);
                    }
                }
            } else {
                count(2 * node);
                count(2 * node + 1);
            }
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

        void join(int leaf, int climb) {
            for (int i = tree.from(leaf); i < tree.to(leaf); i++) {
                if (core[i]) {
                    position = i;
                    tree.copy(i, point);
                    joinWithin(leaf);
                    int node = leaf;
                    for (int level = 0; level < climb && node > 1; level++) {
                        joinWithin(node ^ 1);
                        node >>= 1;
                    }
                }
            }
        }

        private void joinWithin(int node) {
            int set = setOf[node];
            if (set == NONE
                    || (set >= 0 && sets.find(set) == sets.find(position))
                    || tree.nearest(node, point) > eps2) {
                return;
            }
            if (!tree.isLeaf(node)) {
                joinWithin(2 * node);
                joinWithin(2 * node + 1);
                return;
            }
            int to = tree.to(node);
            for (int i = tree.from(node); i < to; i++) {
                if (core[i] && tree.squared(i, point) <= eps2) {
                    sets.join(position, i);
                    if (set >= 0) {
                        return;
                    }
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
