package clade.clustering;

import clade.clustering.density.DensityLabels;
import clade.clustering.spatial.CanonicalRows;
import clade.clustering.spatial.KdTree;
import clade.clustering.spatial.Phase;
import clade.clustering.spatial.RadixSort;
import clade.clustering.spatial.Reaches;
import clade.statistics.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The distance of each customer within which there are {@code minPoints} customers, itself counted: in ascending order, the
 * curve by which eps of {@link Dbscan} is chosen.
 *
 * @see <a href="https://dl.acm.org/doi/10.5555/3001460.3001507">Ester, Kriegel, Sander and Xu (1996), section 4.2</a>
 */
public final class KDistance {

    /** Values of eps that are tried. */
    private static final int TRIALS = 9;

    private static final double LOWEST_SHARE = 0.75;
    private static final double HIGHEST_SHARE = 0.99;
    private static final double FALLBACK_SHARE = 0.95;

    /** Adjusted Rand index with the neighbours from which on a clustering counts as the same. */
    private static final double SAME = 0.9;

    private final Matrix x;
    private final int @Nullable [] weights;
    private final int minPoints;
    /** The distances there are, ascending, and the customers up to each. */
    private final double[] distances;

    private final long[] customers;

    private KDistance(Matrix x, int @Nullable [] weights, int minPoints, double[] distances, long[] customers) {
        this.x = x;
        this.weights = weights;
        this.minPoints = minPoints;
        this.distances = distances;
        this.customers = customers;
    }

    /** A place on the curve: the share of customers whose distance is at most {@code distance}. */
    public record Point(double share, double distance) {}

    /**
     * What DBSCAN finds at one eps.
     *
     * @param agreement mean adjusted Rand index, noise as a class, with what it finds at the next eps tried on either side;
     *     NaN for the first and the last
     */
    public record Trial(double eps, int clusters, double noiseShare, double agreement) {}

    /**
     * An eps to start from.
     *
     * @param clear whether there is a plateau: two or more clusters that hardly change around this eps. If not, eps is just
     *     wide enough for 95 % of the customers to have minPoints neighbours
     * @param trials by ascending eps
     */
    public record Suggestion(double eps, boolean clear, List<Trial> trials) {
        public Suggestion {
            trials = List.copyOf(trials);
        }
    }

    /**
     * Measures the distances of all customers.
     *
     * @param weights n positive counts, null for 1 each
     * @throws UnsuitableData {@code not-finite}, {@code not-enough-memory}, or {@code too-few-rows} if there are fewer than
     *     minPoints customers
     */
    public static KDistance of(Matrix x, int @Nullable [] weights, int minPoints, Progress progress) {
        if (minPoints < 1) {
            throw new IllegalArgumentException("minPoints must be at least 1, was " + minPoints);
        }
        Memory.require(memoryNeeded(x.rows(), x.columns()), "the k-distance curve of %d rows".formatted(x.rows()));
        CanonicalRows.require(x, weights);
        CanonicalRows.requireFinite(x);
        long customers = weights == null
                ? x.rows()
                : IntStream.of(weights).asLongStream().sum();
        if (customers < minPoints) {
            throw new UnsuitableData(
                    "too-few-rows", "minPoints is %d but there are only %d customers".formatted(minPoints, customers));
        }
        if (DensityLabels.manyAreEqual(x)) {
            CanonicalRows rows = CanonicalRows.of(x, weights, progress);
            return of(x, weights, rows.byColumn(), rows.weights(), minPoints, progress);
        }
        double[][] byColumn =
                IntStream.range(0, x.columns()).mapToObj(x::column).toArray(double[][]::new);
        int[] counts = weights == null ? ones(x.rows()) : weights;
        return of(x, weights, byColumn, counts, minPoints, progress);
    }

    private static int[] ones(int size) {
        int[] ones = new int[size];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** @param byColumn the rows measured, as often as {@code counts} says */
    private static KDistance of(
            Matrix x, int @Nullable [] weights, double[][] byColumn, int[] counts, int minPoints, Progress progress) {
        int size = counts.length;
        KdTree tree = new KdTree(byColumn, counts, () -> progress.at("building a tree", 0.1));
        double[] squared = Reaches.of(tree, minPoints, new Phase(progress, "measuring density", 0.1, 0.3, size));
        int[] order = RadixSort.order(squared);
        double[] distances = new double[size];
        long[] customers = new long[size];
        int distinct = 0;
        long total = 0;
        for (int i = 0; i < size; i++) {
            total += tree.weight(order[i]);
            double distance = Math.sqrt(squared[order[i]]);
            distinct += distinct == 0 || distance > distances[distinct - 1] ? 1 : 0;
            distances[distinct - 1] = distance;
            customers[distinct - 1] = total;
        }
        return new KDistance(
                x, weights, minPoints, Arrays.copyOf(distances, distinct), Arrays.copyOf(customers, distinct));
    }

    private static long memoryNeeded(int rows, int columns) {
        return rows * (16L * columns + 100) + KdTree.bytes(rows, columns);
    }

    /** The least distance within which {@code share} of the customers have their minPoints neighbours; share in (0, 1]. */
    public double quantile(double share) {
        return distances[at(share)];
    }

    private int at(double share) {
        double wanted = share * customers[customers.length - 1];
        int low = 0;
        int high = distances.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (customers[middle] < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The curve for a logarithmic scale: at most {@code most} places, without zeros and the top 1 %, evenly by share. */
    public List<Point> curve(int most) {
        double total = customers[customers.length - 1];
        double zeros = zeros();
        List<Point> points = new ArrayList<>();
        int before = -1;
        for (int i = 1; i <= most && zeros < HIGHEST_SHARE; i++) {
            int at = at(zeros + (HIGHEST_SHARE - zeros) * i / most);
            if (at > before && distances[at] > 0) {
                points.add(new Point(customers[at] / total, distances[at]));
                before = at;
            }
        }
        return points;
    }

    /** Share of the customers whose distance is 0. */
    private double zeros() {
        return distances[0] == 0 ? customers[0] / (double) customers[customers.length - 1] : 0;
    }

    /**
     * Suggests an eps: of those tried between the 75 % and the 99 % quantile of the distances above 0, the one at which DBSCAN
     * finds at least two clusters and changes least between the next below and the next above. Every eps tried lies midway
     * between two distances, so that no customer's distance equals it.
     */
    public Suggestion suggestEps(Progress progress) {
        double[] distinct = Arrays.stream(distances)
                .filter(distance -> distance > 0 && distance < Double.POSITIVE_INFINITY)
                .toArray();
        if (distinct.length == 0) {
            return amongDistinctRows(progress);
        }
        double none = zeros();
        double low = quantile(none + (1 - none) * LOWEST_SHARE);
        double high = quantile(none + (1 - none) * HIGHEST_SHARE);
        double[] tried = new double[TRIALS];
        for (int i = 0; i < TRIALS; i++) {
            tried[i] = above(low * StrictMath.pow(high / low, i / (TRIALS - 1.0)), distinct);
        }
        List<Trial> trials = trials(Arrays.stream(tried).distinct().toArray(), progress);
        Trial best = null;
        for (Trial trial : trials) {
            if (trial.clusters() >= 2
                    && trial.agreement() >= SAME
                    && (best == null || trial.agreement() > best.agreement())) {
                best = trial;
            }
        }
        double fallback = above(quantile(none + (1 - none) * FALLBACK_SHARE), distinct);
        return new Suggestion(best == null ? fallback : best.eps(), best != null, trials);
    }

    /** Everybody has minPoints equals, so distances between customers say nothing; those between distinct rows do. */
    private Suggestion amongDistinctRows(Progress progress) {
        Progress before = (phase, fraction) -> progress.at("measuring density", 0.3);
        CanonicalRows rows = CanonicalRows.of(x, weights, before);
        int size = rows.size();
        if (size == 1) {
            return new Suggestion(1, false, List.of());
        }
        int nearest = Math.min(Math.max(minPoints, 2), size);
        KDistance between = of(x, weights, rows.byColumn(), ones(size), nearest, before);
        return new KDistance(x, weights, minPoints, between.distances, between.customers).suggestEps(progress);
    }

    /** Midway between the last of the distances that is at most {@code distance} and the next. */
    private static double above(double distance, double[] distinct) {
        int found = Arrays.binarySearch(distinct, distance);
        int last = found >= 0 ? found : Math.max(0, -found - 2);
        double next = last + 1 < distinct.length ? distinct[last + 1] : distinct[last] * (1 + 1e-9);
        return distinct[last] + (next - distinct[last]) / 2;
    }

    private List<Trial> trials(double[] eps, Progress progress) {
        int[][] labels = new int[eps.length][];
        int[] clusters = new int[eps.length];
        CanonicalRows rows = CanonicalRows.of(x, weights, (phase, fraction) -> progress.at("trying eps", 0.3));
        for (int i = 0; i < eps.length; i++) {
            double done = i;
            DensityLabels found = DensityLabels.of(
                    rows,
                    eps[i],
                    minPoints,
                    (phase, fraction) -> progress.at("trying eps", 0.3 + 0.7 * (done + fraction) / eps.length));
            labels[i] = found.labels();
            clusters[i] = found.clusters();
        }
        double[] agreements = new double[eps.length + 1];
        Arrays.fill(agreements, Double.NaN);
        for (int i = 1; i < eps.length; i++) {
            agreements[i] = Agreement.adjustedRand(ContingencyTable.of(labels[i - 1], labels[i], rows.weights()));
        }
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < eps.length; i++) {
            long noise = 0;
            for (int row = 0; row < rows.size(); row++) {
                noise += labels[i][row] < 0 ? rows.weights()[row] : 0;
            }
            double agreement = (agreements[i] + agreements[i + 1]) / 2;
            trials.add(new Trial(eps[i], clusters[i], (double) noise / rows.totalWeight(), agreement));
        }
        return trials;
    }
}
