package clade.clustering.mixture;

import clade.clustering.Progress;
import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Parallel;
import java.util.Arrays;

/** What is added to the variance of each column so that no component collapses onto a value that many rows share. */
public final class VarianceFloor {

    /** Share of the rows that makes a value one to collapse onto. */
    private static final double ATOM = 0.05;

    private static final double OF_VARIANCE = 1e-6;
    private static final double OF_SQUARED_GAP = 1 / 12.0;

    private VarianceFloor() {}

    /**
     * In each column the greater of 1e-6 of its variance and Δ² / 12, Δ the widest gap from a value that at least 5 % of the
     * rows share to its nearest other value; in a column of one value the mean of the others, or 1 if there are none.
     */
    public static double[] byData(CanonicalRows rows, Progress progress) {
        double[] floor = new double[rows.columns()];
        Parallel.blocks(floor.length, 1, (w, end) -> {
            progress.at("measuring gaps", 0.05);
            double[] column = rows.byColumn()[w];
            double gap = widestGap(column, rows.weights(), ATOM * rows.totalWeight());
            floor[w] = Math.max(OF_VARIANCE * variance(column, rows), OF_SQUARED_GAP * gap * gap);
        });
        double mean = Arrays.stream(floor).filter(f -> f > 0).average().orElse(1);
        for (int w = 0; w < floor.length; w++) {
            floor[w] = floor[w] > 0 ? floor[w] : mean;
        }
        return floor;
    }

    private static double variance(double[] column, CanonicalRows rows) {
        double sum = 0;
        for (int i = 0; i < column.length; i++) {
            sum += rows.weights()[i] * column[i];
        }
        double mean = sum / rows.totalWeight();
        double squares = 0;
        for (int i = 0; i < column.length; i++) {
            squares += rows.weights()[i] * ((column[i] - mean) * (column[i] - mean));
        }
        return squares / rows.totalWeight();
    }

    private static double widestGap(double[] column, int[] weights, double atom) {
        double[] values = Arrays.stream(column).sorted().distinct().toArray();
        long[] weight = new long[values.length];
        for (int i = 0; i < column.length; i++) {
            weight[Arrays.binarySearch(values, column[i])] += weights[i];
        }
        double widest = 0;
        for (int v = 0; v < values.length; v++) {
            if (weight[v] >= atom && values.length > 1) {
                double below = v == 0 ? Double.POSITIVE_INFINITY : values[v] - values[v - 1];
                double above = v == values.length - 1 ? Double.POSITIVE_INFINITY : values[v + 1] - values[v];
                widest = Math.max(widest, Math.min(below, above));
            }
        }
        return widest;
    }
}
