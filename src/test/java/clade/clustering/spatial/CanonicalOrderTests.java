package clade.clustering.spatial;

import static org.assertj.core.api.Assertions.assertThat;

import clade.clustering.Progress;
import clade.clustering.RandomRows;
import clade.statistics.Matrix;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CanonicalOrderTests {

    @Test
    void ordersPairsOfRowsAsTheSortOrdersAll() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 1000; round++) {
            int d = 1 + random.nextInt(6);
            Matrix x = RandomRows.of(1 + random.nextInt(60), d, round % 5, random);
            x.values()[0] = round % 3 == 0 ? 1e12 : -0.0; // far out, so that many others share a number
            int[] places = CanonicalRows.of(x, null, Progress.NONE).canonicalOf();
            double[] low = new double[d];
            double[] high = new double[d];
            for (int w = 0; w < d; w++) {
                low[w] = Arrays.stream(x.column(w)).min().orElseThrow();
                high[w] = Arrays.stream(x.column(w)).max().orElseThrow();
            }
            CanonicalOrder order = new CanonicalOrder(x, low, high);
            for (int i = 0; i < x.rows(); i++) {
                for (int j = 0; j < x.rows(); j++) {
                    assertThat(Integer.signum(order.compare(i, j))).isEqualTo(Integer.compare(places[i], places[j]));
                    assertThat(places[i] < places[j] && order.number(i) > order.number(j))
                            .isFalse();
                }
            }
        }
    }
}
