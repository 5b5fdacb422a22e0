package clade.clustering;

import clade.statistics.Draws;
import clade.statistics.Matrix;
import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/**
 * Data without clusters to hold others against: rows drawn from a Gaussian copula with the rank correlations of the given
 * rows. Each column of a draw holds exactly the values of the given one, so that skew and ties are the same and only the way
 * in which values meet in a row is the model's.
 *
 * @see <a href="https://doi.org/10.1111/rssc.12116">Hennig and Lin (2015), Flexible parametric bootstrap for testing
 *     homogeneity against clustering and assessing the number of clusters</a>
 */
public final class NullModel {

    private final int rows;
    private final double[][] sortedColumns;

    /** A square root of the correlations: row j makes the normal variable of column j from independent ones. */
    private final double[][] root;

    private NullModel(int rows, double[][] sortedColumns, double[][] root) {
        this.rows = rows;
        this.sortedColumns = sortedColumns;
        this.root = root;
    }

    /** The model of the rows of {@code x}, all finite, at least one; their order plays no part. */
    public static NullModel of(Matrix x) {
        int d = x.columns();
        double[][] sorted = new double[d][];
        double[][] ranks = new double[d][];
        for (int j = 0; j < d; j++) {
            double[] column = x.column(j);
            sorted[j] = column.clone();
            Arrays.sort(sorted[j]);
            ranks[j] = centredRanks(column, sorted[j]);
        }
        double[][] correlations = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                correlations[i][j] = i == j ? 1 : normalCorrelation(ranks[i], ranks[j]);
            }
        }
        return new NullModel(x.rows(), sorted, root(correlations));
    }

    /** Ranks with their mean taken off, equal values sharing theirs: multiples of a half, so sums of them are exact. */
    private static double[] centredRanks(double[] column, double[] sorted) {
        double[] ranks = new double[column.length];
        for (int i = 0; i < column.length; i++) {
            int below = firstAtLeast(sorted, column[i]);
            int upTo = firstAtLeast(sorted, Math.nextUp(column[i]));
            ranks[i] = (below + upTo - sorted.length) / 2.0;
        }
        return ranks;
    }

    private static int firstAtLeast(double[] sorted, double value) {
        int from = 0;
        int to = sorted.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (sorted[middle] < value) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /**
     * The correlation of two normal variables that have the given rank correlation once their values are tied like the
     * columns'. Ties weaken a rank correlation by the root of the share of the rank variance that they leave, in either
     * column, where ranks depend on each other linearly. 0 for a constant column.
     */
    private static double normalCorrelation(double[] a, double[] b) {
        double products = 0;
        double squaresOfA = 0;
        double squaresOfB = 0;
        for (int i = 0; i < a.length; i++) {
            products += a[i] * b[i];
            squaresOfA += a[i] * a[i];
            squaresOfB += b[i] * b[i];
        }
        if (squaresOfA == 0 || squaresOfB == 0) {
            return 0;
        }
        double n = a.length;
        double squaresWithoutTies = n * (n * n - 1) / 12;
        double rankCorrelation = products / squaresOfA * (squaresWithoutTies / squaresOfB);
        return 2 * StrictMath.sin(Math.PI / 6 * Math.max(-1, Math.min(1, rankCorrelation)));
    }

    /** Correlations found pair by pair may fit no distribution: negative eigenvalues become 0, and variances 1 again. */
    private static double[][] root(double[][] correlations) {
        EigenDecomposition eigen = new EigenDecomposition(new Array2DRowRealMatrix(correlations));
        double[][] root = eigen.getV().getData();
        for (double[] row : root) {
            double variance = 0;
            for (int c = 0; c < row.length; c++) {
                row[c] *= Math.sqrt(Math.max(0, eigen.getRealEigenvalue(c)));
                variance += row[c] * row[c];
            }
            for (int c = 0; c < row.length; c++) {
                row[c] /= Math.sqrt(variance);
            }
        }
        return root;
    }

    /** As many rows as the model was made of; each {@code number} of a seed is another draw. */
    public Matrix draw(long seed, int number) {
        int d = root.length;
        Draws draws = Draws.of(seed, number);
        double[][] normals = new double[d][rows];
        double[] independent = new double[d];
        for (int i = 0; i < rows; i++) {
            for (int c = 0; c < d; c++) {
                independent[c] = normal(draws, (long) i * d + c);
            }
            for (int j = 0; j < d; j++) {
                for (int c = 0; c < d; c++) {
                    normals[j][i] += root[j][c] * independent[c];
                }
            }
        }
        double[] values = new double[Math.multiplyExact(rows, d)];
        for (int j = 0; j < d; j++) {
            int[] byValue = ascending(normals[j]);
            for (int rank = 0; rank < rows; rank++) {
                values[byValue[rank] * d + j] = sortedColumns[j][rank];
            }
        }
        return Matrix.of(rows, d, values);
    }

    /** Indices by value to single precision, of equal values by index: a sort of longs, with nothing boxed. */
    private static int[] ascending(double[] values) {
        long[] keys = new long[values.length];
        for (int i = 0; i < keys.length; i++) {
            int bits = Float.floatToIntBits((float) values[i]);
            int ordered = bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
            keys[i] = (long) ordered << 32 | i;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    /** A standard normal number (Box and Muller 1958) from two uniform ones. */
    private static double normal(Draws draws, long number) {
        double radius = Math.sqrt(-2 * StrictMath.log(1 - draws.uniform(2 * number)));
        return radius * StrictMath.cos(2 * Math.PI * draws.uniform(2 * number + 1));
    }
}
