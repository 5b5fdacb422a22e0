package clade.segmentation;

import clade.clustering.ClusteringAlgorithm;
import clade.clustering.Hierarchical;
import clade.clustering.Linkage;
import java.util.Locale;
import java.util.Objects;
import tools.jackson.databind.node.ObjectNode;

/** Settings of method {@code hierarchical}. */
record HierarchicalSettings(Linkage linkage, Count k) implements Method.Clusters {

    static HierarchicalSettings read(Fields fields, Count k) {
        String linkage = fields.choice("linkage", "ward", "ward", "complete", "average", "single");
        return new HierarchicalSettings(Linkage.valueOf(linkage.toUpperCase(Locale.ROOT)), k);
    }

    @Override
    public String name() {
        return "hierarchical";
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = Method.json(name()).put("linkage", linkage.name().toLowerCase(Locale.ROOT));
        k.write(json, "k");
        return json;
    }

    @Override
    public boolean isOpen() {
        return k.isOpen();
    }

    @Override
    public HierarchicalSettings with(Evidence.Suggestion suggestion) {
        return new HierarchicalSettings(linkage, k.of(Objects.requireNonNull(suggestion.k())));
    }

    @Override
    public ClusteringAlgorithm algorithm(int customers) {
        return new Hierarchical(linkage, k.get());
    }
}
