package clade.segmentation;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * One fact per customer as of an instant, by which customers are segmented.
 *
 * @param name as the API writes it, {@code recency}
 */
record Feature(String name, FeatureKind kind) {

    static final Feature RECENCY = FeatureKind.RECENCY.feature();
    static final Feature FREQUENCY = FeatureKind.FREQUENCY.feature();
    static final Feature MONETARY = FeatureKind.MONETARY.feature();

    /** What the purchases of a customer always tell; can be kept current change by change. */
    static final List<Feature> RFM = List.of(RECENCY, FREQUENCY, MONETARY);

    private static final LocalDateTime EPOCH = LocalDate.EPOCH.atStartOfDay();
    private static final long MICROS_A_DAY = 86_400_000_000L;

    /** The feature of this name; empty if the catalogue has none. */
    static Optional<Feature> find(String name) {
        return Arrays.stream(FeatureKind.values())
                .filter(kind -> kind.label().equals(name))
                .findFirst()
                .map(FeatureKind::feature);
    }

    /** Its name in the API. */
    String apiName() {
        return name;
    }

    /** The value as of a {@linkplain #localMicros local time}, from what is stored. */
    double ofFact(double fact, long asOf) {
        return kind == FeatureKind.RECENCY ? Math.max(0, Math.floorDiv(asOf - (long) fact, MICROS_A_DAY)) : fact;
    }

    /** An instant as the microseconds that a local clock shows since 1970-01-01T00:00. */
    static long localMicros(Instant instant, ZoneId zone) {
        return ChronoUnit.MICROS.between(EPOCH, instant.atZone(zone).toLocalDateTime());
    }

    /** The features that a definition asks for, in its order; recency, frequency and monetary where it says nothing. */
    static List<Feature> read(Fields fields, Method method) {
        List<Feature> features = list(fields, "features", RFM);
        if (method instanceof Method.Rfm && !Set.copyOf(features).equals(Set.copyOf(RFM))) {
            throw fields.refusal(
                    "features", "must be recency, frequency and monetary, all three, with method rfm; was " + features);
        }
        return features;
    }

    /** The features that a field names, in its order. */
    static List<Feature> list(Fields fields, String field, List<Feature> ifAbsent) {
        JsonNode given = fields.find(field);
        if (ifAbsent.isEmpty() && given != null && given.isArray() && given.isEmpty()) {
            return List.of();
        }
        List<String> names =
                fields.texts(field, ifAbsent.stream().map(Feature::apiName).toList());
        List<Feature> features = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            features.add(find(fields, field + "/" + i, names.get(i)));
        }
        return List.copyOf(features);
    }

    /** The feature of this name; a refusal names {@code field} and lists what there is. */
    static Feature find(Fields fields, String field, String name) {
        return find(name).orElseThrow(() -> fields.refusal(field, unknown(name)));
    }

    /** Goes on from the name of the field that names no feature. */
    static String unknown(String name) {
        return "names no feature: %s; there are %s".formatted(name, String.join(", ", FeatureKind.patterns()));
    }

    @Override
    public String toString() {
        return name;
    }
}
