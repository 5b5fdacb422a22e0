package clade.clustering.hierarchy;

import clade.clustering.Dendrogram;
import clade.clustering.Progress;
import clade.clustering.spatial.CanonicalRows;
import clade.clustering.spatial.Phase;
import clade.statistics.Parallel;
import java.util.Arrays;

/**
 * Complete and average linkage by rounds of reciprocal nearest neighbours over the matrix of all distances, of which it keeps
 * one half (Murtagh 1983, doi:10.1093/comjnl/26.4.354, for the neighbours; Lance and Williams 1967,
 * doi:10.1093/comjnl/9.4.373, for the distances of what has merged).
 *
 * <p>A round gives every cluster that has none its nearest neighbour, ties by {@link Ties}; then all pairs that are each
 * other's nearest merge, in the order of their representatives (a cluster's first row). A nearest neighbour is kept until it
 * merges. Should rounding leave no such pair, all look for their nearest anew. O(m²) memory; O(m²) time, more where many
 * clusters share one neighbour.
 */
public final class MatrixRounds {

    private static final int UNKNOWN = -1;
    private static final int MERGED = -2;
    private static final int GONE = -3;

    private final boolean complete;
    private final Progress progress;
    /** Row i holds the distances to the clusters whose representatives are below i. */
    private final double[][] distance;
    /** By representative, as all that follows. */
    private final long[] weight;

    private final int[] cluster;
    private final int[] nearest;
    private int[] live;
    private final Merges merges;

    /** @param complete complete linkage, else average */
    public MatrixRounds(CanonicalRows rows, boolean complete, Progress progress) {
        int size = rows.size();
        this.complete = complete;
        this.progress = progress;
        this.distance = distances(rows, new Phase(progress, "measuring distances", 0.1, 0.3, size));
        this.weight = Arrays.stream(rows.weights()).asLongStream().toArray();
        this.cluster = new int[size];
        Arrays.setAll(cluster, i -> i);
        this.nearest = new int[size];
        Arrays.fill(nearest, UNKNOWN);
        this.live = cluster.clone();
        this.merges = new Merges(rows.weights());
    }

    /** Bytes that a run over {@code rows} distinct rows needs. */
    public static long bytes(long rows) {
        return rows * (rows - 1) / 2 * Double.BYTES + rows * 40 + Merges.bytes(rows);
    }

    private static double[][] distances(CanonicalRows rows, Phase phase) {
        double[][] byColumn = rows.byColumn();
        double[][] distance = new double[rows.size()][];
        Parallel.blocks(rows.size(), 16, (from, to) -> {
            for (int i = from; i < to; i++) {
                double[] row = new double[i];
                for (double[] column : byColumn) {
                    for (int j = 0; j < i; j++) {
                        double difference = column[i] - column[j];
                        row[j] += difference * difference;
                    }
                }
                for (int j = 0; j < i; j++) {
                    row[j] = Math.sqrt(row[j]);
                }
                distance[i] = row;
            }
            phase.done(to - from);
        });
        return distance;
    }

    public Dendrogram run() {
        while (live.length > 1) {
            double done = 0.3 + 0.6 * merges.count() / nearest.length;
            Parallel.blocks(live.length, 16, (from, to) -> {
                progress.at("merging", done);
                for (int i = from; i < to; i++) {
                    if (nearest[live[i]] < 0) {
                        nearest[live[i]] = nearestOf(live[i]);
                    }
                }
            });
            mergeReciprocal();
        }
        return merges.toDendrogram(progress);
    }

    private double distance(int a, int b) {
        return a > b ? distance[a][b] : distance[b][a];
    }

    private int nearestOf(int a) {
        int best = UNKNOWN;
        double least = Double.POSITIVE_INFINITY;
        for (int b : live) {
            if (b != a) {
                double d = distance(a, b);
                if (best == UNKNOWN || d < least || (d == least && Ties.key(a, b) < Ties.key(a, best))) {
                    least = d;
                    best = b;
                }
            }
        }
        return best;
    }

    private void mergeReciprocal() {
        int[] pairs = Arrays.stream(live)
                .filter(a -> a < nearest[a] && nearest[nearest[a]] == a)
                .toArray();
        if (pairs.length == 0) {
            Arrays.fill(nearest, UNKNOWN);
            return;
        }
        for (int a : pairs) {
            progress.at("merging", 0.3 + 0.6 * merges.count() / nearest.length);
            merge(a, nearest[a]);
        }
        live = Arrays.stream(live).filter(a -> nearest[a] != GONE).toArray();
        for (int a : live) {
            if (nearest[a] >= 0 && nearest[nearest[a]] <= MERGED) {
                nearest[a] = UNKNOWN;
            }
        }
    }

    private void merge(int a, int b) {
        cluster[a] = merges.add(cluster[a], cluster[b], distance(a, b));
        nearest[a] = MERGED;
        nearest[b] = GONE;
        for (int c : live) {
            if (c != a && nearest[c] != GONE) {
                double joined = joined(distance(a, c), weight[a], distance(b, c), weight[b]);
                if (a > c) {
                    distance[a][c] = joined;
                } else {
                    distance[c][a] = joined;
                }
            }
        }
        weight[a] += weight[b];
    }

    private double joined(double fromA, long weightA, double fromB, long weightB) {
        double most = Math.max(fromA, fromB);
        if (complete) {
            return most;
        }
        double mean = (weightA * fromA + weightB * fromB) / (weightA + weightB);
        return Math.min(most, Math.max(mean, Math.min(fromA, fromB))); // rounding must not part equal distances
    }
}
