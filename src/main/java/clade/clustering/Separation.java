package clade.clustering;

import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Matrix;
import clade.statistics.Parallel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Whether clusters lie apart more than in data without clusters: the silhouette that a method reaches on the rows, beside
 * those that it reaches on {@link #NULL_SETS} draws of their {@linkplain NullModel null model}.
 *
 * @param silhouette of the rows, 0 if the method finds fewer than two clusters
 * @param nullSilhouettes of the draws
 */
public record Separation(double silhouette, List<Double> nullSilhouettes) {

    public static final int NULL_SETS = 20;

    /** The least excess that counts. */
    private static final double CLEAR_EXCESS = 0.05;

    public Separation {
        nullSilhouettes = List.copyOf(nullSilhouettes);
    }

    /**
     * Clusters the rows and draws of their null model alike. O(n²) for n rows: a sample of 2,000 is enough.
     *
     * @param x prepared rows
     * @throws UnsuitableData {@code not-enough-memory}, or as {@link ClusteringAlgorithm#fit}
     */
    public static Separation of(Matrix x, ClusteringAlgorithm algorithm, long seed, Progress progress) {
        return of(x, algorithm, x.rows(), seed, progress);
    }

    /**
     * The same with silhouettes from a sample of {@code rows}, each against all others; exact where there are no more. For
     * density methods, which see other clusters in fewer rows.
     */
    public static Separation of(Matrix x, ClusteringAlgorithm algorithm, int rows, long seed, Progress progress) {
        Memory.require(memoryNeeded(x.rows(), x.columns(), algorithm), "the null model of %d rows".formatted(x.rows()));
        CanonicalRows.requireFinite(x);
        NullModel model = NullModel.of(x);
        double[] silhouettes = new double[NULL_SETS + 1];
        AtomicInteger done = new AtomicInteger();
        Progress steady = new SteadyProgress(progress);
        Parallel.blocks(silhouettes.length, 1, (s, end) -> {
            Progress within = (phase, fraction) -> steady.at("null model", (double) done.get() / silhouettes.length);
            silhouettes[s] = silhouette(s == NULL_SETS ? x : model.draw(seed, s), algorithm, rows, seed, within);
            done.incrementAndGet();
        });
        List<Double> ofDraws =
                DoubleStream.of(silhouettes).limit(NULL_SETS).boxed().collect(Collectors.toList());
        return new Separation(silhouettes[NULL_SETS], ofDraws);
    }

    /** The model's columns, and for each thread a draw, its fit and its silhouette. */
    private static long memoryNeeded(int rows, int columns, ClusteringAlgorithm algorithm) {
        return 8L * rows * columns
                + Memory.threads()
                        * (algorithm.memoryNeeded(rows, columns)
                                + Groups.memoryNeeded(rows, columns)
                                + rows * (16L * columns + 12));
    }

    private static double silhouette(Matrix x, ClusteringAlgorithm algorithm, int rows, long seed, Progress progress) {
        Clustering found = algorithm.fit(x, null, seed, progress);
        if (found.clusters() < 2) {
            return 0;
        }
        return rows < x.rows()
                ? Silhouette.sample(x, null, found.labels(), rows, seed, progress)
                        .mean()
                : Silhouette.of(x, null, found.labels(), progress).mean();
    }

    /** Mean of the null model's silhouettes. */
    public double nullMean() {
        return nullSilhouettes.stream().mapToDouble(Double::doubleValue).sum() / nullSilhouettes.size();
    }

    /** By how much the silhouette exceeds the mean of the null model's. */
    public double excess() {
        return silhouette - nullMean();
    }

    /** Whether the excess is at least 0.05 and the silhouette above that of every draw. */
    public boolean clear() {
        return excess() >= CLEAR_EXCESS && nullSilhouettes.stream().allMatch(s -> s < silhouette);
    }
}
