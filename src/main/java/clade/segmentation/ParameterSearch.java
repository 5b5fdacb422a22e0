package clade.segmentation;

import clade.clustering.Progress;
import clade.statistics.Matrix;
import clade.statistics.Preparation;
import java.util.Objects;

/** Finds out from the data what a definition leaves open: a number of clusters or eps. */
final class ParameterSearch {

    private ParameterSearch() {}

    /**
     * The evidence and what it suggests. Same customers, definition and seed give the same bits whatever the order of the
     * customers.
     *
     * @param definition of a method that finds clusters
     * @param table at least one customer
     */
    static Evidence of(Definition definition, FeatureTable table, Progress progress) {
        Matrix features = table.matrix(definition.features());
        Preparation preparation =
                Objects.requireNonNull(definition.preparation()).forColumns(table.columns(definition.features()));
        Method.Clusters method = (Method.Clusters) definition.method();
        if (method instanceof KMeansSettings kMeans) {
            return new CountSearch(features, preparation, definition.seed(), progress).kMeans(kMeans);
        }
        if (method instanceof HierarchicalSettings hierarchical) {
            return new CountSearch(features, preparation, definition.seed(), progress).hierarchical(hierarchical);
        }
        if (method instanceof MixtureSettings mixture) {
            return new CountSearch(features, preparation, definition.seed(), progress).mixture(mixture);
        }
        int minPoints =
                method instanceof DbscanSettings dbscan ? dbscan.minPoints() : ((HdbscanSettings) method).minPoints();
        return EpsSearch.of(preparation.fit(features).apply(features), minPoints, progress);
    }
}
