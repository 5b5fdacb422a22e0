package clade.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTests {

    // Newcombe (1998), Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, 857-872,
    // table I,
    // method 3 (score method): four decimals
    @ParameterizedTest
    @CsvSource({
        "81, 263, 0.2553, 0.3662",
        "15, 148, 0.0624, 0.1605",
        "0, 20, 0, 0.1611",
        "1, 29, 0.0061, 0.1718",
    })
    void proportionsAgreeWithThePublishedOnes(long successes, long trials, double lower, double upper) {
        Interval found = Interval.ofProportion(successes, trials, 0.95);

        assertThat(found.lower()).isCloseTo(lower, within(5e-5));
        assertThat(found.upper()).isCloseTo(upper, within(5e-5));
        Interval opposite = Interval.ofProportion(trials - successes, trials, 0.95);
        assertThat(opposite.upper()).isCloseTo(1 - found.lower(), within(1e-12));
    }

    @Test
    void aMeanAgreesWithStudentsSleepData() {
        // Student (1908): additional hours of sleep gained by ten patients, second drug less first. R's documentation
        // of
        // t.test(extra ~ group, data = sleep, paired = TRUE): mean 1.58, 95 percent interval 0.7001142 to 2.4598858
        double[] gained = {1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4};

        Interval found = Interval.ofMean(gained, 0.95);

        assertThat(found.lower()).isCloseTo(0.7001142, within(5e-8));
        assertThat(found.upper()).isCloseTo(2.4598858, within(5e-8));
    }

    @Test
    void oneValueHasNoInterval() {
        assertThat(Interval.ofMean(new double[] {3}, 0.95)).isNull();
        assertThat(Interval.ofMean(new double[] {3, 3}, 0.95)).isEqualTo(new Interval(3, 3));
        assertThatThrownBy(() -> Interval.ofProportion(3, 2, 0.95)).hasMessage("no proportion: 3 of 2");
        assertThatThrownBy(() -> Interval.ofProportion(1, 2, 1)).hasMessage("level must lie between 0 and 1, was 1.0");
    }

    @Test
    void aNormalErrorReaches196StandardErrors() {
        Interval found = Interval.around(2, 0.5, 0.95);

        assertThat(found.lower()).isCloseTo(2 - 0.5 * 1.959963984540054, within(1e-9));
        assertThat(found.upper()).isCloseTo(2 + 0.5 * 1.959963984540054, within(1e-9));
    }
}
