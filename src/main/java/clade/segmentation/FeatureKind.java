package clade.segmentation;

import clade.statistics.Preparation;
import java.util.Arrays;
import java.util.List;

/** The catalogue of features: what each one is, in which unit, and what it means that it is missing. */
enum FeatureKind {
    RECENCY("recency", "days", "Whole days from the last purchase to asOf, both as local date-times.", "Never"),
    FREQUENCY(
            "frequency",
            "orders",
            "Distinct orders with a purchase; purchase lines or distinct local days where the definition says so.",
            "Never"),
    MONETARY(
            "monetary",
            "currency",
            "Sum of the purchases, less the absolute amounts of the returns unless the definition ignores them.",
            "Never");

    private final String label;
    private final String unit;
    private final String definition;
    private final String missing;

    FeatureKind(String label, String unit, String definition, String missing) {
        this.label = label;
        this.unit = unit;
        this.definition = definition;
        this.missing = missing;
    }

    String label() {
        return label;
    }

    String unit() {
        return unit;
    }

    String definition() {
        return definition;
    }

    String missing() {
        return missing;
    }

    /** How the API lists it: its name, or what its names look like. */
    String pattern() {
        return label;
    }

    static List<String> patterns() {
        return Arrays.stream(values()).map(FeatureKind::pattern).toList();
    }

    /** The feature of this kind, which takes no parameter. */
    Feature feature() {
        return new Feature(label, this);
    }

    /** What a column goes through where the definition does not say. */
    Preparation.Transform transform() {
        return this == RECENCY || this == FREQUENCY || this == MONETARY
                ? Preparation.Transform.LOG1P
                : Preparation.Transform.NONE;
    }
}
