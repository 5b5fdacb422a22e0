package clade.segmentation;

import clade.clustering.ClusteringAlgorithm;
import clade.clustering.Hdbscan;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** {@code minClusterSize} is null where it follows from the number of customers: the larger of 50 and 1 %. */
record HdbscanSettings(
        @Nullable Integer minClusterSize,
        int minPoints,
        Hdbscan.Selection selection,
        double epsilon,
        boolean allowSingleCluster)
        implements Method.Clusters {

    private static final int LEAST_DEFAULT_SIZE = 50;
    private static final int DEFAULT_PART = 100;

    static HdbscanSettings read(Fields fields) {
        double epsilon = fields.number("epsilon", 0);
        if (!(epsilon >= 0)) {
            throw fields.refusal("epsilon", "must be at least 0, was " + epsilon);
        }
        return new HdbscanSettings(
                fields.find("minClusterSize") == null
                        ? null
                        : fields.neededInteger("minClusterSize", 2, Integer.MAX_VALUE),
                fields.integer("minPoints", 5, 1, Integer.MAX_VALUE),
                fields.choice("selection", "eom", "eom", "leaf").equals("leaf")
                        ? Hdbscan.Selection.LEAF
                        : Hdbscan.Selection.EOM,
                epsilon,
                fields.flag("allowSingleCluster", false));
    }

    @Override
    public String name() {
        return "hdbscan";
    }

    @Override
    public ObjectNode toJson() {
        return Method.json(name())
                .put("minClusterSize", minClusterSize)
                .put("minPoints", minPoints)
                .put("selection", selection == Hdbscan.Selection.LEAF ? "leaf" : "eom")
                .put("epsilon", epsilon)
                .put("allowSingleCluster", allowSingleCluster);
    }

    @Override
    public boolean isOpen() {
        return false;
    }

    @Override
    public HdbscanSettings with(Evidence.Suggestion suggestion) {
        return this;
    }

    @Override
    public ClusteringAlgorithm algorithm(int customers) {
        int size = minClusterSize == null ? Math.max(LEAST_DEFAULT_SIZE, customers / DEFAULT_PART) : minClusterSize;
        return new Hdbscan(size, minPoints, selection, epsilon, allowSingleCluster);
    }
}
