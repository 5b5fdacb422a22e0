package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import clade.statistics.Matrix;
import clade.statistics.Threads;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GaussianMixtureTests {

    private static final Floor SCIKIT_LEARNS = Floor.of(1e-6);

    /** Three groups of 14, 10 and 8 rows. */
    private static final Matrix GROUPS = Matrix.ofRows(new double[][] {
        {-0.62, 0.47}, {2.38, 0.99}, {0.78, 3.19}, {-2.6, -0.39}, {-1.18, -0.2}, {0.07, 1.98}, {1.3, 0.64},
        {0.72, -0.07}, {-0.63, -0.86}, {0.16, -0.05}, {-0.86, -1.47}, {-0.06, 0.36}, {1.67, 1.18}, {-1.05, 0.12},
        {4.57, 1.13}, {4.56, 2.74}, {5.1, 1.06}, {4.69, 0.87}, {4.21, 1.46}, {4.86, 0.35}, {5.25, -0.13},
        {5.01, 1.18}, {5.36, 0.87}, {5.23, 3.18}, {-2.13, 7.62}, {-0.87, 6.03}, {1.13, 6.26}, {2.55, 7.38},
        {0.19, 6.1}, {1.33, 7.67}, {1.1, 8.03}, {1.53, 7.44}
    });

    // scikit-learn 1.2.1: GaussianMixture(3, covariance_type, tol=1e-9, max_iter=500, n_init=10, random_state=0)
    @ParameterizedTest
    @CsvSource({
        "FULL, -116.84847944586726, 292.6144692393299, 267.69695889173454",
        "TIED, -125.49537465472662, 289.1138442402502, 272.99074930945324",
        "DIAGONAL, -119.39462691232828, 287.30955646385274, 266.78925382465656",
        "SPHERICAL, -125.14691309879467, 288.4169211283863, 272.29382619758934"
    })
    void endsWhereScikitLearnEnds(Covariance covariance, double logLikelihood, double bic, double aic) {
        Clustering found =
                new GaussianMixture(3, covariance, 10, 500, 1e-10, SCIKIT_LEARNS).fit(GROUPS, null, 1, Progress.NONE);
        assertThat(found.quality().get("logLikelihood")).isCloseTo(logLikelihood, within(1e-6));
        assertThat(found.quality().get("bic")).isCloseTo(bic, within(1e-6));
        assertThat(found.quality().get("aic")).isCloseTo(aic, within(1e-6));
        assertThat(found.quality()).containsEntry("converged", 1.0).containsEntry("componentsAtFloor", 0.0);
        assertThat(found.clusters()).isEqualTo(3);
        assertThat(found.warnings()).isEmpty();
    }

    @Test
    void componentsOnAValueThatManyShareAreSaidAndStayFinite() {
        Random random = new Random(2);
        double[][] rows = new double[600][];
        for (int i = 0; i < rows.length; i++) {
            double orders = i % 3 == 0 ? 1 : 2 + Math.abs(Math.rint(3 * random.nextGaussian()));
            rows[i] = new double[] {random.nextGaussian(), StrictMath.log1p(orders)};
        }
        Clustering found = GaussianMixture.of(4).fit(Matrix.ofRows(rows), null, 3, Progress.NONE);
        assertThat(found.quality().values()).allMatch(Double::isFinite);
        assertThat(found.quality().get("componentsAtFloor")).isPositive();
        assertThat(found.warnings())
                .anySatisfy(warning -> assertThat(warning).contains("floor in {column 1} near 0.69"));
        assertThat(Arrays.stream(found.memberValues().get("probability"))).allMatch(p -> p > 0 && p <= 1);
    }

    @Test
    void theFloorByDataIsATwelfthOfTheSquaredGapBesideACommonValue() {
        // 0 is held by 10 of 20 rows and its nearest other value lies 3 away: floor 9 / 12
        double[] values =
                IntStream.range(0, 20).mapToDouble(i -> i < 10 ? 0 : i - 7).toArray();
        Clustering found = GaussianMixture.of(1).fit(Matrix.of(20, 1, values), null, 0, Progress.NONE);
        double mean = Arrays.stream(values).average().orElseThrow();
        double variance = Arrays.stream(values)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElseThrow();
        assertThat(((GaussianMixture.Model) found.model()).covariance(0, 0, 0))
                .isCloseTo(variance + 0.75, within(1e-12));
    }

    @Test
    void aConstantColumnTellsNothingAndSpoilsNothing() {
        double[][] rows = IntStream.range(0, GROUPS.rows())
                .mapToObj(i -> new double[] {GROUPS.get(i, 0), 7.7, GROUPS.get(i, 1)})
                .toArray(double[][]::new);
        Clustering plain = GaussianMixture.of(3).fit(GROUPS, null, 5, Progress.NONE);
        Clustering padded = GaussianMixture.of(3).fit(Matrix.ofRows(rows), null, 5, Progress.NONE);
        assertThat(padded.labels()).isEqualTo(plain.labels());
        assertThat(padded.warnings()).isEmpty();
        assertThat(padded.quality()).containsEntry("componentsAtFloor", 0.0);
    }

    @Test
    void twiceTheSameColumnIsNoTrouble() {
        double[][] rows = IntStream.range(0, GROUPS.rows())
                .mapToObj(i -> new double[] {1e6 * GROUPS.get(i, 0), 1e6 * GROUPS.get(i, 0), GROUPS.get(i, 1)})
                .toArray(double[][]::new);
        for (Covariance covariance : Covariance.values()) {
            Clustering found = new GaussianMixture(3, covariance, 2, 50, 1e-6, SCIKIT_LEARNS)
                    .fit(Matrix.ofRows(rows), null, 5, Progress.NONE);
            assertThat(found.quality().values()).allMatch(Double::isFinite);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWeightCountsAsThatManyEqualRowsAndTheOrderOfRowsDoesNot(Covariance covariance) {
        Random random = new Random(7);
        GaussianMixture mixture = new GaussianMixture(3, covariance, 2, 60, 1e-6, Floor.BY_DATA);
        for (int round = 0; round < 10; round++) {
            double[][] rows = lattice(random, 40);
            int[] weights = random.ints(rows.length, 1, 4).toArray();
            Clustering weighted = mixture.fit(Matrix.ofRows(rows), weights, round, Progress.NONE);
            int[] repeats = IntStream.range(0, rows.length)
                    .flatMap(i -> IntStream.generate(() -> i).limit(weights[i]))
                    .toArray();
            reverse(repeats);
            double[][] repeated = Arrays.stream(repeats).mapToObj(i -> rows[i]).toArray(double[][]::new);
            Clustering plain = mixture.fit(Matrix.ofRows(repeated), null, round, Progress.NONE);
            assertThat(plain.model()).isEqualTo(weighted.model());
            assertThat(plain.quality()).isEqualTo(weighted.quality());
            assertThat(plain.labels())
                    .isEqualTo(Arrays.stream(repeats)
                            .map(i -> weighted.labels()[i])
                            .toArray());
        }
    }

    @Test
    void threadsChangeNothing() {
        Matrix x = Matrix.of(
                5_000, 3, new Random(9).doubles(15_000).map(v -> v * v).toArray());
        Clustering one = fitIn(1, x);
        Clustering four = fitIn(4, x);
        assertThat(four.model()).isEqualTo(one.model());
        assertThat(four.labels()).isEqualTo(one.labels());
        assertThat(four.quality()).isEqualTo(one.quality());
    }

    private static Clustering fitIn(int threads, Matrix x) {
        return Threads.run(threads, () -> GaussianMixture.of(4).fit(x, null, 1, Progress.NONE));
    }

    @ParameterizedTest
    @EnumSource
    void fittedRowsGetTheirOwnLabelsAgainFromTheModelAndFromItsCopy(Covariance covariance) throws IOException {
        Random random = new Random(11);
        for (int round = 0; round < 20; round++) {
            Matrix x = Matrix.ofRows(lattice(random, 8 + random.nextInt(40)));
            Clustering found = new GaussianMixture(1 + round % 5, covariance, 1, 30, 1e-3, Floor.BY_DATA)
                    .fit(x, null, round, Progress.NONE);
            assertThat(found.model().assign(x)).isEqualTo(found.labels());
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            found.model().write(new DataOutputStream(bytes));
            ClusteringModel read =
                    ClusteringModel.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            assertThat(read).isEqualTo(found.model());
            assertThat(read.assign(x)).isEqualTo(found.labels());
        }
    }

    @Test
    void membershipsSumToOneAndTheOwnOneIsTheProbability() {
        Clustering found = GaussianMixture.of(3).fit(GROUPS, null, 1, Progress.NONE);
        Matrix memberships = ((GaussianMixture.Model) found.model()).memberships(GROUPS);
        assertThat(memberships.columns()).isEqualTo(3);
        for (int i = 0; i < GROUPS.rows(); i++) {
            assertThat(Arrays.stream(memberships.row(i)).sum()).isCloseTo(1, within(1e-14));
            assertThat(memberships.get(i, found.labels()[i]))
                    .isEqualTo(found.memberValues().get("probability")[i])
                    .isEqualTo(Arrays.stream(memberships.row(i)).max().orElseThrow());
        }
    }

    @Test
    void aRowFarFromEverythingStillHasMembershipsAndALabel() {
        Clustering found = GaussianMixture.of(3).fit(GROUPS, null, 1, Progress.NONE);
        Matrix far = Matrix.ofRows(new double[][] {{1e200, -1e200}, {1e8, 1e8}});
        Matrix memberships = ((GaussianMixture.Model) found.model()).memberships(far);
        assertThat(Arrays.stream(memberships.values())).allMatch(p -> p >= 0 && p <= 1);
        assertThat(Arrays.stream(found.model().assign(far))).allMatch(label -> label >= 0 && label < 3);
    }

    @Test
    void clustersAreNumberedByWeightAndCentresFollow() {
        Clustering found = GaussianMixture.of(3).fit(GROUPS, null, 1, Progress.NONE);
        int[] sizes = new int[3];
        Arrays.stream(found.labels()).forEach(label -> sizes[label]++);
        assertThat(sizes[0]).isGreaterThanOrEqualTo(sizes[1]);
        assertThat(sizes[1]).isGreaterThanOrEqualTo(sizes[2]);
        assertThat(found.centres()).isNotNull();
        assertThat(found.centres().row(1)).containsExactly(new double[] {4.88, 1.27}, within(0.02));
    }

    @Test
    void saysWhenItHasNotConverged() {
        Clustering found =
                new GaussianMixture(3, Covariance.FULL, 1, 2, 0, SCIKIT_LEARNS).fit(GROUPS, null, 1, Progress.NONE);
        assertThat(found.quality()).containsEntry("converged", 0.0).containsEntry("passes", 2.0);
        assertThat(found.warnings()).anyMatch(warning -> warning.contains("not converged after 2 passes"));
    }

    @Test
    void asManyComponentsAsDistinctRowsAreFine() {
        Matrix x = Matrix.ofRows(new double[][] {{0}, {1}, {1}, {5}});
        Clustering found = GaussianMixture.of(3).fit(x, null, 1, Progress.NONE);
        assertThat(found.quality().values()).allMatch(Double::isFinite);
        assertThat(found.labels()[1]).isEqualTo(found.labels()[2]);
        Clustering equal =
                GaussianMixture.of(1).fit(Matrix.ofRows(new double[][] {{2, 2}, {2, 2}}), null, 1, Progress.NONE);
        assertThat(equal.quality().values()).allMatch(Double::isFinite);
        assertThat(equal.labels()).containsExactly(0, 0);
    }

    @Test
    void refusesSettingsAndRowsThatCanNotBe() {
        assertThatThrownBy(() -> GaussianMixture.of(0)).hasMessage("components must be at least 1, was 0");
        assertThatThrownBy(() -> Floor.of(0)).hasMessage("floor must be a positive number, was 0.0");
        assertThatThrownBy(() -> new GaussianMixture(1, Covariance.FULL, 1, 1, Double.NaN, Floor.BY_DATA))
                .hasMessage("tolerance must be a number of at least 0, was NaN");
        Matrix x = Matrix.ofRows(new double[][] {{0}, {1}, {1}});
        assertThatThrownBy(() -> GaussianMixture.of(3).fit(x, null, 1, Progress.NONE))
                .isInstanceOf(UnsuitableData.class)
                .hasMessageContaining("3 components but only 2 distinct rows");
        Matrix large = Matrix.ofRows(new double[][] {{0, 1}, {1, -1e150}});
        assertThatThrownBy(() -> GaussianMixture.of(1).fit(large, null, 1, Progress.NONE))
                .isInstanceOf(UnsuitableData.class)
                .hasMessageStartingWith("row 1, column 1 (from 0) is -1.0E150");
    }

    @Test
    void progressNeverFallsAndCancels() {
        Matrix x = Matrix.of(2_000, 2, new Random(2).doubles(4_000).toArray());
        double[] last = {0};
        GaussianMixture.of(4).fit(x, null, 0, (phase, fraction) -> {
            assertThat(fraction).isBetween(last[0], 1.0);
            last[0] = fraction;
        });
        assertThat(last[0]).isEqualTo(1);
        assertThatThrownBy(() -> GaussianMixture.of(4).fit(x, null, 0, (phase, fraction) -> {
                    if (fraction > 0.3) {
                        throw new CancellationException("enough");
                    }
                }))
                .isInstanceOf(CancellationException.class);
    }

    /** At least five distinct rows. */
    private static double[][] lattice(Random random, int n) {
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) {
            rows[i] = new double[] {i < 5 ? i : random.nextInt(5), random.nextInt(3)};
        }
        return rows;
    }

    private static void reverse(int[] values) {
        for (int i = 0, j = values.length - 1; i < j; i++, j--) {
            int swap = values[i];
            values[i] = values[j];
            values[j] = swap;
        }
    }
}
