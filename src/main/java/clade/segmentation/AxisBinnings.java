package clade.segmentation;

import clade.rfm.Binning;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How each axis of method {@code rfm} is cut into scores: fields {@code binning} and {@code cuts} of a definition. */
record AxisBinnings(Binning recency, Binning frequency, Binning monetary) {

    static final List<String> AXES = List.of("recency", "frequency", "monetary");

    private static final String QUANTILE = "quantile";
    private static final String[] NAMES = {QUANTILE, "fixed", "natural-breaks", "rfm-package"};

    /** One name for all axes, or an object with a name each; quantiles where nothing is said. */
    static AxisBinnings read(Fields fields, int scores) {
        Map<String, String> names = new LinkedHashMap<>();
        JsonNode node = fields.find("binning");
        if (node == null || node.isString()) {
            String all = fields.choice("binning", QUANTILE, NAMES);
            AXES.forEach(axis -> names.put(axis, all));
        } else {
            Fields inner = fields.inner("binning", node);
            AXES.forEach(axis -> names.put(axis, inner.choice(axis, QUANTILE, NAMES)));
            inner.end();
        }
        JsonNode cutsNode = fields.find("cuts");
        Fields cuts = cutsNode == null ? null : fields.inner("cuts", cutsNode);
        List<Binning> binnings = AXES.stream()
                .map(axis -> {
                    JsonNode points = cuts == null ? null : cuts.find(axis);
                    String name = String.valueOf(names.get(axis));
                    if (!name.equals("fixed")) {
                        if (points != null) {
                            throw fields.refusal(
                                    "cuts/" + axis, "has no effect: the binning of %s is %s".formatted(axis, name));
                        }
                        return binning(name);
                    }
                    if (points == null) {
                        throw fields.refusal(
                                "cuts/" + axis,
                                "is needed with fixed binning: %d ascending numbers for %d scores"
                                        .formatted(scores - 1, scores));
                    }
                    return fixed(fields, axis, points, scores);
                })
                .toList();
        if (cuts != null) {
            cuts.end();
        }
        return new AxisBinnings(binnings.get(0), binnings.get(1), binnings.get(2));
    }

    /** In the order of {@link #AXES}. */
    List<Binning> all() {
        return List.of(recency, frequency, monetary);
    }

    void write(ObjectNode method) {
        List<String> names = all().stream().map(AxisBinnings::name).toList();
        if (names.stream().distinct().count() == 1) {
            method.put("binning", names.get(0));
        } else {
            ObjectNode binning = method.putObject("binning");
            IntStream.range(0, AXES.size()).forEach(i -> binning.put(AXES.get(i), names.get(i)));
        }
        if (!names.contains("fixed")) {
            method.putNull("cuts");
            return;
        }
        ObjectNode cuts = method.putObject("cuts");
        for (int i = 0; i < AXES.size(); i++) {
            if (all().get(i) instanceof Binning.Fixed fixed) {
                ArrayNode points = cuts.putArray(AXES.get(i));
                fixed.cuts().forEach(points::add);
            }
        }
    }

    private static Binning fixed(Fields fields, String axis, JsonNode points, int scores) {
        String wanted = "must be %d ascending numbers, one fewer than scores, was %s".formatted(scores - 1, points);
        boolean numbers = points.isArray()
                && points.size() == scores - 1
                && points.valueStream().allMatch(point -> point.isNumber() && Double.isFinite(point.asDouble()));
        if (!numbers) {
            throw fields.refusal("cuts/" + axis, wanted);
        }
        try {
            return new Binning.Fixed(
                    points.valueStream().map(JsonNode::asDouble).toList());
        } catch (IllegalArgumentException e) {
            throw fields.refusal("cuts/" + axis, wanted);
        }
    }

    private static Binning binning(String name) {
        return switch (name) {
            case "natural-breaks" -> new Binning.NaturalBreak();
            case "rfm-package" -> new Binning.RfmPackage();
            default -> new Binning.Quantile();
        };
    }

    static String name(Binning binning) {
        if (binning instanceof Binning.Fixed) {
            return "fixed";
        }
        if (binning instanceof Binning.NaturalBreak) {
            return "natural-breaks";
        }
        return binning instanceof Binning.RfmPackage ? "rfm-package" : QUANTILE;
    }
}
