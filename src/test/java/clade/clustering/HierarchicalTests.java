package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import clade.statistics.Matrix;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HierarchicalTests {

    private static final double[][] ROWS = {
        {0.44, -0.33}, {2.43, -0.25}, {0.11, 1.58}, {-0.91, -0.59}, {0.19, -0.33}, {2.21, 3.69},
        {3.46, 4.91}, {1.5, 2.95}, {5.73, 6.79}, {8.24, -2.68}, {8.51, -3.43}, {8.56, -3.21}
    };
    private static final Matrix TWELVE = Matrix.ofRows(ROWS);
    private static final int[] COUNTS = {1, 2, 1, 1, 3, 1, 1, 1, 2, 1, 1, 4};

    // Heights and labels: scipy.cluster.hierarchy.linkage and fcluster(Z, 3, "maxclust"), SciPy 1.10.1.

    @Test
    void wardMergesAtScipysHeights() {
        Clustering found = fit(Linkage.WARD, 3, TWELVE, null);
        assertThat(heights(found))
                .containsExactly(
                        new double[] {
                            0.2256102834535699,
                            0.25,
                            0.8137362390029502,
                            1.0255242561733973,
                            1.4460175194881513,
                            2.458054786479206,
                            2.608735325785274,
                            3.155645734235705,
                            5.4496605398868665,
                            11.26751278874111,
                            18.018659001774303
                        },
                        within(1e-12));
        assertThat(found.labels()).containsExactly(0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2);
    }

    @Test
    void wardLosesWhatWardsOwnExampleLoses() {
        // Ward (1963), p. 237: ten scores lose 50.5 as one group, nothing as {0, 0, 0}, {2, 2, 2, 2}, {5} and {6, 6}
        Matrix scores = Matrix.of(10, 1, new double[] {2, 6, 5, 6, 2, 2, 2, 0, 0, 0});
        Clustering found = fit(Linkage.WARD, 4, scores, null);
        assertThat(found.labels()).containsExactly(0, 2, 3, 2, 0, 0, 0, 1, 1, 1);
        // a height is the root of twice what the merge loses
        assertThat(Arrays.stream(heights(found))
                        .map(height -> height * height / 2)
                        .sum())
                .isCloseTo(50.5, within(1e-12));
    }

    @Test
    void completeMergesAtScipysHeights() {
        Clustering found = fit(Linkage.COMPLETE, 3, TWELVE, null);
        assertThat(heights(found))
                .containsExactly(
                        new double[] {
                            0.2256102834535699,
                            0.25,
                            0.7971198153351852,
                            1.0255242561733973,
                            1.3748090776540574,
                            2.3977697971239857,
                            2.7718585822512662,
                            3.3572607882021916,
                            5.713011465068139,
                            9.838800739927606,
                            10.591354965253501
                        },
                        within(1e-12));
        assertThat(found.labels()).containsExactly(0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2);
    }

    @Test
    void averageMergesAtScipysHeights() {
        Clustering found = fit(Linkage.AVERAGE, 3, TWELVE, null);
        assertThat(heights(found))
                .containsExactly(
                        new double[] {
                            0.2256102834535699,
                            0.25,
                            0.7081160415108747,
                            1.0255242561733973,
                            1.2525593848648202,
                            2.0825808927684375,
                            2.259270576076711,
                            2.636293404857269,
                            4.450297489242156,
                            5.507426263658125,
                            9.021758042633355
                        },
                        within(1e-12));
        assertThat(found.labels()).containsExactly(0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2);
    }

    @Test
    void singleMergesAtScipysHeights() {
        Clustering found = fit(Linkage.SINGLE, 3, TWELVE, null);
        assertThat(heights(found))
                .containsExactly(
                        new double[] {
                            0.2256102834535699,
                            0.25,
                            0.6191122676865642,
                            1.0255242561733973,
                            1.1303096920755833,
                            1.746682569902156,
                            1.9116746585127922,
                            1.951665955024066,
                            1.9916073910286638,
                            2.9474226028854433,
                            6.297697992123789
                        },
                        within(1e-12));
        assertThat(found.labels()).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 1, 1);
    }

    @Test
    void weightsMoveHeightsAsScipysRepeatedRowsDo() {
        // SciPy 1.10.1 on the rows repeated by their counts, its merges at height 0 left out
        assertThat(heights(fit(Linkage.WARD, 2, TWELVE, COUNTS)))
                .containsExactly(
                        new double[] {
                            0.28537694370779193, 0.30618621784789724, 0.8421955434062408, 1.0255242561733973,
                            1.5067879744675428, 2.5355946048215197, 2.608735325785274, 4.161988707336915,
                            6.893335912314155, 14.858583662702797, 23.945475383943055
                        },
                        within(1e-12));
        assertThat(heights(fit(Linkage.AVERAGE, 2, TWELVE, COUNTS)))
                .containsExactly(
                        new double[] {
                            0.2256102834535699,
                            0.25,
                            0.6547137772162884,
                            1.0255242561733973,
                            1.1914345384702019,
                            2.0142183990661793,
                            2.259270576076711,
                            2.5046716419646806,
                            4.450297489242156,
                            6.149928690824871,
                            8.960290067796963
                        },
                        within(1e-12));
    }

    @ParameterizedTest
    @EnumSource
    void aWeightCountsAsThatManyEqualRows(Linkage linkage) {
        Clustering weighted = fit(linkage, 3, TWELVE, COUNTS);
        int[] repeats = IntStream.range(0, COUNTS.length)
                .flatMap(i -> IntStream.generate(() -> i).limit(COUNTS[i]))
                .toArray();
        Matrix repeated =
                Matrix.ofRows(Arrays.stream(repeats).mapToObj(i -> ROWS[i]).toArray(double[][]::new));
        Clustering plain = fit(linkage, 3, repeated, null);
        assertThat(plain.model()).isEqualTo(weighted.model());
        assertThat(plain.labels())
                .isEqualTo(Arrays.stream(repeats).map(i -> weighted.labels()[i]).toArray());
    }

    @ParameterizedTest
    @EnumSource
    void labelsDoNotDependOnTheOrderOfRows(Linkage linkage) {
        Random random = new Random(3);
        for (int n = 2; n < 60; n++) {
            double[][] rows = lattice(random, n, 3, 4);
            int k = 1 + random.nextInt(Math.min(5, distinct(rows)));
            int[] labels = fit(linkage, k, Matrix.ofRows(rows), null).labels();
            int[] order = random.ints(0, n).distinct().limit(n).toArray();
            double[][] shuffled = Arrays.stream(order).mapToObj(i -> rows[i]).toArray(double[][]::new);
            assertThat(fit(linkage, k, Matrix.ofRows(shuffled), null).labels())
                    .isEqualTo(Arrays.stream(order).map(i -> labels[i]).toArray());
        }
    }

    @ParameterizedTest
    @EnumSource
    void fittedRowsGetTheirOwnLabelsAgainFromTheModelAndFromItsCopy(Linkage linkage) throws IOException {
        Random random = new Random(4);
        for (int n = 2; n < 60; n++) {
            Matrix x = Matrix.ofRows(lattice(random, n, 2, 5));
            Clustering found = fit(linkage, 1 + random.nextInt(2), x, null);
            assertThat(found.model().assign(x)).isEqualTo(found.labels());
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            found.model().write(new DataOutputStream(bytes));
            ClusteringModel read =
                    ClusteringModel.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            assertThat(read).isEqualTo(found.model());
            assertThat(read.assign(x)).isEqualTo(found.labels());
        }
    }

    @ParameterizedTest
    @EnumSource
    void thereAreExactlyAsManyClustersAsWantedWhateverTheTies(Linkage linkage) {
        Matrix square = Matrix.ofRows(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}, {1, 1}});
        for (int k = 1; k <= 4; k++) {
            int[] labels = fit(linkage, k, square, null).labels();
            assertThat(Arrays.stream(labels).distinct().count()).isEqualTo(k);
            assertThat(labels[3]).isEqualTo(labels[4]);
        }
    }

    @Test
    void aNewRowGoesWhereItsNearestFittedRowIs() {
        Clustering found = fit(Linkage.WARD, 2, Matrix.ofRows(new double[][] {{0}, {1}, {10}, {11}, {12}}), null);
        assertThat(found.labels()).containsExactly(1, 1, 0, 0, 0);
        assertThat(found.model().assign(Matrix.ofRows(new double[][] {{-5}, {5}, {6}, {1e9}})))
                .containsExactly(1, 1, 0, 0);
    }

    @Test
    void aNewRowBetweenTwoNearestGoesToTheCanonicallyFirst() {
        Clustering found = fit(Linkage.COMPLETE, 2, Matrix.ofRows(new double[][] {{4}, {0}}), null);
        int[] assigned = found.model().assign(Matrix.ofRows(new double[][] {{2}, {0}}));
        assertThat(assigned[0]).isEqualTo(assigned[1]);
    }

    @Test
    void warnsOfACutThroughATie() {
        Matrix line = Matrix.ofRows(new double[][] {{0}, {1}, {2}, {9}});
        assertThat(fit(Linkage.SINGLE, 3, line, null).warnings())
                .singleElement()
                .asString()
                .contains("3 clusters", "same height, 1.0");
        assertThat(fit(Linkage.SINGLE, 2, line, null).warnings()).isEmpty();
        assertThat(fit(Linkage.SINGLE, 1, line, null).warnings()).isEmpty();
        assertThat(fit(Linkage.SINGLE, 4, line, null).warnings()).isEmpty();
    }

    @Test
    void clustersAreNumberedByWeightAndThenByTheirFirstRow() {
        Matrix x = Matrix.ofRows(new double[][] {{0}, {5}, {5.1}, {9}});
        assertThat(fit(Linkage.WARD, 3, x, null).labels()).containsExactly(1, 0, 0, 2);
        assertThat(fit(Linkage.WARD, 3, x, new int[] {1, 1, 1, 7}).labels()).containsExactly(2, 1, 1, 0);
    }

    @Test
    void theDendrogramListsEveryMergeWithItsWeight() {
        Clustering found = fit(Linkage.WARD, 2, Matrix.ofRows(new double[][] {{0}, {2}, {2}, {9}}), null);
        Dendrogram dendrogram = ((Hierarchical.Model) found.model()).dendrogram();
        assertThat(dendrogram.leaves()).isEqualTo(3);
        Dendrogram.Merge low = dendrogram.merge(0);
        assertThat(low.height()).isCloseTo(Math.sqrt(2 * 1 * 2 / 3.0) * 2, within(1e-15)); // weights 1 and 2, 2 apart
        assertThat(low.weight()).isEqualTo(3);
        Dendrogram.Merge top = dendrogram.merge(1);
        assertThat(top.second()).isEqualTo(3);
        assertThat(top.weight()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource
    void oneDistinctRowIsOneCluster(Linkage linkage) {
        Clustering found = fit(linkage, 1, Matrix.ofRows(new double[][] {{3, -0.0}, {3, 0.0}}), null);
        assertThat(found.labels()).containsExactly(0, 0);
        assertThat(found.model().assign(Matrix.ofRows(new double[][] {{7, 7}}))).containsExactly(0);
    }

    @Test
    void refusesMoreClustersThanDistinctRows() {
        assertThatThrownBy(() -> fit(Linkage.WARD, 3, Matrix.ofRows(new double[][] {{1}, {2}, {2}}), null))
                .isInstanceOf(UnsuitableData.class)
                .hasMessageContaining("k is 3 but there are only 2 distinct rows")
                .extracting("code")
                .isEqualTo("k-above-distinct-rows");
        assertThatThrownBy(() -> new Hierarchical(Linkage.WARD, 0)).hasMessage("k must be at least 1, was 0");
    }

    @Test
    void refusesAMatrixThatMemoryCanNotHoldBeforeItIsMade() {
        int n = 200_000; // 4 n² bytes are 160 GB
        Matrix x = Matrix.of(n, 1, new Random(1).doubles(n).toArray());
        assertThatThrownBy(() -> fit(Linkage.COMPLETE, 2, x, null))
                .isInstanceOf(UnsuitableData.class)
                .hasMessageContaining("complete linkage of 200000 distinct rows needs about")
                .extracting("code")
                .isEqualTo("not-enough-memory");
    }

    @ParameterizedTest
    @EnumSource
    void progressNeverFallsAndCancels(Linkage linkage) {
        Matrix x = Matrix.of(2_000, 2, new Random(2).doubles(4_000).toArray());
        double[] last = {0};
        new Hierarchical(linkage, 3).fit(x, null, 0, (phase, fraction) -> {
            synchronized (last) {
                assertThat(fraction).isBetween(last[0], 1.0);
                last[0] = fraction;
            }
        });
        assertThat(last[0]).isEqualTo(1);
        assertThatThrownBy(() -> new Hierarchical(linkage, 3).fit(x, null, 0, (phase, fraction) -> {
                    if (fraction > 0.5) {
                        throw new CancellationException("enough");
                    }
                }))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void looksAtProgressInEveryStepThatGrowsWithTheRows() {
        Matrix x = RandomRows.of(100_000, 3, 1, new SplittableRandom(8));
        AtomicInteger firstRound = new AtomicInteger();
        AtomicInteger ordering = new AtomicInteger();
        new Hierarchical(Linkage.WARD, 2).fit(x, null, 0, (phase, fraction) -> {
            firstRound.addAndGet(phase.equals("merging") && fraction == 0.1 ? 1 : 0);
            ordering.addAndGet(phase.equals("ordering merges") ? 1 : 0);
        });
        // the tree; each row's nearest; who are each other's; their merges, which are at most half as many
        assertThat(firstRound).hasValueGreaterThan(2 * 100_000 / 256);
        assertThat(ordering).hasValueGreaterThan(3 * 100_000 / 20_000);
    }

    @Test
    void looksAtProgressWhileTheTreeOfSingleLinkageBecomesMerges() {
        Matrix x = RandomRows.of(100_000, 3, 1, new SplittableRandom(8));
        AtomicInteger looks = new AtomicInteger();
        new Hierarchical(Linkage.SINGLE, 2).fit(x, null, 0, (phase, fraction) -> {
            looks.addAndGet(phase.equals("merging") && fraction >= 0.9 ? 1 : 0);
        });
        assertThat(looks).hasValueGreaterThan(100_000 / 20_000);
    }

    private static Clustering fit(Linkage linkage, int k, Matrix x, int[] weights) {
        return new Hierarchical(linkage, k).fit(x, weights, 0, Progress.NONE);
    }

    private static double[] heights(Clustering found) {
        Dendrogram dendrogram = ((Hierarchical.Model) found.model()).dendrogram();
        return IntStream.range(0, dendrogram.size())
                .mapToDouble(i -> dendrogram.merge(i).height())
                .toArray();
    }

    /** At least two distinct rows. */
    private static double[][] lattice(Random random, int n, int columns, int side) {
        double[][] rows = new double[n][columns];
        for (double[] row : rows) {
            Arrays.setAll(row, w -> random.nextInt(side));
        }
        rows[0][0] = side;
        rows[1][0] = -1;
        return rows;
    }

    private static int distinct(double[][] rows) {
        return (int) Arrays.stream(rows).map(Arrays::toString).distinct().count();
    }
}
