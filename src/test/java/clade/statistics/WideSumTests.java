package clade.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WideSumTests {

    private final Random random = new Random(3);

    @Test
    void isWhatExactSumsAre() {
        for (int run = 0; run < 3000; run++) {
            int spread = 1 + random.nextInt(run % 3 == 0 ? 900 : 60);
            double[] values = random.doubles(1 + random.nextInt(40))
                    .map(u -> Math.scalb(u - 0.5, random.nextInt(spread) - spread / 2))
                    .toArray();
            WideSum format = format(values, run % 2 == 0 ? values.length : Integer.MAX_VALUE);
            long[] sums = new long[format.digits() + 1];
            format.addAll(sums, 1, values, values.length);
            assertThat(format.value(sums, 1)).isEqualTo(ExactSum.of(values));
        }
    }

    @Test
    void takesInSubnormalAndLargeValuesTogether() {
        double[] values = {Double.MIN_VALUE, -0x1p-1030, 0x1p400, -0.0, 0x1p-300, -0x1p400};
        WideSum format = format(values, values.length);
        long[] sums = new long[format.digits()];
        format.addAll(sums, 0, values, values.length);
        assertThat(format.value(sums, 0)).isEqualTo(ExactSum.of(values));
    }

    @Test
    void countsAValueSeveralTimesAndTakesItOutAgain() {
        double[] values = random.doubles(50, -3, 3).toArray();
        WideSum format = format(values, 1L << 30);
        long[] sums = new long[2 * format.digits()];
        double[] thrice = new double[150];
        Arrays.setAll(thrice, i -> values[i % 50]);
        for (double value : values) {
            format.add(sums, format.digits(), value, 20_000_003);
            format.add(sums, format.digits(), value, -20_000_000);
        }
        assertThat(format.value(sums, format.digits())).isEqualTo(ExactSum.of(thrice));
        assertThat(format.value(sums, 0)).isZero();
    }

    @Test
    void movesValuesBetweenSums() {
        for (double factor : new double[] {1, 1e-200}) {
            double[] values = random.doubles(64, -1, 1).toArray();
            values[7] *= factor;
            WideSum format = format(values, 1000);
            int digits = format.digits();
            long[] sums = new long[3 * digits + 1];
            format.addAll(sums, 1 + digits, values, 64);
            int[] from = IntStream.generate(() -> 1).limit(40).toArray();
            int[] to = IntStream.range(0, 40).map(i -> 2 * (i & 1)).toArray();
            int[] times = IntStream.generate(() -> 1).limit(40).toArray();
            format.moveAll(sums, 1, digits, values, from, to, times, 40);
            for (int j = 0; j < 3; j++) {
                int of = j;
                double[] members = IntStream.range(0, 64)
                        .filter(i -> (i < 40 ? to[i] : 1) == of)
                        .mapToDouble(i -> values[i])
                        .toArray();
                assertThat(format.value(sums, 1 + j * digits)).isEqualTo(ExactSum.of(members));
            }
        }
    }

    private static WideSum format(double[] values, long members) {
        double[] magnitudes =
                Arrays.stream(values).map(Math::abs).filter(v -> v > 0).sorted().toArray();
        return WideSum.of(magnitudes[0], magnitudes[magnitudes.length - 1], members);
    }
}
