package clade.clustering;

import clade.clustering.hierarchy.FittedRows;
import clade.clustering.hierarchy.MatrixRounds;
import clade.clustering.hierarchy.SpanningTree;
import clade.clustering.hierarchy.WardRounds;
import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Matrix;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Agglomerative hierarchical clustering, cut into {@code k} clusters.
 *
 * <p>Exact for every linkage. Ward and single linkage take O(m) memory and roughly O(m log m) time for m distinct rows of few
 * columns, so a million rows are fine; complete and average linkage take 4 m² bytes and are refused where these are not to be
 * had. Without random draws: the seed changes nothing. Ties are broken by the rows alone, never by their order, and a cut
 * through merges of equal height is warned of.
 *
 * @param linkage distance between clusters
 * @param k clusters wanted, at least 1 and at most the number of distinct rows
 * @see <a href="https://doi.org/10.1080/01621459.1963.10500845">Ward (1963)</a>; Müllner (2011), arXiv 1109.2378, for the
 *     definitions
 */
public record Hierarchical(Linkage linkage, int k) implements ClusteringAlgorithm {

    public Hierarchical {
        if (k < 1) {
            throw new IllegalArgumentException("k must be at least 1, was " + k);
        }
    }

    @Override
    public Clustering fit(Matrix x, int @Nullable [] weights, long seed, Progress progress) {
        Progress steady = new SteadyProgress(progress);
        Memory.require(memoryOfRows(x.rows(), x.columns()), title() + " of " + x.rows() + " rows");
        CanonicalRows rows = CanonicalRows.of(x, weights, steady);
        Magnitude.require(x);
        int m = rows.size();
        if (k > m) {
            throw new UnsuitableData(
                    "k-above-distinct-rows",
                    "k is %d but there are only %d distinct rows; choose k up to %d".formatted(k, m, m));
        }
        Memory.require(memoryOfMerging(m, x.columns()), title() + " of " + m + " distinct rows");
        Dendrogram dendrogram = merge(rows, steady);
        int[] groups = dendrogram.cut(k);
        int[] clusterOf = Numbering.inverse(Numbering.order(groups, k, rows.weights()));
        int[] labels = Arrays.stream(groups).map(g -> clusterOf[g]).toArray();
        steady.at("done", 1);
        return new Clustering(
                rows.toInput(labels),
                k,
                null,
                new Model(rows.byColumn(), labels, k, dendrogram),
                Map.of(),
                Map.of(),
                warnings(dendrogram));
    }

    private Dendrogram merge(CanonicalRows rows, Progress progress) {
        return switch (linkage) {
            case WARD -> new WardRounds(rows, progress).run();
            case SINGLE -> new SpanningTree(rows, progress).run();
            case COMPLETE -> new MatrixRounds(rows, true, progress).run();
            case AVERAGE -> new MatrixRounds(rows, false, progress).run();
        };
    }

    private List<String> warnings(Dendrogram dendrogram) {
        if (!dendrogram.tiedAt(k)) {
            return List.of();
        }
        double height = dendrogram.merge(dendrogram.leaves() - k).height();
        return List.of(("The cut into %d clusters parts merges of the same height, %s: which of them are undone is"
                        + " arbitrary, though always the same for the same rows. Another k may fit better.")
                .formatted(k, height));
    }

    private String title() {
        return linkage.name().toLowerCase(Locale.ROOT) + " linkage";
    }

    @Override
    public long memoryNeeded(int rows, int columns) {
        return memoryOfRows(rows, columns) + memoryOfMerging(rows, columns);
    }

    /** The distinct rows, their sorting and their way back to the input. */
    private static long memoryOfRows(long rows, int columns) {
        return rows * (16L * columns + 48);
    }

    private long memoryOfMerging(long rows, int columns) {
        return switch (linkage) {
            case WARD -> WardRounds.bytes(rows, columns);
            case SINGLE -> SpanningTree.bytes(rows, columns);
            case COMPLETE, AVERAGE -> MatrixRounds.bytes(rows);
        };
    }

    /** The distinct rows with their labels, and the merges. A new row gets the label of the nearest of them. */
    public static final class Model implements ClusteringModel {

        static final String KIND = "hierarchical";

        private final double[][] byColumn;
        private final int[] labels;
        private final int clusters;
        private final Dendrogram dendrogram;
        private volatile @Nullable FittedRows index;

        private Model(double[][] byColumn, int[] labels, int clusters, Dendrogram dendrogram) {
            this.byColumn = byColumn;
            this.labels = labels;
            this.clusters = clusters;
            this.dendrogram = dendrogram;
        }

        /** All merges, of which the last k − 1 were undone. */
        public Dendrogram dendrogram() {
            return dendrogram;
        }

        /** m labels in [0, clusters), of the distinct rows: the leaves of the dendrogram. */
        public int[] leafLabels() {
            return labels.clone();
        }

        @Override
        public int[] assign(Matrix x) {
            requireColumns(x);
            CanonicalRows.requireFinite(x);
            FittedRows rows = index;
            if (rows == null) {
                rows = new FittedRows(byColumn);
                index = rows; // made once more at worst, and equal
            }
            int[] nearest = rows.nearest(x);
            Arrays.setAll(nearest, i -> labels[nearest[i]]);
            return nearest;
        }

        @Override
        public String measure() {
            return "customer";
        }

        @Override
        public double[] distances(double[] row) {
            double[] distances = new double[clusters];
            Arrays.fill(distances, Double.POSITIVE_INFINITY);
            for (int i = 0; i < labels.length; i++) {
                distances[labels[i]] = Math.min(distances[labels[i]], Rows.squared(byColumn, i, row));
            }
            return Rows.roots(distances);
        }

        private void requireColumns(Matrix x) {
            if (x.columns() != byColumn.length) {
                throw new IllegalArgumentException(
                        "the model was fitted on %d columns, got %d".formatted(byColumn.length, x.columns()));
            }
        }

        @Override
        public void write(DataOutput out) throws IOException {
            out.writeUTF(KIND);
            out.writeInt(clusters);
            out.writeInt(labels.length);
            out.writeInt(byColumn.length);
            for (int i = 0; i < labels.length; i++) {
                for (double[] column : byColumn) {
                    out.writeDouble(column[i]);
                }
                out.writeInt(labels[i]);
            }
            dendrogram.write(out);
        }

        static Model read(DataInput in) throws IOException {
            int clusters = in.readInt();
            int rows = in.readInt();
            double[][] byColumn = new double[in.readInt()][rows];
            int[] labels = new int[rows];
            for (int i = 0; i < rows; i++) {
                for (double[] column : byColumn) {
                    column[i] = in.readDouble();
                }
                labels[i] = in.readInt();
            }
            return new Model(byColumn, labels, clusters, Dendrogram.read(in, rows));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Model that
                    && clusters == that.clusters
                    && Arrays.deepEquals(byColumn, that.byColumn)
                    && Arrays.equals(labels, that.labels)
                    && dendrogram.equals(that.dendrogram);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(labels) + dendrogram.hashCode();
        }
    }
}
