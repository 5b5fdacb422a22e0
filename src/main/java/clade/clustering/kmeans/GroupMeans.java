package clade.clustering.kmeans;

import clade.clustering.Progress;
import clade.statistics.Parallel;

/** The means of groups of consecutive rows of a tree, which lie near each other, each with the weight of its rows together. */
public final class GroupMeans {

    /** Groups at most. */
    public static final int GROUPS = 1 << 13;

    /** Groups that a thread makes at a time. */
    private static final int BLOCK = 1 << 7;

    final RowTree tree;

    /** The weighted sum of the squared distances of the rows from their means, and of the rows from the mean of them all. */
    final double scatter;

    final double total;

    GroupMeans(RowTree rows, Progress progress) {
        int each = (rows.size + GROUPS - 1) / GROUPS;
        int count = (rows.size + each - 1) / each;
        int d = rows.dimensions;
        double[][] means = new double[d][count];
        int[] weights = new int[count];
        double[] squares = new double[count];
        Parallel.blocks(count, BLOCK, (first, last) -> {
            double[] point = new double[d];
            double[] mean = new double[d];
            progress.at("averaging neighbours", 0);
            for (int group = first; group < last; group++) {
                int from = group * each;
                int to = Math.min(rows.size, from + each);
                for (int row = from; row < to; row++) {
                    weights[group] += rows.weights[row];
                    rows.copyRow(row, point, 0);
                    for (int c = 0; c < d; c++) {
                        means[c][group] += rows.weights[row] * point[c];
                    }
                }
                for (int c = 0; c < d; c++) {
                    mean[c] = means[c][group] /= weights[group];
                }
                for (int row = from; row < to; row++) {
                    squares[group] += rows.weights[row] * rows.squaredDistance(row, mean, 0);
                }
            }
        });
        double sum = 0;
        for (double square : squares) {
            sum += square;
        }
        tree = new RowTree(means, weights);
        scatter = sum;
        total = scatter + tree.meanVariance() * d * tree.totalWeight;
    }
}
