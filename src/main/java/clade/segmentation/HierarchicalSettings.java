package clade.segmentation;

import clade.clustering.ClusteringAlgorithm;
import clade.clustering.Hierarchical;
import clade.clustering.Linkage;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** Settings of method {@code hierarchical}. */
record HierarchicalSettings(Linkage linkage, int k) implements Method.Clusters {

    static HierarchicalSettings read(Fields fields) {
        String linkage = fields.choice("linkage", "ward", "ward", "complete", "average", "single");
        return new HierarchicalSettings(
                Linkage.valueOf(linkage.toUpperCase(Locale.ROOT)), Method.readCount(fields, "k"));
    }

    @Override
    public String name() {
        return "hierarchical";
    }

    @Override
    public ObjectNode toJson() {
        return Method.json(name())
                .put("linkage", linkage.name().toLowerCase(Locale.ROOT))
                .put("k", k);
    }

    @Override
    public ClusteringAlgorithm algorithm(int customers) {
        return new Hierarchical(linkage, k);
    }
}
