package clade.clustering;

import clade.clustering.density.DensityLabels;
import clade.clustering.spatial.CanonicalRows;
import clade.clustering.spatial.KdTree;
import clade.clustering.spatial.NearestRow;
import clade.statistics.Matrix;
import clade.statistics.Parallel;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * DBSCAN, exact: a customer with at least {@code minPoints} customers within {@code eps}, itself counted, is a core
 * customer; core customers within eps of each other share a cluster; any other customer joins the cluster of its nearest
 * core customer within eps (ties: the first in canonical order), and is noise if there is none.
 *
 * <p>Two rows are within eps if the sum over the columns, in order, of their squared differences is at most
 * {@code eps * eps}, in doubles without fused multiply-add.
 *
 * <p>Memory grows with n alone, never with the number of neighbours. The result carries {@code core} (1 or 0) for each
 * customer, and {@code coreShare} and {@code noiseShare}, shares of all customers. The seed is not used.
 *
 * @param eps greatest distance of neighbours, in the units of the rows, positive and finite
 * @param minPoints customers within eps that make a core customer, itself counted, at least 1
 * @see <a href="https://dl.acm.org/doi/10.5555/3001460.3001507">Ester, Kriegel, Sander and Xu (1996)</a>; Gan and Tao (2017,
 *     doi:10.1145/3083897) and Wang, Gu and Shun (2020, doi:10.1145/3318464.3380582) for exact cells of mutual neighbours
 */
public record Dbscan(double eps, int minPoints) implements ClusteringAlgorithm {

    public Dbscan {
        if (!(eps > 0 && eps < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("eps must be positive and finite, was " + eps);
        }
        if (minPoints < 1) {
            throw new IllegalArgumentException("minPoints must be at least 1, was " + minPoints);
        }
    }

    @Override
    public Clustering fit(Matrix x, int @Nullable [] weights, long seed, Progress progress) {
        Memory.require(memoryNeeded(x.rows(), x.columns()), "DBSCAN of %d rows".formatted(x.rows()));
        CanonicalRows.require(x, weights);
        CanonicalRows.requireFinite(x);
        DensityLabels found = DensityLabels.of(x, weights, eps, minPoints, progress);
        int[] labels = found.labels();
        double[] core = new double[labels.length];
        long total = 0;
        long cores = 0;
        long noise = 0;
        long[] sizes = new long[found.clusters()];
        for (int i = 0; i < labels.length; i++) {
            int weight = weights == null ? 1 : weights[i];
            total += weight;
            if (found.core()[i]) {
                core[i] = 1;
                cores += weight;
            }
            if (labels[i] < 0) {
                noise += weight;
            } else {
                sizes[labels[i]] += weight;
            }
        }
        return new Clustering(
                labels,
                found.clusters(),
                null,
                new Model(eps, x.columns(), () -> CoreRows.of(x, found)),
                Map.of("coreShare", (double) cores / total, "noiseShare", (double) noise / total),
                Map.of("core", core),
                warnings(total, cores, noise, sizes));
    }

    private List<String> warnings(long total, long cores, long noise, long[] sizes) {
        List<String> warnings = new ArrayList<>();
        if (minPoints > total) {
            warnings.add("Everything is noise: minPoints %d is more than the %d customers there are."
                    .formatted(minPoints, total));
        } else if (noise > 0.5 * total) {
            double sparse = 1 - (double) cores / total;
            String whose = sparse > 0.95 ? "almost every customer's" : percent(sparse) + " of the customers'";
            warnings.add("%s noise: eps %s is below the distance of %s %s other customer."
                    .formatted(percent((double) noise / total), eps, whose, ordinal(minPoints - 1)));
        }
        if (sizes.length > 0 && sizes[0] > 0.95 * total) {
            warnings.add("One cluster holds %s of the customers: eps %s is wide enough to join almost all of them."
                    .formatted(percent((double) sizes[0] / total), eps));
        }
        return warnings;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    private static String ordinal(int number) {
        int last = number % 10;
        String ending = number % 100 / 10 == 1 || last > 3
                ? "th"
                : switch (last) {
                    case 1 -> "st";
                    case 2 -> "nd";
                    case 3 -> "rd";
                    default -> "th";
                };
        return number + ending;
    }

    @Override
    public long memoryNeeded(int rows, int columns) {
        return DensityLabels.bytes(rows, columns) + 8L * rows;
    }

    /** Distinct core rows in canonical order, d columns of them, and the cluster of each. */
    private static final class CoreRows {

        private final double[][] byColumn;
        private final int[] labels;

        CoreRows(double[][] byColumn, int[] labels) {
            this.byColumn = byColumn;
            this.labels = labels;
        }

        static CoreRows of(Matrix x, DensityLabels found) {
            CanonicalRows rows = CanonicalRows.of(x, null, Progress.NONE);
            int[] labels = new int[rows.size()];
            Arrays.fill(labels, ClusteringModel.NOISE);
            for (int i = 0; i < x.rows(); i++) {
                if (found.core()[i]) {
                    labels[rows.canonicalOf()[i]] = found.labels()[i];
                }
            }
            int[] cores = IntStream.range(0, labels.length)
                    .filter(i -> labels[i] >= 0)
                    .toArray();
            double[][] byColumn = Arrays.stream(rows.byColumn())
                    .map(column ->
                            Arrays.stream(cores).mapToDouble(i -> column[i]).toArray())
                    .toArray(double[][]::new);
            return new CoreRows(
                    byColumn, Arrays.stream(cores).map(i -> labels[i]).toArray());
        }

        KdTree tree() {
            int[] ones = new int[labels.length];
            Arrays.fill(ones, 1);
            return new KdTree(byColumn, ones);
        }
    }

    /** The core rows and their clusters: any row belongs to its nearest core row within eps. */
    public static final class Model implements ClusteringModel {

        static final String KIND = "dbscan";

        private static final int BLOCK = 256;

        private final double eps;
        private final int columns;

        /** Sorted out when first needed, for rows in canonical order are what labels alone do without. */
        private final Supplier<CoreRows> fitted;

        private volatile @Nullable CoreRows rows;
        private volatile @Nullable KdTree tree;

        private Model(double eps, int columns, Supplier<CoreRows> fitted) {
            this.eps = eps;
            this.columns = columns;
            this.fitted = fitted;
        }

        @Override
        public String measure() {
            return "core-customer";
        }

        @Override
        public double[] distances(double[] row) {
            CoreRows cores = rows();
            double[] distances =
                    new double[1 + Arrays.stream(cores.labels).max().orElse(NOISE)];
            Arrays.fill(distances, Double.POSITIVE_INFINITY);
            for (int i = 0; i < cores.labels.length; i++) {
                int label = cores.labels[i];
                distances[label] = Math.min(distances[label], Rows.squared(cores.byColumn, i, row));
            }
            return Rows.roots(distances);
        }

        private CoreRows rows() {
            CoreRows made = rows;
            if (made == null) {
                made = fitted.get();
                rows = made;
            }
            return made;
        }

        private KdTree tree() {
            KdTree made = tree;
            if (made == null) {
                made = rows().tree();
                tree = made;
            }
            return made;
        }

        @Override
        public int[] assign(Matrix x) {
            CanonicalRows.requireFinite(x);
            if (x.columns() != columns) {
                throw new IllegalArgumentException(
                        "the model has %d columns, the rows have %d".formatted(columns, x.columns()));
            }
            int[] assigned = new int[x.rows()];
            int[] labels = rows().labels;
            if (labels.length == 0) {
                Arrays.fill(assigned, NOISE);
                return assigned;
            }
            KdTree cores = tree();
            Parallel.blocks(x.rows(), BLOCK, (from, to) -> {
                NearestRow nearest = new NearestRow(cores, null);
                for (int i = from; i < to; i++) {
                    int row = nearest.search(x.row(i), 0, eps * eps);
                    assigned[i] = row < 0 ? NOISE : labels[row];
                }
            });
            return assigned;
        }

        @Override
        public void write(DataOutput out) throws IOException {
            CoreRows cores = rows();
            out.writeUTF(KIND);
            out.writeDouble(eps);
            out.writeInt(columns);
            out.writeInt(cores.labels.length);
            for (int i = 0; i < cores.labels.length; i++) {
                for (double[] column : cores.byColumn) {
                    out.writeDouble(column[i]);
                }
                out.writeInt(cores.labels[i]);
            }
        }

        static Model read(DataInput in) throws IOException {
            double eps = in.readDouble();
            int columns = in.readInt();
            int[] labels = new int[in.readInt()];
            double[][] byColumn = new double[columns][labels.length];
            for (int i = 0; i < labels.length; i++) {
                for (int w = 0; w < columns; w++) {
                    byColumn[w][i] = in.readDouble();
                }
                labels[i] = in.readInt();
            }
            CoreRows rows = new CoreRows(byColumn, labels);
            return new Model(eps, columns, () -> rows);
        }
    }
}
