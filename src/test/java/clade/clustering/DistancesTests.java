package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.statistics.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DistancesTests {

    @Test
    void theNearestClusterIsTheOneThatARowIsAssignedTo() {
        SplittableRandom random = new SplittableRandom(1);
        List<ClusteringAlgorithm> algorithms = List.of(
                KMeans.of(3),
                new Dbscan(1, 3),
                Hdbscan.of(4, 3),
                new Hierarchical(Linkage.WARD, 3),
                new Hierarchical(Linkage.SINGLE, 3),
                GaussianMixture.of(2));
        int looked = 0;
        for (int i = 0; i < 400; i++) {
            Matrix x = RandomRows.of(12 + random.nextInt(30), 1 + random.nextInt(3), i % 4, random);
            for (ClusteringAlgorithm algorithm : algorithms) {
                Clustering fit;
                try {
                    fit = algorithm.fit(x, null, i, Progress.NONE);
                } catch (UnsuitableData tooFewDistinctRows) {
                    continue;
                }
                Matrix others = RandomRows.of(5, x.columns(), i % 4, random);
                for (Matrix rows : List.of(x, others)) {
                    int[] labels = fit.model().assign(rows);
                    for (int row = 0; row < rows.rows(); row++) {
                        double[] distances = fit.model().distances(rows.row(row));
                        assertThat(distances).hasSize(fit.clusters());
                        if (labels[row] != ClusteringModel.NOISE) {
                            double least = Arrays.stream(distances).min().orElseThrow();
                            assertThat(distances[labels[row]])
                                    .as("%s of %s", algorithm, Arrays.toString(distances))
                                    .isCloseTo(least, within(1e-9 * (1 + least)));
                            looked++;
                        }
                    }
                }
            }
        }
        assertThat(looked).isGreaterThan(10_000);
    }

    @Test
    void distancesOfKMeansAndDbscanAreThoseMeasuredByHand() {
        Matrix x = Matrix.ofRows(
                new double[] {0, 0}, new double[] {0, 1}, new double[] {1, 0}, new double[] {9, 9}, new double[] {9, 8
                });
        ClusteringModel kMeans = KMeans.of(2).fit(x, null, 1, Progress.NONE).model();
        double third = 1 / 3.0;
        assertThat(kMeans.distances(new double[] {3, 4}))
                .containsExactly(new double[] {Math.hypot(3 - third, 4 - third), Math.hypot(6, 4.5)}, within(1e-12));
        assertThat(kMeans.measure()).isEqualTo("centre");

        ClusteringModel dbscan =
                new Dbscan(1.5, 2).fit(x, null, 1, Progress.NONE).model();
        assertThat(dbscan.distances(new double[] {3, 4}))
                .containsExactly(
                        new double[] {
                            IntStream.range(0, 3)
                                    .mapToDouble(i -> Math.hypot(3 - x.get(i, 0), 4 - x.get(i, 1)))
                                    .min()
                                    .orElseThrow(),
                            Math.hypot(6, 4)
                        },
                        within(1e-12));
    }
}
