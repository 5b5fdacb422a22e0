package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import clade.statistics.Matrix;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleTests {

    @Test
    void drawsTheSameRowsWhateverTheirOrder() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 200; round++) {
            int n = 1 + random.nextInt(60);
            int size = 1 + random.nextInt(70);
            double[][] rows = new double[n][];
            Arrays.setAll(rows, i -> new double[] {random.nextInt(5), random.nextInt(-3, 3)});
            Matrix once = drawn(rows, size, round);
            List<double[]> shuffled = Arrays.asList(rows.clone());
            Collections.shuffle(shuffled, new Random(round));

            assertThat(drawn(shuffled.toArray(new double[0][]), size, round)).isEqualTo(once);
            assertThat(once.rows()).isEqualTo(Math.min(n, size));
        }
    }

    private static Matrix drawn(double[][] rows, int size, long seed) {
        Matrix x = Matrix.ofRows(rows);
        int[] sample = Sample.of(x, size, seed);
        assertThat(Arrays.stream(sample)).doesNotHaveDuplicates();
        return Sample.rows(x, sample);
    }

    @Test
    void drawsEachRowEquallyOften() {
        Matrix x = Matrix.of(20, 1, IntStream.range(0, 20).asDoubleStream().toArray());
        int[] times = new int[20];
        for (int seed = 0; seed < 10_000; seed++) {
            for (int row : Sample.of(x, 5, seed)) {
                times[row]++;
            }
        }

        // binomial, 10,000 times 1/4: standard deviation 43
        for (int count : times) {
            assertThat(count).isCloseTo(2500, within(200));
        }
    }

    @Test
    void refusesAnEmptySampleAndRowsThatAreNotFinite() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sample.of(Matrix.ofRows(new double[] {1}), 0, 1))
                .withMessage("the size of a sample must be at least 1, was 0");
        assertThatThrownBy(() -> Sample.of(Matrix.ofRows(new double[] {Double.NaN}), 1, 1))
                .isInstanceOf(UnsuitableData.class);
    }
}
