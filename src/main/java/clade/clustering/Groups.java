package clade.clustering;

import clade.clustering.spatial.CanonicalRows;
import clade.statistics.ExactSum;
import clade.statistics.Matrix;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Labelled rows cluster after cluster, as measures of quality need them: equal rows of one label merged, in canonical order
 * within a cluster, noise left out.
 */
final class Groups {

    /** d columns of m values. */
    final double[][] columns;

    /** m counts. */
    final double[] weights;

    /** Cluster j is rows [starts[j], starts[j + 1]). */
    final int[] starts;

    /** Total weight of each cluster. */
    final double[] sizes;

    /** Sum of the sizes. */
    final double size;

    /** Weight of the noise over that of all rows. */
    final double noiseShare;

    private final CanonicalRows merged;

    /** Which of the m rows each canonical row is, −1 for noise. */
    private final int[] groupedOf;

    private Groups(CanonicalRows merged, int clusters) {
        this.merged = merged;
        int d = merged.columns() - 1;
        double[] labels = merged.byColumn()[d];
        starts = new int[clusters + 1];
        for (double label : labels) {
            if (label >= 0) {
                starts[(int) label + 1]++;
            }
        }
        for (int j = 0; j < clusters; j++) {
            starts[j + 1] += starts[j];
        }
        int[] next = starts.clone();
        columns = new double[d][starts[clusters]];
        weights = new double[starts[clusters]];
        sizes = new double[clusters];
        groupedOf = new int[labels.length];
        for (int i = 0; i < labels.length; i++) {
            int label = (int) labels[i];
            groupedOf[i] = label < 0 ? -1 : next[label]++;
            if (label >= 0) {
                weights[groupedOf[i]] = merged.weights()[i];
                sizes[label] += merged.weights()[i];
                for (int c = 0; c < d; c++) {
                    columns[c][groupedOf[i]] = merged.byColumn()[c][i];
                }
            }
        }
        double total = 0;
        for (double cluster : sizes) {
            total += cluster;
        }
        size = total;
        noiseShare = 1 - size / merged.totalWeight();
    }

    /**
     * Groups the rows of {@code x} by their labels.
     *
     * @param measure who needs them, as the subject of a sentence
     * @param labels one a row, at least 0 or {@link ClusteringModel#NOISE}
     * @throws IllegalArgumentException if there are not as many labels as rows, another label is negative, or fewer than two
     *     labels occur beside noise
     * @throws UnsuitableData {@code not-finite}, or {@code not-enough-memory} if {@link #memoryNeeded} is more than there is
     */
    static Groups of(String measure, Matrix x, int @Nullable [] weights, int[] labels, Progress progress) {
        int d = x.columns();
        if (labels.length != x.rows()) {
            throw new IllegalArgumentException(
                    "%d rows need %d labels, got %d".formatted(x.rows(), x.rows(), labels.length));
        }
        Memory.require(memoryNeeded(x.rows(), d), "%s of %d rows".formatted(measure, x.rows()));
        double[] labelled = new double[Math.multiplyExact(x.rows(), d + 1)];
        int clusters = 0;
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < ClusteringModel.NOISE) {
                throw new IllegalArgumentException(
                        "labels must be at least -1, was %d in row %d".formatted(labels[i], i));
            }
            System.arraycopy(x.values(), i * d, labelled, i * (d + 1), d);
            labelled[i * (d + 1) + d] = labels[i];
            clusters = Math.max(clusters, labels[i] + 1);
        }
        Groups groups = new Groups(CanonicalRows.of(Matrix.of(x.rows(), d + 1, labelled), weights, progress), clusters);
        if (groups.clusters().length < 2) {
            throw new IllegalArgumentException(
                    "%s needs at least 2 clusters, got %d".formatted(measure, groups.clusters().length));
        }
        return groups;
    }

    /** Bytes that a measure of {@code rows} x {@code columns} needs at its peak: the rows labelled, sorted and grouped, a score each. */
    static long memoryNeeded(int rows, int columns) {
        return rows * (32L * columns + 120) + (1 << 20);
    }

    /** Number of merged rows, those of the noise among them. */
    int rows() {
        return groupedOf.length;
    }

    /** The labels that occur, ascending. */
    int[] clusters() {
        return IntStream.range(0, sizes.length).filter(j -> sizes[j] > 0).toArray();
    }

    /** The mean of each column over cluster {@code j}: exact sums, rounded once, over the size. */
    double[] centre(int j) {
        double[] centre = new double[columns.length];
        for (int c = 0; c < centre.length; c++) {
            ExactSum format = ExactSum.fitting(columns[c]);
            long[] sum = new long[format.digits()];
            for (int i = starts[j]; i < starts[j + 1]; i++) {
                format.add(sum, 0, columns[c][i], (int) weights[i]);
            }
            centre[c] = format.value(sum, 0) / sizes[j];
        }
        return centre;
    }

    /** The squared distance of row {@code i} to a point. */
    double squaredDistance(int i, double[] point) {
        double sum = 0;
        for (int c = 0; c < point.length; c++) {
            double difference = columns[c][i] - point[c];
            sum += difference * difference;
        }
        return sum;
    }

    /** The weighted sum of a value over the rows of cluster {@code j}, in parts of 1,024 rows joined in order. */
    double sum(int j, IntToDoubleFunction value) {
        double total = 0;
        for (int from = starts[j]; from < starts[j + 1]; from += 1024) {
            double part = 0;
            for (int i = from; i < Math.min(starts[j + 1], from + 1024); i++) {
                part += weights[i] * value.applyAsDouble(i);
            }
            total += part;
        }
        return total;
    }

    /** One value an input row from one a grouped row; NaN for noise. */
    double[] toInput(double[] values) {
        double[] canonical = new double[groupedOf.length];
        for (int i = 0; i < canonical.length; i++) {
            canonical[i] = groupedOf[i] < 0 ? Double.NaN : values[groupedOf[i]];
        }
        return merged.toInput(canonical);
    }
}
