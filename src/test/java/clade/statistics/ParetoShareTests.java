package clade.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ParetoShareTests {

    @Test
    void oneOfThreeMayBringItAll() {
        assertThat(ParetoShare.of(new double[] {1, 8, 1})).isEqualTo(1 / 3.0);
    }

    @Test
    void equalValuesNeedFourOfFive() {
        assertThat(ParetoShare.of(new double[] {0.1, 0.1, 0.1, 0.1, 0.1})).isEqualTo(0.8);
    }

    @Test
    void returnsLowerTheSumThatIsToBeReached() {
        assertThat(ParetoShare.of(new double[] {10, -5, 3, 2})).isEqualTo(0.25);
    }

    @Test
    void withoutRevenueThereIsNone() {
        assertThat(ParetoShare.of(new double[] {0, 0})).isNull();
        assertThat(ParetoShare.of(new double[] {1, -3})).isNull();
        assertThat(ParetoShare.of(new double[0])).isNull();
    }
}
