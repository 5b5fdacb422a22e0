package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import clade.statistics.Matrix;
import clade.statistics.Threads;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every clustering algorithm keeps to. A new one joins by its line in {@link #examples}. */
class ClusteringContractTests {

    /**
     * An algorithm that finds the three lumps of {@link #lumps}.
     *
     * @param atScale the same for rows that are so many times as large
     */
    record Example(String name, DoubleFunction<ClusteringAlgorithm> atScale) {

        ClusteringAlgorithm algorithm() {
            return atScale.apply(1);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Example> examples() {
        return List.of(
                new Example("k-means", scale -> KMeans.of(3)),
                new Example("DBSCAN", scale -> new Dbscan(2.5 * scale, 4)),
                new Example("HDBSCAN", scale -> Hdbscan.of(8, 4)),
                new Example("hierarchical, Ward", scale -> new Hierarchical(Linkage.WARD, 3)),
                new Example("hierarchical, complete", scale -> new Hierarchical(Linkage.COMPLETE, 3)),
                new Example("hierarchical, average", scale -> new Hierarchical(Linkage.AVERAGE, 3)),
                new Example("hierarchical, single", scale -> new Hierarchical(Linkage.SINGLE, 3)),
                new Example("Gaussian mixture", scale -> GaussianMixture.of(3)));
    }

    /** Those that are told how many clusters to find and part rows however near they are. */
    static List<ClusteringAlgorithm> withK(int k) {
        return List.of(
                KMeans.of(k),
                new Hierarchical(Linkage.WARD, k),
                new Hierarchical(Linkage.COMPLETE, k),
                new Hierarchical(Linkage.AVERAGE, k),
                new Hierarchical(Linkage.SINGLE, k));
    }

    /** Those and the others, told to find one cluster that everybody is in. */
    private static List<ClusteringAlgorithm> withOneCluster() {
        List<ClusteringAlgorithm> all = new ArrayList<>(withK(1));
        all.add(GaussianMixture.of(1));
        all.add(new Dbscan(1e9, 1));
        return all;
    }

    private static final int KINDS = 5;

    private final SplittableRandom random = new SplittableRandom(4);

    @Test
    void everyAlgorithmHasAnExample() {
        List<String> shown = examples().stream()
                .map(example -> example.algorithm().getClass().getName())
                .toList();
        assertThat(ClusteringAlgorithm.class.getPermittedSubclasses())
                .allSatisfy(algorithm -> assertThat(shown).contains(algorithm.getName()));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void findsLumpsThatLieApartAndNumbersThemByWeight(Example example) {
        int[] lumpOf = random.ints(120, 0, 3).toArray();
        Clustering found = fit(example, lumps(lumpOf, 2), null);
        assertThat(found.clusters()).isEqualTo(3);
        for (int i = 0; i < 120; i++) {
            for (int j = 0; j < i; j++) {
                assertThat(found.labels()[i] == found.labels()[j]).isEqualTo(lumpOf[i] == lumpOf[j]);
            }
        }
        long[] sizes = sizes(found);
        assertThat(sizes[0]).isGreaterThanOrEqualTo(sizes[1]);
        assertThat(sizes[1]).isGreaterThanOrEqualTo(sizes[2]);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void labelsAreClustersThatHaveMembersOrNoise(Example example) {
        for (int run = 0; run < 40; run++) {
            int columns = run % 4 == 0 ? 1 : run % 4 == 1 ? 20 : 2 + run % 3;
            Matrix x = RandomRows.of(30 + random.nextInt(60), columns, run % KINDS, random);
            Clustering found = fit(example, x, null);
            long[] sizes = sizes(found);
            assertThat(Arrays.stream(sizes)).allMatch(size -> size > 0);
            assertThat(found.labels()).hasSize(x.rows());
            assertThat(found.quality().values()).noneMatch(value -> value.isNaN());
            if (found.centres() != null) {
                assertThat(found.centres().rows()).isEqualTo(found.clusters());
                assertThat(Arrays.stream(found.centres().values())).allMatch(Double::isFinite);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theSameFitTwiceIsTheSame(Example example) {
        for (int kind = 0; kind < KINDS; kind++) {
            Matrix x = RandomRows.of(90, 3, kind, random);
            assertSame(fit(example, x, null), fit(example, x, null));
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void orderOfTheRowsDoesNotMatter(Example example) {
        for (int run = 0; run < 40; run++) {
            Matrix x = RandomRows.of(20 + random.nextInt(100), 1 + random.nextInt(4), run % KINDS, random);
            int[] weights = run % 2 == 0 ? null : RandomRows.weights(x.rows(), 4, random);
            int[] order = shuffled(x.rows());
            Clustering one = fit(example, x, weights);
            Clustering other = fit(
                    example,
                    RandomRows.permute(x, order),
                    weights == null
                            ? null
                            : Arrays.stream(order).map(i -> weights[i]).toArray());
            assertThat(other.labels())
                    .isEqualTo(Arrays.stream(order).map(i -> one.labels()[i]).toArray());
            assertThat(other.quality()).isEqualTo(one.quality());
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void numberOfThreadsDoesNotMatter(Example example) {
        Matrix x = RandomRows.of(2500, 3, 3, random);
        Clustering alone = inPool(1, example, x);
        assertSame(inPool(2, example, x), alone);
        assertSame(inPool(4, example, x), alone);
    }

    private static Clustering inPool(int threads, Example example, Matrix x) {
        return Threads.run(threads, () -> fit(example, x, null));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void aRowOfSomeWeightCountsAsSoManyRows(Example example) {
        for (int run = 0; run < 40; run++) {
            Matrix x = RandomRows.of(20 + random.nextInt(60), 1 + random.nextInt(4), run % KINDS, random);
            int[] weights = RandomRows.weights(x.rows(), 4, random);
            Clustering weighted = fit(example, x, weights);
            Clustering repeated = fit(example, RandomRows.repeat(x, weights), null);
            int at = 0;
            for (int i = 0; i < x.rows(); i++) {
                for (int copy = 0; copy < weights[i]; copy++) {
                    assertThat(repeated.labels()[at++]).isEqualTo(weighted.labels()[i]);
                }
            }
            assertThat(repeated.quality()).isEqualTo(weighted.quality());
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void modelAssignsFittedRowsAsTheFitDid(Example example) {
        for (int run = 0; run < 40; run++) {
            Matrix x = RandomRows.of(20 + random.nextInt(100), 1 + random.nextInt(4), run % KINDS, random);
            Clustering found = fit(example, x, null);
            assertThat(found.model().assign(x)).isEqualTo(found.labels());
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void modelIsTheSameAfterItWasWrittenAndRead(Example example) throws IOException {
        for (int kind = 0; kind < KINDS; kind++) {
            ClusteringModel model =
                    fit(example, RandomRows.of(90, 3, kind, random), null).model();
            byte[] written = bytes(model);
            ClusteringModel read = ClusteringModel.read(new DataInputStream(new ByteArrayInputStream(written)));
            assertThat(bytes(read)).isEqualTo(written);
            Matrix others = RandomRows.of(200, 3, kind, random);
            assertThat(read.assign(others)).isEqualTo(model.assign(others));
        }
    }

    private static byte[] bytes(ClusteringModel model) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        model.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shiftedScaledAndWidenedRowsHaveTheSameClusters(Example example) {
        int[] lumpOf = random.ints(120, 0, 3).toArray();
        Matrix x = lumps(lumpOf, 2);
        int[] labels = fit(example, x, null).labels();
        double[] shifted = Arrays.stream(x.values()).map(v -> v + 4096).toArray();
        double[] scaled = Arrays.stream(x.values()).map(v -> v * 8).toArray();
        double[] widened = new double[120 * 3];
        for (int i = 0; i < 120; i++) {
            widened[3 * i] = x.get(i, 0);
            widened[3 * i + 1] = -5;
            widened[3 * i + 2] = x.get(i, 1);
        }
        assertThat(fit(example, Matrix.of(120, 2, shifted), null).labels()).isEqualTo(labels);
        assertThat(fit(example, Matrix.of(120, 3, widened), null).labels()).isEqualTo(labels);
        Clustering large = example.atScale().apply(8).fit(Matrix.of(120, 2, scaled), null, 5, Progress.NONE);
        assertThat(large.labels()).isEqualTo(labels);
    }

    @Test
    void oneClusterHoldsAllRowsAndAsManyClustersAsRowsOneEach() {
        for (int kind = 0; kind < KINDS; kind++) {
            Matrix x = RandomRows.of(40, 2, kind, random);
            for (ClusteringAlgorithm algorithm : withOneCluster()) {
                assertThat(algorithm.fit(x, null, 5, Progress.NONE).labels()).containsOnly(0);
            }
            int distinct = (int) Stream.iterate(0, i -> i + 1)
                    .limit(40)
                    .map(i -> List.of(x.get(i, 0), x.get(i, 1)))
                    .distinct()
                    .count();
            for (ClusteringAlgorithm algorithm : withK(distinct)) {
                Clustering found = algorithm.fit(x, null, 5, Progress.NONE);
                assertThat(found.clusters()).isEqualTo(distinct);
                for (int i = 0; i < 40; i++) {
                    for (int j = 0; j < i; j++) {
                        assertThat(found.labels()[i] == found.labels()[j]).isEqualTo(Arrays.equals(x.row(i), x.row(j)));
                    }
                }
            }
            for (ClusteringAlgorithm algorithm : withK(distinct + 1)) {
                assertThatThrownBy(() -> algorithm.fit(x, null, 5, Progress.NONE))
                        .isInstanceOf(UnsuitableData.class)
                        .extracting("code")
                        .isEqualTo("k-above-distinct-rows");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void valuesThatAreNotFiniteAreRefusedByRowAndColumn(Example example) {
        for (double wrong : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
            Matrix x = RandomRows.of(50, 3, 1, random);
            ClusteringModel model = fit(example, x, null).model();
            x.values()[7 * 3 + 2] = wrong;
            for (Throwable refusal :
                    List.of(catchThrowable(() -> fit(example, x, null)), catchThrowable(() -> model.assign(x)))) {
                assertThat(refusal)
                        .isInstanceOf(UnsuitableData.class)
                        .hasMessageContaining("row 7, column 2")
                        .extracting("code")
                        .isEqualTo("not-finite");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void progressNeverFallsAndStaysInItsRange(Example example) {
        double[] last = {0};
        int[] calls = {0};
        example.algorithm().fit(RandomRows.of(2000, 3, 2, random), null, 5, (phase, fraction) -> {
            synchronized (last) {
                assertThat(fraction).isBetween(last[0], 1.0);
                assertThat(phase).isNotBlank();
                last[0] = fraction;
                calls[0]++;
            }
        });
        assertThat(calls[0]).isPositive();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void cancellingEndsTheFitWithinASecond(Example example) {
        Matrix x = RandomRows.of(20_000, 3, 1, random);
        CancellationException cancelled = new CancellationException("enough");
        for (int after : new int[] {1, 4, 30}) {
            long[] at = {0};
            int[] calls = {0};
            Throwable thrown = catchThrowable(() -> example.algorithm().fit(x, null, 5, (phase, fraction) -> {
                synchronized (at) {
                    if (++calls[0] >= after) {
                        at[0] = at[0] == 0 ? System.nanoTime() : at[0];
                        throw cancelled;
                    }
                }
            }));
            double seconds = (System.nanoTime() - at[0]) / 1e9;
            if (at[0] > 0) {
                assertThat(thrown).isSameAs(cancelled);
                assertThat(seconds).isLessThan(1);
            }
            assertThat(after > 1 || at[0] > 0).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void memoryNeededGrowsWithTheRows(Example example) {
        ClusteringAlgorithm algorithm = example.algorithm();
        assertThat(algorithm.memoryNeeded(10_000, 3)).isGreaterThan(algorithm.memoryNeeded(1_000, 3));
        assertThat(algorithm.memoryNeeded(1_000, 3)).isPositive();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void aFitTheHeapHasNoRoomForIsRefusedAtOnce(Example example) {
        Matrix x = RandomRows.of(1_000_000, 3, 1, random);
        Throwable refusal = FullHeap.with(40, () -> fit(example, x, null));
        assertThat(refusal)
                .isInstanceOf(UnsuitableData.class)
                .hasMessageMatching(".* of 1000000 rows needs about \\d+ bytes of memory but only \\d+ are free")
                .extracting("code")
                .isEqualTo("not-enough-memory");
    }

    private static Clustering fit(Example example, Matrix x, int[] weights) {
        return example.algorithm().fit(x, weights, 5, Progress.NONE);
    }

    private static void assertSame(Clustering found, Clustering expected) {
        assertThat(found.labels()).isEqualTo(expected.labels());
        assertThat(found.quality()).isEqualTo(expected.quality());
        assertThat(found.centres()).isEqualTo(expected.centres());
        assertThat(found.warnings()).isEqualTo(expected.warnings());
    }

    /** Three lumps of whole numbers, 4 wide and 16 apart. */
    private Matrix lumps(int[] lumpOf, int columns) {
        double[] values = new double[lumpOf.length * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = 20 * lumpOf[i / columns] + random.nextInt(5);
        }
        return Matrix.of(lumpOf.length, columns, values);
    }

    private int[] shuffled(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static long[] sizes(Clustering found) {
        long[] sizes = new long[found.clusters()];
        for (int i = 0; i < found.labels().length; i++) {
            int label = found.labels()[i];
            assertThat(label).isBetween(ClusteringModel.NOISE, found.clusters() - 1);
            if (label >= 0) {
                sizes[label]++;
            }
        }
        return sizes;
    }
}
