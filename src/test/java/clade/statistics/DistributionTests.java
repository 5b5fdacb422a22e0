package clade.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTests {

    /** R 4.2.2, on the sums of the orders of the R package rfm 0.3.0. */
    @Test
    void moneyOfRealCustomersIsAsInR() throws IOException {
        Distribution money = Distribution.of(moneyOfRealCustomers(), true);

        assertThat(money.count()).isEqualTo(995);
        assertThat(money.distinct()).isEqualTo(597);
        assertThat(money.mean()).isCloseTo(466.49045226130653, within(1e-10));
        assertThat(money.standardDeviation()).isCloseTo(240.51380649532544, within(1e-10));
        assertThat(money.quantiles())
                .containsExactly(new double[] {12, 37.94, 175, 285.5, 436, 620, 795.6, 1074.9, 1488}, within(1e-9));
        assertThat(money.percentile(99)).isCloseTo(1074.9, within(1e-9));
        assertThat(money.skewness()).isCloseTo(0.5606399126745026, within(1e-12));
        assertThat(money.skewnessAfterLog1p()).isCloseTo(-1.2933347882394963, within(1e-12));
        assertThat(money.medcouple()).isCloseTo(0.13620071684587814, within(1e-14));
        assertThat(money.outliers().lower()).isCloseTo(88.77853453035732, within(1e-9));
        assertThat(money.outliers().upper()).isCloseTo(1980.7234708506567, within(1e-8));
        assertThat(money.outliers().count()).isEqualTo(35);
    }

    @Test
    void tiesNegativesAndTheTopAreCounted() {
        Distribution found = Distribution.of(new double[] {-5, -1, 2, 2, 7, 7, 88}, false);

        assertThat(found.negative()).isEqualTo(2);
        assertThat(found.mode()).isEqualTo(2);
        assertThat(found.modeCount()).isEqualTo(2);
        assertThat(found.topShare()).isEqualTo(0.88);
    }

    @Test
    void aConstantColumnHasNoSkewnessAndNoFences() {
        Distribution found = Distribution.of(new double[] {4, 4, 4}, true);

        assertThat(found.skewness()).isNull();
        assertThat(found.outliers()).isNull();
        assertThat(found.medcouple()).isZero();
        assertThat(found.histogram().edges()).containsExactly(4.0, 5.0);
        assertThat(found.histogram().counts()).containsExactly(3);
    }

    @Test
    void edgesOfWholeNumbersAreWhole() {
        double[] orders = new double[100];
        Arrays.setAll(orders, i -> i < 60 ? 1 : i < 85 ? 2 : i < 95 ? 3 : 4 + i - 95);
        Histogram histogram = Distribution.of(orders, true).histogram();

        assertThat(histogram.edges().subList(0, 3)).containsExactly(1.0, 2.0, 3.0);
        assertThat(histogram.edges()).endsWith(9.0);
        assertThat(histogram.counts().subList(0, 2)).containsExactly(60, 25);
    }

    @Test
    void binsFollowFreedmanAndDiaconis() {
        // 1000 values 0, 0.5 … 499.5: interquartile range 249.75, width 49.95, so ten bins of 499.5
        double[] values = new double[1000];
        Arrays.setAll(values, i -> i / 2.0);
        Histogram histogram = Distribution.of(values, false).histogram();

        assertThat(histogram.counts()).hasSize(10).allMatch(count -> count == 100);
        assertThat(histogram.edges().get(1)).isCloseTo(49.95, within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void histogramsAndOutliersCountWhatLiesThere(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 500; round++) {
            int shape = random.nextInt(4);
            double[] values = random.doubles(random.nextInt(1, 200))
                    .map(value -> switch (shape) {
                        case 0 -> Math.floor(value * 20);
                        case 1 -> Math.exp(9 * value * value);
                        case 2 -> value * 100 - 30;
                        default -> Math.rint(1000 * value) / 100;
                    })
                    .sorted()
                    .toArray();
            Distribution found = Distribution.of(values, random.nextBoolean());

            Histogram histogram = found.histogram();
            int bins = histogram.counts().size();
            assertThat(bins).isBetween(1, Histogram.MOST_BINS);
            assertThat(histogram.edges()).hasSize(bins + 1).isSorted();
            for (int bin = 0; bin < bins; bin++) {
                double from = histogram.edges().get(bin);
                double to = histogram.edges().get(bin + 1);
                boolean last = bin == bins - 1;
                long inside = Arrays.stream(values)
                        .filter(v -> v >= from && (v < to || (last && v <= to)))
                        .count();
                assertThat((long) histogram.counts().get(bin)).isEqualTo(inside);
            }
            Distribution.Fences fences = found.outliers();
            if (fences != null) {
                long outside = Arrays.stream(values)
                        .filter(v -> v < fences.lower() - 1e-9 * (1 + Math.abs(fences.lower()))
                                || v > fences.upper() + 1e-9 * (1 + Math.abs(fences.upper())))
                        .count();
                assertThat(found.outliers().count()).isEqualTo((int) outside);
            }
        }
    }

    private static double[] moneyOfRealCustomers() throws IOException {
        try (var in = new BufferedReader(new InputStreamReader(
                DistributionTests.class.getResourceAsStream("/data/rfm_orders.csv"), StandardCharsets.UTF_8))) {
            return in
                    .lines()
                    .skip(1)
                    .map(line -> line.replace("\"", "").split(",", -1))
                    .collect(Collectors.groupingBy(
                            fields -> fields[0], Collectors.summingDouble(fields -> Double.parseDouble(fields[2]))))
                    .values()
                    .stream()
                    .mapToDouble(sum -> sum)
                    .sorted()
                    .toArray();
        }
    }
}
