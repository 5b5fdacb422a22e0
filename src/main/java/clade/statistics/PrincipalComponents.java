package clade.statistics;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/**
 * The directions in which centred rows vary most: eigenvectors of their covariance, by descending variance, each with its
 * largest loading (the first of equals) positive. A direction without variance has no loadings, so its scores are 0.
 */
final class PrincipalComponents {

    /** Variance below this share of the greatest is rounding. */
    private static final double NO_VARIANCE = 1e-13;

    private final double[] means;
    private final double[][] loadings;

    private PrincipalComponents(double[] means, double[][] loadings) {
        this.means = means;
        this.loadings = loadings;
    }

    /** The first {@code count} components of the rows of {@code x}, whatever their order. */
    static PrincipalComponents fit(Matrix x, int count) {
        int d = x.columns();
        double[][] centred = new double[d][];
        double[] means = new double[d];
        for (int j = 0; j < d; j++) {
            double[] column = x.column(j);
            double mean = Moments.of(column).mean();
            means[j] = mean;
            for (int i = 0; i < column.length; i++) {
                column[i] -= mean;
            }
            centred[j] = column;
        }
        EigenDecomposition eigen = new EigenDecomposition(new Array2DRowRealMatrix(covariance(centred), false));
        double[][] loadings = new double[count][];
        for (int c = 0; c < count; c++) {
            boolean varies = eigen.getRealEigenvalue(c) > NO_VARIANCE * eigen.getRealEigenvalue(0);
            loadings[c] = varies ? signed(eigen.getEigenvector(c).toArray()) : new double[d];
        }
        return new PrincipalComponents(means, loadings);
    }

    private static double[][] covariance(double[][] centred) {
        int d = centred.length;
        double[][] covariance = new double[d][d];
        Parallel.blocks(d * d, 1, (cell, end) -> {
            double[] a = centred[cell / d];
            double[] b = centred[cell % d];
            if (cell / d <= cell % d) {
                double[] products = new double[a.length];
                for (int i = 0; i < products.length; i++) {
                    products[i] = a[i] * b[i];
                }
                double value = ExactSum.of(products) / products.length;
                covariance[cell / d][cell % d] = value;
                covariance[cell % d][cell / d] = value;
            }
        });
        return covariance;
    }

    private static double[] signed(double[] vector) {
        int largest = 0;
        for (int j = 1; j < vector.length; j++) {
            largest = Math.abs(vector[j]) > Math.abs(vector[largest]) ? j : largest;
        }
        double sign = Math.signum(vector[largest]);
        for (int j = 0; j < vector.length; j++) {
            vector[j] *= sign;
        }
        return vector;
    }

    int count() {
        return loadings.length;
    }

    /** How many of the components have variance. */
    int rank() {
        return (int) IntStream.range(0, count())
                .filter(c -> IntStream.range(0, means.length).anyMatch(j -> loadings[c][j] != 0))
                .count();
    }

    /** Puts the scores of one row into {@code scores} from {@code at} on. */
    void score(double[] row, double[] scores, int at) {
        for (int c = 0; c < loadings.length; c++) {
            double score = 0;
            for (int j = 0; j < means.length; j++) {
                score += loadings[c][j] * (row[j] - means[j]);
            }
            scores[at + c] = score;
        }
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(means.length);
        out.writeInt(loadings.length);
        for (double mean : means) {
            out.writeDouble(mean);
        }
        for (double[] component : loadings) {
            for (double loading : component) {
                out.writeDouble(loading);
            }
        }
    }

    static PrincipalComponents read(DataInput in) throws IOException {
        double[] means = new double[in.readInt()];
        double[][] loadings = new double[in.readInt()][means.length];
        for (int j = 0; j < means.length; j++) {
            means[j] = in.readDouble();
        }
        for (double[] component : loadings) {
            for (int j = 0; j < component.length; j++) {
                component[j] = in.readDouble();
            }
        }
        return new PrincipalComponents(means, loadings);
    }
}
