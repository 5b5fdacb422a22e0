package clade.clustering;

import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Draws;
import clade.statistics.Matrix;
import clade.statistics.Parallel;
import clade.statistics.Preparation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Whether clusters come out again when their rows are drawn again: for each cluster the mean, over {@link #SAMPLES} samples,
 * of its largest Jaccard coefficient with a cluster of the sample, preparation and fit repeated on it. At least 0.75 says
 * that it would come out again, below 0.6 that it would not. It does not say that the clusters are separate: a uniform box
 * falls into the same two halves every time.
 *
 * <p>A sample is a bootstrap, rows drawn with replacement and counted as weights; for a density method, to which repeated rows
 * are dense, 90 % of the rows without replacement, the settings that count customers lowered in proportion. The coefficients
 * are over the rows that the sample holds, each once. A cluster without a row in the sample, or a sample with too few distinct
 * rows to cluster, counts as 0.
 *
 * @see <a href="https://doi.org/10.1016/j.csda.2006.11.025">Hennig (2007), Cluster-wise assessment of cluster stability</a>
 */
public final class Stability {

    public static final int SAMPLES = 50;

    private static final double SHARE_WITHOUT_REPLACEMENT = 0.9;

    private Stability() {}

    /**
     * One mean Jaccard coefficient in [0, 1] for each cluster.
     *
     * @param features n rows as they were before their preparation; 20,000 are enough
     * @param labels the n labels to be found again; rows equal in all features have equal labels
     * @throws UnsuitableData {@code not-enough-memory}, or as {@link ClusteringAlgorithm#fit}, but not for too few distinct rows in a sample
     */
    public static List<Double> of(
            Matrix features,
            Preparation preparation,
            ClusteringAlgorithm algorithm,
            int[] labels,
            long seed,
            Progress progress) {
        if (labels.length != features.rows()) {
            throw new IllegalArgumentException(
                    "%d rows need as many labels, got %d".formatted(features.rows(), labels.length));
        }
        Memory.require(
                memoryNeeded(features.rows(), features.columns(), algorithm),
                "the stability of %d rows".formatted(features.rows()));
        CanonicalRows.requireFinite(features);
        int[] order = Sample.of(features, features.rows(), seed);
        Matrix sorted = Sample.rows(features, order);
        int[] sortedLabels = Arrays.stream(order).map(i -> labels[i]).toArray();
        int clusters = 1 + Arrays.stream(labels).max().orElse(ClusteringModel.NOISE);
        Optional<ClusteringAlgorithm> thinned = thinned(algorithm);
        ClusteringAlgorithm repeated = thinned.orElse(algorithm);
        double[][] coefficients = new double[SAMPLES][];
        AtomicInteger done = new AtomicInteger();
        Progress steady = new SteadyProgress(progress);
        Parallel.blocks(SAMPLES, 1, (s, end) -> {
            Progress within = (phase, fraction) -> steady.at("stability", (double) done.get() / SAMPLES);
            Draws draws = Draws.of(seed, s);
            int[] counts = thinned.isPresent()
                    ? withoutReplacement(sorted.rows(), draws)
                    : withReplacement(sorted.rows(), draws);
            coefficients[s] =
                    Arrays.copyOf(refound(sorted, preparation, repeated, sortedLabels, counts, seed, within), clusters);
            done.incrementAndGet();
        });
        return IntStream.range(0, clusters)
                .mapToObj(c ->
                        Arrays.stream(coefficients).mapToDouble(of -> of[c]).sum() / SAMPLES)
                .toList();
    }

    /** The sorted rows, and for each thread those drawn, once and as often as they are, prepared, and their fit. */
    private static long memoryNeeded(int rows, int columns, ClusteringAlgorithm algorithm) {
        return rows * (8L * columns + 24)
                + Memory.threads() * (algorithm.memoryNeeded(rows, columns) + rows * (24L * columns + 32));
    }

    /** A density method for nine tenths of the rows; empty for any other. */
    private static Optional<ClusteringAlgorithm> thinned(ClusteringAlgorithm algorithm) {
        if (algorithm instanceof Dbscan dbscan) {
            return Optional.of(new Dbscan(dbscan.eps(), thinned(dbscan.minPoints(), 1)));
        }
        if (algorithm instanceof Hdbscan hdbscan) {
            return Optional.of(new Hdbscan(
                    thinned(hdbscan.minClusterSize(), 2),
                    thinned(hdbscan.minPoints(), 1),
                    hdbscan.selection(),
                    hdbscan.epsilon(),
                    hdbscan.allowSingleCluster()));
        }
        return Optional.empty();
    }

    private static int thinned(int count, int least) {
        return Math.max(least, (int) Math.round(SHARE_WITHOUT_REPLACEMENT * count));
    }

    private static int[] withReplacement(int rows, Draws draws) {
        int[] counts = new int[rows];
        for (int i = 0; i < rows; i++) {
            counts[draws.below(rows, i)]++;
        }
        return counts;
    }

    private static int[] withoutReplacement(int rows, Draws draws) {
        int[] counts = new int[rows];
        for (int i : Sample.positions(rows, (int) Math.ceil(SHARE_WITHOUT_REPLACEMENT * rows), draws)) {
            counts[i] = 1;
        }
        return counts;
    }

    private static double[] refound(
            Matrix features,
            Preparation preparation,
            ClusteringAlgorithm algorithm,
            int[] labels,
            int[] counts,
            long seed,
            Progress progress) {
        int[] drawn =
                IntStream.range(0, counts.length).filter(i -> counts[i] > 0).toArray();
        int[] repeated = Arrays.stream(drawn)
                .flatMap(i -> IntStream.generate(() -> i).limit(counts[i]))
                .toArray();
        Matrix rows = Sample.rows(features, drawn);
        Matrix prepared = preparation.fit(Sample.rows(features, repeated)).apply(rows);
        int[] weights = Arrays.stream(drawn).map(i -> counts[i]).toArray();
        int[] original = Arrays.stream(drawn).map(i -> labels[i]).toArray();
        try {
            int[] found = algorithm.fit(prepared, weights, seed, progress).labels();
            return Agreement.bestJaccard(ContingencyTable.of(original, found, null));
        } catch (UnsuitableData refused) {
            if (refused.code().equals("k-above-distinct-rows")) {
                return new double[0];
            }
            throw refused;
        }
    }
}
