package clade.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class QuantilesTests {

    @Test
    void interpolatesBetweenOrderStatistics() {
        double[] sorted = {1, 2, 4, 8, 16};

        // R 4.2.2: quantile(c(1, 2, 4, 8, 16), c(0, .1, .25, .5, .6, .95, 1), type = 7)
        assertThat(Quantiles.at(sorted, 0)).isEqualTo(1);
        assertThat(Quantiles.at(sorted, 0.1)).isEqualTo(1.4);
        assertThat(Quantiles.at(sorted, 0.25)).isEqualTo(2);
        assertThat(Quantiles.at(sorted, 0.5)).isEqualTo(4);
        assertThat(Quantiles.at(sorted, 0.6)).isEqualTo(5.6);
        assertThat(Quantiles.at(sorted, 0.95)).isCloseTo(14.4, within(1e-14));
        assertThat(Quantiles.at(sorted, 1)).isEqualTo(16);
    }

    @Test
    void fallsExactlyOnAnOrderStatisticWherePositionsAreWhole() {
        // 0.35 * 20, 0.55 * 20 and 0.07 * 100 are not whole numbers in double arithmetic
        double[] primes = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73};
        double[] hundred = new double[101];
        Arrays.setAll(hundred, i -> Math.sqrt(i));

        assertThat(Quantiles.at(primes, 0.35)).isEqualTo(19);
        assertThat(Quantiles.at(primes, 0.55)).isEqualTo(37);
        assertThat(Quantiles.at(hundred, 0.07)).isEqualTo(Math.sqrt(7));
        assertThat(Quantiles.cuts(primes, 5)).containsExactly(11, 23, 41, 59);
    }

    @Test
    void agreesWithExactFractionsOnRandomSizes() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 2000; round++) {
            int m = 1 + random.nextInt(40);
            int n = 1 + random.nextInt(100);
            double[] sorted = random.ints(m, -50, 50).asDoubleStream().sorted().toArray();
            for (int k = 0; k <= n; k++) {
                BigInteger[] position = BigInteger.valueOf(k)
                        .multiply(BigInteger.valueOf(m - 1))
                        .divideAndRemainder(BigInteger.valueOf(n));
                int low = position[0].intValue();
                double fraction = position[1].doubleValue() / n;
                double expected =
                        fraction == 0 ? sorted[low] : sorted[low] + fraction * (sorted[low + 1] - sorted[low]);

                assertThat(Quantiles.at(sorted, k, n)).isEqualTo(expected);
                if (n == 100) {
                    assertThat(Quantiles.at(sorted, k / 100.0)).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void knowsOneValueAndManyRows() {
        assertThat(Quantiles.cuts(new double[] {7}, 4)).containsExactly(7, 7, 7);
        assertThat(Quantiles.cuts(new double[] {7}, 1)).isEmpty();
        double[] many = new double[3_000_001];
        Arrays.setAll(many, i -> i);

        assertThat(Quantiles.at(many, 999, 1000)).isEqualTo(2_997_000);
    }

    @Test
    void refusesWhatIsNoQuantile() {
        double[] sorted = {1, 2};

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantiles.at(sorted, 1.01))
                .withMessage("a quantile must be in [0, 1], was 1.01");
        assertThatIllegalArgumentException().isThrownBy(() -> Quantiles.at(sorted, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> Quantiles.at(sorted, 3, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> Quantiles.at(new double[0], 1, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> Quantiles.cuts(sorted, 0));
    }
}
