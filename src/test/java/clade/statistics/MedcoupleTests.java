package clade.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MedcoupleTests {

    @ParameterizedTest // R 4.2.2, robustbase 0.95-0: mc() of the mall customers' age, income, spending score
    @CsvSource({"2,0.26530612244897961", "3,-0.096153846153846159", "4,0.012345679012345678"})
    void realColumnsAreAsInR(int column, double expected) throws IOException {
        try (var in = new BufferedReader(new InputStreamReader(
                MedcoupleTests.class.getResourceAsStream("/data/mall_customers.csv"), StandardCharsets.UTF_8))) {
            double[] values = in.lines()
                    .skip(1)
                    .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[column]))
                    .sorted()
                    .toArray();

            assertThat(Medcouple.of(values)).isCloseTo(expected, within(1e-15));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void isTheMedianOverAllPairs(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 1_000; round++) {
            int levels = random.nextInt(1, 40);
            boolean skewed = random.nextBoolean();
            double[] values = random.doubles(random.nextInt(1, 40))
                    .map(value -> Math.floor(value * levels) - levels / 3.0)
                    .map(value -> skewed ? Math.exp(value / 4) : value)
                    .sorted()
                    .toArray();

            assertThat(Medcouple.of(values)).isCloseTo(ofAllPairs(values), within(1e-12));
        }
    }

    @Test
    void aMirroredColumnIsSkewedTheOtherWay() {
        double[] values = {1, 1, 1, 2, 2, 3, 5, 8, 13};
        double[] mirrored = Arrays.stream(values).map(value -> -value).sorted().toArray();

        assertThat(Medcouple.of(values)).isPositive();
        assertThat(Medcouple.of(mirrored)).isEqualTo(-Medcouple.of(values));
    }

    @Test
    void constantAndSymmetricColumnsHaveNone() {
        assertThat(Medcouple.of(new double[] {3})).isZero();
        assertThat(Medcouple.of(new double[] {3, 3, 3, 3})).isZero();
        assertThat(Medcouple.of(new double[] {1, 2, 3, 4, 5})).isZero();
    }

    /** By the definition: the kernel of each pair, ties at the median by the places of the two, and the median of all. */
    private static double ofAllPairs(double[] sorted) {
        double median = median(sorted);
        double[] upper = Arrays.stream(sorted).filter(v -> v >= median).toArray();
        double[] lower = Arrays.stream(sorted).filter(v -> v <= median).toArray();
        int ties = (int) Arrays.stream(sorted).filter(v -> v == median).count();
        double[] kernels = new double[upper.length * lower.length];
        for (int i = 0; i < upper.length; i++) {
            for (int j = 0; j < lower.length; j++) {
                boolean tied = upper[i] == lower[j];
                int placeOfLower = j - (lower.length - ties);
                kernels[i * lower.length + j] = tied
                        ? Math.signum(i + placeOfLower - (ties - 1))
                        : ((upper[i] - median) - (median - lower[j])) / (upper[i] - lower[j]);
            }
        }
        Arrays.sort(kernels);
        return median(kernels);
    }

    private static double median(double[] sorted) {
        int n = sorted.length;
        return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }
}
