package clade.clustering;

import clade.statistics.Matrix;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What a fit learned: enough to assign rows it has not seen, and to be stored and read back. */
public sealed interface ClusteringModel
        permits KMeans.Model, Dbscan.Model, Hdbscan.Model, Hierarchical.Model, GaussianMixture.Model {

    /** Label of noise: in no cluster. */
    int NOISE = -1;

    /**
     * One label a row, in [0, clusters) or {@link #NOISE}. A row equal to a fitted row gets its fitted label.
     *
     * @throws UnsuitableData if a value is not finite
     */
    int[] assign(Matrix x);

    /** What {@link #distances} measures, in a word for the user. */
    String measure();

    /**
     * How far a row is from each cluster, by the measure that {@link #assign} decides by: it assigns the nearest one, or noise.
     * O(n d) at worst: for single rows.
     *
     * @param row d finite values
     * @return one distance a cluster, at least 0
     */
    double[] distances(double[] row);

    /** Writes the model with a leading tag of its kind; {@link #read} reads it back, equal to the last bit. */
    void write(DataOutput out) throws IOException;

    static ClusteringModel read(DataInput in) throws IOException {
        String kind = in.readUTF();
        return switch (kind) {
            case Hierarchical.Model.KIND -> Hierarchical.Model.read(in);
            case "k-means" -> KMeans.Model.read(in);
            case Dbscan.Model.KIND -> Dbscan.Model.read(in);
            case GaussianMixture.Model.KIND -> GaussianMixture.Model.read(in);
            case Hdbscan.Model.KIND -> Hdbscan.Model.read(in);
            default -> throw new IOException("unknown kind of model: " + kind);
        };
    }
}
