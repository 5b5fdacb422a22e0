package clade.clustering.spatial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RadixSortTests {

    private final SplittableRandom random = new SplittableRandom(11);

    @Test
    void ordersKeysAsUnsignedAndLeavesEqualOnesInTheirOrder() {
        for (int count : new int[] {0, 1, 2, 1000, 100_000}) {
            for (int bits : new int[] {12, 64}) {
                long[] keys = random.longs(count + 3)
                        .map(key -> key >>> (Long.SIZE - bits))
                        .toArray();
                Comparator<Integer> byKey = (i, j) -> Long.compareUnsigned(keys[i], keys[j]);
                assertThat(RadixSort.order(keys, count)).isEqualTo(sorted(count, byKey));
            }
        }
    }

    @Test
    void ordersNumbersAfterWhatTheyWereOrderedByBefore() {
        double[] values =
                random.doubles(100_000).map(v -> Math.floor(v * 5000) / 7).toArray();
        values[17] = Double.POSITIVE_INFINITY;
        values[18] = -0.0;
        long[] before = random.longs(values.length, 0, 100).toArray();
        Comparator<Integer> byValue = (i, j) -> Double.compare(values[i] + 0.0, values[j] + 0.0);
        assertThat(RadixSort.order(values)).isEqualTo(sorted(values.length, byValue));
        assertThat(RadixSort.order(values, RadixSort.order(before, before.length)))
                .containsExactly(
                        sorted(values.length, byValue.thenComparing((i, j) -> Long.compare(before[i], before[j]))));
    }

    private static int[] sorted(int count, Comparator<Integer> comparator) {
        return IntStream.range(0, count)
                .boxed()
                .sorted(comparator)
                .mapToInt(i -> i)
                .toArray();
    }
}
