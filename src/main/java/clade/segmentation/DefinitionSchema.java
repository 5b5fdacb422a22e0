package clade.segmentation;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a definition looks in the OpenAPI document. {@link Definition#read} reads it, field by field, to name what is wrong. */
@Schema(name = "Definition", description = "How customers are segmented. Only key and method are needed.")
record DefinitionSchema(
        @Schema(
                description = "Lower-case letters, digits and hyphens",
                example = "value-12m",
                requiredMode = Schema.RequiredMode.REQUIRED)
        String key,

        @Schema(description = "For people; default: the key", example = "Value clusters") @Nullable
        String name,

        @Schema(
                description =
                        "Names of features as GET features lists them: recency, ordersIn:P90D, attribute:Age, …; default: recency, "
                                + "frequency and monetary",
                example = "[\"recency\",\"frequency\",\"monetary\"]")
        @Nullable
        List<String> features,

        @Schema(description = "Further features that the profiles of the segments cover; default: none", example = "[]")
        @Nullable
        List<String> profileFeatures,

        @Schema(
                description =
                        "Only what happened before it counts: an instant, a local date-time, a date, latest (default: the "
                                + "newest transaction plus one local day) or now",
                example = "latest")
        @Nullable
        String asOf,

        @Schema(description = "How far back from asOf history counts, by the calendar; default: all", example = "P12M")
        @Nullable
        String window,

        @Schema(
                description = "What returns do to monetary; default net",
                allowableValues = {"net", "ignore"})
        @Nullable
        String returns,

        @Schema(
                description = "What frequency counts; default orders",
                allowableValues = {"orders", "transactions", "days"})
        @Nullable
        String frequency,

        @Schema(
                description =
                        "What happens to customers of whom a feature is missing: they are left out, or get the median of the others, "
                                + "or 0; default exclude",
                allowableValues = {"exclude", "median", "zero"})
        @Nullable
        String missing,

        @Schema(
                description =
                        "Attributes that stand for recency (a date, or a number of days), frequency or monetary, where a table was "
                                + "aggregated elsewhere; default none",
                example = "{\"recency\":\"attribute:LastPurchaseDate\"}")
        @Nullable
        Map<String, String> roles,

        @Nullable PopulationSchema population,

        @Schema(
                description =
                        "Whether customers whose purchases all lie before the window are left out, or make a segment lapsed; "
                                + "default exclude",
                allowableValues = {"exclude", "segment"})
        @Nullable
        String outsideWindow,

        @Nullable PreparationSchema preparation,

        @Schema(
                description = "name and its settings. rfm: scores 2..10 (5), binning "
                        + "quantile, fixed (with cuts), natural-breaks or rfm-package, or one an axis (quantile), map (rf-grid-3, "
                        + "rf-grid-4 and rf-grid for 3, 4 and 5 scores), weights of a composite score (none). k-means: k, restarts (10), maxPasses "
                        + "(300). dbscan: eps (distance in prepared units, above 0, or auto), minPoints (5). hdbscan: minClusterSize (the "
                        + "larger of 50 and 1 %), minPoints (5), selection eom or leaf, epsilon (0), allowSingleCluster (false). "
                        + "hierarchical: linkage ward, complete, average or single, k. gaussian-mixture: components, covariance "
                        + "full, tied, diagonal or spherical, restarts (3), maxPasses (200), tolerance (1e-4), floor. k and components "
                        + "may be auto, with kMin (2, components 1) and kMax (10): the run shows what was chosen and why. rules: segments "
                        + "[{key, name, when}], the first whose condition is true, and otherwise, a name or {key, name} (other). "
                        + "hybrid: tiers {feature, cuts, names} with quantiles as cuts, or {method, features}; within {features, "
                        + "method}, fitted with the preparation in each tier by itself",
                example = "{\"name\":\"k-means\",\"k\":4}",
                requiredMode = Schema.RequiredMode.REQUIRED)
        Map<String, Object> method,

        @Schema(description = "Of all random draws; default 42", example = "42") @Nullable
        Long seed,

        @Schema(
                description =
                        "Whether each change of a customer's purchases changes its membership at once, by the model of the"
                                + " current run; default true, and always false where asOf is an instant, a date-time or a date, and"
                                + " with other features than recency, frequency and monetary, roles, a population or lapsed customers, or conditions on attributes and segments",
                example = "true")
        @Nullable
        Boolean live) {

    @Schema(name = "Population", description = "Which customers a segmentation is about; default: all")
    record PopulationSchema(
            @Schema(description = "Key of another segmentation", example = "value") @Nullable
            String segmentation,

            @Schema(
                    description = "Keys of its segments, whose members at present are meant",
                    example = "[\"champions\"]")
            @Nullable
            List<String> segments,

            @Schema(
                    description =
                            "In place of both: a condition in the language of method rules; asks for no scores, which are counted"
                                    + " within the population",
                    example = "attribute('country') = 'France' and frequency >= 2")
            @Nullable
            String when) {}

    @Schema(name = "Preparation", description = "How features become comparable; for methods that find clusters")
    record PreparationSchema(
            @Schema(
                    description =
                            "Cuts extreme values off: {method: quantile, lower, upper} or {method: iqr, factor}; default none",
                    example = "{\"method\":\"quantile\",\"lower\":0.0,\"upper\":0.99}")
            @Nullable
            Map<String, Object> cap,

            @Schema(
                    description =
                            "log1p, yeo-johnson or none, for all features or an object by feature; default log1p for recency, frequency and monetary, none for others",
                    example = "log1p")
            @Nullable
            Object transform,

            @Schema(
                    description = "Default standard (mean 0, population standard deviation 1)",
                    allowableValues = {"standard", "min-max", "robust", "none"})
            @Nullable
            String scale,

            @Schema(description = "Multiply scaled features, 1e-6 to 1e6; default 1", example = "{\"monetary\":2.0}")
            @Nullable
            Map<String, Double> weights,

            @Schema(description = "Principal components kept; default: the features themselves", example = "2")
            @Nullable
            Integer components) {}
}
