package clade.segmentation;

import clade.transactions.FrequencyOf;
import clade.transactions.Returns;
import java.time.Period;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is to be read of customers.
 *
 * @param features in no order that means anything
 */
record FeatureRequest(
        List<Feature> features, @Nullable Period window, Returns returns, FrequencyOf frequency, Roles roles) {

    static FeatureRequest of(Definition definition) {
        return new FeatureRequest(
                definition.neededFeatures(),
                definition.window(),
                definition.returns(),
                definition.frequency(),
                definition.roles());
    }

    /** Whether anything is computed from transactions: then it is about those who purchased. */
    boolean needsPurchases() {
        return features.stream().anyMatch(feature -> !feature.isAttribute() && !roles.has(feature.base()));
    }

    /** The attributes wanted, as features or in roles. */
    List<Feature> attributes() {
        return Stream.concat(features.stream().filter(Feature::isAttribute), roles.all().stream())
                .distinct()
                .toList();
    }

    /** The quintile scores wanted. */
    List<Feature> scores() {
        return features.stream().filter(feature -> feature.kind().isScore()).toList();
    }

    /** The features that must have a value, in the order wanted: those and what the scores are of. */
    List<Feature> needed() {
        return features.stream().map(Feature::base).distinct().toList();
    }
}
