package clade.clustering.density;

import clade.clustering.Hdbscan;
import clade.clustering.Progress;
import clade.clustering.spatial.CanonicalRows;
import java.util.Arrays;

/** What HDBSCAN* finds for each distinct row: a selection from the {@link ClusterTree}. */
public final class HdbscanClusters {

    /** Stabilities this close, relative to them, are equal: far above their rounding. */
    private static final double TIE = 1e-12;

    private final int[] labels;
    private final double[] strength;
    private final double[] outlierScore;
    private final double[] births;
    private final double[] squaredCore;

    private HdbscanClusters(
            int[] labels, double[] strength, double[] outlierScore, double[] births, double[] squaredCore) {
        this.labels = labels;
        this.strength = strength;
        this.outlierScore = outlierScore;
        this.births = births;
        this.squaredCore = squaredCore;
    }

    /** Bytes at the peak beyond the canonical rows, at most. */
    public static long bytes(long size, int columns, int minPoints) {
        return SpanningTree.bytes(size, columns, minPoints) + 100 * size;
    }

    /** Clusters canonical rows whose total weight is at least minPoints. */
    public static HdbscanClusters of(CanonicalRows rows, Hdbscan settings, Progress progress) {
        SpanningTree edges = new SpanningTree(rows, settings.minPoints(), progress);
        ClusterTree tree = new ClusterTree(edges, rows, settings.minClusterSize(), progress);
        progress.at("selecting clusters", 0.97);
        return select(tree, rows, edges.squaredCore, leastPositive(edges), settings);
    }

    /** The answer for customers too few to have a neighbourhood: everything is noise. */
    public static HdbscanClusters none(int size) {
        int[] noise = new int[size];
        Arrays.fill(noise, -1);
        double[] infinite = new double[size];
        Arrays.fill(infinite, Double.POSITIVE_INFINITY);
        return new HdbscanClusters(noise, new double[size], new double[size], new double[0], infinite);
    }

    /** Limits λ = 1 / distance: the least positive distance at which any rows join, 1 if there is none. */
    private static double leastPositive(SpanningTree edges) {
        double least = Double.POSITIVE_INFINITY;
        for (double squared : edges.squaredCore) {
            least = squared > 0 ? Math.min(least, Math.sqrt(squared)) : least;
        }
        for (double length : edges.length) {
            least = length > 0 ? Math.min(least, length) : least;
        }
        return least < Double.POSITIVE_INFINITY ? least : 1;
    }

    private static HdbscanClusters select(
            ClusterTree tree, CanonicalRows rows, double[] squaredCore, double least, Hdbscan settings) {
        boolean[] selected = settings.selection() == Hdbscan.Selection.LEAF
                ? leaves(tree, settings.allowSingleCluster())
                : mostStable(tree, tree.stability(least), settings.allowSingleCluster());
        mergeBelow(settings.epsilon(), tree, selected, settings.allowSingleCluster());
        // the selected cluster around each, and the least distance that anything inside lives to
        int[] around = new int[tree.clusters];
        double[] deepest = Arrays.copyOf(tree.death, tree.clusters);
        for (int c = 0; c < tree.clusters; c++) {
            if (tree.parent[c] >= 0) {
                deepest[tree.parent[c]] = Math.min(deepest[tree.parent[c]], deepest[c]);
            }
        }
        for (int c = tree.clusters - 1; c >= 0; c--) {
            int above = tree.parent[c] < 0 ? -1 : around[tree.parent[c]];
            around[c] = above < 0 && selected[c] ? c : above;
        }
        int size = rows.size();
        int[] labels = new int[size];
        double[] strength = new double[size];
        double[] outlierScore = new double[size];
        int[] firstRow = new int[tree.clusters];
        Arrays.fill(firstRow, -1);
        for (int row = 0; row < size; row++) {
            int smallest = tree.clusterOf[row];
            int own = smallest < 0 ? -1 : around[smallest];
            labels[row] = -1;
            if (own >= 0) {
                firstRow[own] = firstRow[own] < 0 ? row : firstRow[own];
                labels[row] = firstRow[own];
                strength[row] = ratio(tree.death[own], tree.leaves[row], least);
            }
            if (smallest >= 0) {
                outlierScore[row] = 1 - ratio(deepest[smallest], tree.leaves[row], least);
            }
        }
        int[] first = Numbering.byWeight(labels, rows.weights(), null);
        double[] births = new double[first.length];
        Arrays.setAll(births, label -> tree.birth[around[tree.clusterOf[first[label]]]]);
        return new HdbscanClusters(labels, strength, outlierScore, births, squaredCore);
    }

    /** λ of the greater distance over λ of the smaller, at most 1. */
    private static double ratio(double small, double great, double least) {
        double limited = Math.max(small, least);
        return limited / Math.max(great, limited);
    }

    private static boolean[] leaves(ClusterTree tree, boolean rootToo) {
        boolean[] selected = new boolean[tree.clusters];
        Arrays.fill(selected, true);
        for (int c = 0; c < tree.clusters; c++) {
            if (tree.parent[c] >= 0) {
                selected[tree.parent[c]] = false;
            } else {
                selected[c] &= rootToo;
            }
        }
        return selected;
    }

    /** Of a cluster and the best selection inside it, the one with more excess of mass; the cluster itself where equal. */
    private static boolean[] mostStable(ClusterTree tree, double[] stability, boolean rootToo) {
        boolean[] selected = new boolean[tree.clusters];
        double[] inside = new double[tree.clusters];
        for (int c = 0; c < tree.clusters; c++) {
            int parent = tree.parent[c];
            selected[c] = (parent >= 0 || rootToo) && inside[c] <= stability[c] * (1 + TIE);
            if (parent >= 0) {
                inside[parent] += selected[c] ? stability[c] : inside[c];
            }
        }
        return selected;
    }

    /**
     * Replaces each selected cluster born below epsilon by the smallest around it that is not (Malzer and Baum 2020,
     * doi:10.1109/MFI49285.2020.9235263).
     */
    private static void mergeBelow(double epsilon, ClusterTree tree, boolean[] selected, boolean rootToo) {
        for (int c = 0; c < tree.clusters; c++) {
            int parent = tree.parent[c];
            boolean mayRise = parent >= 0 && (rootToo || tree.parent[parent] >= 0);
            if (selected[c] && tree.birth[c] < epsilon && mayRise) {
                selected[c] = false;
                selected[parent] = true;
            }
        }
    }

    /** m labels in [0, clusters), −1 for noise, in canonical order: for reading only. */
    public int[] labels() {
        return labels;
    }

    /** λ at which each row leaves its cluster over the greatest of the cluster, in [0, 1], 0 for noise: for reading only. */
    public double[] strength() {
        return strength;
    }

    /** GLOSH of each row, in [0, 1]: for reading only. */
    public double[] outlierScore() {
        return outlierScore;
    }

    /** The distance below which each cluster exists, infinite if it holds everything: for reading only. */
    public double[] births() {
        return births;
    }

    /** Squared core distance of each row: for reading only. */
    public double[] squaredCore() {
        return squaredCore;
    }
}
