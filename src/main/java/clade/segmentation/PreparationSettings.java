package clade.segmentation;

import clade.statistics.Preparation;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** How features become comparable, as a definition says it: cap, transform, scale, weights, components. */
record PreparationSettings(
        Preparation.Cap cap,
        Map<Feature, Preparation.Transform> transforms,
        Set<Feature> ownTransforms,
        Preparation.Scale scale,
        Map<Feature, Double> weights,
        @Nullable Integer components) {

    private static final String[] TRANSFORMS = {"log1p", "yeo-johnson", "none"};
    private static final double IQR_FACTOR = 1.5;
    private static final double LEAST_WEIGHT = 1e-6;
    private static final double MOST_WEIGHT = 1e6;

    /** Reads {@code preparation} of a definition, null where it has none; a refusal names the field. */
    static PreparationSettings read(@Nullable JsonNode node, List<Feature> features) {
        Fields fields = Fields.of(node == null ? JsonMapper.shared().createObjectNode() : node, "/preparation");
        PreparationSettings settings = new PreparationSettings(
                readCap(fields.find("cap")),
                readTransforms(fields, features),
                readOwnTransforms(fields, features),
                switch (fields.choice("scale", "standard", "standard", "min-max", "robust", "none")) {
                    case "min-max" -> Preparation.Scale.MIN_MAX;
                    case "robust" -> Preparation.Scale.ROBUST;
                    case "none" -> Preparation.Scale.NONE;
                    default -> Preparation.Scale.STANDARD;
                },
                readWeights(fields, features),
                fields.find("components") == null ? null : fields.neededInteger("components", 1, features.size()));
        fields.end();
        return settings;
    }

    /** The engine's form: a column each of the matrix, the indicators of one feature a block. */
    Preparation forColumns(List<FeatureTable.MatrixColumn> columns) {
        Map<Feature, Integer> blocks = new HashMap<>();
        return new Preparation(
                columns.stream()
                        .map(column -> {
                            Feature feature = column.feature();
                            double weight = weights.getOrDefault(feature, 1.0);
                            return column.category() < 0
                                    ? new Preparation.Column(
                                            cap, transforms.getOrDefault(feature, Preparation.Transform.NONE), weight)
                                    : Preparation.Column.ofBlock(
                                            blocks.computeIfAbsent(feature, fresh -> 1 + blocks.size()), weight);
                        })
                        .toList(),
                scale,
                components);
    }

    /** A feature that is to go through a transform of its own which text and booleans can't; null if there is none. */
    @Nullable
    Feature transformed(Collection<Feature> features) {
        return ownTransforms.stream()
                .filter(features::contains)
                .filter(feature -> transforms.get(feature) != Preparation.Transform.NONE)
                .findFirst()
                .orElse(null);
    }

    ObjectNode toJson(List<Feature> features) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.set("cap", capJson());
        List<String> names = features.stream()
                .map(feature -> apiName(transforms.getOrDefault(feature, Preparation.Transform.NONE)))
                .toList();
        if (names.stream().distinct().count() == 1) {
            json.put("transform", names.get(0));
        } else {
            ObjectNode transform = json.putObject("transform");
            for (int i = 0; i < names.size(); i++) {
                transform.put(features.get(i).apiName(), names.get(i));
            }
        }
        json.put(
                "scale",
                switch (scale) {
                    case STANDARD -> "standard";
                    case MIN_MAX -> "min-max";
                    case ROBUST -> "robust";
                    case NONE -> "none";
                });
        ObjectNode weightsJson = json.putObject("weights");
        features.forEach(feature -> weightsJson.put(feature.apiName(), weights.getOrDefault(feature, 1.0)));
        json.put("components", components);
        return json;
    }

    private static Preparation.Cap readCap(@Nullable JsonNode node) {
        if (node == null) {
            return new Preparation.NoCap();
        }
        Fields fields = Fields.of(node, "/preparation/cap");
        if (fields.find("method") == null) {
            throw fields.refusal("method", "is needed: quantile or iqr");
        }
        Preparation.Cap cap;
        if (fields.choice("method", "", "quantile", "iqr").equals("quantile")) {
            double lower = fields.number("lower", 0);
            double upper = fields.number("upper", 1);
            if (!(lower >= 0 && lower < 1)) {
                throw fields.refusal("lower", "must be at least 0 and below 1, was " + lower);
            }
            if (!(upper > lower && upper <= 1)) {
                throw fields.refusal("upper", "must be above lower and at most 1, was " + upper);
            }
            cap = new Preparation.QuantileCap(lower, upper);
        } else {
            double factor = fields.number("factor", IQR_FACTOR);
            if (!(factor > 0)) {
                throw fields.refusal("factor", "must be above 0, was " + factor);
            }
            cap = new Preparation.IqrCap(factor);
        }
        fields.end();
        return cap;
    }

    private @Nullable ObjectNode capJson() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        if (cap instanceof Preparation.QuantileCap quantile) {
            return json.put("method", "quantile").put("lower", quantile.lower()).put("upper", quantile.upper());
        }
        return cap instanceof Preparation.IqrCap iqr ? json.put("method", "iqr").put("factor", iqr.factor()) : null;
    }

    private static Map<Feature, Preparation.Transform> readTransforms(Fields fields, List<Feature> features) {
        Map<Feature, Preparation.Transform> transforms = new LinkedHashMap<>();
        JsonNode node = fields.find("transform");
        if (node == null || node.isString()) {
            // said for all of them at once, or the default of each
            String all = fields.choice("transform", "", TRANSFORMS);
            features.forEach(feature ->
                    transforms.put(feature, all.isEmpty() ? feature.kind().transform() : transform(all)));
            return transforms;
        }
        features.forEach(feature -> transforms.put(feature, feature.kind().transform()));
        Fields inner = Fields.of(node, "/preparation/transform");
        for (Feature feature : features) {
            if (inner.find(feature.apiName()) != null) {
                transforms.put(feature, transform(inner.choice(feature.apiName(), "", TRANSFORMS)));
            }
        }
        inner.end();
        return transforms;
    }

    /** The features that a definition gives a transform by name. */
    private static Set<Feature> readOwnTransforms(Fields fields, List<Feature> features) {
        JsonNode node = fields.find("transform");
        return features.stream()
                .filter(feature -> node != null && node.isObject() && node.hasNonNull(feature.apiName()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Map<Feature, Double> readWeights(Fields fields, List<Feature> features) {
        Map<Feature, Double> weights = new LinkedHashMap<>();
        fields.numbers("weights").forEach((name, weight) -> {
            Feature feature = Feature.find(fields, "weights/" + name, name);
            if (!features.contains(feature)) {
                throw fields.refusal("weights/" + name, "is no feature of this segmentation");
            }
            if (!(weight >= LEAST_WEIGHT && weight <= MOST_WEIGHT)) {
                throw fields.refusal(
                        "weights/" + name,
                        "must be from %s to %s, was %s".formatted(LEAST_WEIGHT, MOST_WEIGHT, weight));
            }
            weights.put(feature, weight);
        });
        return weights;
    }

    private static Preparation.Transform transform(String name) {
        return switch (name) {
            case "yeo-johnson" -> Preparation.Transform.YEO_JOHNSON;
            case "none" -> Preparation.Transform.NONE;
            default -> Preparation.Transform.LOG1P;
        };
    }

    private static String apiName(Preparation.Transform transform) {
        return switch (transform) {
            case LOG1P -> "log1p";
            case YEO_JOHNSON -> "yeo-johnson";
            case NONE -> "none";
        };
    }
}
