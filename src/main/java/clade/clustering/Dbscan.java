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
        CanonicalRows rows = CanonicalRows.of(x, weights, progress);
        DensityLabels found = DensityLabels.of(rows, eps, minPoints, progress);
        int cores = 0;
        int noise = 0;
        int[] sizes = new int[found.clusters()];
        for (int i = 0; i < rows.size(); i++) {
            int weight = rows.weights()[i];
            if (found.core()[i]) {
                cores += weight;
            }
            if (found.labels()[i] < 0) {
                noise += weight;
            } else {
                sizes[found.labels()[i]] += weight;
            }
        }
        double total = rows.totalWeight();
        return new Clustering(
                rows.toInput(found.labels()),
                found.clusters(),
                null,
                new Model(eps, rows.byColumn(), found.labels(), found.core()),
                Map.of("coreShare", cores / total, "noiseShare", noise / total),
                Map.of("core", coreOfInput(rows, found.core())),
                warnings(total, cores, noise, sizes));
    }

    private static double[] coreOfInput(CanonicalRows rows, boolean[] core) {
        int[] canonicalOf = rows.canonicalOf();
        double[] values = new double[canonicalOf.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = core[canonicalOf[i]] ? 1 : 0;
        }
        return values;
    }

    private List<String> warnings(double total, int cores, int noise, int[] sizes) {
        List<String> warnings = new ArrayList<>();
        if (minPoints > total) {
            warnings.add("Everything is noise: minPoints %d is more than the %.0f customers there are."
                    .formatted(minPoints, total));
        } else if (noise > 0.5 * total) {
            double sparse = 1 - cores / total;
            String whose = sparse > 0.95 ? "almost every customer's" : percent(sparse) + " of the customers'";
            warnings.add("%s noise: eps %s is below the distance of %s %s other customer."
                    .formatted(percent(noise / total), eps, whose, ordinal(minPoints - 1)));
        }
        if (sizes.length > 0 && sizes[0] > 0.95 * total) {
            warnings.add("One cluster holds %s of the customers: eps %s is wide enough to join almost all of them."
                    .formatted(percent(sizes[0] / total), eps));
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
        // the canonical rows, their copy in cells of a row each with its box, and what is kept for each row and cell
        return rows * (32L * columns + 54);
    }

    /** The core rows and their clusters: any row belongs to its nearest core row within eps. */
    public static final class Model implements ClusteringModel {

        static final String KIND = "dbscan";

        private static final int BLOCK = 256;

        private final double eps;

        /** Distinct rows in canonical order, shared with the fit, of which only core rows count; and their clusters. */
        private final double[][] byColumn;

        private final int[] labels;
        private final boolean[] core;

        /** Made when first needed: a run that is only stored does without. */
        private volatile @Nullable Index index;

        private Model(double eps, double[][] byColumn, int[] labels, boolean[] core) {
            this.eps = eps;
            this.byColumn = byColumn;
            this.labels = labels;
            this.core = core;
        }

        private int cores() {
            int cores = 0;
            for (boolean is : core) {
                cores += is ? 1 : 0;
            }
            return cores;
        }

        @Override
        public int[] assign(Matrix x) {
            CanonicalRows.requireFinite(x);
            if (x.columns() != byColumn.length) {
                throw new IllegalArgumentException(
                        "the model has %d columns, the rows have %d".formatted(byColumn.length, x.columns()));
            }
            int[] assigned = new int[x.rows()];
            Index cores = index();
            Parallel.blocks(x.rows(), BLOCK, (from, to) -> {
                NearestRow nearest = cores.tree == null ? null : new NearestRow(cores.tree, null);
                for (int i = from; i < to; i++) {
                    int row = nearest == null ? -1 : nearest.search(x.row(i), 0, eps * eps);
                    assigned[i] = row < 0 ? NOISE : cores.labels[row];
                }
            });
            return assigned;
        }

        @Override
        public String measure() {
            return "core-customer";
        }

        @Override
        public double[] distances(double[] row) {
            double[] distances = new double[1 + Arrays.stream(labels).max().orElse(NOISE)];
            Arrays.fill(distances, Double.POSITIVE_INFINITY);
            for (int i = 0; i < labels.length; i++) {
                if (core[i]) {
                    distances[labels[i]] = Math.min(distances[labels[i]], Rows.squared(byColumn, i, row));
                }
            }
            return Rows.roots(distances);
        }

        private Index index() {
            Index made = index;
            if (made == null) {
                made = new Index(this);
                index = made;
            }
            return made;
        }

        @Override
        public void write(DataOutput out) throws IOException {
            out.writeUTF(KIND);
            out.writeDouble(eps);
            out.writeInt(byColumn.length);
            out.writeInt(cores());
            for (int i = 0; i < core.length; i++) {
                if (core[i]) {
                    for (double[] column : byColumn) {
                        out.writeDouble(column[i]);
                    }
                    out.writeInt(labels[i]);
                }
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
            boolean[] core = new boolean[labels.length];
            Arrays.fill(core, true);
            return new Model(eps, byColumn, labels, core);
        }

        /** The core rows alone, for searching; no tree if there are none. */
        private static final class Index {

            private final @Nullable KdTree tree;
            private final int[] labels;

            Index(Model model) {
                int[] cores = IntStream.range(0, model.core.length)
                        .filter(i -> model.core[i])
                        .toArray();
                labels = Arrays.stream(cores).map(i -> model.labels[i]).toArray();
                double[][] rows = Arrays.stream(model.byColumn)
                        .map(column ->
                                Arrays.stream(cores).mapToDouble(i -> column[i]).toArray())
                        .toArray(double[][]::new);
                int[] ones = new int[cores.length];
                Arrays.fill(ones, 1);
                tree = cores.length == 0 ? null : new KdTree(rows, ones);
            }
        }
    }
}
