package clade.segmentation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/** The values of features over all customers of a run in ascending order, missing ones left out, each sorted once. */
final class SortedColumns {

    private final FeatureTable table;
    private final Map<String, double[]> sorted = new HashMap<>();

    SortedColumns(FeatureTable table) {
        this.table = table;
    }

    /** For reading only. */
    double[] of(Feature feature) {
        return of(new FeatureTable.MatrixColumn(feature, -1, feature.apiName()));
    }

    /** For reading only. */
    double[] of(FeatureTable.MatrixColumn column) {
        return sorted.computeIfAbsent(column.name(), missing -> {
            double[] values = known(values(column));
            Arrays.sort(values);
            return values;
        });
    }

    private double[] values(FeatureTable.MatrixColumn column) {
        IntToDoubleFunction of = table.values(column);
        double[] values = new double[table.size()];
        Arrays.setAll(values, of);
        return values;
    }

    /** The values that are not missing; the array itself if none is. */
    static double[] known(double[] values) {
        for (double value : values) {
            if (Double.isNaN(value)) {
                return Arrays.stream(values).filter(one -> !Double.isNaN(one)).toArray();
            }
        }
        return values;
    }
}
