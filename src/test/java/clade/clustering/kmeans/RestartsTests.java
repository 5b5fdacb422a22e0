package clade.clustering.kmeans;

import static org.assertj.core.api.Assertions.assertThat;

import clade.clustering.Progress;
import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Draws;
import clade.statistics.Matrix;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Which rows the starts of many rows are run on. */
class RestartsTests {

    private static final int ROWS = 40_000;
    private static final int SEED = 7;

    private final SplittableRandom random = new SplittableRandom(2);

    @Test
    void ofManyRowsARunBeginsWhereThatOnMeansEnded() {
        RowTree tree = tree(2);
        RowTree means = new GroupMeans(tree, Progress.NONE).tree;
        assertSame(
                restarts(300).best(tree, 5, 5, Progress.NONE)[0],
                run(tree, run(means, starts(means, 5), 300).centres(), 300));
    }

    @Test
    void whereMeansCanNotStandForTheRowsItBeginsAtAStartAmongTheseRows() {
        RowTree wide = tree(15);
        assertSame(restarts(20).best(wide, 3, 3, Progress.NONE)[0], run(wide, starts(wide, 3), 20));
        RowTree tree = tree(2);
        int most = new GroupMeans(tree, Progress.NONE).tree.size / 8;
        assertSame(restarts(2).best(tree, most + 1, most + 1, Progress.NONE)[0], run(tree, starts(tree, most + 1), 2));
    }

    @Test
    void aSweepMayPassTheMostClustersThatMeansStandFor() {
        RowTree tree = tree(2);
        int most = new GroupMeans(tree, Progress.NONE).tree.size / 8;
        Partition[] sweep = restarts(2).best(tree, most, most + 1, Progress.NONE);
        assertSame(sweep[0], restarts(2).best(tree, most, most, Progress.NONE)[0]);
        assertSame(sweep[1], restarts(2).best(tree, most + 1, most + 1, Progress.NONE)[0]);
    }

    @Test
    void thereMayBeMoreClustersThanMeans() {
        RowTree tree = tree(1);
        int k = new GroupMeans(tree, Progress.NONE).tree.size + 1;
        assertThat(restarts(1).best(tree, k, k, Progress.NONE)[0].clusters()).isGreaterThan(k / 2);
    }

    private static Restarts restarts(int maxPasses) {
        return new Restarts(1, maxPasses, 0, SEED);
    }

    private static double[] starts(RowTree tree, int k) {
        return PlusPlus.starts(tree, k, Draws.of(SEED, Restarts.STREAM), false, Progress.NONE, 0);
    }

    private static Partition run(RowTree tree, double[] starts, int maxPasses) {
        return new Lloyd(tree, starts, false).run(maxPasses, 0, false, Progress.NONE, 0, 1);
    }

    private static void assertSame(Partition found, Partition expected) {
        assertThat(found.centres()).isEqualTo(expected.centres());
        assertThat(found.labels()).isEqualTo(expected.labels());
        assertThat(found.inertia()).isEqualTo(expected.inertia());
    }

    private RowTree tree(int columns) {
        double[] values = random.doubles((long) ROWS * columns).toArray();
        return new RowTree(CanonicalRows.of(Matrix.of(ROWS, columns, values), null, Progress.NONE));
    }
}
