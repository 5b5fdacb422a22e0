package clade.clustering.density;

import static org.assertj.core.api.Assertions.assertThat;

import clade.clustering.Progress;
import clade.clustering.RandomRows;
import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Matrix;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TreeDbscanTests {

    @Test
    void findsTheSameAsTheGridWhereBothCanBeUsed() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 300; round++) {
            int n = 200 + random.nextInt(1500);
            int d = 1 + random.nextInt(3);
            Matrix x = RandomRows.of(n, d, round % 5, random);
            int[] weights = RandomRows.weights(n, 1 + random.nextInt(3), random);
            double eps = 0.02 + random.nextDouble() * random.nextDouble();
            assertSame(x, weights, eps, 1 + random.nextInt(20));
        }
    }

    @Test
    void findsTheSameAsTheGridWhereManyRowsAreAsNearToTwoClusters() {
        SplittableRandom random = new SplittableRandom(2);
        for (int round = 0; round < 20; round++) {
            int d = 1 + round % 3;
            int n = 5000 + random.nextInt(5000);
            int side = (int) Math.pow(n * (1.5 + random.nextDouble()), 1.0 / d);
            double[] values =
                    random.ints((long) n * d, 0, side).asDoubleStream().toArray();
            values[0] = round % 2 == 0 ? 0 : 1e8; // far enough out for all others to share a cell of the order
            assertSame(Matrix.of(n, d, values), RandomRows.weights(n, 2, random), 1, 3 + random.nextInt(2));
        }
    }

    private static void assertSame(Matrix x, int[] weights, double eps, int minPoints) {
        CanonicalRows rows = CanonicalRows.of(x, weights, Progress.NONE);
        DensityLabels byTree = TreeDbscan.fit(rows, eps, minPoints, Progress.NONE);

        Grid grid = Grid.of(x, weights, eps, Progress.NONE);
        if (grid == null) {
            return;
        }
        DensityLabels byGrid = GridDbscan.fit(grid, x, weights, eps, minPoints, Progress.NONE);
        assertThat(byGrid.clusters()).isEqualTo(byTree.clusters());
        for (int i = 0; i < x.rows(); i++) {
            int row = rows.canonicalOf()[i];
            assertThat(byGrid.core()[i]).isEqualTo(byTree.core()[row]);
            assertThat(byGrid.labels()[i]).isEqualTo(byTree.labels()[row]);
        }
    }
}
