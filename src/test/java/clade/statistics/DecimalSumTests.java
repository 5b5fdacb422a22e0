package clade.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DecimalSumTests {

    @Test
    void addsWhatIsShown() {
        assertThat(DecimalSum.of(new double[] {0.1, 0.2})).isEqualTo(0.3);
        assertThat(DecimalSum.of(new double[] {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}))
                .isEqualTo(1);
        assertThat(DecimalSum.of(new double[] {12.34, -12.34})).isZero();
        assertThat(DecimalSum.of(new double[0])).isZero();
    }

    @Test
    void aSumOfDecimalsIsTheirSumHoweverManyPlacesTheyHave() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 400; round++) {
            int places = random.nextInt(9);
            double[] values = new double[1 + random.nextInt(50)];
            BigDecimal sum = BigDecimal.ZERO;
            for (int i = 0; i < values.length; i++) {
                // 15 digits at most: more a double does not hold
                long most = (long) Math.pow(10, 1 + random.nextInt(15));
                BigDecimal decimal = BigDecimal.valueOf(random.nextLong(-most, most), places);
                values[i] = decimal.doubleValue();
                assertThat(DecimalSum.decimal(values[i])).isEqualByComparingTo(decimal);
                sum = sum.add(decimal);
            }

            assertThat(DecimalSum.of(values)).isEqualTo(sum.doubleValue());
            shuffle(values, round);
            assertThat(DecimalSum.of(values)).isEqualTo(sum.doubleValue());
        }
    }

    @Test
    void valuesThatAreNoMoneyAreAddedAsTheyAreShown() {
        SplittableRandom random = new SplittableRandom(8);
        for (int round = 0; round < 200; round++) {
            double[] values = new double[20];
            BigDecimal sum = BigDecimal.ZERO;
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.scalb(random.nextDouble() - 0.5, random.nextInt(120) - 60);
                sum = sum.add(new BigDecimal(Double.toString(values[i])));
            }

            assertThat(DecimalSum.of(values)).isEqualTo(sum.doubleValue());
        }
    }

    @Test
    void manyLargeSumsDoNotOverflow() {
        DecimalSum sum = new DecimalSum();
        BigDecimal expected = BigDecimal.ZERO;
        for (int i = 0; i < 30_000; i++) {
            sum.add(99_999_999_999.9999);
            expected = expected.add(new BigDecimal("99999999999.9999"));
        }
        assertThat(sum.value()).isEqualByComparingTo(expected);
    }

    private static void shuffle(double[] values, int seed) {
        Random random = new Random(seed);
        for (int i = values.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            double value = values[i];
            values[i] = values[other];
            values[other] = value;
        }
    }
}
