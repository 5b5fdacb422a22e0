package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Matrix;
import clade.statistics.Threads;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class DbscanTests {

    @Test
    void equalsTheDefinitionOnThousandsOfRandomCases() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 4000; round++) {
            int n = 1 + random.nextInt(round % 10 == 0 ? 150 : 40);
            int d = 1 + random.nextInt(round % 3 == 0 ? 6 : 3);
            Matrix x = RandomRows.of(n, d, random.nextInt(5), random);
            int[] weights = random.nextBoolean() ? RandomRows.weights(n, 4, random) : ones(n);
            double eps = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0.05 + random.nextDouble() * 2;
            int minPoints = 1 + random.nextInt(8);

            Clustering found = new Dbscan(eps, minPoints).fit(x, weights, 0, Progress.NONE);

            Definition expected = new Definition(x, weights, eps, minPoints);
            assertThat(found.labels()).as("round %d", round).isEqualTo(expected.labels);
            assertThat(found.memberValues().get("core")).isEqualTo(expected.core);
            assertThat(found.clusters()).isEqualTo(expected.clusters);
            Matrix others = RandomRows.of(20, d, random.nextInt(5), random);
            assertThat(found.model().assign(others)).isEqualTo(expected.assign(others));
            assertThat(found.model().assign(x)).isEqualTo(found.labels());
        }
    }

    @Test
    void findsTheSameWhateverTheOrderOfRowsAndTheNumberOfThreads() {
        SplittableRandom random = new SplittableRandom(2);
        for (int d : new int[] {2, 3, 8}) {
            Matrix x = RandomRows.of(3000, d, 3, random);
            Dbscan dbscan = new Dbscan(0.3 * Math.sqrt(d), 6);
            int[] labels = dbscan.fit(x, null, 0, Progress.NONE).labels();
            int[] order = RandomRows.shuffled(3000, random);
            Matrix shuffled = RandomRows.permute(x, order);
            for (int threads : new int[] {1, 4}) {
                int[] again = Threads.run(threads, () -> dbscan.fit(shuffled, null, 0, Progress.NONE))
                        .labels();
                assertThat(again)
                        .isEqualTo(Arrays.stream(order).map(i -> labels[i]).toArray());
            }
        }
    }

    @Test
    void countsAWeightAsThatManyEqualRows() {
        SplittableRandom random = new SplittableRandom(3);
        for (int round = 0; round < 300; round++) {
            Matrix x = RandomRows.of(30, 2, round % 5, random);
            int[] weights = RandomRows.weights(30, 5, random);
            Dbscan dbscan = new Dbscan(0.7, 5);
            Clustering weighted = dbscan.fit(x, weights, 0, Progress.NONE);
            Clustering repeated = dbscan.fit(RandomRows.repeat(x, weights), null, 0, Progress.NONE);
            int at = 0;
            for (int i = 0; i < 30; i++) {
                for (int j = 0; j < weights[i]; j++) {
                    assertThat(repeated.labels()[at++]).isEqualTo(weighted.labels()[i]);
                }
            }
            assertThat(repeated.quality()).isEqualTo(weighted.quality());
        }
    }

    @Test
    void agreesWithScikitLearnOnCoreRowsAndTheirClusters() {
        // scikit-learn 1.2.1: DBSCAN(eps=0.6, min_samples=4), labels_ of core_sample_indices_, else -1;
        // R dbscan 1.1.11 finds the same 15 clusters, 78 core rows and 90 noise rows
        int[] expected = {
            0, 0, 0, -1, -1, -1, -1, -1, -1, -1, 0, 1, 2, -1, 0, -1, 3, -1, 0, 4, -1, 1, -1, -1, -1, -1, -1, -1, -1, -1,
            3, -1, -1, -1, 3, -1, 5, -1, -1, -1, 1, -1, -1, -1, -1, 3, 1, -1, -1, 6, -1, -1, 0, 7, 6, 0, -1, -1, -1, -1,
            8, 1, -1, 9, 7, -1, -1, -1, 1, -1, -1, 1, 10, -1, -1, -1, -1, -1, 4, -1, -1, -1, -1, 4, -1, -1, 3, -1, -1,
            5, -1, -1, 10, 3, -1, -1, -1, -1, -1, 1, 8, -1, -1, -1, 5, -1, -1, -1, -1, 9, -1, -1, -1, 0, 10, 4, -1, -1,
            3, 7, 1, -1, 1, -1, 10, -1, 6, -1, 9, -1, -1, -1, -1, 0, -1, 6, 0, -1, 10, -1, -1, -1, -1, -1, 1, -1, 1, -1,
            10, -1, 11, -1, 7, -1, 9, -1, 6, -1, -1, 0, -1, -1, -1, -1, -1, -1, -1, 10, -1, 10, -1, -1, -1, 12, -1, 10,
            10, 0, -1, 13, 9, -1, 8, -1, 14, 0, -1, -1, 3, -1, -1, -1, 10, 10, -1, -1, -1, 1, 3, 7
        };
        Clustering found = new Dbscan(0.6, 4).fit(fixture(), null, 0, Progress.NONE);

        Map<Integer, Integer> numbers = new HashMap<>();
        int[] core = new int[200];
        for (int i = 0; i < core.length; i++) {
            boolean isCore = found.memberValues().get("core")[i] == 1;
            core[i] = isCore ? numbers.computeIfAbsent(found.labels()[i], label -> numbers.size()) : -1;
        }
        assertThat(core).isEqualTo(expected);
        assertThat(found.clusters()).isEqualTo(15);
        assertThat(found.quality()).containsEntry("coreShare", 78 / 200.0).containsEntry("noiseShare", 90 / 200.0);
    }

    /** Row i of 200 is (31 i² mod 997, 17 i³ mod 991) / 100. */
    static Matrix fixture() {
        double[][] rows = new double[200][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new double[] {i * i * 31 % 997 / 100.0, (long) i * i * i * 17 % 991 / 100.0};
        }
        return Matrix.ofRows(rows);
    }

    @Test
    void readsBackTheModelThatItWrote() throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        for (int minPoints : new int[] {3, 1000}) {
            Matrix x = RandomRows.of(200, 3, 2, random);
            ClusteringModel model =
                    new Dbscan(0.5, minPoints).fit(x, null, 0, Progress.NONE).model();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            model.write(new DataOutputStream(bytes));
            ClusteringModel read =
                    ClusteringModel.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            ByteArrayOutputStream again = new ByteArrayOutputStream();
            read.write(new DataOutputStream(again));
            assertThat(again.toByteArray()).isEqualTo(bytes.toByteArray());
            Matrix others = RandomRows.of(100, 3, 2, random);
            assertThat(read.assign(others)).isEqualTo(model.assign(others));
        }
    }

    @Test
    void saysWhenAlmostEverythingIsNoise() {
        Clustering found = new Dbscan(0.01, 5).fit(line(100, 1), null, 0, Progress.NONE);

        assertThat(found.clusters()).isZero();
        assertThat(found.quality()).containsEntry("noiseShare", 1.0).containsEntry("coreShare", 0.0);
        assertThat(found.warnings())
                .containsExactly(
                        "100 % noise: eps 0.01 is below the distance of almost every customer's 4th other customer.");
    }

    @Test
    void saysWhenOneClusterHoldsAlmostEverybody() {
        assertThat(new Dbscan(1.5, 3).fit(line(100, 1), null, 0, Progress.NONE).warnings())
                .containsExactly(
                        "One cluster holds 100 % of the customers: eps 1.5 is wide enough to join almost all of them.");
    }

    @Test
    void saysWhenThereAreFewerCustomersThanMinPoints() {
        assertThat(new Dbscan(1, 5).fit(line(4, 1), null, 0, Progress.NONE).warnings())
                .containsExactly("Everything is noise: minPoints 5 is more than the 4 customers there are.");
    }

    @Test
    void takesRadiiAndValuesOfAnySize() {
        Matrix x = Matrix.ofRows(
                new double[] {0, 0}, new double[] {Double.MIN_VALUE, 0}, new double[] {1e300, 1e300}, new double[] {
                    -1e300, 5
                });
        assertThat(new Dbscan(1e-200, 1).fit(x, null, 0, Progress.NONE).labels())
                .containsExactly(0, 0, 2, 1);
        assertThat(new Dbscan(1e200, 1).fit(x, null, 0, Progress.NONE).clusters())
                .isEqualTo(1);
        assertThat(new Dbscan(1e-9, 2).fit(x, null, 0, Progress.NONE).labels()).containsExactly(0, 0, -1, -1);
    }

    @Test
    void endsWhenProgressCancels() {
        Matrix x = RandomRows.of(5000, 2, 1, new SplittableRandom(5));
        for (String phase : new String[] {"finding core rows", "joining core rows", "placing border rows"}) {
            assertThatThrownBy(() -> new Dbscan(0.05, 5).fit(x, null, 0, (at, fraction) -> {
                        if (at.equals(phase)) {
                            throw new CancellationException();
                        }
                    }))
                    .isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void refusesSettingsAndRowsThatMeanNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Dbscan(0, 5))
                .withMessage("eps must be positive and finite, was 0.0");
        assertThatIllegalArgumentException().isThrownBy(() -> new Dbscan(Double.NaN, 5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Dbscan(1, 0))
                .withMessage("minPoints must be at least 1, was 0");
        ClusteringModel model =
                new Dbscan(1, 1).fit(line(3, 1), null, 0, Progress.NONE).model();
        assertThatThrownBy(() -> model.assign(Matrix.ofRows(new double[] {Double.NaN})))
                .isInstanceOf(UnsuitableData.class);
        assertThatIllegalArgumentException().isThrownBy(() -> model.assign(Matrix.ofRows(new double[] {1, 2})));
    }

    private static Matrix line(int rows, double step) {
        double[] values = new double[rows];
        Arrays.setAll(values, i -> i * step);
        return Matrix.of(rows, 1, values);
    }

    private static int[] ones(int n) {
        int[] ones = new int[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** The definition, over all pairs. */
    private static final class Definition {

        final CanonicalRows rows;
        final double eps2;
        final int[] canonicalLabels;
        final boolean[] canonicalCore;
        final int[] labels;
        final double[] core;
        int clusters;

        Definition(Matrix x, int[] weights, double eps, int minPoints) {
            rows = CanonicalRows.of(x, weights, Progress.NONE);
            eps2 = eps * eps;
            int m = rows.size();
            canonicalCore = new boolean[m];
            for (int i = 0; i < m; i++) {
                int count = 0;
                for (int j = 0; j < m; j++) {
                    count += RandomRows.squared(row(i), row(j)) <= eps2 ? rows.weights()[j] : 0;
                }
                canonicalCore[i] = count >= minPoints;
            }
            int[] found = new int[m];
            Arrays.fill(found, -1);
            for (int i = 0; i < m; i++) {
                if (canonicalCore[i] && found[i] < 0) {
                    spread(i, clusters++, found);
                }
            }
            canonicalLabels = new int[m];
            for (int i = 0; i < m; i++) {
                canonicalLabels[i] = nearestCore(row(i), found);
            }
            number(canonicalLabels);
            labels = rows.toInput(canonicalLabels);
            core = new double[x.rows()];
            Arrays.setAll(core, i -> canonicalCore[rows.canonicalOf()[i]] ? 1 : 0);
        }

        int[] assign(Matrix others) {
            int[] assigned = new int[others.rows()];
            Arrays.setAll(assigned, i -> nearestCore(others.row(i), canonicalLabels));
            return assigned;
        }

        private double[] row(int i) {
            double[] row = new double[rows.columns()];
            Arrays.setAll(row, w -> rows.byColumn()[w][i]);
            return row;
        }

        private void spread(int from, int cluster, int[] found) {
            found[from] = cluster;
            for (int j = 0; j < found.length; j++) {
                if (canonicalCore[j] && found[j] < 0 && RandomRows.squared(row(from), row(j)) <= eps2) {
                    spread(j, cluster, found);
                }
            }
        }

        private int nearestCore(double[] row, int[] of) {
            double best = Double.POSITIVE_INFINITY;
            int label = -1;
            for (int j = 0; j < rows.size(); j++) {
                double distance = RandomRows.squared(row, row(j));
                if (canonicalCore[j] && distance <= eps2 && distance < best) {
                    best = distance;
                    label = of[j];
                }
            }
            return label;
        }

        private void number(int[] names) {
            int[] total = new int[clusters];
            int[] first = new int[clusters];
            for (int i = names.length - 1; i >= 0; i--) {
                if (names[i] >= 0) {
                    total[names[i]] += rows.weights()[i];
                    first[names[i]] = i;
                }
            }
            int[] numbers = new int[clusters];
            for (int a = 0; a < clusters; a++) {
                for (int b = 0; b < clusters; b++) {
                    numbers[a] += total[b] > total[a] || (total[b] == total[a] && first[b] < first[a]) ? 1 : 0;
                }
            }
            for (int i = 0; i < names.length; i++) {
                names[i] = names[i] < 0 ? -1 : numbers[names[i]];
            }
        }
    }
}
