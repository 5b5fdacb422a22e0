package clade.segmentation;

import clade.clustering.ClusteringAlgorithm;
import clade.clustering.KMeans;
import java.util.Objects;
import tools.jackson.databind.node.ObjectNode;

/** Settings of method {@code k-means}. */
record KMeansSettings(Count k, int restarts, int maxPasses) implements Method.Clusters {

    static KMeansSettings read(Fields fields, Count k) {
        return new KMeansSettings(
                k, fields.integer("restarts", 10, 1, 1_000), fields.integer("maxPasses", 300, 1, 100_000));
    }

    @Override
    public String name() {
        return "k-means";
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = Method.json(name());
        k.write(json, "k");
        return json.put("restarts", restarts).put("maxPasses", maxPasses);
    }

    @Override
    public boolean isOpen() {
        return k.isOpen();
    }

    @Override
    public KMeansSettings with(Evidence.Suggestion suggestion) {
        return new KMeansSettings(k.of(Objects.requireNonNull(suggestion.k())), restarts, maxPasses);
    }

    @Override
    public ClusteringAlgorithm algorithm(int customers) {
        return new KMeans(k.get(), restarts, maxPasses, 0, null);
    }
}
