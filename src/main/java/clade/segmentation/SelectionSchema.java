package clade.segmentation;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the body of a selection looks in the OpenAPI document. {@link Definition#readSelection} reads it, field by field. */
@Schema(
        name = "SelectionDefinition",
        description = "Which customers, features and method to find a parameter for. Only method is needed.")
record SelectionSchema(
        @Schema(
                description =
                        "Names of features as GET features lists them: recency, ordersIn:P90D, attribute:Age, …; default: recency, "
                                + "frequency and monetary",
                example = "[\"recency\",\"frequency\",\"monetary\"]")
        @Nullable
        List<String> features,

        @Schema(description = "As in a definition; default latest", example = "latest") @Nullable
        String asOf,

        @Schema(description = "How far back from asOf history counts; default: all", example = "P12M") @Nullable
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

        DefinitionSchema.@Nullable PopulationSchema population,

        @Schema(
                description =
                        "Whether customers whose purchases all lie before the window are left out, or make a segment lapsed; "
                                + "default exclude",
                allowableValues = {"exclude", "segment"})
        @Nullable
        String outsideWindow,

        DefinitionSchema.@Nullable PreparationSchema preparation,

        @Schema(
                description =
                        "k-means, gaussian-mixture or hierarchical (a number of clusters is suggested), dbscan or hdbscan (eps); with "
                                + "its other settings as in a definition",
                example = "{\"name\":\"k-means\"}",
                requiredMode = Schema.RequiredMode.REQUIRED)
        Map<String, Object> method,

        @Schema(description = "The first number of clusters to try; default 2, gaussian-mixture 1", example = "2")
        @Nullable
        Integer kMin,

        @Schema(description = "The last, at most 50; default 10", example = "10") @Nullable
        Integer kMax,

        @Schema(description = "Of all random draws; default 42", example = "42") @Nullable
        Long seed) {}
