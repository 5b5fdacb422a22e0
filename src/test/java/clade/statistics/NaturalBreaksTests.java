package clade.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NaturalBreaksTests {

    @Test
    void separatesGroupsThatOneSees() {
        double[] values = {1, 2, 3, 10, 11, 12, 50, 51};

        assertThat(NaturalBreaks.of(values, 3)).containsExactly(3, 12);
    }

    @Test
    void breaksOfRealColumnsAreThoseOfR() throws IOException {
        // R 4.2.2, classInt 0.4-9: classIntervals(x, n, style = "jenks")$brks without the first and the last
        assertThat(NaturalBreaks.of(mall(2), 5)).containsExactly(25, 34, 43, 56);
        assertThat(NaturalBreaks.of(mall(3), 5)).containsExactly(30, 50, 69, 93);
        assertThat(NaturalBreaks.of(mall(3), 8)).containsExactly(30, 44, 54, 67, 81, 93, 113);
        assertThat(NaturalBreaks.of(mall(4), 3)).containsExactly(31, 65);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void noCutOfSmallColumnsIsBetter(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 500; round++) {
            double scale = Math.pow(10, random.nextInt(-3, 7));
            int levels = random.nextInt(1, 25);
            double[] values = random.doubles(random.nextInt(1, 14))
                    .map(value -> Math.floor(value * levels) * scale)
                    .sorted()
                    .toArray();
            int classes = random.nextInt(1, 7);
            double[] breaks = NaturalBreaks.of(values, classes);

            int distinct = (int) Arrays.stream(values).distinct().count();
            assertThat(breaks).hasSize(Math.min(classes, distinct) - 1);
            assertThat(cost(values, breaks))
                    .isCloseTo(leastCost(values, 0, classes), within(1e-12 * scale * scale * levels * levels));
        }
    }

    @Test
    void narrowClassesOfLargeValuesAreToldApart() {
        // plain sums of squares would have lost the differences: 1e9 squared has 18 digits
        double[] values = {1e9, 1e9 + 1e-3, 1e9 + 2e-3, 1e9 + 1, 1e9 + 1.001, 1e9 + 5};

        assertThat(NaturalBreaks.of(values, 3)).containsExactly(1e9 + 2e-3, 1e9 + 1.001);
    }

    @Test
    void hugeAndTinyValuesStayInRange() {
        assertThat(NaturalBreaks.of(new double[] {-1e300, 1e300, 1.1e300}, 2)).containsExactly(-1e300);
        assertThat(NaturalBreaks.of(new double[] {0, 1e-300, 5e-300, 6e-300}, 2))
                .containsExactly(1e-300);
    }

    @Test
    void fewerDistinctValuesThanClassesEachMakeOne() {
        assertThat(NaturalBreaks.of(new double[] {1, 1, 4, 4, 9}, 5)).containsExactly(1, 4);
        assertThat(NaturalBreaks.of(new double[] {7, 7}, 3)).isEmpty();
    }

    @Test
    void noValuesAndNoClassesAreRefused() {
        assertThatThrownBy(() -> NaturalBreaks.of(new double[0], 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no values, no breaks");
        assertThatThrownBy(() -> NaturalBreaks.of(new double[] {1}, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the number of classes must be at least 1, was 0");
    }

    /** Every cut tried. */
    private static double leastCost(double[] values, int from, int classes) {
        if (classes == 1 || from == values.length) {
            return cost(values, from, values.length);
        }
        double least = cost(values, from, values.length);
        for (int to = from + 1; to < values.length; to++) {
            least = Math.min(least, cost(values, from, to) + leastCost(values, to, classes - 1));
        }
        return least;
    }

    private static double cost(double[] values, double[] breaks) {
        double cost = 0;
        int from = 0;
        for (int i = 0; i <= breaks.length; i++) {
            int to = from;
            while (to < values.length && (i == breaks.length || values[to] <= breaks[i])) {
                to++;
            }
            cost += cost(values, from, to);
            from = to;
        }
        return cost;
    }

    private static double cost(double[] values, int from, int to) {
        double mean = Arrays.stream(values, from, to).average().orElse(0);
        return Arrays.stream(values, from, to).map(v -> (v - mean) * (v - mean)).sum();
    }

    private static double[] mall(int column) throws IOException {
        try (var in = new BufferedReader(new InputStreamReader(
                NaturalBreaksTests.class.getResourceAsStream("/data/mall_customers.csv"), StandardCharsets.UTF_8))) {
            return in.lines()
                    .skip(1)
                    .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[column]))
                    .sorted()
                    .toArray();
        }
    }
}
