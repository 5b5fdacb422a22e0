package clade.segmentation.conditions;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Facts as maps; what is not there is missing. */
record KnownFacts(Map<String, Double> numbers, Map<String, Object> attributes, Map<String, String> segments)
        implements Facts {

    @Override
    public double number(String feature) {
        Double number = numbers.get(feature);
        return number == null ? Double.NaN : number;
    }

    @Override
    public @Nullable Object attribute(String name) {
        return attributes.get(name);
    }

    @Override
    public @Nullable String segment(String segmentation) {
        return segments.get(segmentation);
    }
}
