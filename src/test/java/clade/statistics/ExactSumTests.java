package clade.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExactSumTests {

    private final Random random = new Random(1);

    @Test
    void agreesWithDecimalArithmeticRoundedOnce() {
        for (int run = 0; run < 3000; run++) {
            int spread = 1 + random.nextInt(run % 3 == 0 ? 1000 : 60);
            double[] values = random.doubles(1 + random.nextInt(40))
                    .map(u -> Math.scalb(u - 0.5, random.nextInt(spread) - spread / 2))
                    .toArray();
            assertThat(ExactSum.of(values)).isEqualTo(decimal(values));
        }
    }

    @Test
    void agreesWithDecimalArithmeticWhereValuesNearlyCancel() {
        for (int run = 0; run < 3000; run++) {
            double[] values = new double[2 + 2 * random.nextInt(10)];
            for (int i = 0; i < values.length; i += 2) {
                values[i] = Math.scalb(random.nextDouble(), random.nextInt(80));
                values[i + 1] = random.nextInt(3) == 0 ? -values[i] : -Math.nextUp(values[i]);
            }
            assertThat(ExactSum.of(values)).isEqualTo(decimal(values));
        }
    }

    @Test
    void roundsHalfwayCasesToEven() {
        double half = Math.ulp(1.0) / 2;
        assertThat(ExactSum.of(new double[] {1, half})).isEqualTo(1);
        assertThat(ExactSum.of(new double[] {Math.nextUp(1.0), half})).isEqualTo(1 + 4 * half);
        assertThat(ExactSum.of(new double[] {1, half, 0x1p-140})).isEqualTo(Math.nextUp(1.0));
        assertThat(ExactSum.of(new double[] {1, half, -0x1p-140})).isEqualTo(1);
    }

    @Test
    void coversTheWholeRangeOfDoubles() {
        double[] values = {Double.MAX_VALUE, Double.MIN_VALUE, -Double.MAX_VALUE, 0.0, -0.0, Double.MIN_NORMAL};
        assertThat(ExactSum.of(values)).isEqualTo(Double.MIN_NORMAL + Double.MIN_VALUE);
        assertThat(ExactSum.of(new double[] {-Double.MIN_VALUE, -Double.MIN_VALUE}))
                .isEqualTo(-2 * Double.MIN_VALUE);
        assertThat(ExactSum.of(new double[0])).isZero();
    }

    @Test
    void takesOutWhatWasPutInAndCountsRepeatsAtOnce() {
        double[] values = random.doubles(100, -1, 1).toArray();
        ExactSum format = ExactSum.fitting(values);
        long[] sums = new long[2 * format.digits()];
        int at = format.digits();
        for (double value : values) {
            format.add(sums, at, value, 1_000_003);
        }
        for (double value : values) {
            format.add(sums, at, value, -1_000_000);
        }
        double[] thrice = new double[300];
        Arrays.setAll(thrice, i -> values[i % 100]);
        assertThat(format.value(sums, at)).isEqualTo(ExactSum.of(thrice));
        assertThat(format.value(sums, 0)).isZero();
    }

    @Test
    void movesValuesFromOneSumToAnother() {
        double[] values = {0, -0.0, 3.25, -1e-9, 7e8, Double.MIN_VALUE, -0.1};
        ExactSum format = ExactSum.fitting(values);
        int to = format.digits();
        long[] sums = new long[2 * to];
        for (double value : values) {
            format.add(sums, 0, value, 2);
        }
        for (double value : values) {
            format.move(sums, 0, to, value, 1);
        }
        assertThat(format.value(sums, 0)).isEqualTo(ExactSum.of(values));
        assertThat(format.value(sums, to)).isEqualTo(ExactSum.of(values));
    }

    @Test
    void holdsTheGreatestCountOfTheGreatestValue() {
        for (double value : new double[] {Math.nextDown(2.0), -Math.nextDown(2.0), 1.0, -0.1}) {
            ExactSum format = ExactSum.fitting(new double[] {value});
            long[] sum = new long[format.digits()];
            format.add(sum, 0, value, Integer.MAX_VALUE);
            assertThat(format.value(sum, 0))
                    .isEqualTo(new BigDecimal(value)
                            .multiply(BigDecimal.valueOf(Integer.MAX_VALUE))
                            .doubleValue());
        }
    }

    private static double decimal(double[] values) {
        return Arrays.stream(values)
                .mapToObj(BigDecimal::new)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .doubleValue();
    }
}
