package clade.clustering.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.clustering.Covariance;
import clade.clustering.Progress;
import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Matrix;
import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ExpectationMaximisationTests {

    private static final double[][] ROWS = {
        {-0.62, 0.47}, {2.38, 0.99}, {0.78, 3.19}, {-2.6, -0.39}, {-1.18, -0.2}, {0.07, 1.98}, {1.3, 0.64},
        {0.72, -0.07}, {-0.63, -0.86}, {0.16, -0.05}, {-0.86, -1.47}, {-0.06, 0.36}, {1.67, 1.18}, {-1.05, 0.12},
        {4.57, 1.13}, {4.56, 2.74}, {5.1, 1.06}, {4.69, 0.87}, {4.21, 1.46}, {4.86, 0.35}, {5.25, -0.13},
        {5.01, 1.18}, {5.36, 0.87}, {5.23, 3.18}, {-2.13, 7.62}, {-0.87, 6.03}, {1.13, 6.26}, {2.55, 7.38},
        {0.19, 6.1}, {1.33, 7.67}, {1.1, 8.03}, {1.53, 7.44}
    };

    // scikit-learn 1.2.1: GaussianMixture(3, covariance_type, tol=0, max_iter=3, means_init=[[0,0],[4,0],[0,6]],
    // weights_init=1/3 each, precisions_init=identity): score(X) * 32, and the first component's mean and weight
    @ParameterizedTest
    @CsvSource({
        "FULL, -118.24523871332843, -0.01938934000651369, 0.32929959111348545, 0.42343763056233",
        "TIED, -125.49968594645625, -0.0986044116647389, 0.3927122501392436, 0.4180476298385619",
        "DIAGONAL, -120.99732408359671, -0.031478152627192266, 0.3009769616938866, 0.41875904595223307",
        "SPHERICAL, -125.37715521872431, -0.06443493121302236, 0.3477941644421448, 0.41890209574737636"
    })
    void threePassesGiveWhatScikitLearnGives(
            Covariance shape, double logLikelihood, double meanX, double meanY, double share) {
        CanonicalRows rows = CanonicalRows.of(Matrix.ofRows(ROWS), null, Progress.NONE);
        MixtureFit found = new ExpectationMaximisation(rows, shape, new double[] {1e-6, 1e-6}, 3, 0)
                .fromMeans(new double[] {0, 0, 4, 0, 0, 6}, 3, Progress.NONE);
        assertThat(found.logLikelihood()).isCloseTo(logLikelihood, within(1e-10));
        assertThat(found.components().mean(0)).containsExactly(new double[] {meanX, meanY}, within(1e-12));
        assertThat(found.components().share(0)).isCloseTo(share, within(1e-12));
        assertThat(found.passes()).isEqualTo(3);
        assertThat(found.converged()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void equalsItsDefinitionOnRandomRows(Covariance shape) {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            int n = 1 + random.nextInt(seed % 50 == 0 ? 3_000 : 60);
            int d = 1 + random.nextInt(4);
            int k = 1 + random.nextInt(4);
            double[] values = new double[n * d];
            Arrays.setAll(values, i -> random.nextBoolean() ? random.nextInt(4) : 3 * random.nextGaussian());
            int[] weights = random.ints(n, 1, 4).toArray();
            CanonicalRows rows = CanonicalRows.of(Matrix.of(n, d, values), weights, Progress.NONE);
            double[] means = new double[k * d];
            Arrays.setAll(means, i -> 2 * random.nextGaussian());
            double[] floor = new double[d];
            Arrays.setAll(floor, a -> 0.01 * (a + 1));
            MixtureFit found = new ExpectationMaximisation(rows, shape, floor, 4, 0).fromMeans(means, k, Progress.NONE);
            Plain plain = new Plain(rows, shape, floor, means, k);
            for (int pass = 0; pass < found.passes(); pass++) {
                plain.step();
            }
            assertThat(found.logLikelihood()).as("seed %d", seed).isCloseTo(plain.logLikelihood(), within(1e-8 * n));
            for (int j = 0; j < k; j++) {
                assertThat(found.components().mean(j))
                        .as("seed %d", seed)
                        .containsExactly(plain.means[j], within(1e-8));
            }
        }
    }

    @Test
    void farFromTheOriginCovariancesKeepTheirDigits() {
        Random random = new Random(5);
        double[] near =
                random.doubles(400, -1, 1).map(v -> Math.rint(v * 1024) / 1024).toArray();
        double[] far = Arrays.stream(near).map(v -> v + 0x1p20).toArray(); // exact: 20 + 10 bits
        MixtureFit fromNear = fitFromOrigin(near);
        MixtureFit fromFar = fitFromOrigin(far);
        assertThat(fromFar.components().covariance(0, 0, 1))
                .isCloseTo(fromNear.components().covariance(0, 0, 1), within(1e-12));
        assertThat(fromFar.logLikelihood()).isCloseTo(fromNear.logLikelihood(), within(1e-6));
    }

    /** One pass from a component at the origin. */
    private static MixtureFit fitFromOrigin(double[] values) {
        CanonicalRows rows = CanonicalRows.of(Matrix.of(200, 2, values), null, Progress.NONE);
        return new ExpectationMaximisation(rows, Covariance.FULL, new double[] {1e-6, 1e-6}, 1, 0)
                .fromMeans(new double[] {0, 0}, 1, Progress.NONE);
    }

    /** Expectation and maximisation row by row, densities by determinants and inverses. */
    private static final class Plain {
        private final CanonicalRows rows;
        private final Covariance shape;
        private final double[] floor;
        private final double[] shares;
        private final double[][] means;
        private final RealMatrix[] covariances;

        Plain(CanonicalRows rows, Covariance shape, double[] floor, double[] starts, int k) {
            this.rows = rows;
            this.shape = shape;
            this.floor = floor;
            int d = rows.columns();
            this.shares = new double[k];
            this.means = new double[k][];
            this.covariances = new RealMatrix[k];
            for (int j = 0; j < k; j++) {
                shares[j] = 1.0 / k;
                means[j] = Arrays.copyOfRange(starts, j * d, (j + 1) * d);
                covariances[j] = new Array2DRowRealMatrix(d, d);
                for (int a = 0; a < d; a++) {
                    covariances[j].setEntry(a, a, 1);
                }
            }
        }

        double logLikelihood() {
            RealMatrix[] inverses = inverses();
            double sum = 0;
            for (int i = 0; i < rows.size(); i++) {
                sum += rows.weights()[i]
                        * Math.log(Arrays.stream(parts(i, inverses)).sum());
            }
            return sum;
        }

        private RealMatrix[] inverses() {
            return Arrays.stream(covariances)
                    .map(c -> new LUDecomposition(c, 0).getSolver().getInverse())
                    .toArray(RealMatrix[]::new);
        }

        private double[] parts(int i, RealMatrix[] inverses) {
            double[] parts = new double[shares.length];
            for (int j = 0; j < parts.length; j++) {
                double[] offset = offset(i, means[j]);
                double[] solved = inverses[j].operate(offset);
                double distance = 0;
                for (int a = 0; a < offset.length; a++) {
                    distance += offset[a] * solved[a];
                }
                double root = Math.sqrt(new LUDecomposition(inverses[j], 0).getDeterminant());
                parts[j] = shares[j] * root * Math.exp(-0.5 * distance) / Math.pow(2 * Math.PI, offset.length / 2.0);
            }
            return parts;
        }

        private double[] offset(int i, double[] mean) {
            double[] offset = new double[mean.length];
            Arrays.setAll(offset, a -> rows.byColumn()[a][i] - mean[a]);
            return offset;
        }

        void step() {
            RealMatrix[] inverses = inverses();
            double[][] owned = new double[rows.size()][];
            for (int i = 0; i < owned.length; i++) {
                double[] parts = parts(i, inverses);
                double scale = rows.weights()[i] / Arrays.stream(parts).sum();
                owned[i] = Arrays.stream(parts).map(p -> p * scale).toArray();
            }
            int d = rows.columns();
            RealMatrix pooled = new Array2DRowRealMatrix(d, d);
            for (int j = 0; j < shares.length; j++) {
                maximise(j, owned);
                pooled = pooled.add(covariances[j].scalarMultiply(shares[j]));
            }
            for (int j = 0; j < shares.length; j++) {
                shape(j, pooled);
            }
        }

        private void maximise(int j, double[][] owned) {
            int d = rows.columns();
            double own = 0;
            double[] mean = new double[d];
            for (int i = 0; i < owned.length; i++) {
                own += owned[i][j];
                for (int a = 0; a < d; a++) {
                    mean[a] += owned[i][j] * rows.byColumn()[a][i];
                }
            }
            for (int a = 0; a < d; a++) {
                mean[a] /= own;
            }
            RealMatrix covariance = new Array2DRowRealMatrix(d, d);
            for (int i = 0; i < owned.length; i++) {
                RealMatrix offset = new Array2DRowRealMatrix(offset(i, mean));
                covariance = covariance.add(offset.multiply(offset.transpose()).scalarMultiply(owned[i][j] / own));
            }
            shares[j] = own / rows.totalWeight();
            means[j] = mean;
            covariances[j] = covariance;
        }

        private void shape(int j, RealMatrix pooled) {
            RealMatrix covariance = shape == Covariance.TIED ? pooled.copy() : covariances[j];
            int d = floor.length;
            for (int a = 0; a < d; a++) {
                covariance.addToEntry(a, a, floor[a]);
            }
            double level = covariance.getTrace() / d;
            for (int a = 0; a < d; a++) {
                for (int b = 0; b < d; b++) {
                    if (a != b && (shape == Covariance.DIAGONAL || shape == Covariance.SPHERICAL)) {
                        covariance.setEntry(a, b, 0);
                    }
                }
                if (shape == Covariance.SPHERICAL) {
                    covariance.setEntry(a, a, level);
                }
            }
            covariances[j] = covariance;
        }
    }
}
