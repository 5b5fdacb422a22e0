package clade.clustering.hierarchy;

import clade.clustering.Dendrogram;

/** The merges of one fit in the order they are found; sorted into a {@link Dendrogram} at the end. */
final class Merges {

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
        first[count] = a;
        second[count] = b;
        height[count] = Math.max(own, Math.max(heightOf(a), heightOf(b)));
        return weights.length + count++;
    }

    private double heightOf(int cluster) {
        return cluster < weights.length ? 0 : height[cluster - weights.length];
    }

    /** The merges by height, those of equal height in the order they were added. */
    Dendrogram toDendrogram() {
        int m = weights.length;
        int[] order = StableSort.order(count, (a, b) -> Double.compare(height[a], height[b]));
        int[] place = new int[count];
        for (int i = 0; i < count; i++) {
            place[order[i]] = m + i;
        }
        int[] lesser = new int[count];
        int[] greater = new int[count];
        double[] heights = new double[count];
        long[] total = new long[count];
        for (int i = 0; i < count; i++) {
            int a = first[order[i]] < m ? first[order[i]] : place[first[order[i]] - m];
            int b = second[order[i]] < m ? second[order[i]] : place[second[order[i]] - m];
            lesser[i] = Math.min(a, b);
            greater[i] = Math.max(a, b);
            heights[i] = height[order[i]];
            total[i] = (a < m ? weights[a] : total[a - m]) + (b < m ? weights[b] : total[b - m]);
        }
        return new Dendrogram(lesser, greater, heights, total);
    }
}
