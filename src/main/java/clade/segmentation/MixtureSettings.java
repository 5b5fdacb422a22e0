package clade.segmentation;

import clade.clustering.Covariance;
import clade.clustering.Floor;
import clade.clustering.GaussianMixture;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Settings of method {@code gaussian-mixture}; {@code floor} is null where it follows from the data. */
record MixtureSettings(
        Count components,
        Covariance covariance,
        int restarts,
        int maxPasses,
        double tolerance,
        @Nullable Double floor) implements Method.Clusters {

    private static final double TOLERANCE = 1e-4;

    static MixtureSettings read(Fields fields, Count components) {
        String covariance = fields.choice("covariance", "full", "full", "tied", "diagonal", "spherical");
        double tolerance = fields.number("tolerance", TOLERANCE);
        if (!(tolerance >= 0)) {
            throw fields.refusal("tolerance", "must be at least 0, was " + tolerance);
        }
        Double floor = fields.find("floor") == null ? null : fields.number("floor", 0);
        if (floor != null && !(floor > 0)) {
            throw fields.refusal("floor", "must be above 0, was " + floor);
        }
        return new MixtureSettings(
                components,
                Covariance.valueOf(covariance.toUpperCase(Locale.ROOT)),
                fields.integer("restarts", 3, 1, 1_000),
                fields.integer("maxPasses", 200, 1, 100_000),
                tolerance,
                floor);
    }

    @Override
    public String name() {
        return "gaussian-mixture";
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = Method.json(name());
        components.write(json, "components");
        return json.put("covariance", covariance.name().toLowerCase(Locale.ROOT))
                .put("restarts", restarts)
                .put("maxPasses", maxPasses)
                .put("tolerance", tolerance)
                .put("floor", floor);
    }

    @Override
    public boolean isOpen() {
        return components.isOpen();
    }

    @Override
    public MixtureSettings with(Evidence.Suggestion suggestion) {
        return new MixtureSettings(
                components.of(Objects.requireNonNull(suggestion.k())),
                covariance,
                restarts,
                maxPasses,
                tolerance,
                floor);
    }

    @Override
    public GaussianMixture algorithm(int customers) {
        return new GaussianMixture(
                components.get(),
                covariance,
                restarts,
                maxPasses,
                tolerance,
                floor == null ? Floor.BY_DATA : Floor.of(floor));
    }
}
