package clade.clustering.mixture;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The Gaussian components of a mixture: k shares that sum to 1, k means of d values and k covariance matrices, of which the
 * lower triangle with diagonal is kept, row after row.
 */
public final class Components {

    private static final double LOG_2_PI = StrictMath.log(2 * Math.PI);

    final int columns;
    /** Whether covariances may have values other than 0 off the diagonal. */
    final boolean correlated;

    final double[] shares;
    final double[] means;
    final double[] covariances;
    /** The inverses of the covariances' Cholesky factors, as lower triangles. */
    final double[] factors;
    /** Component by component the logarithm of its share times its density at its mean. */
    final double[] peaks;

    /** Covariances must be positive definite. */
    Components(boolean correlated, double[] shares, double[] means, double[] covariances) {
        this.columns = means.length / shares.length;
        this.correlated = correlated;
        this.shares = shares;
        this.means = means;
        this.covariances = covariances;
        this.factors = new double[covariances.length];
        this.peaks = new double[shares.length];
        int triangle = Cholesky.triangle(columns);
        for (int j = 0; j < shares.length; j++) {
            double[] covariance = Arrays.copyOfRange(covariances, j * triangle, (j + 1) * triangle);
            double[] factor = Cholesky.factor(covariance, columns);
            if (factor.length == 0) {
                throw new ArithmeticException("the covariance of component %d is not positive definite".formatted(j));
            }
            System.arraycopy(Cholesky.inverse(factor, columns), 0, factors, j * triangle, triangle);
            double logRoot = 0;
            for (int a = 0; a < columns; a++) {
                logRoot += StrictMath.log(factor[Cholesky.triangle(a) + a]);
            }
            peaks[j] = StrictMath.log(shares[j]) - 0.5 * columns * LOG_2_PI - logRoot;
        }
    }

    /** Components of equal shares and unit variance around {@code size} means of d values each. */
    public static Components around(double[] means, int size, boolean correlated) {
        int columns = means.length / size;
        double[] shares = new double[size];
        Arrays.fill(shares, 1.0 / size);
        double[] covariances = new double[size * Cholesky.triangle(columns)];
        for (int j = 0; j < size; j++) {
            for (int a = 0; a < columns; a++) {
                covariances[j * Cholesky.triangle(columns) + Cholesky.triangle(a) + a] = 1;
            }
        }
        return new Components(correlated, shares, means, covariances);
    }

    /** Number of components, k. */
    public int size() {
        return shares.length;
    }

    /** Number of columns, d. */
    public int columns() {
        return columns;
    }

    /** Share of component {@code j} in the mixture, in [0, 1]. */
    public double share(int j) {
        return shares[j];
    }

    /** A copy of the mean of component {@code j}: d values. */
    public double[] mean(int j) {
        return Arrays.copyOfRange(means, j * columns, (j + 1) * columns);
    }

    /** Covariance of columns {@code a} and {@code b} in component {@code j}, the floor included. */
    public double covariance(int j, int a, int b) {
        int row = j * Cholesky.triangle(columns) + Cholesky.triangle(Math.max(a, b));
        return covariances[row + Math.min(a, b)];
    }

    public void write(DataOutput out) throws IOException {
        out.writeInt(shares.length);
        out.writeInt(columns);
        out.writeBoolean(correlated);
        for (double[] values : new double[][] {shares, means, covariances}) {
            for (double value : values) {
                out.writeDouble(value);
            }
        }
    }

    public static Components read(DataInput in) throws IOException {
        int size = in.readInt();
        int columns = in.readInt();
        boolean correlated = in.readBoolean();
        double[][] all = {new double[size], new double[size * columns], new double[size * Cholesky.triangle(columns)]};
        for (double[] values : all) {
            for (int i = 0; i < values.length; i++) {
                values[i] = in.readDouble();
            }
        }
        return new Components(correlated, all[0], all[1], all[2]);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Components that
                && correlated == that.correlated
                && Arrays.equals(shares, that.shares)
                && Arrays.equals(means, that.means)
                && Arrays.equals(covariances, that.covariances);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shares) + Arrays.hashCode(means);
    }
}
