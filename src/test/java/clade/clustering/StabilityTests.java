package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import clade.statistics.Draws;
import clade.statistics.Matrix;
import clade.statistics.Preparation;
import clade.statistics.Preparation.Column;
import clade.statistics.Preparation.NoCap;
import clade.statistics.Preparation.Scale;
import clade.statistics.Preparation.Transform;
import clade.statistics.Threads;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class StabilityTests {

    private static final Preparation STANDARD =
            new Preparation(Collections.nCopies(2, new Column(new NoCap(), Transform.NONE, 1)), Scale.STANDARD, null);

    /** Heaps of equal size around the corners of a square. */
    private static double[][] heaps(int n, int heaps, double spread) {
        SplittableRandom random = new SplittableRandom(n);
        double[][] rows = new double[n][];
        Arrays.setAll(rows, i -> new double[] {
            i % heaps % 2 * 10 + spread * random.nextDouble(), i % heaps / 2 * 10 + spread * random.nextDouble()
        });
        return rows;
    }

    private static int[] labels(ClusteringAlgorithm algorithm, Matrix x) {
        return algorithm.fit(STANDARD.fit(x).apply(x), null, 5, Progress.NONE).labels();
    }

    private static List<Double> stability(ClusteringAlgorithm algorithm, Matrix x, int[] labels) {
        return Stability.of(x, STANDARD, algorithm, labels, 5, Progress.NONE);
    }

    @Test
    void isOneForHeapsThatEveryMethodFinds() {
        Matrix x = Matrix.ofRows(heaps(200, 4, 1));

        assertThat(stability(KMeans.of(4), x, labels(KMeans.of(4), x))).containsExactly(1.0, 1.0, 1.0, 1.0);
        Dbscan dbscan = new Dbscan(0.3, 5);
        assertThat(stability(dbscan, x, labels(dbscan, x))).containsExactly(1.0, 1.0, 1.0, 1.0);
        Hdbscan hdbscan = new Hdbscan(40, 5, Hdbscan.Selection.EOM, 0, false);
        assertThat(stability(hdbscan, x, labels(hdbscan, x))).containsExactly(1.0, 1.0, 1.0, 1.0);
    }

    @Test
    void isLowForAHeapCutInTwo() {
        Matrix x = Matrix.ofRows(heaps(400, 2, 3));
        List<Double> three = stability(KMeans.of(3), x, labels(KMeans.of(3), x));

        assertThat(three).hasSize(3).anyMatch(s -> s < 0.75);
        assertThat(stability(KMeans.of(2), x, labels(KMeans.of(2), x))).containsExactly(1.0, 1.0);
    }

    @Test
    void lowersTheSettingsOfADensityMethodWithTheRows() {
        // ten rows at each of two places: 90 % of them hold as few as eight of a place, and minPoints becomes nine
        double[][] rows = new double[20][];
        Arrays.setAll(rows, i -> new double[] {i % 2 * 5, i % 2 * 5});
        Matrix x = Matrix.ofRows(rows);
        Dbscan dbscan = new Dbscan(0.1, 10);
        List<Double> found = stability(dbscan, x, labels(dbscan, x));

        // one place is complete or each lacks one, with probability 9/19 and 10/19: else one of them is all noise
        assertThat(found).hasSize(2).allMatch(s -> s > 0.5 && s < 1);
        assertThat(found.get(0) + found.get(1)).isCloseTo(1 + 10.0 / 19, within(0.2));
        // heaps of 50 rows keep about 45, and minClusterSize becomes 45: each is found in about half of the samples
        Matrix heaps = Matrix.ofRows(heaps(200, 4, 1));
        Hdbscan hdbscan = new Hdbscan(50, 5, Hdbscan.Selection.EOM, 0, false);
        assertThat(stability(hdbscan, heaps, labels(hdbscan, heaps))).hasSize(4).allMatch(s -> s > 0.2 && s < 1);
    }

    @Test
    void equalsAPlainBootstrapOnRepeatedRows() {
        double[][] rows = heaps(60, 3, 9);
        Arrays.sort(rows, (a, b) -> Double.compare(a[0], b[0]));
        Matrix x = Matrix.ofRows(rows);
        KMeans algorithm = new KMeans(3, 3, 100, 0, null);
        int[] labels = labels(algorithm, x);
        int[] order = Sample.of(x, 60, 5);
        double[] expected = new double[3];
        for (int s = 0; s < 50; s++) {
            Draws draws = Draws.of(5, s);
            int[] drawn = new int[60];
            Arrays.setAll(drawn, i -> order[draws.below(60, i)]);
            Matrix resample =
                    Matrix.ofRows(Arrays.stream(drawn).mapToObj(x::row).toArray(double[][]::new));
            int[] found = labels(algorithm, resample);
            for (int c = 0; c < 3; c++) {
                expected[c] += largestJaccard(c, drawn, labels, found) / 50;
            }
        }
        List<Double> actual = stability(algorithm, x, labels);

        for (int c = 0; c < 3; c++) {
            assertThat(actual.get(c)).isCloseTo(expected[c], within(1e-12));
        }
        assertThat(Arrays.stream(expected)).anyMatch(e -> e < 0.9);
    }

    private static double largestJaccard(int cluster, int[] drawn, int[] labels, int[] found) {
        double largest = 0;
        for (int f = 0; f < 3; f++) {
            Set<Integer> ours = new TreeSet<>();
            Set<Integer> theirs = new TreeSet<>();
            for (int i = 0; i < drawn.length; i++) {
                if (labels[drawn[i]] == cluster) {
                    ours.add(drawn[i]);
                }
                if (found[i] == f) {
                    theirs.add(drawn[i]);
                }
            }
            Set<Integer> either = new TreeSet<>(ours);
            either.addAll(theirs);
            ours.retainAll(theirs);
            largest = Math.max(largest, (double) ours.size() / either.size());
        }
        return largest;
    }

    @Test
    void isTheSameWhateverTheOrderOfTheRowsAndTheThreads() {
        double[][] rows = heaps(150, 3, 8);
        Matrix x = Matrix.ofRows(rows);
        List<Double> once = stability(KMeans.of(3), x, labels(KMeans.of(3), x));
        for (int threads : new int[] {1, 3}) {
            Collections.shuffle(Arrays.asList(rows), new Random(threads));
            Matrix shuffled = Matrix.ofRows(rows);
            assertThat(Threads.run(threads, () -> stability(KMeans.of(3), shuffled, labels(KMeans.of(3), shuffled))))
                    .isEqualTo(once);
        }
    }

    @Test
    void countsSamplesWithTooFewDistinctRowsAsNotFound() {
        Matrix x = Matrix.ofRows(new double[][] {{0, 0}, {1, 0}, {0, 1}});
        List<Double> found = stability(KMeans.of(3), x, new int[] {0, 1, 2});

        // all three rows are drawn with probability 6/27
        assertThat(found).hasSize(3).allMatch(s -> s.equals(found.get(0)) && s > 0 && s < 0.5);
    }

    @Test
    void knowsClusteringsWithoutClusters() {
        Matrix x = Matrix.ofRows(new double[][] {{0, 0}, {1, 0}, {0, 1}});

        assertThat(stability(new Dbscan(0.1, 3), x, new int[] {-1, -1, -1})).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stability(KMeans.of(1), x, new int[2]))
                .withMessage("3 rows need as many labels, got 2");
    }
}
