package clade.clustering.hierarchy;

import clade.clustering.Dendrogram;
import clade.clustering.Progress;
import clade.clustering.spatial.Phase;
import clade.clustering.spatial.RadixSort;
import clade.statistics.Parallel;

/** The merges of one fit in the order they are found; sorted into a {@link Dendrogram} at the end. */
final class Merges {

    private static final int BLOCK = 1 << 14;

    private final int[] weights;
    private final int[] first;
    private final int[] second;
    private final double[] height;
    private int count;

    /** @param weights of the m leaves */
    Merges(int[] weights) {
        this.weights = weights;
        int size = weights.length - 1;
        this.first = new int[size];
        this.second = new int[size];
        this.height = new double[size];
    }

    /** Bytes that the merges of {@code rows} leaves need, the dendrogram included. */
    static long bytes(long rows) {
        return rows * (16 + 24 + 16);
    }

    int count() {
        return count;
    }

    /**
     * Merges two clusters, leaves or results of earlier calls, at {@code own} height or that of their own merges if higher.
     *
     * @return the new cluster
     */
    int add(int a, int b, double own) {
        return put(reserve(1), a, b, own);
    }

    /** Keeps the next places for merges that several threads {@link #put} there; answers the first. */
    int reserve(int merges) {
        count += merges;
        return count - merges;
    }

    /** As {@link #add}, at a place that was reserved. */
    int put(int place, int a, int b, double own) {
        first[place] = a;
        second[place] = b;
        height[place] = Math.max(own, Math.max(heightOf(a), heightOf(b)));
        return weights.length + place;
    }

    private double heightOf(int cluster) {
        return cluster < weights.length ? 0 : height[cluster - weights.length];
    }

    /** All m − 1 merges by height, those of equal height in the order of their places. */
    Dendrogram toDendrogram(Progress progress) {
        int m = weights.length;
        Phase phase = new Phase(progress, "ordering merges", 0.95, 1, 3L * count);
        int[] order = RadixSort.order(height);
        int[] place = new int[count];
        int[] lesser = new int[count];
        int[] greater = new int[count];
        double[] heights = new double[count];
        long[] total = new long[count];
        Parallel.blocks(count, BLOCK, (from, to) -> {
            for (int i = from; i < to; i++) {
                place[order[i]] = m + i;
            }
            phase.done(to - from);
        });
        Parallel.blocks(count, BLOCK, (from, to) -> {
            for (int i = from; i < to; i++) {
                int a = first[order[i]] < m ? first[order[i]] : place[first[order[i]] - m];
                int b = second[order[i]] < m ? second[order[i]] : place[second[order[i]] - m];
                lesser[i] = Math.min(a, b);
                greater[i] = Math.max(a, b);
                heights[i] = height[order[i]];
            }
            phase.done(to - from);
        });
        for (int i = 0; i < count; i++) {
            total[i] = weightOf(lesser[i], total) + weightOf(greater[i], total);
            if ((i + 1) % BLOCK == 0) {
                phase.done(BLOCK);
            }
        }
        return new Dendrogram(lesser, greater, heights, total);
    }

    private long weightOf(int cluster, long[] total) {
        return cluster < weights.length ? weights[cluster] : total[cluster - weights.length];
    }
}
