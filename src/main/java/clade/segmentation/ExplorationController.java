package clade.segmentation;

import clade.transactions.FrequencyOf;
import clade.transactions.Returns;
import clade.web.Refusal;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows what the customers' features are like, before anything is segmented. */
@RestController
@RequestMapping("/api/v1/datasets/{dataset}/exploration")
@Tag(name = "2 Exploration", description = "What the features of a dataset's customers are like, and what suits them")
class ExplorationController {

    private final Exploration exploration;

    ExplorationController(Exploration exploration) {
        this.exploration = exploration;
    }

    @GetMapping
    @Operation(
            summary = "Explore features: distributions, outliers, correlations, and advice",
            description =
                    "Over the customers with a purchase in the window, as a segmentation would see them, or over all where only attributes "
                            + "are asked for; who lacks a feature is counted as missing there. Quantiles are of "
                            + "type 7, the standard deviation is that of the population, outliers lie beyond Tukey's fences (1.5 "
                            + "interquartile ranges) on the scale of the feature's default transform, and so are Pearson's "
                            + "correlations; all is the same whatever the order of the rows.")
    @ApiResponse(responseCode = "200", description = "What was found; without such customers all figures are null")
    @ApiResponse(responseCode = "400", description = "A parameter is wrong", ref = "Problem")
    @ApiResponse(responseCode = "404", description = "There is no such dataset", ref = "Problem")
    @ApiResponse(responseCode = "503", description = "Others explore at the moment: Retry-After", ref = "Problem")
    ExplorationView get(
            @PathVariable String dataset,
            @RequestParam(defaultValue = "recency,frequency,monetary")
                    @Parameter(
                            description = "Names, comma-separated, as GET features lists them",
                            example = "recency,frequency,monetary")
                    String features,
            @RequestParam(defaultValue = "latest")
                    @Parameter(
                            description = "An instant, a local date-time, a date, latest or now, as in a definition",
                            example = "latest")
                    String asOf,
            @RequestParam(required = false)
                    @Parameter(description = "How far back from asOf history counts; default: all", example = "P12M")
                    @Nullable
                    String window,
            @RequestParam(defaultValue = "net")
                    @Parameter(
                            description = "What returns do to monetary",
                            schema = @Schema(allowableValues = {"net", "ignore"}))
                    String returns,
            @RequestParam(defaultValue = "orders")
                    @Parameter(
                            description = "What frequency counts",
                            schema = @Schema(allowableValues = {"orders", "transactions", "days"}))
                    String frequency) {
        return exploration.of(
                dataset,
                parsed("asOf", asOf, AsOf::new),
                new FeatureRequest(
                        features(features),
                        window == null ? null : parsed("window", window, Definition::window),
                        choice("returns", returns, Returns.values()),
                        choice("frequency", frequency, FrequencyOf.values()),
                        Roles.NONE));
    }

    private static List<Feature> features(String names) {
        List<Feature> features = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            Feature feature;
            try {
                feature = Feature.parse(name);
            } catch (IllegalArgumentException e) {
                throw Refusal.badParameter("features", "unknown-feature", "features " + e.getMessage());
            }
            if (features.contains(feature)) {
                throw Refusal.badParameter("features", "invalid-value", "features names %s twice".formatted(name));
            }
            features.add(feature);
        }
        return features;
    }

    private static <T> T parsed(String parameter, String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.badParameter(parameter, "invalid-value", parameter + " " + e.getMessage());
        }
    }

    private static <E extends Enum<E>> E choice(String parameter, String text, E[] choices) {
        return Arrays.stream(choices)
                .filter(choice -> choice.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> Refusal.badParameter(
                        parameter,
                        "invalid-value",
                        "%s must be one of %s, was %s"
                                .formatted(parameter, Arrays.toString(choices).toLowerCase(Locale.ROOT), text)));
    }
}
