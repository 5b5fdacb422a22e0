package clade.clustering;

import clade.clustering.spatial.Phase;
import clade.statistics.Matrix;
import clade.statistics.Parallel;
import java.util.Arrays;

/**
 * Density-based clustering validation, in [−1, 1], better high: for each cluster (separation − sparseness) / max of both,
 * where sparseness is the longest edge between inner rows of the minimum spanning tree of its mutual reachability distances,
 * and separation the least such distance from an inner row to one of another cluster; the mean over all rows, of which noise
 * scores 0. Clusters of any shape may score high, where a silhouette wants them round.
 *
 * <p>It is taken over distinct rows: a row that occurs twice would be infinitely dense. A cluster of one distinct row counts
 * as noise.
 *
 * @see <a href="https://doi.org/10.1137/1.9781611973440.96">Moulavi, Jaskowiak, Campello, Zimek and Sander (2014)</a>
 */
public final class Dbcv {

    /** It takes time and patience by the square of the rows: beyond this many distinct ones it is refused. */
    public static final int MOST_ROWS = 20_000;

    private static final int BLOCK = 64;

    private final Groups groups;
    private final int columns;
    private final int rows;
    /** Coordinates of the grouped rows, row after row. */
    private final double[] points;
    /** Squared core distance of each row among its cluster. */
    private final double[] core2;
    /** Whether each row has more than one edge in its cluster's tree, or the tree only a single edge. */
    private final boolean[] inner;

    private final double[] sparseness2;
    private final double[] separation2;

    private Dbcv(Groups groups) {
        this.groups = groups;
        this.columns = groups.columns.length;
        this.rows = groups.columns[0].length;
        this.points = new double[rows * columns];
        for (int c = 0; c < columns; c++) {
            for (int i = 0; i < rows; i++) {
                points[i * columns + c] = groups.columns[c][i];
            }
        }
        this.core2 = new double[rows];
        this.inner = new boolean[rows];
        this.sparseness2 = new double[groups.sizes.length];
        this.separation2 = new double[groups.sizes.length];
        Arrays.fill(separation2, Double.POSITIVE_INFINITY);
    }

    /**
     * The index of a clustering: O(n² d) time, O(n d) memory.
     *
     * @param labels n labels of at least 0, or {@link ClusteringModel#NOISE}
     * @throws IllegalArgumentException if fewer than two clusters have two distinct rows
     * @throws UnsuitableData {@code not-finite}, {@code not-enough-memory}, or {@code too-many-rows} if there are more than
     *     {@link #MOST_ROWS} distinct
     */
    public static double of(Matrix x, int[] labels, Progress progress) {
        Groups groups = Groups.of("DBCV", x, null, labels, progress);
        if (groups.rows() > MOST_ROWS) {
            throw new UnsuitableData(
                    "too-many-rows",
                    "DBCV takes at most %d distinct rows, got %d: take a sample".formatted(MOST_ROWS, groups.rows()));
        }
        Dbcv index = new Dbcv(groups);
        int[] clusters = Arrays.stream(groups.clusters())
                .filter(j -> groups.starts[j + 1] - groups.starts[j] > 1)
                .toArray();
        if (clusters.length < 2) {
            throw new IllegalArgumentException(
                    "DBCV needs at least 2 clusters of two distinct rows, got " + clusters.length);
        }
        Phase phase = new Phase(progress, "validating", 0, 1, 3L * index.rows);
        for (int cluster : clusters) {
            index.measureDensity(cluster, phase);
            index.span(cluster, phase);
        }
        for (int i = 0; i < clusters.length; i++) {
            index.separate(clusters[i], Arrays.copyOfRange(clusters, i + 1, clusters.length), phase);
        }
        double sum = 0;
        for (int cluster : clusters) {
            double sparseness = Math.sqrt(index.sparseness2[cluster]);
            double separation = Math.sqrt(index.separation2[cluster]);
            double validity = (separation - sparseness) / Math.max(separation, sparseness);
            sum += validity * (groups.starts[cluster + 1] - groups.starts[cluster]) / groups.rows();
        }
        return sum;
    }

    private void measureDensity(int cluster, Phase phase) {
        int from = groups.starts[cluster];
        int to = groups.starts[cluster + 1];
        Parallel.blocks(to - from, BLOCK, (first, end) -> {
            double[] squared = new double[to - from];
            for (int i = from + first; i < from + end; i++) {
                core2[i] = core2(i, from, to, squared);
            }
            phase.done(end - first);
        });
    }

    /** The squared mean of the distances to the others of the cluster, of the power −d: dominated by the nearest. */
    private double core2(int row, int from, int to, double[] squared) {
        double nearest = Double.POSITIVE_INFINITY;
        for (int i = from; i < to; i++) {
            squared[i - from] = squared(row, i);
            nearest = i == row ? nearest : Math.min(nearest, squared[i - from]);
        }
        double sum = 0;
        for (int i = from; i < to; i++) {
            if (i != row) {
                sum += power(nearest / squared[i - from]); // relative to the nearest, so that no power overflows
            }
        }
        return nearest * StrictMath.pow(sum / (to - from - 1), -2.0 / columns);
    }

    /** The d-th power of a ratio of distances, given its square. */
    private double power(double squaredRatio) {
        double power = (columns & 1) == 0 ? 1 : Math.sqrt(squaredRatio);
        for (int i = 0; i < columns / 2; i++) {
            power *= squaredRatio;
        }
        return power;
    }

    /**
     * Grows the spanning tree by Prim's method. Core distances make many edges equal: of those the one between nearer rows is
     * shorter, so that which rows are inner ones does not depend on the order of rows.
     */
    private void span(int cluster, Phase phase) {
        int from = groups.starts[cluster];
        int size = groups.starts[cluster + 1] - from;
        double[] reach = new double[size];
        double[] distance = new double[size];
        int[] parent = new int[size];
        int[] degree = new int[size];
        boolean[] inside = new boolean[size];
        Arrays.fill(reach, Double.POSITIVE_INFINITY);
        Arrays.fill(distance, Double.POSITIVE_INFINITY);
        int last = 0;
        inside[0] = true;
        for (int edges = 1; edges < size; edges++) {
            int next = -1;
            for (int i = 0; i < size; i++) {
                if (!inside[i]) {
                    double squared = squared(from + last, from + i);
                    double reached = Math.max(squared, Math.max(core2[from + last], core2[from + i]));
                    if (reached < reach[i] || (reached == reach[i] && squared < distance[i])) {
                        reach[i] = reached;
                        distance[i] = squared;
                        parent[i] = last;
                    }
                    if (next < 0
                            || reach[i] < reach[next]
                            || (reach[i] == reach[next] && distance[i] < distance[next])) {
                        next = i;
                    }
                }
            }
            inside[next] = true;
            degree[next]++;
            degree[parent[next]]++;
            last = next;
            phase.done(1);
        }
        boolean anyInnerEdge = false;
        for (int i = 1; i < size; i++) {
            anyInnerEdge |= degree[i] > 1 && degree[parent[i]] > 1;
        }
        for (int i = 0; i < size; i++) {
            inner[from + i] = degree[i] > 1 || size == 2;
        }
        for (int i = 1; i < size; i++) {
            if (!anyInnerEdge || (degree[i] > 1 && degree[parent[i]] > 1)) {
                sparseness2[cluster] = Math.max(sparseness2[cluster], reach[i]);
            }
        }
    }

    private void separate(int cluster, int[] others, Phase phase) {
        int from = groups.starts[cluster];
        int size = groups.starts[cluster + 1] - from;
        Parallel.blocks(size, BLOCK, (first, end) -> {
            for (int other : others) {
                double least = Double.POSITIVE_INFINITY;
                for (int i = from + first; i < from + end; i++) {
                    for (int j = groups.starts[other]; inner[i] && j < groups.starts[other + 1]; j++) {
                        if (inner[j]) {
                            least = Math.min(least, reachability(i, j));
                        }
                    }
                }
                synchronized (separation2) {
                    separation2[cluster] = Math.min(separation2[cluster], least);
                    separation2[other] = Math.min(separation2[other], least);
                }
            }
            phase.done(end - first);
        });
    }

    private double reachability(int a, int b) {
        return Math.max(squared(a, b), Math.max(core2[a], core2[b]));
    }

    private double squared(int a, int b) {
        double sum = 0;
        for (int c = 0; c < columns; c++) {
            double difference = points[a * columns + c] - points[b * columns + c];
            sum += difference * difference;
        }
        return sum;
    }
}
