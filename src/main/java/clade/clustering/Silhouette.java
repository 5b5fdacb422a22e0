package clade.clustering;

import clade.statistics.Draws;
import clade.statistics.Matrix;
import clade.statistics.Parallel;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The silhouette of a clustering, in [−1, 1], better high: for each row (b − a) / max(a, b), where a is its mean distance to
 * the other rows of its cluster and b that to the rows of the nearest other cluster.
 *
 * <p>A row alone in its cluster scores 0, and so does one with a = b = 0. Noise is left out, its share told. Distances are
 * Euclidean in the space of {@code x}; {@link #squared} takes their squares, which is another measure.
 *
 * @see <a href="https://doi.org/10.1016/0377-0427(87)90125-7">Rousseeuw (1987), Silhouettes</a>
 */
public final class Silhouette {

    /** Up to this many rows the exact silhouette is a matter of a second; beyond, a sample serves. */
    public static final int EXACT_ROWS = 20_000;

    /** Rows of each cluster that a sample has at least, where there are as many. */
    private static final int LEAST_OF_CLUSTER = 30;

    /**
     * Sums of distances by cluster and row fit in the memory that sorting the rows took if there are no more clusters than this and
     * twice the columns; with more each distance is taken from both its rows.
     */
    private static final int CLUSTERS_BESIDE_COLUMNS = 8;

    private final double mean;
    private final double standardError;
    private final double[] ofClusters;
    private final double @Nullable [] ofRows;
    private final double noiseShare;

    private Silhouette(
            double mean, double standardError, double[] ofClusters, double @Nullable [] ofRows, double noiseShare) {
        this.mean = mean;
        this.standardError = standardError;
        this.ofClusters = ofClusters;
        this.ofRows = ofRows;
        this.noiseShare = noiseShare;
    }

    /** Mean over all rows that are not noise. */
    public double mean() {
        return mean;
    }

    /** Of the mean: 0 where it is exact. */
    public double standardError() {
        return standardError;
    }

    /** Mean of each cluster by its label; NaN for a label without rows. */
    public double[] ofClusters() {
        return ofClusters;
    }

    /** One a row, NaN for noise; null where only a sample was looked at. */
    public double @Nullable [] ofRows() {
        return ofRows;
    }

    /** Weight of the noise over that of all rows, in [0, 1]. */
    public double noiseShare() {
        return noiseShare;
    }

    /**
     * The exact silhouette: O(n² d) time, O(n d) memory.
     *
     * @param weights n positive counts, null for 1 each: a row of weight w counts as w rows at distance 0
     * @param labels n labels of at least 0, or {@link ClusteringModel#NOISE}
     * @throws IllegalArgumentException if fewer than two labels occur beside noise
     * @throws UnsuitableData {@code not-finite} or {@code not-enough-memory}
     */
    public static Silhouette of(Matrix x, int @Nullable [] weights, int[] labels, Progress progress) {
        Groups groups = Groups.of("the silhouette", x, weights, labels, progress);
        return whole(groups, scores(groups, progress));
    }

    /**
     * An estimate with its standard error from rows drawn by cluster, each taken against all rows: O(rows n d) time. Every
     * cluster has at least 30 rows in the sample, or all it has.
     *
     * @param rows to draw in all, at least 1
     * @param seed of the draws
     * @throws IllegalArgumentException if fewer than two labels occur beside noise
     * @throws UnsuitableData {@code not-finite} or {@code not-enough-memory}
     */
    public static Silhouette sample(
            Matrix x, int @Nullable [] weights, int[] labels, int rows, long seed, Progress progress) {
        if (rows < 1) {
            throw new IllegalArgumentException("rows must be at least 1, was " + rows);
        }
        Groups groups = Groups.of("the silhouette", x, weights, labels, progress);
        int[] times = new int[groups.weights.length];
        int[] drawn = new int[groups.sizes.length];
        for (int j : groups.clusters()) {
            int size = (int) groups.sizes[j];
            drawn[j] = (int) Math.min(size, Math.max(LEAST_OF_CLUSTER, Math.round(rows * (size / groups.size))));
            draw(groups, j, drawn[j], Draws.of(seed, j), times);
        }
        int[] chosen = new int[times.length];
        int count = 0;
        for (int i = 0; i < times.length; i++) {
            if (times[i] > 0) {
                chosen[count++] = i;
            }
        }
        chosen = Arrays.copyOf(chosen, count);
        return estimate(groups, chosen, scores(groups, chosen, progress), times, drawn);
    }

    /**
     * The silhouette of squared distances, exact in O(n k d). Its values are not those of {@link #of}: far clusters weigh
     * more.
     *
     * @param weights n positive counts, null for 1 each
     * @param labels n labels of at least 0, or {@link ClusteringModel#NOISE}
     * @throws IllegalArgumentException if fewer than two labels occur beside noise
     * @throws UnsuitableData {@code not-finite} or {@code not-enough-memory}
     */
    public static Silhouette squared(Matrix x, int @Nullable [] weights, int[] labels, Progress progress) {
        Groups groups = Groups.of("the silhouette", x, weights, labels, progress);
        double[][] centres = new double[groups.sizes.length][];
        double[] squares = new double[groups.sizes.length];
        for (int j : groups.clusters()) {
            double[] centre = groups.centre(j);
            centres[j] = centre;
            squares[j] = groups.sum(j, row -> groups.squaredDistance(row, centre));
        }
        double[] scores = new double[groups.weights.length];
        for (int own : groups.clusters()) {
            Parallel.blocks(groups.starts[own + 1] - groups.starts[own], 1 << 12, (from, to) -> {
                progress.at("silhouette", 0);
                for (int i = groups.starts[own] + from; i < groups.starts[own] + to; i++) {
                    double inside = 0;
                    double nearest = Double.POSITIVE_INFINITY;
                    for (int j : groups.clusters()) {
                        double sum = groups.sizes[j] * groups.squaredDistance(i, centres[j]) + squares[j];
                        if (j == own) {
                            inside = sum / (groups.sizes[j] - 1);
                        } else {
                            nearest = Math.min(nearest, sum / groups.sizes[j]);
                        }
                    }
                    scores[i] = score(inside, nearest, groups.sizes[own]);
                }
            });
        }
        return whole(groups, scores);
    }

    private static double score(double inside, double nearest, double size) {
        double greater = Math.max(inside, nearest);
        return size == 1 || greater == 0 ? 0 : (nearest - inside) / greater;
    }

    /** The score of every row. */
    private static double[] scores(Groups groups, Progress progress) {
        int[] clusters = groups.clusters();
        int rows = groups.weights.length;
        if (clusters.length > 2 * groups.columns.length + CLUSTERS_BESIDE_COLUMNS) {
            int[] all = new int[rows];
            Arrays.setAll(all, i -> i);
            return scores(groups, all, progress);
        }
        double[][] sums = DistanceSums.of(groups, progress);
        double[] scores = new double[rows];
        for (int own : clusters) {
            for (int i = groups.starts[own]; i < groups.starts[own + 1]; i++) {
                double nearest = Double.POSITIVE_INFINITY;
                for (int j : clusters) {
                    nearest = j == own ? nearest : Math.min(nearest, sums[j][i] / groups.sizes[j]);
                }
                scores[i] = score(sums[own][i] / (groups.sizes[own] - 1), nearest, groups.sizes[own]);
            }
        }
        return scores;
    }

    /** The score of each chosen row against all rows, ascending by row. */
    private static double[] scores(Groups groups, int[] chosen, Progress progress) {
        double[] scores = new double[chosen.length];
        AtomicInteger done = new AtomicInteger();
        Progress steady = new SteadyProgress(progress);
        Parallel.blocks(chosen.length, DistanceBlock.ROWS, (from, to) -> {
            scoreBlock(groups, chosen, from, to, scores, () -> steady.at("silhouette", 0));
            steady.at("silhouette", done.addAndGet(to - from) / (double) chosen.length);
        });
        return scores;
    }

    private static void scoreBlock(Groups groups, int[] chosen, int from, int to, double[] scores, Runnable pulse) {
        int count = to - from;
        DistanceBlock block = DistanceBlock.of(groups, chosen, from, to);
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            int label = i == 0 ? 0 : labels[i - 1];
            while (groups.starts[label + 1] <= chosen[from + i]) {
                label++;
            }
            labels[i] = label;
        }
        double[] inside = new double[count];
        double[] nearest = new double[count];
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        double[] part = new double[count];
        double[] sums = new double[count];
        for (int j : groups.clusters()) {
            Arrays.fill(sums, 0);
            for (int first = groups.starts[j]; first < groups.starts[j + 1]; first += 1024) {
                Arrays.fill(part, 0);
                for (int other = first; other < Math.min(groups.starts[j + 1], first + 1024); other++) {
                    block.addDistances(other, part);
                }
                for (int i = 0; i < count; i++) {
                    sums[i] += part[i];
                }
                pulse.run();
            }
            for (int i = 0; i < count; i++) {
                if (labels[i] == j) {
                    inside[i] = sums[i] / (groups.sizes[j] - 1);
                } else {
                    nearest[i] = Math.min(nearest[i], sums[i] / groups.sizes[j]);
                }
            }
        }
        for (int i = 0; i < count; i++) {
            scores[from + i] = score(inside[i], nearest[i], groups.sizes[labels[i]]);
        }
    }

    private static Silhouette whole(Groups groups, double[] scores) {
        double[] ofClusters = new double[groups.sizes.length];
        Arrays.fill(ofClusters, Double.NaN);
        double total = 0;
        for (int j : groups.clusters()) {
            double sum = groups.sum(j, i -> scores[i]);
            ofClusters[j] = sum / groups.sizes[j];
            total += sum;
        }
        return new Silhouette(total / groups.size, 0, ofClusters, groups.toInput(scores), groups.noiseShare);
    }

    private static Silhouette estimate(Groups groups, int[] chosen, double[] scores, int[] times, int[] drawn) {
        double[] ofClusters = new double[groups.sizes.length];
        Arrays.fill(ofClusters, Double.NaN);
        double mean = 0;
        double variance = 0;
        int from = 0;
        for (int j : groups.clusters()) {
            int to = from;
            double sum = 0;
            while (to < chosen.length && chosen[to] < groups.starts[j + 1]) {
                sum += times[chosen[to]] * scores[to];
                to++;
            }
            ofClusters[j] = sum / drawn[j];
            double squares = 0;
            for (int i = from; i < to; i++) {
                squares += times[chosen[i]] * (scores[i] - ofClusters[j]) * (scores[i] - ofClusters[j]);
            }
            double share = groups.sizes[j] / groups.size;
            mean += share * ofClusters[j];
            if (drawn[j] < groups.sizes[j]) {
                variance += share * share * squares / (drawn[j] - 1) / drawn[j] * (1 - drawn[j] / groups.sizes[j]);
            }
            from = to;
        }
        return new Silhouette(mean, Math.sqrt(variance), ofClusters, null, groups.noiseShare);
    }

    /** Draws rows of a cluster without replacement, a row as often as its weight at most (Floyd's method). */
    private static void draw(Groups groups, int j, int count, Draws draws, int[] times) {
        int size = (int) groups.sizes[j];
        BitSet taken = new BitSet(size);
        for (int last = size - count; last < size; last++) {
            int place = draws.below(last + 1, last);
            taken.set(taken.get(place) ? last : place);
        }
        int row = groups.starts[j];
        long before = 0;
        for (int place = taken.nextSetBit(0); place >= 0; place = taken.nextSetBit(place + 1)) {
            while (before + groups.weights[row] <= place) {
                before += (long) groups.weights[row++];
            }
            times[row]++;
        }
    }
}
