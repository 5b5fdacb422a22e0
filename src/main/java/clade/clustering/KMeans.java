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
        throw new UnsupportedOperationException(getClass().getName());
    }

    @Override
    public long memoryNeeded(int rows, int columns) {
        return 0;
    }

    public record Model(Matrix centres) implements ClusteringModel {
        @Override
        public int[] assign(Matrix x) {
            throw new UnsupportedOperationException(getClass().getName());
        }

        @Override
        public void write(DataOutput out) throws IOException {
            throw new UnsupportedOperationException(getClass().getName());
        }

        static Model read(DataInput in) throws IOException {
            return new Model(Matrix.of(0, 0, new double[in.readInt()]));
        }
    }
}
