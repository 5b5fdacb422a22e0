package clade.segmentation;

import clade.clustering.ClusteringAlgorithm;
import clade.clustering.Dbscan;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Settings of method {@code dbscan}; eps in prepared units. */
record DbscanSettings(double eps, int minPoints) implements Method.Clusters {

    static DbscanSettings read(Fields fields) {
        JsonNode eps = fields.find("eps");
        if (eps == null) {
            throw fields.refusal("eps", "is needed: a distance in prepared units, above 0");
        }
        if (eps.isString() && eps.asString().equals("auto")) {
            throw fields.refusal("eps", "\"auto\" is not there yet; give a distance above 0");
        }
        double distance = fields.number("eps", 0);
        if (!(distance > 0)) {
            throw fields.refusal("eps", "must be above 0, was " + distance);
        }
        return new DbscanSettings(distance, fields.integer("minPoints", 5, 1, Integer.MAX_VALUE));
    }

    @Override
    public String name() {
        return "dbscan";
    }

    @Override
    public ObjectNode toJson() {
        return Method.json(name()).put("eps", eps).put("minPoints", minPoints);
    }

    @Override
    public ClusteringAlgorithm algorithm(int customers) {
        return new Dbscan(eps, minPoints);
    }
}
