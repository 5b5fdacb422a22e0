package clade.clustering;

import clade.statistics.Matrix;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Placeholder until the engine lands. */
public record KMeans(int k) implements ClusteringAlgorithm {
    @Override
    public Clustering fit(Matrix x, int @Nullable [] weights, long seed, Progress progress) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long memoryNeeded(int rows, int columns) {
        return 0;
    }

    public record Model(Matrix centres) implements ClusteringModel {
        @Override
        public int[] assign(Matrix x) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(DataOutput out) throws IOException {
            out.writeUTF("k-means");
            out.writeInt(centres.rows());
            out.writeInt(centres.columns());
            for (double value : centres.values()) {
                out.writeDouble(value);
            }
        }

        static Model read(DataInput in) throws IOException {
            int rows = in.readInt();
            int columns = in.readInt();
            double[] values = new double[Math.multiplyExact(rows, columns)];
            for (int i = 0; i < values.length; i++) {
                values[i] = in.readDouble();
            }
            return new Model(Matrix.of(rows, columns, values));
        }
    }
}
