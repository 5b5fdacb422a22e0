package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import clade.statistics.Matrix;
import clade.statistics.Threads;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class SilhouetteTests {

    private final Random random = new Random(3);

    @Test
    void equalsTheDefinitionWithWeightsTiesNoiseAndSingletons() {
        for (int run = 0; run < 500; run++) {
            int n = 2 + random.nextInt(run % 50 == 0 ? 1500 : 60);
            int d = 1 + random.nextInt(6);
            Matrix x = lattice(n, d);
            int[] weights = random.nextBoolean() ? null : random.ints(n, 1, 4).toArray();
            int[] labels = random.ints(n, -1, 5).toArray();
            labels[0] = 0;
            labels[1] = 3;
            double[] expected = definition(x, weights, labels, Math::sqrt);
            Silhouette found = Silhouette.of(x, weights, labels, Progress.NONE);
            assertClose(found.ofRows(), expected);
            assertMeans(found, expected, weights, labels);
            Silhouette squared = Silhouette.squared(x, weights, labels, Progress.NONE);
            double[] expectedOfSquares = definition(x, weights, labels, square -> square);
            assertClose(squared.ofRows(), expectedOfSquares);
            assertMeans(squared, expectedOfSquares, weights, labels);
        }
    }

    @Test
    void equalsTheDefinitionToTheSameBitsForAnyThreadsWhereClustersAreLargeOrMany() {
        for (int clusters : new int[] {3, 40}) {
            for (int d : new int[] {1, 3, 5}) {
                int n = 2600;
                Matrix x = Matrix.of(n, d, random.doubles((long) n * d).toArray());
                int[] weights = random.ints(n, 1, 4).toArray();
                int[] labels = random.ints(n, -1, clusters).toArray();
                double[] once = inPool(1, x, weights, labels);
                assertClose(once, definition(x, weights, labels, Math::sqrt));
                assertThat(inPool(3, x, weights, labels)).isEqualTo(once);
            }
        }
    }

    private static double[] inPool(int threads, Matrix x, int[] weights, int[] labels) {
        return Threads.run(threads, () -> Silhouette.of(x, weights, labels, Progress.NONE))
                .ofRows();
    }

    private static double[] definition(Matrix x, int[] weights, int[] labels, DoubleUnaryOperator distance) {
        int n = x.rows();
        int clusters = Arrays.stream(labels).max().orElseThrow() + 1;
        double[] scores = new double[n];
        for (int i = 0; i < n; i++) {
            double[] sums = new double[clusters];
            double[] counts = new double[clusters];
            for (int j = 0; j < n; j++) {
                if (labels[j] >= 0) {
                    double square = 0;
                    for (int c = 0; c < x.columns(); c++) {
                        square += Math.pow(x.get(i, c) - x.get(j, c), 2);
                    }
                    double weight = weights == null ? 1 : weights[j];
                    sums[labels[j]] += weight * distance.applyAsDouble(square);
                    counts[labels[j]] += weight;
                }
            }
            if (labels[i] < 0) {
                scores[i] = Double.NaN;
            } else if (counts[labels[i]] > 1) {
                double a = sums[labels[i]] / (counts[labels[i]] - 1);
                double b = Double.POSITIVE_INFINITY;
                for (int j = 0; j < clusters; j++) {
                    b = j == labels[i] || counts[j] == 0 ? b : Math.min(b, sums[j] / counts[j]);
                }
                scores[i] = a == 0 && b == 0 ? 0 : (b - a) / Math.max(a, b);
            }
        }
        return scores;
    }

    private static void assertClose(double[] found, double[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            if (Double.isNaN(expected[i])) {
                assertThat(found[i]).isNaN();
            } else {
                assertThat(found[i]).isCloseTo(expected[i], within(1e-12));
            }
        }
    }

    private static void assertMeans(Silhouette found, double[] scores, int[] weights, int[] labels) {
        double[] sums = new double[6];
        double[] counts = new double[6];
        double noise = 0;
        for (int i = 0; i < scores.length; i++) {
            double weight = weights == null ? 1 : weights[i];
            if (labels[i] < 0) {
                noise += weight;
            } else {
                for (int at : new int[] {labels[i], 5}) {
                    sums[at] += weight * scores[i];
                    counts[at] += weight;
                }
            }
        }
        assertThat(found.mean()).isCloseTo(sums[5] / counts[5], within(1e-12));
        assertThat(found.standardError()).isZero();
        assertThat(found.noiseShare()).isCloseTo(noise / (noise + counts[5]), within(1e-15));
        for (int j = 0; j < found.ofClusters().length; j++) {
            if (counts[j] == 0) {
                assertThat(found.ofClusters()[j]).isNaN();
            } else {
                assertThat(found.ofClusters()[j]).isCloseTo(sums[j] / counts[j], within(1e-12));
            }
        }
    }

    @Test
    void agreesWithPublishedValuesForTheMallCustomers() {
        // k = 2…6 on income and spending score: scikit-learn 1.2.1 and R, to four digits
        double[] published = {0.2969, 0.4676, 0.4932, 0.5539, 0.5398};
        Matrix x = Examples.mall();
        List<Clustering> best = new KMeans(2, 100, 300, 0, null).sweep(6, x, null, 42, Progress.NONE);
        for (int k = 2; k <= 6; k++) {
            double mean = Silhouette.of(x, null, best.get(k - 2).labels(), Progress.NONE)
                    .mean();
            assertThat(mean).isCloseTo(published[k - 2], within(6e-5));
        }
    }

    @Test
    void sampleOfEveryRowIsExact() {
        Matrix x = lattice(300, 3);
        int[] weights = random.ints(300, 1, 4).toArray();
        int[] labels = random.ints(300, -1, 4).toArray();
        Silhouette exact = Silhouette.of(x, weights, labels, Progress.NONE);
        Silhouette sample = Silhouette.sample(x, weights, labels, 10_000, 5, Progress.NONE);
        assertThat(sample.mean()).isCloseTo(exact.mean(), within(1e-12));
        assertThat(sample.standardError()).isZero();
        assertThat(sample.ofRows()).isNull();
    }

    @Test
    void samplesScatterAroundTheExactMeanByTheirStandardError() {
        int n = 3000;
        double[] values = random.doubles(2L * n).toArray();
        Matrix x = Matrix.of(n, 2, values);
        int[] labels = new int[n];
        Arrays.setAll(labels, i -> values[2 * i] < 0.3 ? 0 : values[2 * i + 1] < 0.8 ? 1 : 2);
        int[] weights = random.ints(n, 1, 4).toArray();
        double exact = Silhouette.of(x, weights, labels, Progress.NONE).mean();
        int runs = 200;
        double squares = 0;
        for (int seed = 0; seed < runs; seed++) {
            Silhouette sample = Silhouette.sample(x, weights, labels, 150, seed, Progress.NONE);
            squares += Math.pow((sample.mean() - exact) / sample.standardError(), 2);
        }
        // the mean square of 200 standard normal values lies in here but for one time in 10^4
        assertThat(squares / runs).isBetween(0.63, 1.45);
    }

    @Test
    void refusesFewerThanTwoClustersAndLabelsThatDoNotFit() {
        Matrix x = lattice(4, 1);
        assertThatThrownBy(() -> Silhouette.of(x, null, new int[] {1, 1, -1, 1}, Progress.NONE))
                .hasMessage("the silhouette needs at least 2 clusters, got 1");
        assertThatThrownBy(() -> Silhouette.of(x, null, new int[] {1, 1}, Progress.NONE))
                .hasMessage("4 rows need 4 labels, got 2");
        assertThatThrownBy(() -> Silhouette.of(x, null, new int[] {1, 0, -2, 1}, Progress.NONE))
                .hasMessage("labels must be at least -1, was -2 in row 2");
    }

    private Matrix lattice(int n, int d) {
        return Matrix.of(n, d, random.ints((long) n * d, 0, 4).asDoubleStream().toArray());
    }
}
