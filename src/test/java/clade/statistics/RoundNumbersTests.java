package clade.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RoundNumbersTests {

    @Test
    void takesTheRoundestNumberThatLiesBetween() {
        assertThat(RoundNumbers.between(2, 13)).isEqualTo(10);
        assertThat(RoundNumbers.between(50, 51)).isEqualTo(50);
        assertThat(RoundNumbers.between(51, 52)).isEqualTo(51);
        assertThat(RoundNumbers.between(1198.35, 1201.1)).isEqualTo(1200);
        assertThat(RoundNumbers.between(1201.1, 1201.4)).isEqualTo(1201.2);
        assertThat(RoundNumbers.between(-3, 7)).isZero();
        assertThat(RoundNumbers.between(-0.37, -0.31)).isEqualTo(-0.34);
        assertThat(RoundNumbers.between(11, 39)).isEqualTo(20);
    }

    @Test
    void staysInTheRangeHoweverNarrow() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            double low = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(24) - 12);
            double high =
                    i % 3 == 0 ? Math.nextUp(low) : low + random.nextDouble() * Math.pow(10, random.nextInt(20) - 14);
            if (low < high) {
                double between = RoundNumbers.between(low, high);
                assertThat(between).isGreaterThanOrEqualTo(low).isLessThan(high);
            }
        }
    }

    @Test
    void refusesAnEmptyRange() {
        assertThatThrownBy(() -> RoundNumbers.between(2, 2)).isInstanceOf(IllegalArgumentException.class);
    }
}
