package clade.segmentation.conditions;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a condition may speak of.
 *
 * @param features bare words
 * @param periodFeatures words that need a period, such as {@code ordersIn} in {@code ordersIn('P90D')}
 * @param attributes types by name; null where the dataset is not known yet: any name will do
 * @param segmentations keys; null where the dataset is not known yet: any key will do
 */
public record Vocabulary(
        Set<String> features,
        Set<String> periodFeatures,
        @Nullable Map<String, Type> attributes,
        @Nullable Set<String> segmentations) {}
