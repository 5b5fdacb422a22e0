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
            CanonicalRows rows = CanonicalRows.of(x, weights, Progress.NONE);
            double eps = 0.02 + random.nextDouble() * random.nextDouble();
            int minPoints = 1 + random.nextInt(20);

            DensityLabels byTree = TreeDbscan.fit(rows, eps, minPoints, Progress.NONE);

            Grid grid = Grid.of(rows, eps);
            DensityLabels byGrid = GridDbscan.fit(grid, rows, eps, minPoints, Progress.NONE);
            assertThat(byTree.core()).as("round %d", round).isEqualTo(byGrid.core());
            assertThat(byTree.labels()).as("round %d", round).isEqualTo(byGrid.labels());
        }
    }
}
