package clade.clustering.density;

import clade.clustering.Progress;
import clade.clustering.spatial.CanonicalRows;

/** What DBSCAN finds: for each distinct row its cluster, and whether it is a core row. */
public final class DensityLabels {

    private final int[] labels;
    private final boolean[] core;
    private final int clusters;

    /** @param names of the rows' clusters, each in [0, m), −1 for noise: renumbered in place */
    DensityLabels(int[] names, boolean[] core, int[] weights) {
        this.clusters = Numbering.byWeight(names, weights).length;
        this.labels = names;
        this.core = core;
    }

    /** Clusters canonical rows by DBSCAN: over a grid where cells have few neighbours, else over a tree. */
    public static DensityLabels of(CanonicalRows rows, double eps, int minPoints, Progress progress) {
        Grid grid = rows.columns() <= Grid.MOST_COLUMNS ? Grid.of(rows, eps) : null;
        return grid == null
                ? TreeDbscan.fit(rows, eps, minPoints, progress)
                : GridDbscan.fit(grid, rows, eps, minPoints, progress);
    }

    /** m labels in [0, clusters), −1 for noise, in canonical order: for reading only. */
    public int[] labels() {
        return labels;
    }

    /** Which of the m rows are core rows: for reading only. */
    public boolean[] core() {
        return core;
    }

    public int clusters() {
        return clusters;
    }
}
