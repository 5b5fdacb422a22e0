package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.clustering.kmeans.Restarts;
import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Matrix;
import clade.statistics.Threads;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From starts of its own, where there are so many rows that starts are run on means of groups first. */
class KMeansOfManyRowsTests {

    private static final int ROWS = 40_000;

    /** Of data: groups, heavy tails, steps with many rows on the same lines, no structure. */
    private static final int KINDS = 4;

    private final SplittableRandom random = new SplittableRandom(5);

    @Test
    void noPassOverAllRowsWouldChangeWhatIsFound() {
        for (int kind = 0; kind < KINDS; kind++) {
            for (int k : new int[] {1, 2, 5, 9}) {
                assertIsSettled(customers(3, kind), new KMeans(k, 4, 1000, 0, null));
            }
        }
    }

    /** Where all starts are run on all rows. */
    @ParameterizedTest
    @CsvSource({"12, 4", "3, 1001"})
    void norInManyColumnsAndOfManyClusters(int columns, int k) {
        assertIsSettled(customers(columns, 0), new KMeans(k, 1, 1000, 0, null));
    }

    /** Every row is nearest to its centre and every centre is the mean of its rows, by all distances. */
    private static void assertIsSettled(Matrix x, KMeans algorithm) {
        Clustering found = algorithm.fit(x, null, 3, Progress.NONE);
        assertThat(found.warnings()).isEmpty();
        double[][] centres = new double[found.clusters()][];
        Arrays.setAll(centres, j -> found.centres().row(j));
        double[][] sums = new double[centres.length][x.columns()];
        int[] sizes = new int[centres.length];
        double inertia = 0;
        for (int i = 0; i < x.rows(); i++) {
            double[] row = x.row(i);
            int label = found.labels()[i];
            double own = RandomRows.squared(row, centres[label]);
            for (double[] centre : centres) {
                if (RandomRows.squared(row, centre) < own) {
                    throw new AssertionError("another centre is nearer to row " + i);
                }
            }
            for (int c = 0; c < row.length; c++) {
                sums[label][c] += row[c];
            }
            sizes[label]++;
            inertia += own;
        }
        assertThat(found.quality().get("inertia")).isCloseTo(inertia, within(1e-10 * inertia));
        for (int j = 0; j < sizes.length; j++) {
            for (int c = 0; c < x.columns(); c++) {
                assertThat(centres[j][c]).isCloseTo(sums[j][c] / sizes[j], within(1e-9));
            }
        }
    }

    /** One or the other finds the better of many nearly equal optima, by luck. */
    @Test
    void isAsGoodAsTheBestOfAsManyStartsThatAreRunOnAllRows() {
        double ratios = 0;
        for (int kind = 0; kind < KINDS; kind++) {
            Matrix x = customers(3, kind);
            for (int k = 2; k <= 8; k += 2) {
                double best = Double.POSITIVE_INFINITY;
                for (int restart = 0; restart < 10; restart++) {
                    best = Math.min(best, inertia(KMeans.from(starts(x, k)), x));
                }
                double ratio = inertia(KMeans.of(k), x) / best;
                assertThat(ratio).as("kind %d, k %d", kind, k).isLessThan(1.01);
                ratios += ratio;
            }
        }
        assertThat(ratios / (4 * KINDS)).isLessThan(1.0005);
    }

    private static double inertia(KMeans algorithm, Matrix x) {
        return algorithm.fit(x, null, 42, Progress.NONE).quality().get("inertia");
    }

    /** By k-means++ as Arthur and Vassilvitskii describe it. */
    private Matrix starts(Matrix x, int k) {
        double[][] starts = new double[k][];
        starts[0] = x.row(random.nextInt(x.rows()));
        double[] squares = new double[x.rows()];
        Arrays.fill(squares, Double.POSITIVE_INFINITY);
        for (int j = 1; j < k; j++) {
            double total = 0;
            for (int i = 0; i < squares.length; i++) {
                squares[i] = Math.min(squares[i], RandomRows.squared(x.row(i), starts[j - 1]));
                total += squares[i];
            }
            double left = random.nextDouble() * total;
            int row = -1;
            while (left >= 0 && row < squares.length - 1) {
                left -= squares[++row];
            }
            starts[j] = x.row(row);
        }
        return Matrix.ofRows(starts);
    }

    /** Up to 131,072 rows threads have runs of their own, beyond they share each run. */
    @ParameterizedTest
    @ValueSource(ints = {ROWS, 140_000})
    void isTheSameForAnyOrderOfRowsAndNumberOfThreads(int rows) {
        Matrix x = customers(rows, 3, 1);
        int[] order = RandomRows.shuffled(rows, random);
        Matrix shuffled = RandomRows.permute(x, order);
        Clustering one = inPool(1, x);
        Clustering other = inPool(3, shuffled);
        assertThat(other.labels())
                .isEqualTo(Arrays.stream(order).map(i -> one.labels()[i]).toArray());
        assertThat(other.quality()).isEqualTo(one.quality());
        assertThat(other.centres()).isEqualTo(one.centres());
    }

    private static Clustering inPool(int threads, Matrix x) {
        return Threads.run(threads, () -> KMeans.of(6).fit(x, null, 42, Progress.NONE));
    }

    @Test
    void aRowOfSomeWeightCountsAsSoManyRows() {
        Matrix x = customers(2, 2);
        int[] weights = RandomRows.weights(ROWS, 3, random);
        Clustering weighted = KMeans.of(4).fit(x, weights, 42, Progress.NONE);
        Clustering repeated = KMeans.of(4).fit(RandomRows.repeat(x, weights), null, 42, Progress.NONE);
        assertThat(repeated.centres()).isEqualTo(weighted.centres());
        assertThat(repeated.quality()).isEqualTo(weighted.quality());
    }

    @Test
    void aSweepGivesWhatSingleFitsGive() {
        Matrix x = customers(2, 3);
        List<Clustering> sweep = new KMeans(2, 3, 300, 0, null).sweep(6, x, null, 9, Progress.NONE);
        for (int k = 2; k <= 6; k++) {
            Clustering single = new KMeans(k, 3, 300, 0, null).fit(x, null, 9, Progress.NONE);
            assertThat(sweep.get(k - 2).labels()).isEqualTo(single.labels());
            assertThat(sweep.get(k - 2).quality()).isEqualTo(single.quality());
        }
    }

    private Matrix customers(int columns, int kind) {
        return customers(ROWS, columns, kind);
    }

    private Matrix customers(int rows, int columns, int kind) {
        RandomGenerator draws = random;
        double[] values = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            int group = draws.nextInt(5);
            for (int c = 0; c < columns; c++) {
                values[i * columns + c] = switch (kind) {
                    case 0 -> (group * (c + 1)) % 5 + 0.4 * draws.nextGaussian();
                    case 1 -> Math.exp(1.5 * draws.nextGaussian());
                    case 2 -> c == 0 ? 1e-4 * draws.nextInt(100_000) : draws.nextInt(30) * 0.25;
                    default -> draws.nextDouble();
                };
            }
        }
        Matrix x = Matrix.of(rows, columns, values);
        assertThat(CanonicalRows.of(x, null, Progress.NONE).size()).isGreaterThan(Restarts.FEW_ROWS);
        return x;
    }
}
