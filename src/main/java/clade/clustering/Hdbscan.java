package clade.clustering;

import clade.clustering.density.HdbscanClusters;
import clade.clustering.spatial.CanonicalRows;
import clade.clustering.spatial.KdTree;
import clade.clustering.spatial.NearestRow;
import clade.clustering.spatial.NearestRows;
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
import org.jspecify.annotations.Nullable;

/**
 * HDBSCAN*: clusters of any density, from the tree of DBSCAN*'s clusters at every distance.
 *
 * <p>The core distance of a customer is the distance within which there are {@code minPoints} customers, itself counted; two
 * customers join at the greatest of their distance and their core distances. Whatever joins at the same distance joins at
 * once. A cluster is a component of at least {@code minClusterSize} customers; going down from the greatest distance it loses
 * customers, splits into two or more, or ends. The cluster of all customers is selected only with
 * {@code allowSingleCluster}, and then nobody is noise.
 *
 * <p>λ is 1 / max(distance, δ), δ the least positive distance at which any customers join. The result carries for each
 * customer {@code strength}, the λ at which it leaves its cluster over that at which the cluster ends or splits, in [0, 1] and
 * 0 for noise, and {@code outlierScore}, GLOSH, in [0, 1]; and {@code noiseShare}, a share of all customers. The seed is not
 * used.
 *
 * @param minClusterSize customers that make a cluster, at least 2
 * @param minPoints customers that make a neighbourhood, the one in the middle counted, at least 1
 * @param selection which clusters of the tree are taken
 * @param epsilon distance below which no cluster splits any more, not negative; 0: no limit
 * @param allowSingleCluster whether all customers may be one cluster
 * @see <a href="https://doi.org/10.1145/2733381">Campello, Moulavi, Zimek and Sander (2015)</a>, for GLOSH too; McInnes and
 *     Healy (2017, doi:10.1109/ICDMW.2017.12) for minClusterSize and strength; Malzer and Baum (2020,
 *     doi:10.1109/MFI49285.2020.9235263) for epsilon
 */
public record Hdbscan(
        int minClusterSize, int minPoints, Selection selection, double epsilon, boolean allowSingleCluster)
        implements ClusteringAlgorithm {

    /** Which clusters of the tree are taken. */
    public enum Selection {
        /** Excess of mass: those that together keep the most customers over the widest range of density. */
        EOM,
        /** The leaves of the tree: the smallest and most homogeneous. */
        LEAF
    }

    public Hdbscan {
        if (minClusterSize < 2) {
            throw new IllegalArgumentException("minClusterSize must be at least 2, was " + minClusterSize);
        }
        if (minPoints < 1) {
            throw new IllegalArgumentException("minPoints must be at least 1, was " + minPoints);
        }
        if (!(epsilon >= 0 && epsilon < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("epsilon must be finite and not negative, was " + epsilon);
        }
    }

    /** Excess of mass, no epsilon, no single cluster. */
    public static Hdbscan of(int minClusterSize, int minPoints) {
        return new Hdbscan(minClusterSize, minPoints, Selection.EOM, 0, false);
    }

    @Override
    public Clustering fit(Matrix x, int @Nullable [] weights, long seed, Progress progress) {
        Memory.require(memoryNeeded(x.rows(), x.columns()), "HDBSCAN of %d rows".formatted(x.rows()));
        CanonicalRows rows = CanonicalRows.of(x, weights, progress);
        long total = rows.totalWeight();
        HdbscanClusters found =
                total < minPoints ? HdbscanClusters.none(rows.size()) : HdbscanClusters.of(rows, this, progress);
        long noise = 0;
        long dense = 0;
        for (int i = 0; i < rows.size(); i++) {
            noise += found.labels()[i] < 0 ? rows.weights()[i] : 0;
            dense += found.squaredCore()[i] == 0 ? rows.weights()[i] : 0;
        }
        return new Clustering(
                rows.toInput(found.labels()),
                found.births().length,
                null,
                new Model(
                        minPoints,
                        rows.byColumn(),
                        rows.weights(),
                        found.squaredCore(),
                        found.labels(),
                        found.births()),
                Map.of("noiseShare", (double) noise / total),
                Map.of(
                        "strength", rows.toInput(found.strength()),
                        "outlierScore", rows.toInput(found.outlierScore())),
                warnings(total, noise, dense, found.births().length));
    }

    private List<String> warnings(long total, long noise, long dense, int clusters) {
        List<String> warnings = new ArrayList<>();
        if (total < minPoints) {
            warnings.add("Everything is noise: minPoints %d is more than the %d customers there are."
                    .formatted(minPoints, total));
        } else if (total < minClusterSize) {
            warnings.add("Everything is noise: minClusterSize %d is more than the %d customers there are."
                    .formatted(minClusterSize, total));
        } else if (clusters == 0) {
            warnings.add(
                    ("Everything is noise: nowhere do the customers part into two groups of at least %d. Try a smaller"
                                    + " minClusterSize, or allow a single cluster.")
                            .formatted(minClusterSize));
        } else if (noise > 0.5 * total) {
            warnings.add("%s noise: most customers lie in no group of at least %d that is denser than its surroundings."
                    .formatted(percent(noise, total), minClusterSize));
        }
        if (minPoints > 1 && dense > 0.1 * total) {
            warnings.add(
                    ("%s of the customers have at least %d others with exactly their values, so their density has no"
                                    + " limit; clusters may be single points of a lattice.")
                            .formatted(percent(dense, total), minPoints - 1));
        }
        return warnings;
    }

    private static String percent(long part, long total) {
        return String.format(Locale.ROOT, "%.0f %%", 100.0 * part / total);
    }

    @Override
    public long memoryNeeded(int rows, int columns) {
        // the canonical rows and their sort, the trees, and what is kept for each row
        return rows * (16L * columns + 60) + HdbscanClusters.bytes(rows, columns, minPoints);
    }

    /** The distinct rows with their density and clusters: a new row joins where it would have joined first. */
    public static final class Model implements ClusteringModel {

        static final String KIND = "hdbscan";

        private static final int BLOCK = 256;

        private final int minPoints;
        /** Distinct rows in canonical order. */
        private final double[][] byColumn;

        private final int[] weights;
        private final double[] core2;
        private final int[] labels;
        /** Distance below which each cluster exists. */
        private final double[] births;

        private volatile @Nullable KdTree tree;

        private Model(
                int minPoints, double[][] byColumn, int[] weights, double[] core2, int[] labels, double[] births) {
            this.minPoints = minPoints;
            this.byColumn = byColumn;
            this.weights = weights;
            this.core2 = core2;
            this.labels = labels;
            this.births = births;
        }

        /**
         * The label of the row that a new row reaches first by mutual reachability, its own core distance measured among the
         * fitted rows; noise if it reaches it only where that row's cluster has joined others.
         */
        @Override
        public int[] assign(Matrix x) {
            CanonicalRows.requireFinite(x);
            if (x.columns() != byColumn.length) {
                throw new IllegalArgumentException(
                        "the model has %d columns, the rows have %d".formatted(byColumn.length, x.columns()));
            }
            KdTree index = tree();
            int[] assigned = new int[x.rows()];
            Parallel.blocks(x.rows(), BLOCK, (from, to) -> {
                NearestRow equal = new NearestRow(index, null);
                NearestRow first = new NearestRow(index, core2);
                NearestRows others = new NearestRows(index, minPoints - 1);
                for (int i = from; i < to; i++) {
                    double[] row = x.row(i);
                    int same = equal.search(row, 0, 0);
                    assigned[i] = same >= 0 ? labels[same] : join(row, first, others);
                }
            });
            return assigned;
        }

        @Override
        public String measure() {
            return "reach";
        }

        @Override
        public double[] distances(double[] row) {
            int same = new NearestRow(tree(), null).search(row, 0, 0);
            double own = same >= 0 ? core2[same] : new NearestRows(tree(), minPoints - 1).reach(row);
            double[] distances = new double[births.length];
            Arrays.fill(distances, Double.POSITIVE_INFINITY);
            for (int i = 0; i < labels.length; i++) {
                if (labels[i] >= 0) {
                    double reach = Math.max(Math.max(own, core2[i]), Rows.squared(byColumn, i, row));
                    distances[labels[i]] = Math.min(distances[labels[i]], reach);
                }
            }
            return Rows.roots(distances);
        }

        private int join(double[] row, NearestRow first, NearestRows others) {
            int reached = first.search(row, others.reach(row), Double.POSITIVE_INFINITY);
            int label = labels[reached];
            return label < 0 || Math.sqrt(first.reach()) >= births[label] ? NOISE : label;
        }

        /** Built when first needed: a run that is only stored does without. */
        private KdTree tree() {
            KdTree built = tree;
            if (built == null) {
                built = new KdTree(byColumn, weights);
                tree = built;
            }
            return built;
        }

        @Override
        public void write(DataOutput out) throws IOException {
            out.writeUTF(KIND);
            out.writeInt(minPoints);
            out.writeInt(byColumn.length);
            out.writeInt(labels.length);
            for (int i = 0; i < labels.length; i++) {
                for (double[] column : byColumn) {
                    out.writeDouble(column[i]);
                }
                out.writeInt(weights[i]);
                out.writeDouble(core2[i]);
                out.writeInt(labels[i]);
            }
            out.writeInt(births.length);
            for (double birth : births) {
                out.writeDouble(birth);
            }
        }

        static Model read(DataInput in) throws IOException {
            int minPoints = in.readInt();
            int columns = in.readInt();
            int size = in.readInt();
            double[][] byColumn = new double[columns][size];
            int[] weights = new int[size];
            double[] core2 = new double[size];
            int[] labels = new int[size];
            for (int i = 0; i < size; i++) {
                for (double[] column : byColumn) {
                    column[i] = in.readDouble();
                }
                weights[i] = in.readInt();
                core2[i] = in.readDouble();
                labels[i] = in.readInt();
            }
            double[] births = new double[in.readInt()];
            for (int label = 0; label < births.length; label++) {
                births[label] = in.readDouble();
            }
            return new Model(minPoints, byColumn, weights, core2, labels, births);
        }
    }
}
