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
 * @param profile further ones that are only looked at: where one is missing, nobody is left out
 */
record FeatureRequest(
        List<Feature> features,
        List<Feature> profile,
        @Nullable Period window,
        Returns returns,
        FrequencyOf frequency,
        Roles roles) {

    FeatureRequest(
            List<Feature> features, @Nullable Period window, Returns returns, FrequencyOf frequency, Roles roles) {
        this(features, List.of(), window, returns, frequency, roles);
    }

    static FeatureRequest of(Definition definition) {
        return new FeatureRequest(
                definition.neededFeatures(),
                definition.profileFeatures(),
                definition.window(),
                definition.returns(),
                definition.frequency(),
                definition.roles());
    }

    /** Whether anything is computed from transactions: then it is about those who purchased. */
    boolean needsPurchases() {
        return features.stream().anyMatch(feature -> !feature.isAttribute() && !roles.has(feature.base()));
    }

    /** Those wanted and those to look at. */
    List<Feature> all() {
        return Stream.concat(features.stream(), profile.stream()).distinct().toList();
    }

    /** The attributes wanted, as features or in roles. */
    List<Feature> attributes() {
        return Stream.concat(all().stream().filter(Feature::isAttribute), roles.all().stream())
                .distinct()
                .toList();
    }

    /** The quintile scores wanted. */
    List<Feature> scores() {
        return all().stream().filter(feature -> feature.kind().isScore()).toList();
    }

    /** The features that must have a value, in the order wanted: those and what the scores are of. */
    List<Feature> needed() {
        return features.stream().map(Feature::base).distinct().toList();
    }
}
