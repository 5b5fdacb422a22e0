package clade.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrawsTests {

    @Test
    void areThoseOfSplitMix64() {
        // the JDK's SplittableRandom is SplitMix64 with the golden-ratio step of its first generation
        for (long key : new long[] {0, 1, -5, 42L << 40}) {
            SplittableRandom reference = new SplittableRandom(key);
            Draws draws = new Draws(key);
            for (int i = 0; i < 100; i++) {
                assertThat(draws.bits(i)).isEqualTo(reference.nextLong());
            }
        }
    }

    @Test
    void streamsAndSeedsDiffer() {
        assertThat(IntStream.range(0, 1000)
                        .mapToObj(i -> Draws.of(i / 100, i % 100))
                        .distinct())
                .hasSize(1000);
    }

    @Test
    void uniformDrawsFillTheirRangeEvenly() {
        Draws draws = Draws.of(3, 1);
        int[] tenths = new int[10];
        int[] sevenths = new int[7];
        for (int i = 0; i < 70_000; i++) {
            double uniform = draws.uniform(i);
            assertThat(uniform).isGreaterThanOrEqualTo(0).isLessThan(1);
            tenths[(int) (10 * uniform)]++;
            sevenths[draws.below(7, i)]++;
        }
        // six standard deviations of a binomial count
        assertThat(Arrays.stream(tenths).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(7000 - 477, 7000 + 477));
        assertThat(Arrays.stream(sevenths).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(10_000 - 556, 10_000 + 556));
    }
}
