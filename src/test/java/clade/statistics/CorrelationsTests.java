package clade.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.junit.jupiter.api.Test;

class CorrelationsTests {

    @Test
    void agreeWithCommonsMath() {
        SplittableRandom random = new SplittableRandom(3);
        for (int round = 0; round < 300; round++) {
            int n = random.nextInt(3, 60);
            double[] a = random.doubles(n).map(v -> Math.floor(12 * v)).toArray();
            double[] b = random.doubles(n).map(v -> Math.floor(5 * v)).toArray();
            for (int i = 0; i < n; i++) {
                b[i] += a[i] / 3;
            }
            a[0] = 13; // never constant
            Matrix pearson = Correlations.pearson(List.of(a, b));

            assertThat(pearson.get(0, 1)).isCloseTo(new PearsonsCorrelation().correlation(a, b), within(1e-12));
            assertThat(Correlations.spearman(List.of(a, b)).get(1, 0))
                    .isCloseTo(new SpearmansCorrelation().correlation(a, b), within(1e-12));
            assertThat(pearson.get(0, 0)).isEqualTo(1);
        }
    }

    @Test
    void theOrderOfTheRowsChangesNoBit() {
        SplittableRandom random = new SplittableRandom(4);
        double[] a = random.doubles(1000).map(Math::log).toArray();
        double[] b = random.doubles(1000).map(v -> v * v).toArray();
        double[] reversedA = new double[1000];
        double[] reversedB = new double[1000];
        Arrays.setAll(reversedA, i -> a[999 - i]);
        Arrays.setAll(reversedB, i -> b[999 - i]);

        assertThat(Correlations.pearson(List.of(reversedA, reversedB))).isEqualTo(Correlations.pearson(List.of(a, b)));
        assertThat(Correlations.spearman(List.of(reversedA, reversedB)))
                .isEqualTo(Correlations.spearman(List.of(a, b)));
    }

    @Test
    void aConstantColumnGoesWithNothing() {
        List<double[]> columns = List.of(new double[] {1, 2, 3}, new double[] {7, 7, 7});

        assertThat(Correlations.pearson(columns).get(0, 1)).isNaN();
        assertThat(Correlations.spearman(columns).get(1, 1)).isNaN();
    }

    @Test
    void negativeZeroIsZero() {
        Matrix found = Correlations.spearman(List.of(new double[] {-0.0, 0.0, 1}, new double[] {2, 2, 3}));

        assertThat(found.get(0, 1)).isCloseTo(1, within(1e-15));
    }
}
