package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import clade.clustering.GapStatistic.Point;
import clade.statistics.Matrix;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class GapStatisticTests {

    /** Three heaps of twenty points. */
    private static double[][] heaps() {
        double[][] rows = new double[60][];
        Arrays.setAll(
                rows, i -> new double[] {
                    i % 3 * 2 + i * 0.6180339887498949 % 1, (i % 3 == 1 ? 3 : 0) + i * 0.7548776662466927 % 1
                });
        return rows;
    }

    private static GapStatistic gap(double[][] rows, int kMax) {
        return GapStatistic.of(Matrix.ofRows(rows), k -> new KMeans(k, 150, 300, 0, null), kMax, 7, Progress.NONE);
    }

    @Test
    void agreesWithR() {
        // R 4.2.2, cluster 2.1.4: clusGap(x, kmeans, 6, B = 1000, d.power = 2, spaceH0 = "original", nstart = 20); its
        // W is
        // half of ours, its references are other draws
        double[] logW = {4.98706282652, 4.26363233640, 1.61750134477, 1.43797338513, 1.25429265059, 1.04919722379};
        double[] expected = {4.59222982304, 3.95376634675, 3.49315839633, 3.09802456144, 2.82410196490, 2.58890526654};
        List<Point> curve = gap(heaps(), 5).curve();

        assertThat(curve).hasSize(6);
        for (int i = 0; i < 6; i++) {
            assertThat(curve.get(i).k()).isEqualTo(i + 1);
            assertThat(curve.get(i).logScatter() - Math.log(2)).isCloseTo(logW[i], within(1e-9));
            assertThat(curve.get(i).expectedLogScatter() - Math.log(2)).isCloseTo(expected[i], within(0.04));
            assertThat(curve.get(i).standardError()).isCloseTo(0.09, within(0.03));
        }
    }

    @Test
    void takesTheFirstKThatTheNextDoesNotClearlyBeat() {
        assertThat(new GapStatistic(List.of(
                                new Point(1, 0, 0.1, 0.05), new Point(2, 0, 0.9, 0.05), new Point(3, 0, 0.94, 0.05)))
                        .k())
                .hasValue(2);
        assertThat(new GapStatistic(List.of(new Point(1, 0, 0.1, 0.05), new Point(2, 0, 0.9, 0.05))).k())
                .isEmpty();
        assertThat(new GapStatistic(List.of()).k()).isEmpty();
    }

    @Test
    void isTheSameWhateverTheOrderOfTheRows() {
        double[][] rows = heaps();
        GapStatistic once = gap(rows, 3);
        Collections.shuffle(Arrays.asList(rows), new Random(2));

        assertThat(gap(rows, 3)).isEqualTo(once);
    }

    @Test
    void comparesColumnsWithAtomsToReferencesWithTheSameValues() {
        // 1 to 5 stars, twice: a reference has at most 25 distinct rows, so the curve ends before k = 25; uniform on
        // [1, 5]
        // and rounded, the outer stars come half as often as the others, variance 1.5 where the rows have 2
        double[][] stars = new double[400][];
        Arrays.setAll(stars, i -> new double[] {1 + i % 5, 1 + i / 5 % 5});
        List<Point> curve = GapStatistic.of(
                        Matrix.ofRows(stars), k -> new KMeans(k, 1, 300, 0, null), 30, 7, Progress.NONE)
                .curve();

        assertThat(curve).hasSizeBetween(20, 24);
        assertThat(curve.get(0).gap()).isCloseTo(Math.log(1.5 / 2), within(0.05));
    }

    @Test
    void endsWhereRowsAreNoLongerDistinct() {
        assertThat(gap(new double[][] {{1}, {1}, {1}}, 5).curve()).isEmpty();
        assertThat(gap(new double[][] {{1}, {2}, {4}}, 5).curve()).hasSize(2);
    }

    @Test
    void canBeCancelled() {
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> GapStatistic.of(Matrix.ofRows(heaps()), KMeans::of, 5, 1, (phase, fraction) -> {
                    throw new CancellationException();
                }));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gap(heaps(), 0))
                .withMessage("kMax must be at least 1, was 0");
    }
}
