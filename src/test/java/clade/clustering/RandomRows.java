package clade.clustering;

import clade.statistics.Matrix;
import java.util.SplittableRandom;

/** Seeded small data sets full of what breaks clustering: lattices, duplicates, constant columns, far outliers. */
public final class RandomRows {

    private RandomRows() {}

    /** Random rows of a kind: 0 lattice, 1 continuous, 2 lumps, 3 lumps on a lattice with an outlier, 4 mixed columns. */
    public static Matrix of(int rows, int columns, int kind, SplittableRandom random) {
        double[] values = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            int lump = random.nextInt(3);
            for (int w = 0; w < columns; w++) {
                values[i * columns + w] = switch (kind) {
                    case 0 -> random.nextInt(5);
                    case 1 -> random.nextDouble() * 4;
                    case 2 -> lump * 6 + random.nextDouble() * 2;
                    case 3 -> i == 0 ? 1000 : lump * 5 + 0.1 * random.nextInt(12);
                    default -> w == 0 ? random.nextInt(4) * 0.5 : w == 1 ? 7 : random.nextDouble();
                };
            }
        }
        return Matrix.of(rows, columns, values);
    }

    /** Counts of 1 to {@code most}. */
    public static int[] weights(int rows, int most, SplittableRandom random) {
        int[] weights = new int[rows];
        for (int i = 0; i < rows; i++) {
            weights[i] = 1 + random.nextInt(most);
        }
        return weights;
    }

    /** Each row as often as its weight says. */
    public static Matrix repeat(Matrix x, int[] weights) {
        int total = 0;
        for (int weight : weights) {
            total += weight;
        }
        double[][] rows = new double[total][];
        int at = 0;
        for (int i = 0; i < weights.length; i++) {
            for (int j = 0; j < weights[i]; j++) {
                rows[at++] = x.row(i);
            }
        }
        return Matrix.ofRows(rows);
    }

    /** Row {@code i} of the answer is row {@code order[i]}. */
    public static Matrix permute(Matrix x, int[] order) {
        double[][] rows = new double[order.length][];
        for (int i = 0; i < order.length; i++) {
            rows[i] = x.row(order[i]);
        }
        return Matrix.ofRows(rows);
    }

    public static int[] shuffled(int n, SplittableRandom random) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /** The one formula: columns in order, no fused multiply-add. */
    public static double squared(double[] a, double[] b) {
        double sum = 0;
        for (int w = 0; w < a.length; w++) {
            double difference = a[w] - b[w];
            sum += difference * difference;
        }
        return sum;
    }
}
