package clade.clustering.spatial;

import static org.assertj.core.api.Assertions.assertThat;

import clade.clustering.Progress;
import clade.clustering.RandomRows;
import clade.statistics.Matrix;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReachesTests {

    @Test
    void areTheLeastDistancesWithinWhichRowsOfThatWeightLie() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 2000; round++) {
            int n = 1 + random.nextInt(120);
            int d = 1 + random.nextInt(5);
            Matrix x = RandomRows.of(n, d, round % 5, random);
            int[] weights = RandomRows.weights(n, 1 + round % 4, random);
            int k = 1 + random.nextInt(round % 3 == 0 ? 60 : 12);
            double[][] byColumn = new double[d][];
            for (int w = 0; w < d; w++) {
                byColumn[w] = x.column(w);
            }
            KdTree tree = new KdTree(byColumn, weights);

            double[] reaches = Reaches.of(tree, k, new Phase(Progress.NONE, "measuring density", 0, 1, n));

            for (int position = 0; position < n; position++) {
                double[] row = x.row(tree.row(position));
                double reach = reaches[position];
                assertThat(weightWithin(x, weights, row, reach, true))
                        .satisfies(weight -> assertThat(weight >= k || reach == Double.POSITIVE_INFINITY)
                                .isTrue());
                assertThat(weightWithin(x, weights, row, reach, false)).isLessThan(k);
            }
        }
    }

    private static long weightWithin(Matrix x, int[] weights, double[] row, double reach, boolean included) {
        long weight = 0;
        for (int i = 0; i < x.rows(); i++) {
            double distance = RandomRows.squared(row, x.row(i));
            weight += distance < reach || (included && distance == reach) ? weights[i] : 0;
        }
        return weight;
    }
}
