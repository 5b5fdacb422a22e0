package clade.clustering.density;

import clade.clustering.Progress;
import clade.clustering.spatial.CanonicalOrder;
import clade.clustering.spatial.Phase;
import clade.statistics.Matrix;
import clade.statistics.Parallel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DBSCAN over a {@link Grid}: the rows of a cell are neighbours, so whole cells are core, and cells are what is joined. */
final class GridDbscan {

    /** Name of a row that has core rows of several sets nearest. */
    private static final int TIED = -2;

    /** Cells, or tied rows, that a thread takes at a time. */
    private static final int BLOCK = 256;

    /** Rows up to which a cell's box is not worth a look. */
    private static final int FEW = 3;

    private final Grid grid;
    private final double eps2;
    private final int minPoints;
    private final boolean[] core;
    /** Number of core rows of each cell. */
    private final int[] cores;

    private final UnionFind sets;

    private GridDbscan(Grid grid, double eps, int minPoints) {
        this.grid = grid;
        this.eps2 = eps * eps;
        this.minPoints = minPoints;
        this.core = new boolean[grid.order.length];
        this.cores = new int[grid.cells()];
        this.sets = new UnionFind(grid.cells());
    }

    /** Clusters the rows of a grid, which are those of {@code x}. */
    static DensityLabels fit(
            Grid grid, Matrix x, int @Nullable [] weights, double eps, int minPoints, Progress progress) {
        GridDbscan fit = new GridDbscan(grid, eps, minPoints);
        fit.overCells(new Phase(progress, "finding core rows", 0.3, 0.6, grid.cells()), false, fit::markCore);
        fit.overCells(new Phase(progress, "joining core rows", 0.6, 0.8, grid.cells()), true, fit::join);
        int[] names = new int[x.rows()];
        boolean[] coreRows = new boolean[x.rows()];
        List<int[]> tied = new ArrayList<>();
        fit.overCells(
                new Phase(progress, "placing border rows", 0.8, 1, grid.cells()),
                false,
                (cell, near) -> fit.name(cell, near, names, coreRows, tied));
        CanonicalOrder order = new CanonicalOrder(x, grid.low, grid.high);
        fit.nameTied(tied, order, names, progress);
        return new DensityLabels(names, coreRows, weights, order);
    }

    private interface CellWork {
        /** @param near stands at this cell or an earlier one */
        void at(int cell, Grid.Sweep near);
    }

    private void overCells(Phase phase, boolean forwards, CellWork work) {
        Parallel.blocks(grid.cells(), BLOCK, (from, to) -> {
            Grid.Sweep near = grid.new Sweep(from, forwards);
            for (int cell = from; cell < to; cell++) {
                work.at(cell, near);
            }
            phase.done(to - from);
        });
    }

    private void markCore(int cell, Grid.Sweep near) {
        int from = grid.starts[cell];
        int to = grid.starts[cell + 1];
        int weight = grid.weight(from, to);
        if (weight >= minPoints) {
            Arrays.fill(core, from, to, true);
            cores[cell] = to - from;
            return;
        }
        near.moveTo(cell);
        if (weightWithin(near) < minPoints) {
            return;
        }
        for (int position = from; position < to; position++) {
            if (hasNeighbours(position, minPoints - weight, cell, near)) {
                core[position] = true;
                cores[cell]++;
            }
        }
    }

    /** Weight of all cells that can hold neighbours. */
    private long weightWithin(Grid.Sweep near) {
        long weight = 0;
        for (int range = 0; range < near.ranges(); range++) {
            weight += grid.weight(grid.starts[near.first(range)], grid.starts[near.end(range)]);
        }
        return weight;
    }

    /** Whether rows of other cells within eps weigh at least {@code wanted}. */
    private boolean hasNeighbours(int position, int wanted, int cell, Grid.Sweep near) {
        int found = 0;
        for (int range = 0; range < near.ranges(); range++) {
            for (int other = near.first(range); other < near.end(range); other++) {
                int from = grid.starts[other];
                int to = grid.starts[other + 1];
                if (other == cell || (to - from > FEW && grid.nearest(other, position) > eps2)) {
                    continue;
                }
                for (int i = from; i < to; i++) {
                    if (grid.squared(position, i) <= eps2) {
                        found += grid.weight(i, i + 1);
                        if (found >= wanted) {
                            return true;
                        }
                    }
                }
            }
        }
        return false;
    }

    private void join(int cell, Grid.Sweep near) {
        if (cores[cell] == 0) {
            return;
        }
        near.moveTo(cell);
        for (int range = 0; range < near.ranges(); range++) {
            for (int other = Math.max(cell + 1, near.first(range)); other < near.end(range); other++) {
                if (cores[other] > 0 && sets.find(cell) != sets.find(other) && touch(cell, other)) {
                    sets.join(cell, other);
                }
            }
        }
    }

    /** Whether a core row of each cell are neighbours. */
    private boolean touch(int a, int b) {
        if (grid.between(a, b) > eps2) {
            return false;
        }
        int few = cores[a] < cores[b] ? a : b;
        int many = few == a ? b : a;
        for (int i = grid.starts[few]; i < grid.starts[few + 1]; i++) {
            if (core[i] && grid.nearest(many, i) <= eps2) {
                for (int j = grid.starts[many]; j < grid.starts[many + 1]; j++) {
                    if (core[j] && grid.squared(i, j) <= eps2) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private void name(int cell, Grid.Sweep near, int[] names, boolean[] coreRows, List<int[]> tied) {
        int set = sets.find(cell);
        if (cores[cell] < grid.starts[cell + 1] - grid.starts[cell]) {
            near.moveTo(cell);
        }
        for (int position = grid.starts[cell]; position < grid.starts[cell + 1]; position++) {
            int row = grid.order[position];
            if (core[position]) {
                coreRows[row] = true;
                names[row] = set;
            } else {
                names[row] = setOfNearestCore(position, near);
                if (names[row] == TIED) {
                    synchronized (tied) {
                        tied.add(new int[] {cell, position});
                    }
                }
            }
        }
    }

    private int setOfNearestCore(int position, Grid.Sweep near) {
        double nearest = eps2;
        int set = -1;
        for (int range = 0; range < near.ranges(); range++) {
            for (int other = near.first(range); other < near.end(range); other++) {
                if (cores[other] == 0 || grid.nearest(other, position) > nearest) {
                    continue;
                }
                for (int i = grid.starts[other]; i < grid.starts[other + 1]; i++) {
                    if (core[i]) {
                        double distance = grid.squared(position, i);
                        if (distance < nearest || (distance == nearest && set == -1)) {
                            nearest = distance;
                            set = sets.find(other);
                        } else if (distance == nearest && set != sets.find(other)) {
                            set = TIED;
                        }
                    }
                }
            }
        }
        return set;
    }

    /** Of core rows that are equally near the first in canonical order decides. */
    private void nameTied(List<int[]> tied, CanonicalOrder order, int[] names, Progress progress) {
        if (tied.size() > BLOCK) {
            order.sort((phase, fraction) -> progress.at("placing border rows", 1));
        }
        Parallel.blocks(tied.size(), BLOCK, (from, to) -> {
            for (int[] at : tied.subList(from, to)) {
                Grid.Sweep near = grid.new Sweep(at[0], false);
                near.moveTo(at[0]);
                names[grid.order[at[1]]] = setOfFirstNearestCore(at[1], near, order);
            }
            progress.at("placing border rows", 1);
        });
    }

    private int setOfFirstNearestCore(int position, Grid.Sweep near, CanonicalOrder order) {
        double nearest = eps2;
        int first = -1;
        int set = -1;
        for (int range = 0; range < near.ranges(); range++) {
            for (int other = near.first(range); other < near.end(range); other++) {
                if (cores[other] == 0 || grid.nearest(other, position) > nearest) {
                    continue;
                }
                for (int i = grid.starts[other]; i < grid.starts[other + 1]; i++) {
                    double distance = core[i] ? grid.squared(position, i) : Double.POSITIVE_INFINITY;
                    if (distance < nearest
                            || (distance == nearest && (first < 0 || order.compare(grid.order[i], first) < 0))) {
                        nearest = distance;
                        first = grid.order[i];
                        set = sets.find(other);
                    }
                }
            }
        }
        return set;
    }
}
