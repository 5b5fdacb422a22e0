package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.statistics.Matrix;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.junit.jupiter.api.Test;

class NullModelTests {

    /** Skewed, tied and dependent columns: the second grows with the first, the third is one's own. */
    private static double[][] customers(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] rows = new double[n][];
        Arrays.setAll(rows, i -> {
            double orders = Math.floor(1 / (1 - random.nextDouble()));
            return new double[] {orders, Math.log(orders) + 2 * random.nextDouble(), random.nextInt(30), 5};
        });
        return rows;
    }

    @Test
    void keepsEveryColumnsValuesExactly() {
        Matrix x = Matrix.ofRows(customers(500, 1));
        NullModel model = NullModel.of(x);
        for (int number = 0; number < 5; number++) {
            Matrix drawn = model.draw(9, number);
            for (int j = 0; j < x.columns(); j++) {
                assertThat(sorted(drawn.column(j))).isEqualTo(sorted(x.column(j)));
            }
            assertThat(drawn).isNotEqualTo(model.draw(9, number + 1)).isEqualTo(model.draw(9, number));
        }
    }

    private static double[] sorted(double[] values) {
        Arrays.sort(values);
        return values;
    }

    @Test
    void keepsRankCorrelations() {
        Matrix x = Matrix.ofRows(customers(2000, 2));
        NullModel model = NullModel.of(x);
        double[] mean = new double[3];
        for (int number = 0; number < 20; number++) {
            Matrix drawn = model.draw(3, number);
            for (int j = 0; j < 3; j++) {
                mean[j] += rankCorrelation(drawn, j, (j + 1) % 3) / 20;
            }
        }

        assertThat(rankCorrelation(x, 0, 1)).isGreaterThan(0.5);
        for (int j = 0; j < 3; j++) {
            assertThat(mean[j]).isCloseTo(rankCorrelation(x, j, (j + 1) % 3), within(0.03));
        }
    }

    private static double rankCorrelation(Matrix x, int a, int b) {
        return new SpearmansCorrelation().correlation(x.column(a), x.column(b));
    }

    @Test
    void keepsColumnsTogetherThatRiseTogetherAndApartThatFall() {
        double[][] rows = new double[300][];
        Arrays.setAll(rows, i -> new double[] {i, Math.sqrt(i), -i});
        Matrix drawn = NullModel.of(Matrix.ofRows(rows)).draw(1, 0);

        assertThat(rankCorrelation(drawn, 0, 1)).isGreaterThan(0.9999);
        assertThat(rankCorrelation(drawn, 0, 2)).isLessThan(-0.9999);
    }

    @Test
    void drawsTheSameWhateverTheOrderOfTheRows() {
        double[][] rows = customers(400, 3);
        Matrix once = NullModel.of(Matrix.ofRows(rows)).draw(1, 2);
        List<double[]> shuffled = Arrays.asList(rows.clone());
        Collections.shuffle(shuffled, new Random(1));

        assertThat(NullModel.of(Matrix.ofRows(shuffled.toArray(new double[0][])))
                        .draw(1, 2))
                .isEqualTo(once);
    }

    @Test
    void breaksUpClustersThatTheColumnsAloneDoNotShow() {
        SplittableRandom random = new SplittableRandom(4);
        double[][] rows = new double[300][];
        // four heaps in the corners of a square: uncorrelated, and each column has two modes
        Arrays.setAll(rows, i -> new double[] {(i & 1) * 10 + random.nextDouble(), (i & 2) * 5 + random.nextDouble()});
        double[][] three = Arrays.stream(rows).filter(r -> r[0] < 5 || r[1] < 5).toArray(double[][]::new);
        Separation fourHeaps = Separation.of(Matrix.ofRows(rows), KMeans.of(4), 1, Progress.NONE);
        Separation threeHeaps = Separation.of(Matrix.ofRows(three), KMeans.of(3), 1, Progress.NONE);

        // independent columns with two modes each make the same four heaps
        assertThat(fourHeaps.silhouette()).isGreaterThan(0.9);
        assertThat(fourHeaps.excess()).isCloseTo(0, within(0.01));
        assertThat(fourHeaps.clear()).isFalse();
        assertThat(threeHeaps.excess()).isGreaterThan(0.05);
        assertThat(threeHeaps.clear()).isTrue();
    }

    @Test
    void comparesAMethodThatFindsNoTwoClusters() {
        Separation none = Separation.of(Matrix.ofRows(customers(50, 5)), KMeans.of(1), 1, Progress.NONE);

        assertThat(none.silhouette()).isZero();
        assertThat(none.nullSilhouettes()).hasSize(20).containsOnly(0.0);
        assertThat(none.clear()).isFalse();
    }
}
