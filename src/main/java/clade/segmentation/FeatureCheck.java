package clade.segmentation;

import clade.clustering.UnsuitableData;
import clade.customers.Attribute;
import clade.customers.AttributeType;
import clade.customers.Attributes;
import clade.web.Refusal;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Checks a definition against what a dataset has: its attributes and segmentations, and the values of features. */
@Component
class FeatureCheck {

    /** Values of text beyond which indicators would be no segments' language any more. */
    static final int MOST_CATEGORIES = 20;

    private final JdbcClient jdbc;
    private final Attributes attributes;

    FeatureCheck(JdbcClient jdbc, Attributes attributes) {
        this.jdbc = jdbc;
        this.attributes = attributes;
    }

    /** Refuses (400) a definition that names an attribute or a segmentation that is not there, or one that can't serve. */
    @Transactional(readOnly = true)
    void check(long dataset, Definition definition) {
        List<Feature> features = definition.features();
        for (int i = 0; i < features.size(); i++) {
            if (features.get(i).isAttribute()) {
                attribute(dataset, "/features/" + i, features.get(i));
            }
        }
        definition.roles().attributes().forEach((role, feature) -> checkRole(dataset, role, feature));
        checkTransform(dataset, definition);
        Population population = definition.population();
        if (population != null
                && !jdbc.sql("select exists (select from segmentation where dataset_id = :dataset and key = :key)")
                        .param("dataset", dataset)
                        .param("key", population.segmentation())
                        .query(Boolean.class)
                        .single()) {
            throw Refusal.badField(
                    "/population/segmentation",
                    "unknown-segmentation",
                    "segmentation names none of the dataset: " + population.segmentation());
        }
    }

    /** Refuses (400) an attribute that the dataset's customers don't have. */
    @Transactional(readOnly = true)
    void checkParameter(long dataset, Feature feature) {
        if (feature.isAttribute()
                && attributes.find(dataset, feature.attribute()).isEmpty()) {
            throw Refusal.badParameter(
                    "features",
                    "unknown-attribute",
                    FeatureReader.unknown(attributes.list(dataset), feature.attribute()));
        }
    }

    private Attribute attribute(long dataset, String pointer, Feature feature) {
        return attributes
                .find(dataset, feature.attribute())
                .orElseThrow(() -> Refusal.badField(
                        pointer,
                        "unknown-attribute",
                        FeatureReader.unknown(attributes.list(dataset), feature.attribute())));
    }

    private void checkRole(long dataset, Feature role, Feature feature) {
        String pointer = "/roles/" + role.apiName();
        AttributeType type = attribute(dataset, pointer, feature).type();
        boolean recency = role.equals(Feature.RECENCY);
        if (type != AttributeType.NUMBER && !(recency && type == AttributeType.DATE)) {
            throw Refusal.badField(
                    pointer,
                    "unsuitable-attribute",
                    "%s must be a number%s; %s is %s"
                            .formatted(
                                    role.apiName(),
                                    recency ? " of days or a date" : "",
                                    feature.apiName(),
                                    type.label()));
        }
    }

    /** Text can't be made more even. */
    private void checkTransform(long dataset, Definition definition) {
        PreparationSettings preparation = definition.preparation();
        if (preparation == null) {
            return;
        }
        List<Feature> texts = definition.features().stream()
                .filter(Feature::isAttribute)
                .filter(feature -> attributes
                        .find(dataset, feature.attribute())
                        .map(attribute ->
                                attribute.type() == AttributeType.TEXT || attribute.type() == AttributeType.BOOLEAN)
                        .orElse(false))
                .toList();
        Feature transformed = preparation.transformed(texts);
        if (transformed != null) {
            throw Refusal.badField(
                    "/preparation/transform/" + transformed.apiName(),
                    "unsuitable-attribute",
                    "%s is text or boolean and can't be transformed: leave its transform out; its values become indicators"
                            .formatted(transformed.apiName()));
        }
    }

    /** Refuses features that can't be clustered on: text with too many values, or one that is the same for everybody. */
    static void checkValues(Definition definition, FeatureTable table) {
        for (Feature feature : definition.features()) {
            int values = table.categories(feature).size();
            if (values > MOST_CATEGORIES) {
                throw new UnsuitableData(
                        "too-many-values",
                        "%s has %,d different values; text becomes an indicator for each value and may have %d at most: leave it"
                                        .formatted(feature.apiName(), values, MOST_CATEGORIES)
                                + " out, or send a coarser attribute");
            }
            if (!Feature.RFM.contains(feature) && table.size() > 1 && isConstant(table.values(feature), table.size())) {
                double value = table.value(feature, 0);
                throw new UnsuitableData(
                        "constant-feature",
                        "%s is %s for all of the %,d customers and separates nothing: leave it out of the features"
                                .formatted(
                                        feature.apiName(),
                                        Double.isNaN(value)
                                                ? "missing"
                                                : values > 0
                                                        ? table.categories(feature)
                                                                .get((int) value)
                                                        : value,
                                        table.size()));
            }
        }
    }

    private static boolean isConstant(IntToDoubleFunction column, int size) {
        double first = column.applyAsDouble(0);
        return IntStream.range(1, size).allMatch(row -> Double.compare(column.applyAsDouble(row), first) == 0);
    }
}
