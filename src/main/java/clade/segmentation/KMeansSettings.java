package clade.segmentation;

import clade.clustering.ClusteringAlgorithm;
import clade.clustering.KMeans;
import tools.jackson.databind.node.ObjectNode;

/** Settings of method {@code k-means}. */
record KMeansSettings(int k, int restarts, int maxPasses) implements Method.Clusters {

    static KMeansSettings read(Fields fields) {
        return new KMeansSettings(
                Method.readCount(fields, "k"),
                fields.integer("restarts", 10, 1, 1_000),
                fields.integer("maxPasses", 300, 1, 100_000));
    }

    @Override
    public String name() {
        return "k-means";
    }

    @Override
    public ObjectNode toJson() {
        return Method.json(name()).put("k", k).put("restarts", restarts).put("maxPasses", maxPasses);
    }

    @Override
    public ClusteringAlgorithm algorithm(int customers) {
        return new KMeans(k, restarts, maxPasses, 0, null);
    }
}
