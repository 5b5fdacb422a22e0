package clade.clustering;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The merges of a hierarchical clustering, from the lowest to the highest: SciPy's linkage matrix.
 *
 * <p>Its leaves are the m distinct rows in canonical order; equal rows have merged before, at height 0, and are not listed.
 * Cluster {@code c < m} is a leaf, cluster {@code m + i} is what merge {@code i} made. Heights never fall from a merge to the
 * next.
 */
public final class Dendrogram {

    private final int[] first;
    private final int[] second;
    private final double[] height;
    private final long[] weight;

    /**
     * @param first m − 1 clusters, each the lesser of the two that merge
     * @param second m − 1 clusters, each the greater of the two
     * @param height m − 1 values that never fall
     * @param weight m − 1 total weights of what the merges made
     */
    public Dendrogram(int[] first, int[] second, double[] height, long[] weight) {
        this.first = first;
        this.second = second;
        this.height = height;
        this.weight = weight;
    }

    /**
     * One row of the linkage matrix.
     *
     * @param first the lesser of the two clusters that merge
     * @param second the greater of the two
     * @param height distance at which they merge, by the linkage and in the units of the rows
     * @param weight how many customers the merged cluster holds
     */
    public record Merge(int first, int second, double height, long weight) {}

    /** Number of distinct rows, m. */
    public int leaves() {
        return first.length + 1;
    }

    /** Number of merges, m − 1. */
    public int size() {
        return first.length;
    }

    /** Merge {@code index}, in [0, m − 1). */
    public Merge merge(int index) {
        return new Merge(first[index], second[index], height[index], weight[index]);
    }

    /**
     * Undoes the last {@code k − 1} merges.
     *
     * @param k clusters wanted, from 1 to the number of leaves
     * @return one label a leaf, in [0, k), numbered by the first leaf of each cluster
     */
    public int[] cut(int k) {
        if (k < 1 || k > leaves()) {
            throw new IllegalArgumentException("k must be from 1 to %d, was %d".formatted(leaves(), k));
        }
        int m = leaves();
        int kept = m - k;
        int[] parent = new int[m + kept];
        Arrays.fill(parent, -1);
        for (int i = 0; i < kept; i++) {
            parent[first[i]] = m + i;
            parent[second[i]] = m + i;
        }
        for (int c = m + kept - 1; c >= 0; c--) {
            parent[c] = parent[c] < 0 ? c : parent[parent[c]]; // from the top down: parents hold their roots already
        }
        int[] label = new int[m + kept];
        Arrays.fill(label, -1);
        int[] labels = new int[m];
        int next = 0;
        for (int row = 0; row < m; row++) {
            int root = parent[row];
            if (label[root] < 0) {
                label[root] = next++;
            }
            labels[row] = label[root];
        }
        return labels;
    }

    /** Whether a cut into {@code k} clusters parts merges of equal height, so that another order of theirs were as good. */
    public boolean tiedAt(int k) {
        int kept = leaves() - k;
        return kept > 0 && k > 1 && height[kept - 1] == height[kept];
    }

    void write(DataOutput out) throws IOException {
        for (int i = 0; i < size(); i++) {
            out.writeInt(first[i]);
            out.writeInt(second[i]);
            out.writeDouble(height[i]);
            out.writeLong(weight[i]);
        }
    }

    static Dendrogram read(DataInput in, int leaves) throws IOException {
        int size = leaves - 1;
        Dendrogram read = new Dendrogram(new int[size], new int[size], new double[size], new long[size]);
        for (int i = 0; i < size; i++) {
            read.first[i] = in.readInt();
            read.second[i] = in.readInt();
            read.height[i] = in.readDouble();
            read.weight[i] = in.readLong();
        }
        return read;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Dendrogram that
                && Arrays.equals(first, that.first)
                && Arrays.equals(second, that.second)
                && Arrays.equals(height, that.height)
                && Arrays.equals(weight, that.weight);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(first) + Arrays.hashCode(height);
    }
}
