package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import clade.statistics.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KDistanceTests {

    @Test
    void equalsTheSortedDistancesOfAllPairs() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 500; round++) {
            int n = 5 + random.nextInt(60);
            Matrix x = RandomRows.of(n, 1 + random.nextInt(5), round % 5, random);
            int[] weights = RandomRows.weights(n, 1 + random.nextInt(3), random);
            int minPoints = 1 + random.nextInt(5);
            Matrix customers = RandomRows.repeat(x, weights);
            double[] expected = new double[customers.rows()];
            for (int i = 0; i < expected.length; i++) {
                double[] squared = new double[expected.length];
                for (int j = 0; j < squared.length; j++) {
                    squared[j] = RandomRows.squared(customers.row(i), customers.row(j));
                }
                Arrays.sort(squared);
                expected[i] = Math.sqrt(squared[minPoints - 1]);
            }
            Arrays.sort(expected);

            KDistance found = KDistance.of(x, weights, minPoints, Progress.NONE);

            for (int i = 0; i < expected.length; i++) {
                assertThat(found.quantile((i + 0.5) / expected.length)).isEqualTo(expected[i]);
            }
        }
    }

    @Test
    void agreesWithScikitLearn() {
        // scikit-learn 1.2.1: np.sort(NearestNeighbors(n_neighbors=5).fit(x).kneighbors(x)[0][:, -1])[[0, 49, 99, 149,
        // 199]]
        KDistance found = KDistance.of(DbscanTests.fixture(), null, 5, Progress.NONE);
        double[] expected = {
            0.35735136770411274, 0.6243396511515181, 0.7998124780221922, 0.9660227740586661, 1.5183214415926543
        };
        for (int i = 0; i < 5; i++) {
            assertThat(found.quantile(Math.max(1, 50 * i) / 200.0)).isCloseTo(expected[i], within(1e-12));
        }
    }

    @Test
    void suggestsAnEpsWithinThePlateauOfClearClusters() {
        Matrix x = RandomRows.of(3000, 2, 2, new SplittableRandom(3));
        KDistance.Suggestion suggested = KDistance.of(x, null, 5, Progress.NONE).suggestEps(Progress.NONE);

        assertThat(suggested.clear()).isTrue();
        assertThat(new Dbscan(suggested.eps(), 5).fit(x, null, 0, Progress.NONE).clusters())
                .isEqualTo(3);
        assertThat(suggested.trials()).hasSizeGreaterThanOrEqualTo(7);
    }

    @Test
    void saysThatNoEpsIsClearWhereThereAreNoClusters() {
        Matrix x = RandomRows.of(3000, 2, 1, new SplittableRandom(4));
        KDistance distances = KDistance.of(x, null, 5, Progress.NONE);
        KDistance.Suggestion suggested = distances.suggestEps(Progress.NONE);

        assertThat(suggested.clear()).isFalse();
        assertThat(suggested.eps()).isCloseTo(distances.quantile(0.95), within(1e-3));
    }

    @Test
    void suggestsTheSameForRepeatedRowsAsForWeights() {
        SplittableRandom random = new SplittableRandom(5);
        for (int kind = 0; kind < 5; kind++) {
            Matrix x = RandomRows.of(200, 2, kind, random);
            int[] weights = RandomRows.weights(200, 3, random);
            assertThat(KDistance.of(RandomRows.repeat(x, weights), null, 4, Progress.NONE)
                            .suggestEps(Progress.NONE))
                    .isEqualTo(KDistance.of(x, weights, 4, Progress.NONE).suggestEps(Progress.NONE));
        }
    }

    @Test
    void measuresBetweenDistinctRowsWhereEverybodyHasManyEquals() {
        Matrix scores = Matrix.ofRows(new double[] {1}, new double[] {2}, new double[] {3}, new double[] {7});
        KDistance distances = KDistance.of(scores, new int[] {9, 9, 9, 9}, 5, Progress.NONE);

        assertThat(distances.quantile(1)).isZero();
        assertThat(distances.curve(100)).isEmpty();
        assertThat(distances.suggestEps(Progress.NONE).eps()).isPositive().isFinite();
        assertThat(KDistance.of(Matrix.ofRows(new double[] {1}), new int[] {9}, 5, Progress.NONE)
                        .suggestEps(Progress.NONE))
                .isEqualTo(new KDistance.Suggestion(1, false, List.of()));
    }

    @Test
    void drawsTheCurveWithoutZerosAndWithoutTheTop() {
        double[][] rows = new double[200][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new double[] {i < 100 ? 0 : i * i};
        }
        List<KDistance.Point> curve =
                KDistance.of(Matrix.ofRows(rows), null, 2, Progress.NONE).curve(10);

        assertThat(curve).hasSize(10);
        assertThat(curve.get(0).share()).isGreaterThan(0.5);
        // the 198th least distance: customers 102, 103, … are at 2 i − 1 from the one before
        assertThat(curve.get(9)).isEqualTo(new KDistance.Point(0.99, 197 * 197 - 196 * 196));
    }

    @Test
    void refusesFewerCustomersThanMinPoints() {
        assertThatThrownBy(() -> KDistance.of(Matrix.ofRows(new double[] {1}), null, 2, Progress.NONE))
                .isInstanceOf(UnsuitableData.class)
                .hasMessage("minPoints is 2 but there are only 1 customers");
    }
}
