package clade.clustering.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExponentialTests {

    @Test
    void isWithinOneUlpOfTheExactPower() {
        Random random = new Random(1);
        double[] x = new double[5_000];
        for (int i = 0; i < x.length; i++) {
            x[i] = -59.9 * Math.pow(random.nextDouble(), 1 + i % 4);
        }
        double[] found = x.clone();
        Exponential.replace(found, x.length, new double[x.length]);
        for (int i = 0; i < x.length; i++) {
            BigDecimal wrong = new BigDecimal(found[i]).subtract(exact(x[i])).abs();
            assertThat(wrong.doubleValue()).as("e^%s", x[i]).isLessThanOrEqualTo(Math.ulp(found[i]));
        }
    }

    @Test
    void isOneAtZeroAndZeroFarBelow() {
        double[] x = {0.0, -0.0, -61, -1e300, Double.NEGATIVE_INFINITY};
        Exponential.replace(x, x.length, new double[x.length]);
        assertThat(x).containsExactly(1, 1, 0, 0, 0);
    }

    @Test
    void replacesNoMoreThanAsked() {
        double[] x = {0, -1};
        Exponential.replace(x, 1, new double[1]);
        assertThat(x).containsExactly(1, -1);
    }

    /** The series of e^(x / 64) to the power of 64, with 30 digits. */
    private static BigDecimal exact(double x) {
        MathContext digits = new MathContext(30);
        BigDecimal part = new BigDecimal(x).divide(BigDecimal.valueOf(64));
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = BigDecimal.ONE;
        for (int i = 1; i < 30; i++) {
            term = term.multiply(part, digits).divide(BigDecimal.valueOf(i), digits);
            sum = sum.add(term, digits);
        }
        return sum.pow(64, digits);
    }
}
