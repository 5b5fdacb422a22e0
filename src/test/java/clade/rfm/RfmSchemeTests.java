package clade.rfm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RfmSchemeTests {

    @Test
    void theBestCustomerScoresBestOnEveryAxis() {
        RfmTable table = new RfmTable();
        for (int i = 1; i <= 5; i++) {
            table.add(i, 0, 100 - i, i, 10.0 * i);
        }

        RfmScheme scheme = RfmScheme.ofQuantiles(5, table);

        for (int i = 1; i <= 5; i++) {
            assertThat(scheme.recencyScore(100 - i)).isEqualTo(i);
            assertThat(scheme.frequencyScore(i)).isEqualTo(i);
            assertThat(scheme.monetaryScore(10.0 * i)).isEqualTo(i);
        }
    }

    @Test
    void aValueOnACutPointFallsBelowIt() {
        // quartile cuts of 1..5 are 2, 3 and 4
        RfmScheme scheme = RfmScheme.ofCuts(new double[] {2, 3, 4}, new double[] {2, 3, 4}, new double[] {2, 3, 4});

        assertThat(scheme.frequencyScore(2)).isEqualTo(1);
        assertThat(scheme.frequencyScore(2.5)).isEqualTo(2);
        assertThat(scheme.frequencyScore(4)).isEqualTo(3);
        assertThat(scheme.frequencyScore(5)).isEqualTo(4);
        assertThat(scheme.recencyScore(2)).isEqualTo(4);
        assertThat(scheme.recencyScore(5)).isEqualTo(1);
    }

    @Test
    void equalCutPointsEachCount() {
        RfmTable table = new RfmTable();
        long[] frequencies = {1, 1, 1, 1, 1, 1, 1, 1, 1, 7};
        for (int i = 0; i < frequencies.length; i++) {
            table.add(i, 0, i, frequencies[i], i);
        }

        RfmScheme scheme = RfmScheme.ofQuantiles(5, table);

        assertThat(scheme.frequencyCuts()).containsExactly(1, 1, 1, 1);
        assertThat(scheme.frequencyScore(1)).isEqualTo(1);
        assertThat(scheme.frequencyScore(7)).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void scoresAreThoseOfTheDefinitionWhateverTheOrder(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 300; round++) {
            int customers = random.nextInt(1, 40);
            int scores = random.nextInt(2, 11);
            int spread = random.nextInt(1, 30);
            double[] values = random.doubles(customers, 0, spread)
                    .map(value -> Math.rint(value * 4) / 4)
                    .toArray();
            RfmTable table = new RfmTable();
            RfmTable reversed = new RfmTable();
            for (int i = 0; i < customers; i++) {
                table.add(i, 0, (int) values[i], 1 + (long) values[i], values[i]);
                int j = customers - 1 - i;
                reversed.add(j, 0, (int) values[j], 1 + (long) values[j], values[j]);
            }
            RfmScheme scheme = RfmScheme.ofQuantiles(scores, table);
            RfmScheme again = RfmScheme.ofQuantiles(scores, reversed);

            double[] cuts = cuts(values, scores);
            assertThat(scheme.monetaryCuts()).containsExactly(cuts, within(1e-12));
            for (double value : values) {
                long below = Arrays.stream(scheme.monetaryCuts())
                        .filter(cut -> cut < value)
                        .count();
                assertThat(scheme.monetaryScore(value)).isEqualTo(1 + (int) below);
                assertThat(again.monetaryScore(value)).isEqualTo(scheme.monetaryScore(value));
                assertThat(again.recencyScore((int) value)).isEqualTo(scheme.recencyScore((int) value));
            }
        }
    }

    @Test
    void fewerThanTwoScoresAreRefused() {
        RfmTable table = new RfmTable();
        table.add(1, 0, 1, 1, 1);

        assertThatThrownBy(() -> RfmScheme.ofQuantiles(1, table))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scores must be between 2 and 10, was 1");
    }

    /** Type-7 quantiles in exact decimal arithmetic. */
    private static double[] cuts(double[] values, int n) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] cuts = new double[n - 1];
        for (int k = 1; k < n; k++) {
            BigDecimal position = BigDecimal.valueOf((long) k * (sorted.length - 1))
                    .divide(BigDecimal.valueOf(n), MathContext.DECIMAL128);
            int low = position.intValue();
            BigDecimal fraction = position.subtract(BigDecimal.valueOf(low));
            BigDecimal below = BigDecimal.valueOf(sorted[low]);
            BigDecimal above = BigDecimal.valueOf(sorted[Math.min(low + 1, sorted.length - 1)]);
            cuts[k - 1] = below.add(fraction.multiply(above.subtract(below))).doubleValue();
        }
        return cuts;
    }
}
