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
                description = "recency (days), frequency, monetary; default: all three",
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
