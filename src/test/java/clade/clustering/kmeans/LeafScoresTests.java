package clade.clustering.kmeans;

import static org.assertj.core.api.Assertions.assertThat;

import clade.clustering.Progress;
import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Matrix;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class LeafScoresTests {

    private final Random random = new Random(11);

    @TestFactory
    DynamicTest[] findsTheNearestCentresAndNoGapThatIsTooLarge() {
        return new DynamicTest[] {
            of("clouds", random::nextGaussian),
            of("lattice with many ties", () -> random.nextInt(4)),
            of("far from the origin", () -> 1e9 + random.nextGaussian()),
            of("closer together than doubles tell", () -> 1e9 + 1e-7 * random.nextInt(3)),
            of("heavy tail", () -> Math.exp(6 * random.nextGaussian())),
            of("tiny", () -> 1e-140 * random.nextGaussian()),
            of("so tiny that squares are nothing", () -> 1e-180 * random.nextGaussian()),
            of("huge", () -> 1e140 * random.nextDouble(-1, 1)),
            of("all the same but one", () -> random.nextInt(900) == 0 ? 1 : 0)
        };
    }

    private DynamicTest of(String name, DoubleSupplier value) {
        return DynamicTest.dynamicTest(name, () -> {
            for (int d : new int[] {1, 2, 3, 4, 5, 8, 11}) {
                for (int k : new int[] {2, 3, 4, 5, 9}) {
                    check(d, k, value);
                }
            }
        });
    }

    @Test
    void manyCandidatesLeaveNoBitsToTheScores() {
        check(1, 5_000, random::nextGaussian);
    }

    private void check(int d, int k, DoubleSupplier value) {
        double[] rows = new double[300 * d];
        Arrays.setAll(rows, i -> value.getAsDouble());
        RowTree tree = new RowTree(CanonicalRows.of(Matrix.of(300, d, rows), null, Progress.NONE));
        double[] starts = new double[k * d];
        Arrays.setAll(starts, i -> random.nextBoolean() ? rows[random.nextInt(300) * d + i % d] : value.getAsDouble());
        Centres centres = new Centres(starts, d);
        LeafScores scores = new LeafScores(tree, centres);
        int[] candidates = random.ints(0, k).distinct().limit(k).sorted().toArray();
        double[] middle = new double[d];
        double[] half = new double[d];
        int[] nearest = new int[RowTree.LEAF];
        for (int leaf = 0; leaf < tree.leafLevel().count; leaf++) {
            tree.leafLevel().measure(leaf, middle, half);
            double[] squares = new double[k];
            Arrays.setAll(squares, j -> square(middle, 0, starts, j * d, d));
            double[] gaps = new double[k];
            double gap = scores.nearest(leaf, middle, half, squares, candidates, k, nearest, gaps);
            for (int row = leaf * RowTree.LEAF; row < Math.min(tree.size, (leaf + 1) * RowTree.LEAF); row++) {
                int label = nearest[row % RowTree.LEAF];
                assertThat(label).isEqualTo(firstNearest(tree, row, starts, k));
                double known = k <= LeafGaps.MOST ? Math.min(gap, gaps[label]) : gap;
                if (gap > 0 && known < Double.POSITIVE_INFINITY) {
                    assertThat(new BigDecimal(known)).isLessThanOrEqualTo(exactGap(tree, row, starts, k, label));
                }
                if (k <= LeafGaps.MOST) {
                    assertThat(gaps[label]).isGreaterThanOrEqualTo(gap);
                }
            }
        }
    }

    private static int firstNearest(RowTree tree, int row, double[] centres, int k) {
        int nearest = 0;
        for (int j = 1; j < k; j++) {
            if (tree.squaredDistance(row, centres, j * tree.dimensions)
                    < tree.squaredDistance(row, centres, nearest * tree.dimensions)) {
                nearest = j;
            }
        }
        return nearest;
    }

    private static BigDecimal exactGap(RowTree tree, int row, double[] centres, int k, int label) {
        double[] point = new double[tree.dimensions];
        tree.copyRow(row, point, 0);
        BigDecimal least = null;
        for (int j = 0; j < k; j++) {
            if (j != label) {
                BigDecimal square = exactSquare(point, centres, j);
                least = least == null ? square : least.min(square);
            }
        }
        return least.subtract(exactSquare(point, centres, label));
    }

    private static BigDecimal exactSquare(double[] point, double[] centres, int j) {
        BigDecimal sum = BigDecimal.ZERO;
        for (int c = 0; c < point.length; c++) {
            BigDecimal difference = new BigDecimal(point[c]).subtract(new BigDecimal(centres[j * point.length + c]));
            sum = sum.add(difference.multiply(difference));
        }
        return sum;
    }

    private static double square(double[] a, int at, double[] b, int from, int d) {
        double sum = 0;
        for (int c = 0; c < d; c++) {
            sum += (a[at + c] - b[from + c]) * (a[at + c] - b[from + c]);
        }
        return sum;
    }
}
