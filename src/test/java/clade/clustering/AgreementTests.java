package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AgreementTests {

    private static final int[] FIRST = {0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, -1, -1, 3};
    private static final int[] SECOND = {1, 1, 0, 1, 0, 0, 2, 2, 2, 2, -1, 2, -1, 2, 1};

    private static ContingencyTable table(int[] first, int[] second) {
        return ContingencyTable.of(first, second, null);
    }

    @Test
    void agreesWithScikitLearn() {
        // scikit-learn 1.2.1: adjusted_rand_score (also R mclust 6.0.0), normalized_ and adjusted_mutual_info_score
        assertThat(Agreement.adjustedRand(table(FIRST, SECOND))).isCloseTo(0.2953020134228188, within(1e-15));
        assertThat(Agreement.normalisedMutualInformation(table(FIRST, SECOND)))
                .isCloseTo(0.5523188771583114, within(1e-15));
        assertThat(Agreement.adjustedMutualInformation(table(FIRST, SECOND)))
                .isCloseTo(0.3134222260689088, within(1e-14));
    }

    @Test
    void agreesWithAPublishedExample() {
        // Yeung and Ruzzo (2001), Details of the adjusted Rand index, table 2: rows {1, 1, 0}, {1, 2, 1}, {0, 0, 4}
        int[] classes = {0, 0, 1, 1, 1, 1, 2, 2, 2, 2};
        int[] clusters = {0, 1, 0, 1, 1, 2, 2, 2, 2, 2};
        assertThat(Agreement.adjustedRand(table(classes, clusters))).isCloseTo(0.313, within(0.0005));
    }

    @Test
    void agreesWithScikitLearnOnManyRows() {
        int[] squares = IntStream.range(0, 100_000)
                .map(i -> (int) ((long) i * i % 1009))
                .toArray();
        ContingencyTable table = table(
                Arrays.stream(squares).map(s -> s % 7).toArray(),
                Arrays.stream(squares).map(s -> s % 11 % 5).toArray());

        // scikit-learn 1.2.1
        assertThat(Agreement.adjustedRand(table)).isCloseTo(0.0036719078986927577, within(1e-12));
        assertThat(Agreement.normalisedMutualInformation(table)).isCloseTo(0.0058595650324094325, within(1e-12));
        assertThat(Agreement.adjustedMutualInformation(table)).isCloseTo(0.00579214220200589, within(1e-10));
    }

    @Test
    void countsPairsAsTheDefinitionOfTheAdjustedRandIndexDoes() {
        SplittableRandom random = new SplittableRandom(3);
        for (int round = 0; round < 500; round++) {
            int n = 2 + random.nextInt(30);
            int[] first = random.ints(n, -1, 4).toArray();
            int[] second = random.ints(n, -1, 3).toArray();
            double both = 0;
            double inFirst = 0;
            double inSecond = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) {
                    both += first[i] == first[j] && second[i] == second[j] ? 1 : 0;
                    inFirst += first[i] == first[j] ? 1 : 0;
                    inSecond += second[i] == second[j] ? 1 : 0;
                }
            }
            double expected = inFirst * inSecond / (n * (n - 1) / 2.0);
            double greatest = (inFirst + inSecond) / 2;
            double index = greatest == expected ? 1 : (both - expected) / (greatest - expected);

            assertThat(Agreement.adjustedRand(table(first, second))).isCloseTo(index, within(1e-12));
        }
    }

    @Test
    void expectsTheMeanMutualInformationOfAllPermutations() {
        SplittableRandom random = new SplittableRandom(4);
        for (int round = 0; round < 30; round++) {
            int[] first = random.ints(6, 0, 3).toArray();
            int[] second = random.ints(6, 0, 3).toArray();
            double information = information(first, second);
            double entropies = (information(first, first) + information(second, second)) / 2;
            double[] sumAndCount = new double[2];
            permute(second.clone(), 0, shuffled -> {
                sumAndCount[0] += information(first, shuffled);
                sumAndCount[1]++;
            });
            double expected = sumAndCount[0] / sumAndCount[1];
            if (entropies - expected > 1e-9) {
                assertThat(Agreement.adjustedMutualInformation(table(first, second)))
                        .isCloseTo((information - expected) / (entropies - expected), within(1e-12));
            }
        }
    }

    private static double information(int[] first, int[] second) {
        double sum = 0;
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                double both = 0;
                double inFirst = 0;
                double inSecond = 0;
                for (int i = 0; i < first.length; i++) {
                    both += first[i] == a && second[i] == b ? 1 : 0;
                    inFirst += first[i] == a ? 1 : 0;
                    inSecond += second[i] == b ? 1 : 0;
                }
                sum += both == 0 ? 0 : both / first.length * Math.log(both * first.length / (inFirst * inSecond));
            }
        }
        return sum;
    }

    private static void permute(int[] values, int from, java.util.function.Consumer<int[]> each) {
        if (from == values.length) {
            each.accept(values);
        }
        for (int i = from; i < values.length; i++) {
            swap(values, from, i);
            permute(values, from + 1, each);
            swap(values, from, i);
        }
    }

    private static void swap(int[] values, int i, int j) {
        int value = values[i];
        values[i] = values[j];
        values[j] = value;
    }

    @Test
    void isOneForEqualPartitionsAndZeroAgainstASingleClass() {
        int[] one = new int[6];
        int[] alone = {0, 1, 2, 3, 4, 5};
        int[] noise = {-1, -1, -1, -1, -1, -1};
        for (int[][] equal :
                new int[][][] {{one, one}, {alone, alone}, {one, noise}, {{0}, {5}}, {{0, 0, 1, -1}, {3, 3, -1, 0}}}) {
            assertThat(Agreement.adjustedRand(table(equal[0], equal[1]))).isEqualTo(1);
            assertThat(Agreement.normalisedMutualInformation(table(equal[0], equal[1])))
                    .isEqualTo(1);
            assertThat(Agreement.adjustedMutualInformation(table(equal[0], equal[1])))
                    .isEqualTo(1);
        }
        assertThat(Agreement.adjustedRand(table(one, alone))).isZero();
        assertThat(Agreement.normalisedMutualInformation(table(one, alone))).isZero();
        assertThat(Agreement.adjustedMutualInformation(table(one, alone))).isZero();
    }

    @Test
    void countsWeightsAsRepeatedRows() {
        int[] weights = {3, 1, 2, 5, 1, 1, 4, 2, 2, 1, 7, 1, 1, 3, 2};
        int[] repeated = IntStream.range(0, weights.length)
                .flatMap(i -> IntStream.generate(() -> i).limit(weights[i]))
                .toArray();
        ContingencyTable weighted = ContingencyTable.of(FIRST, SECOND, weights);
        ContingencyTable expanded = table(
                Arrays.stream(repeated).map(i -> FIRST[i]).toArray(),
                Arrays.stream(repeated).map(i -> SECOND[i]).toArray());

        assertThat(Agreement.adjustedRand(weighted)).isEqualTo(Agreement.adjustedRand(expanded));
        assertThat(Agreement.adjustedMutualInformation(weighted))
                .isEqualTo(Agreement.adjustedMutualInformation(expanded));
    }

    @Test
    void countsCellsWithNoiseAndEmptyClusters() {
        ContingencyTable table = table(new int[] {0, 2, 2, -1, 2, 0}, new int[] {1, 1, -1, -1, 1, 4});

        assertThat(table.firstClusters()).isEqualTo(3);
        assertThat(table.secondClusters()).isEqualTo(5);
        assertThat(table.total()).isEqualTo(6);
        assertThat(table.firstTotal(2)).isEqualTo(3);
        assertThat(table.firstTotal(1)).isZero();
        assertThat(table.secondTotal(ClusteringModel.NOISE)).isEqualTo(2);
        assertThat(table.count(2, 1)).isEqualTo(2);
        assertThat(table.count(2, ClusteringModel.NOISE)).isEqualTo(1);
        assertThat(table.count(-1, -1)).isEqualTo(1);
        assertThat(table.count(0, 4)).isEqualTo(1);
        assertThat(table.count(0, 0)).isZero();
        assertThat(table.count(1, 1)).isZero();
    }

    @Test
    void findsTheMostSimilarClusterOfEach() {
        ContingencyTable table = table(new int[] {0, 0, 0, 1, 1, 2, -1, -1}, new int[] {0, 0, 1, 1, 1, -1, -1, 0});

        // cluster 0: 2 of 4 with 0, 1 of 5 with 1; cluster 1: 2 of 3 with 1; cluster 2 is all noise
        assertThat(Agreement.bestJaccard(table)).containsExactly(0.5, 2 / 3.0, 0);
    }

    @Test
    void refusesWhatCannotBeCompared() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table(new int[2], new int[3]))
                .withMessage("labels and weights must be of the same rows, are 2, 3 and no");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table(new int[0], new int[0]))
                .withMessage("there are no rows to compare");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table(new int[] {-2}, new int[] {0}))
                .withMessage("a label must be at least -1, was -2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContingencyTable.of(new int[] {0, 0, 0}, new int[3], new int[] {
                    Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE
                }))
                .withMessageStartingWith("at most 4294967296 rows");
    }
}
