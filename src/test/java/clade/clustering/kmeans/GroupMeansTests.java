package clade.clustering.kmeans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.clustering.Progress;
import clade.clustering.RandomRows;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GroupMeansTests {

    private final SplittableRandom random = new SplittableRandom(8);

    @Test
    void areTheWeightedMeansOfConsecutiveRows() {
        int n = 2 * GroupMeans.GROUPS + 8; // groups of three, the last of one
        double[][] byColumn = {
            random.doubles(n).toArray(), random.doubles(n, -5, 9).toArray()
        };
        int[] weights = RandomRows.weights(n, 4, random);
        GroupMeans means = new GroupMeans(new RowTree(byColumn, weights), Progress.NONE);
        assertThat(means.tree.size).isEqualTo((n + 2) / 3);
        double within = 0;
        for (int group = 0; group < means.tree.size; group++) {
            int from = 3 * group;
            int to = Math.min(n, from + 3);
            int weight = Arrays.stream(weights, from, to).sum();
            assertThat(means.tree.weights[group]).isEqualTo(weight);
            double[] mean = new double[2];
            means.tree.copyRow(group, mean, 0);
            for (int c = 0; c < 2; c++) {
                double sum = 0;
                for (int i = from; i < to; i++) {
                    sum += weights[i] * byColumn[c][i];
                }
                assertThat(mean[c]).isCloseTo(sum / weight, within(1e-14));
                for (int i = from; i < to; i++) {
                    within += weights[i] * Math.pow(byColumn[c][i] - sum / weight, 2);
                }
            }
        }
        assertThat(means.scatter).isCloseTo(within, within(1e-9 * within));
        assertThat(means.total).isCloseTo(aboutMean(byColumn, weights), within(1e-9 * means.total));
    }

    private static double aboutMean(double[][] byColumn, int[] weights) {
        double total = 0;
        for (double[] column : byColumn) {
            double sum = 0;
            for (int i = 0; i < column.length; i++) {
                sum += weights[i] * column[i];
            }
            double mean = sum / Arrays.stream(weights).sum();
            for (int i = 0; i < column.length; i++) {
                total += weights[i] * Math.pow(column[i] - mean, 2);
            }
        }
        return total;
    }
}
