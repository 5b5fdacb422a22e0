package clade.clustering;

import clade.clustering.kmeans.GroupMeans;
import clade.clustering.kmeans.Partition;
import clade.clustering.kmeans.Restarts;
import clade.clustering.kmeans.RowTree;
import clade.clustering.spatial.CanonicalRows;
import clade.clustering.spatial.SpatialRows;
import clade.statistics.Matrix;
import clade.statistics.Parallel;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * k-means: k centres such that the sum of the squared Euclidean distances of the rows to their nearest centre (the inertia) is
 * a local minimum, by Lloyd's passes from starts by greedy k-means++, the best of several.
 *
 * <p>Of more than 32,768 distinct rows in few columns, starts are drawn from and run on the means of up to 8,192 groups of
 * neighbours first, and of these runs only those that ended in different places and promise to become best go on over all rows. A
 * fit from given {@code starts} is over all rows from its first pass.
 *
 * <p>A row goes to the nearest centre, of equally near ones to the first; a centre is the exact sum of its rows, rounded once,
 * over their count. A centre that loses all rows takes the row that is farthest from its own centre. The centres of the result
 * are k x d in the units of the rows, its quality is {@code inertia}. O(n k d) a pass at worst, though settled regions are
 * passed over; O(n d + k d) memory.
 *
 * @param k clusters to find, at least 1
 * @param restarts runs from different starts, at least 1; a fit from given {@code starts} runs once
 * @param maxPasses limit of passes over the rows in one run, at least 1
 * @param tolerance a run also ends once the squared moves of the centres sum to at most this times the mean variance of the
 *     columns; 0 means that it ends when no label changes
 * @param starts k x d first centres, or null for k-means++
 * @see <a href="https://doi.org/10.1109/TIT.1982.1056489">Lloyd (1982), Least squares quantization in PCM</a>;
 *     <a href="https://dl.acm.org/doi/10.5555/1283383.1283494">Arthur and Vassilvitskii (2007), k-means++</a>
 */
public record KMeans(
        int k,
        int restarts,
        int maxPasses,
        double tolerance,
        @Nullable Matrix starts) implements ClusteringAlgorithm {

    public KMeans {
        requireAtLeastOne("k", k);
        requireAtLeastOne("restarts", restarts);
        requireAtLeastOne("maxPasses", maxPasses);
        if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("tolerance must be a number of at least 0, was " + tolerance);
        }
        if (starts != null) {
            if (starts.rows() != k) {
                throw new IllegalArgumentException("k is %d but there are %d starts".formatted(k, starts.rows()));
            }
            if (!Arrays.stream(starts.values()).allMatch(Double::isFinite)) {
                throw new IllegalArgumentException("starts must be finite numbers");
            }
        }
    }

    private static void requireAtLeastOne(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("%s must be at least 1, was %d".formatted(what, value));
        }
    }

    /** 10 restarts of at most 300 passes each, until no label changes. */
    public static KMeans of(int k) {
        return new KMeans(k, 10, 300, 0, null);
    }

    /** One run from the given centres, k x d. */
    public static KMeans from(Matrix starts) {
        return new KMeans(starts.rows(), 1, 300, 0, starts);
    }

    @Override
    public Clustering fit(Matrix x, int @Nullable [] weights, long seed, Progress progress) {
        if (starts != null && starts.columns() != x.columns()) {
            throw new IllegalArgumentException(
                    "the starts have %d columns, the rows %d".formatted(starts.columns(), x.columns()));
        }
        Progress steady = new SteadyProgress(progress);
        Restarts runs = new Restarts(restarts, maxPasses, tolerance, seed);
        if (starts != null && tolerance == 0 && k <= x.rows()) {
            requireMemory(x);
            CanonicalRows.require(x, weights);
            SpatialRows rows = new SpatialRows(x, steady);
            if (rows.greatest() > Magnitude.LARGEST) {
                Magnitude.require(x);
            }
            Partition found = runs.from(starts, new RowTree(rows, weights), true, steady);
            if (!found.dependsOnOrder()) {
                return clustering(found, rows::toInput);
            }
        }
        CanonicalRows rows = rows(x, weights, steady);
        steady.at("building a tree", 0);
        RowTree tree = new RowTree(rows);
        Partition best = starts == null ? runs.best(tree, k, k, steady)[0] : runs.from(starts, tree, false, steady);
        return clustering(best, rows::toInput);
    }

    /**
     * What {@code new KMeans(k, restarts, maxPasses, tolerance, null).fit} gives, for each k from this one's to {@code kMax},
     * from one sort and one index of the rows.
     *
     * @param kMax the last k, at least {@link #k}; k above the number of distinct rows are left out, if this one's is not
     * @throws IllegalArgumentException if this has given starts
     */
    public List<Clustering> sweep(int kMax, Matrix x, int @Nullable [] weights, long seed, Progress progress) {
        if (kMax < k) {
            throw new IllegalArgumentException("kMax must be at least k, %d, was %d".formatted(k, kMax));
        }
        if (starts != null) {
            throw new IllegalArgumentException("a sweep over k can't have given starts");
        }
        Progress steady = new SteadyProgress(progress);
        CanonicalRows rows = rows(x, weights, steady);
        steady.at("building a tree", 0);
        RowTree tree = new RowTree(rows);
        List<Clustering> found = new ArrayList<>();
        for (Partition best :
                new Restarts(restarts, maxPasses, tolerance, seed).best(tree, k, Math.min(kMax, rows.size()), steady)) {
            found.add(new KMeans(best.centres().length / x.columns(), restarts, maxPasses, tolerance, null)
                    .clustering(best, rows::toInput));
        }
        return found;
    }

    private CanonicalRows rows(Matrix x, int @Nullable [] weights, Progress progress) {
        requireMemory(x);
        CanonicalRows rows = CanonicalRows.of(x, weights, progress);
        Magnitude.require(x);
        if (k > rows.size()) {
            throw new UnsuitableData(
                    "k-above-distinct-rows",
                    "k is %d but there are only %d distinct rows; choose k of at most %d"
                            .formatted(k, rows.size(), rows.size()));
        }
        return rows;
    }

    private void requireMemory(Matrix x) {
        Memory.require(memoryNeeded(x.rows(), x.columns()), "k-means of %d rows".formatted(x.rows()));
    }

    private Clustering clustering(Partition best, UnaryOperator<int[]> toInput) {
        int[] order = best.order();
        int[] numbers = Numbering.inverse(order);
        int clusters = best.clusters();
        int d = best.centres().length / k;
        double[] centres = new double[clusters * d];
        for (int number = 0; number < clusters; number++) {
            System.arraycopy(best.centres(), order[number] * d, centres, number * d, d);
        }
        int[] precedence =
                Arrays.stream(numbers).filter(number -> number < clusters).toArray();
        int[] labels = best.labels().clone();
        for (int i = 0; i < labels.length; i++) {
            labels[i] = numbers[labels[i]];
        }
        Matrix found = Matrix.of(clusters, d, centres);
        return new Clustering(
                toInput.apply(labels),
                clusters,
                found,
                new Model(found, precedence),
                Map.of("inertia", best.inertia()),
                Map.of(),
                warnings(best, clusters));
    }

    private List<String> warnings(Partition best, int clusters) {
        List<String> warnings = new ArrayList<>();
        if (!best.settled()) {
            warnings.add("k-means had not settled after %d passes: allow more".formatted(best.passes()));
        }
        if (clusters < k) {
            warnings.add("only %d of %d clusters have members".formatted(clusters, k));
        }
        return warnings;
    }

    /** The sort and its result, the index, the runs that go on at once, and those on means. */
    @Override
    public long memoryNeeded(int rows, int columns) {
        int threads = Memory.threads();
        int runs = rows > Restarts.SIDE_BY_SIDE_ROWS ? 1 : Math.min(restarts, threads);
        long means = rows > Restarts.FEW_ROWS
                ? GroupMeans.GROUPS * (18L * columns + 40 + 24L * threads) + 128L * k * columns
                : 0;
        return rows * (18L * columns + 40 + 24L * runs) + means + 16L * k * columns * (threads + 4) + (1 << 20);
    }

    /** The centres, and which of equally near ones takes a row. */
    public static final class Model implements ClusteringModel {

        private final Matrix centres;

        /** The clusters' numbers in the order in which they take a row that is equally near to several. */
        private final int[] precedence;

        private Model(Matrix centres, int[] precedence) {
            this.centres = centres;
            this.precedence = precedence;
        }

        /** Clusters x d in the units of the fitted rows. */
        public Matrix centres() {
            return centres;
        }

        @Override
        public int[] assign(Matrix x) {
            if (x.columns() != centres.columns()) {
                throw new IllegalArgumentException(
                        "the model has %d columns, the rows %d".formatted(centres.columns(), x.columns()));
            }
            CanonicalRows.requireFinite(x);
            int[] labels = new int[x.rows()];
            Parallel.blocks(x.rows(), 4096, (from, to) -> {
                for (int i = from; i < to; i++) {
                    labels[i] = nearest(x.values(), i * x.columns());
                }
            });
            return labels;
        }

        @Override
        public String measure() {
            return "centre";
        }

        @Override
        public double[] distances(double[] row) {
            double[] distances = new double[centres.rows()];
            for (int cluster = 0; cluster < distances.length; cluster++) {
                double sum = 0;
                for (int c = 0; c < row.length; c++) {
                    double difference = row[c] - centres.get(cluster, c);
                    sum += difference * difference;
                }
                distances[cluster] = Math.sqrt(sum);
            }
            return distances;
        }

        private int nearest(double[] values, int at) {
            int d = centres.columns();
            double least = Double.POSITIVE_INFINITY;
            int nearest = precedence[0];
            for (int number : precedence) {
                double sum = 0;
                for (int c = 0; c < d; c++) {
                    double difference = values[at + c] - centres.values()[number * d + c];
                    sum += difference * difference;
                }
                if (sum < least) {
                    least = sum;
                    nearest = number;
                }
            }
            return nearest;
        }

        @Override
        public void write(DataOutput out) throws IOException {
            out.writeUTF("k-means");
            out.writeInt(centres.rows());
            out.writeInt(centres.columns());
            for (double value : centres.values()) {
                out.writeDouble(value);
            }
            for (int number : precedence) {
                out.writeInt(number);
            }
        }

        static Model read(DataInput in) throws IOException {
            int rows = in.readInt();
            int columns = in.readInt();
            double[] values = new double[Math.multiplyExact(rows, columns)];
            for (int i = 0; i < values.length; i++) {
                values[i] = in.readDouble();
            }
            int[] precedence = new int[rows];
            for (int i = 0; i < rows; i++) {
                precedence[i] = in.readInt();
            }
            return new Model(Matrix.of(rows, columns, values), precedence);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Model that
                    && centres.equals(that.centres)
                    && Arrays.equals(precedence, that.precedence);
        }

        @Override
        public int hashCode() {
            return 31 * centres.hashCode() + Arrays.hashCode(precedence);
        }
    }
}
