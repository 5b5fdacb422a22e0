package clade.segmentation;

import clade.clustering.ClusteringAlgorithm;
import clade.clustering.Dbscan;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Settings of method {@code dbscan}; eps in prepared units, null where the data is to say. */
record DbscanSettings(@Nullable Double eps, int minPoints) implements Method.Clusters {

    static DbscanSettings read(Fields fields) {
        JsonNode eps = fields.find("eps");
        if (eps == null) {
            throw fields.refusal("eps", "is needed: a distance in prepared units, above 0, or \"auto\"");
        }
        if (eps.isString() && eps.asString().equals("auto")) {
            return readOpen(fields);
        }
        double distance = fields.number("eps", 0);
        if (!(distance > 0)) {
            throw fields.refusal(
                    "eps",
                    "must be above 0, was %s; \"auto\" lets the data say, a selection shows why".formatted(distance));
        }
        return new DbscanSettings(distance, minPoints(fields));
    }

    /** With eps for the data to say. */
    static DbscanSettings readOpen(Fields fields) {
        return new DbscanSettings(null, minPoints(fields));
    }

    private static int minPoints(Fields fields) {
        return fields.integer("minPoints", 5, 1, Integer.MAX_VALUE);
    }

    @Override
    public String name() {
        return "dbscan";
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = Method.json(name());
        if (eps == null) {
            json.put("eps", "auto");
        } else {
            json.put("eps", eps);
        }
        return json.put("minPoints", minPoints);
    }

    @Override
    public boolean isOpen() {
        return eps == null;
    }

    @Override
    public DbscanSettings with(Evidence.Suggestion suggestion) {
        return new DbscanSettings(suggestion.eps(), minPoints);
    }

    @Override
    public ClusteringAlgorithm algorithm(int customers) {
        return new Dbscan(Objects.requireNonNull(eps), minPoints);
    }
}
