package clade.segmentation;

import clade.customers.Attribute;
import clade.customers.AttributeType;
import clade.customers.Attributes;
import clade.datasets.Datasets;
import clade.statistics.Preparation;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lists the features that customers can be segmented by. */
@RestController
@RequestMapping("/api/v1/datasets/{dataset}/features")
@Tag(name = "2 Exploration")
class FeatureController {

    private final Datasets datasets;
    private final Attributes attributes;

    FeatureController(Datasets datasets, Attributes attributes) {
        this.datasets = datasets;
        this.attributes = attributes;
    }

    /** The catalogue. */
    record Catalogue(List<FeatureView> features) {}

    /** A feature, or what the names of features with a parameter look like. */
    @Schema(name = "Feature")
    record FeatureView(
            @Schema(
                    description =
                            "As definitions name it; with a parameter an example, such as ordersIn:P90D, where any period may stand",
                    example = "recency")
            String name,

            @Schema(example = "days") String unit,

            @Schema(
                    allowableValues = {"number", "text", "boolean", "date", "any"},
                    description = "any stands at attribute:Name, for attributes are of each type",
                    example = "number")
            String type,

            @Schema(
                    description = "How it is computed",
                    example = "Whole days from the last purchase to asOf, both as local date-times, rounded down")
            String definition,

            @Schema(description = "When a customer has none", example = "Never")
            String missing,

            @Schema(
                    description = "What it goes through before it is clustered, if the definition does not say",
                    allowableValues = {"log1p", "none"},
                    example = "log1p")
            String transform) {}

    @GetMapping
    @Operation(
            summary = "List the features that customers can be segmented by",
            description =
                    "What can be computed from purchases, and the attributes that the dataset's customers have. Everything but "
                            + "attributes is of the transactions before asOf and in the window of the definition that names it.")
    @ApiResponse(responseCode = "200", description = "The catalogue")
    @ApiResponse(responseCode = "404", description = "There is no such dataset", ref = "Problem")
    Catalogue list(@PathVariable String dataset) {
        List<FeatureView> features = new ArrayList<>(Arrays.stream(FeatureKind.values())
                .map(kind -> view(kind, kind.pattern(), kind.unit(), kind == FeatureKind.ATTRIBUTE ? "any" : "number"))
                .toList());
        attributes.list(datasets.get(dataset).id()).forEach(attribute -> features.add(view(attribute)));
        return new Catalogue(features);
    }

    private static FeatureView view(Attribute attribute) {
        return view(
                FeatureKind.ATTRIBUTE,
                Feature.ofAttribute(attribute.name()).apiName(),
                attribute.type() == AttributeType.DATE ? "days" : "",
                attribute.type().label());
    }

    private static FeatureView view(FeatureKind kind, String name, String unit, String type) {
        return new FeatureView(
                name,
                unit,
                type,
                kind.definition(),
                kind.missing(),
                kind.transform() == Preparation.Transform.LOG1P ? "log1p" : "none");
    }
}
