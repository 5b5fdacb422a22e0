package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KneeTests {

    @Test
    void findsTheKneeOfThePapersFigure2() {
        // Satopää et al. (2011), figure 2, upside down: knee of 5 - 1/(x + 0.1) over ten points of [0, 1] at x = 0.22
        double[] x = IntStream.range(0, 10).mapToDouble(i -> i / 9.0).toArray();
        double[] y =
                IntStream.range(0, 10).mapToDouble(i -> 1 / (i / 9.0 + 0.1)).toArray();

        assertThat(Knee.ofFallingCurve(x, y, 1)).hasValue(2);
    }

    @Test
    void findsTheCornerOfTwoLines() {
        double[] k = {1, 2, 3, 4, 5, 6, 7, 8};

        assertThat(Knee.ofFallingCurve(k, new double[] {100, 70, 40, 10, 8, 6, 4, 2}, 1))
                .hasValue(3);
        assertThat(Knee.ofFallingCurve(k, new double[] {-1, -31, -61, -91, -93, -95, -97, -99}, 1))
                .hasValue(3);
    }

    @Test
    void takesTheFirstOfTwoKneesIfTheCurveLeavesItFarEnough() {
        double[] x = IntStream.range(0, 21).mapToDouble(i -> i).toArray();
        double[] steps = IntStream.range(0, 21)
                .mapToDouble(i -> i <= 2 ? 100 - 30 * i : i <= 16 ? 40 : i <= 18 ? 40 - 15 * (i - 16) : 10)
                .toArray();

        assertThat(Knee.ofFallingCurve(x, steps, 1)).hasValue(2);
        assertThat(Knee.ofFallingCurve(x, steps, 100)).isEmpty();
    }

    @Test
    void findsNoneInAStraightOrFlatOrShortCurve() {
        assertThat(Knee.ofFallingCurve(new double[] {1, 2, 3, 4}, new double[] {8, 6, 4, 2}, 1))
                .isEmpty();
        assertThat(Knee.ofFallingCurve(new double[] {1, 2, 3}, new double[] {5, 5, 5}, 1))
                .isEmpty();
        assertThat(Knee.ofFallingCurve(new double[] {1, 2}, new double[] {5, 4}, 1))
                .isEmpty();
        assertThat(Knee.ofFallingCurve(new double[0], new double[0], 1)).isEmpty();
    }

    @Test
    void refusesWhatIsNoCurve() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Knee.ofFallingCurve(new double[] {1, 1}, new double[] {2, 1}, 1))
                .withMessage("x must increase and all values be finite; point 1 is 1.0, 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Knee.ofFallingCurve(new double[] {1, 2}, new double[] {2, Double.NaN}, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Knee.ofFallingCurve(new double[] {1, 2}, new double[] {2}, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Knee.ofFallingCurve(new double[0], new double[0], -1));
    }
}
