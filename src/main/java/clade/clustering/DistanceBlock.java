package clade.clustering;

import java.util.Arrays;

/**
 * Some rows of {@link Groups} of which the distances to other rows are taken, all at once: their coordinates and sums stay in
 * the nearest cache, and the loops are such as the compiler turns into vectors.
 */
final class DistanceBlock {

    /** Rows of a block at most. */
    static final int ROWS = 512;

    private final Groups groups;

    /** d columns of as many values as the block has rows. */
    private final double[][] columns;

    /** Weights of the rows. */
    private final double[] weights;

    /** From the rows of the block to the row that was measured last, each times the weight of the block's row. */
    private final double[] distances;

    /** Sums over all columns but the last; of one column 0. */
    private final double[] squares;

    private DistanceBlock(Groups groups, double[][] columns, double[] weights) {
        this.groups = groups;
        this.columns = columns;
        this.weights = weights;
        distances = new double[columns[0].length];
        squares = new double[distances.length];
    }

    /** Rows {@code [from, to)} of the groups. */
    static DistanceBlock of(Groups groups, int from, int to) {
        double[][] columns = new double[groups.columns.length][];
        Arrays.setAll(columns, c -> Arrays.copyOfRange(groups.columns[c], from, to));
        return new DistanceBlock(groups, columns, Arrays.copyOfRange(groups.weights, from, to));
    }

    /** The rows that {@code rows[from]} to {@code rows[to - 1]} name. */
    static DistanceBlock of(Groups groups, int[] rows, int from, int to) {
        double[][] columns = new double[groups.columns.length][to - from];
        double[] weights = new double[to - from];
        Arrays.setAll(weights, i -> groups.weights[rows[from + i]]);
        for (int c = 0; c < columns.length; c++) {
            for (int i = from; i < to; i++) {
                columns[c][i - from] = groups.columns[c][rows[i]];
            }
        }
        return new DistanceBlock(groups, columns, weights);
    }

    /** Adds the distances to a row of the groups, times its weight, to {@code sums}, one for each row of the block. */
    void addDistances(int other, double[] sums) {
        int last = columns.length - 1;
        double weight = groups.weights[other];
        if (last == 2) { // the usual number, in one loop
            addDistances(
                    columns[0],
                    columns[1],
                    columns[2],
                    groups.columns[0][other],
                    groups.columns[1][other],
                    groups.columns[2][other],
                    weight,
                    weights,
                    distances,
                    sums);
            return;
        }
        for (int c = 0; c < last; c++) {
            if (c == 0) {
                square(columns[c], groups.columns[c][other], squares);
            } else {
                addSquares(columns[c], groups.columns[c][other], squares);
            }
        }
        addDistances(columns[last], groups.columns[last][other], squares, weight, weights, distances, sums);
    }

    private static void square(double[] values, double value, double[] squares) {
        for (int i = 0; i < squares.length; i++) {
            double difference = values[i] - value;
            squares[i] = difference * difference;
        }
    }

    private static void addSquares(double[] values, double value, double[] squares) {
        for (int i = 0; i < squares.length; i++) {
            double difference = values[i] - value;
            squares[i] += difference * difference;
        }
    }

    private static void addDistances(
            double[] values,
            double value,
            double[] squares,
            double weight,
            double[] weights,
            double[] distances,
            double[] sums) {
        for (int i = 0; i < sums.length; i++) {
            double difference = values[i] - value;
            double distance = Math.sqrt(squares[i] + difference * difference);
            distances[i] = weights[i] * distance;
            sums[i] += weight * distance;
        }
    }

    private static void addDistances(
            double[] x,
            double[] y,
            double[] z,
            double a,
            double b,
            double c,
            double weight,
            double[] weights,
            double[] distances,
            double[] sums) {
        for (int i = 0; i < sums.length; i++) {
            double u = x[i] - a;
            double v = y[i] - b;
            double w = z[i] - c;
            double distance = Math.sqrt(u * u + v * v + w * w);
            distances[i] = weights[i] * distance;
            sums[i] += weight * distance;
        }
    }

    /** The sum of the distances to the row that was measured last, each times the weight of the block's row. */
    double sumOfLast() {
        double[] of = distances;
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int i = 0;
        for (; i < of.length - 7; i += 8) { // sums that do not wait for each other
            s0 += of[i];
            s1 += of[i + 1];
            s2 += of[i + 2];
            s3 += of[i + 3];
            s4 += of[i + 4];
            s5 += of[i + 5];
            s6 += of[i + 6];
            s7 += of[i + 7];
        }
        for (; i < of.length; i++) {
            s0 += of[i];
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }
}
