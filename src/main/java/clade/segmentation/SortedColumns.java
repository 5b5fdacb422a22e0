package clade.segmentation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The values of features over all customers of a run in ascending order, each sorted once. */
final class SortedColumns {

    private final FeatureTable table;
    private final Map<Feature, double[]> sorted = new HashMap<>();

    SortedColumns(FeatureTable table) {
        this.table = table;
    }

    /** For reading only. */
    double[] of(Feature feature) {
        return sorted.computeIfAbsent(feature, missing -> {
            double[] values = table.column(missing);
            Arrays.sort(values);
            return values;
        });
    }
}
