package clade.clustering;

import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Draws;
import clade.statistics.ExactSum;
import clade.statistics.Matrix;
import clade.statistics.Parallel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * The gap statistic: by how much the logarithm of the scatter within k clusters lies below what uniform data gives. For show,
 * not to decide: it finds four clusters in a box without any.
 *
 * <p>The scatter W is the sum of the squared Euclidean distances of the rows to the mean of their cluster. The reference is
 * uniform over the range of each column; where at least 5 % of the rows share a value, its draws are rounded to the nearest
 * value that occurs.
 *
 * @param curve from k = 1 on, as far as W is above 0 for the rows and all references
 * @see <a href="https://doi.org/10.1111/1467-9868.00293">Tibshirani, Walther and Hastie (2001)</a>
 */
public record GapStatistic(List<Point> curve) {

    /** Reference data sets. */
    public static final int REFERENCES = 50;

    /** Share of the rows that makes a value an atom. */
    private static final double ATOM = 0.05;

    public GapStatistic {
        curve = List.copyOf(curve);
    }

    /**
     * One k.
     *
     * @param logScatter log W of the rows
     * @param expectedLogScatter mean log W of the references
     * @param standardError their population standard deviation, times sqrt(1 + 1 / references)
     */
    public record Point(int k, double logScatter, double expectedLogScatter, double standardError) {

        public double gap() {
            return expectedLogScatter - logScatter;
        }
    }

    /** The least k whose gap is at least that of k + 1 less its standard error; empty if the curve shows none. */
    public OptionalInt k() {
        for (int i = 0; i + 1 < curve.size(); i++) {
            Point next = curve.get(i + 1);
            if (curve.get(i).gap() >= next.gap() - next.standardError()) {
                return OptionalInt.of(curve.get(i).k());
            }
        }
        return OptionalInt.empty();
    }

    /**
     * Clusters the rows and {@link #REFERENCES} references for each k from 1 to {@code kMax} + 1.
     *
     * @param x rows as the method sees them; a sample of 2,000 is enough
     * @param method for a number of clusters; it must leave no noise
     * @param kMax the largest k of interest, at least 1
     * @throws UnsuitableData {@code not-finite} or {@code not-enough-memory}
     */
    public static GapStatistic of(
            Matrix x, IntFunction<? extends ClusteringAlgorithm> method, int kMax, long seed, Progress progress) {
        if (kMax < 1) {
            throw new IllegalArgumentException("kMax must be at least 1, was " + kMax);
        }
        Memory.require(
                memoryNeeded(x.rows(), x.columns(), method.apply(kMax + 1)),
                "the gap statistic of %d rows".formatted(x.rows()));
        CanonicalRows.requireFinite(x);
        Reference reference = new Reference(x);
        double[][] logs = new double[REFERENCES + 1][];
        AtomicInteger done = new AtomicInteger();
        Progress steady = new SteadyProgress(progress);
        Parallel.blocks(logs.length, 1, (b, end) -> {
            Matrix data = b == REFERENCES ? x : reference.draw(seed, b);
            logs[b] = logScatters(
                    data,
                    method,
                    kMax + 1,
                    seed,
                    (phase, fraction) -> steady.at("gap statistic", (double) done.get() / logs.length));
            done.incrementAndGet();
        });
        int length = Arrays.stream(logs).mapToInt(log -> log.length).min().orElse(0);
        List<Point> curve = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            double mean = 0;
            for (int b = 0; b < REFERENCES; b++) {
                mean += logs[b][i] / REFERENCES;
            }
            double variance = 0;
            for (int b = 0; b < REFERENCES; b++) {
                variance += (logs[b][i] - mean) * (logs[b][i] - mean) / REFERENCES;
            }
            curve.add(new Point(i + 1, logs[REFERENCES][i], mean, Math.sqrt(variance * (1 + 1.0 / REFERENCES))));
        }
        return new GapStatistic(curve);
    }

    /** The sorted columns, and for each thread a reference, its fit and the squares of its scatter. */
    private static long memoryNeeded(int rows, int columns, ClusteringAlgorithm largest) {
        return 8L * rows * columns
                + Memory.threads() * (largest.memoryNeeded(rows, columns) + rows * (16L * columns + 8));
    }

    /** log W for k = 1 … kMax, up to the first k whose clusters are single points. */
    private static double[] logScatters(
            Matrix x, IntFunction<? extends ClusteringAlgorithm> method, int kMax, long seed, Progress progress) {
        double[] logs = new double[kMax];
        int count = Math.min(kMax, Sample.distinctRows(x) - 1);
        for (int k = 1; k <= count; k++) {
            Clustering found = method.apply(k).fit(x, null, seed, progress);
            double scatter = scatter(x, found.labels(), found.clusters());
            if (scatter == 0) {
                return Arrays.copyOf(logs, k - 1);
            }
            logs[k - 1] = StrictMath.log(scatter);
        }
        return Arrays.copyOf(logs, count);
    }

    /** The same to the last bit in any order of the rows. */
    private static double scatter(Matrix x, int[] labels, int clusters) {
        int[] sizes = new int[clusters];
        for (int label : labels) {
            sizes[label]++;
        }
        double[] squares = new double[x.rows() * x.columns()];
        for (int c = 0; c < clusters; c++) {
            int[] members = new int[sizes[c]];
            int size = 0;
            for (int i = 0; i < labels.length; i++) {
                if (labels[i] == c) {
                    members[size++] = i;
                }
            }
            for (int j = 0; j < x.columns(); j++) {
                int column = j;
                double mean = ExactSum.of(Arrays.stream(members)
                                .mapToDouble(i -> x.get(i, column))
                                .toArray())
                        / size;
                for (int i : members) {
                    double deviation = x.get(i, j) - mean;
                    squares[i * x.columns() + j] = deviation * deviation;
                }
            }
        }
        return ExactSum.of(squares);
    }

    /** Uniform data over the columns' ranges. */
    private static final class Reference {

        private final int rows;
        private final double[][] sortedColumns;
        private final boolean[] atomic;

        Reference(Matrix x) {
            rows = x.rows();
            sortedColumns = new double[x.columns()][];
            atomic = new boolean[x.columns()];
            for (int j = 0; j < x.columns(); j++) {
                double[] sorted = x.column(j);
                Arrays.sort(sorted);
                sortedColumns[j] = sorted;
                int share = (int) Math.ceil(ATOM * rows);
                for (int i = 0; i + share <= rows; i++) {
                    atomic[j] |= share > 1 && sorted[i] == sorted[i + share - 1];
                }
            }
        }

        Matrix draw(long seed, int number) {
            int d = sortedColumns.length;
            Draws draws = Draws.of(seed, number);
            double[] values = new double[rows * d];
            for (int i = 0; i < values.length; i++) {
                double[] sorted = sortedColumns[i % d];
                double value = sorted[0] + draws.uniform(i) * (sorted[rows - 1] - sorted[0]);
                values[i] = atomic[i % d] ? nearest(sorted, value) : value;
            }
            return Matrix.of(rows, d, values);
        }

        private static double nearest(double[] sorted, double value) {
            int found = Arrays.binarySearch(sorted, value);
            if (found >= 0) {
                return value;
            }
            int above = Math.min(-found - 1, sorted.length - 1);
            int below = Math.max(above - 1, 0);
            return value - sorted[below] <= sorted[above] - value ? sorted[below] : sorted[above];
        }
    }
}
