package clade.segmentation;

import clade.transactions.PurchaseFeature;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One fact per customer as of an instant, by which customers are segmented.
 *
 * @param name as the API writes it: {@code recency}, {@code ordersIn:P90D}, {@code attribute:Age}
 * @param period of the kinds that take one; null for the others
 */
record Feature(String name, FeatureKind kind, @Nullable Period period) {

    static final Feature RECENCY = FeatureKind.RECENCY.feature();
    static final Feature FREQUENCY = FeatureKind.FREQUENCY.feature();
    static final Feature MONETARY = FeatureKind.MONETARY.feature();

    /** What the purchases of a customer always tell; can be kept current change by change. */
    static final List<Feature> RFM = List.of(RECENCY, FREQUENCY, MONETARY);

    /** Columns beyond which nobody could read a segment. */
    private static final int MOST = 100;

    private static final String ATTRIBUTE = "attribute:";
    private static final LocalDateTime EPOCH = LocalDate.EPOCH.atStartOfDay();
    private static final long MICROS_A_DAY = 86_400_000_000L;

    /** The feature of this name; IllegalArgumentException goes on from the name of the field that holds it. */
    static Feature parse(String name) {
        if (name.startsWith(ATTRIBUTE) && name.length() > ATTRIBUTE.length()) {
            return new Feature(name, FeatureKind.ATTRIBUTE, null);
        }
        int colon = name.indexOf(':');
        String label = colon < 0 ? name : name.substring(0, colon);
        FeatureKind kind = Arrays.stream(FeatureKind.values())
                .filter(known -> known.label().equals(label) && known != FeatureKind.ATTRIBUTE)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("names no feature: %s; there are %s"
                        .formatted(name, String.join(", ", FeatureKind.patterns()))));
        if (!kind.takesPeriod()) {
            if (colon >= 0) {
                throw new IllegalArgumentException(
                        "names no feature: %s; %s takes no parameter".formatted(name, kind.label()));
            }
            return kind.feature();
        }
        if (colon < 0) {
            throw new IllegalArgumentException(
                    "names no feature: %s; it needs a period, such as %s".formatted(name, kind.pattern()));
        }
        try {
            return new Feature(name, kind, Definition.window(name.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "names no feature: %s; the period %s".formatted(name, e.getMessage()), e);
        }
    }

    /** The feature of this name; empty if there is none. */
    static Optional<Feature> find(String name) {
        try {
            return Optional.of(parse(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static Feature ofAttribute(String attribute) {
        return new Feature(ATTRIBUTE + attribute, FeatureKind.ATTRIBUTE, null);
    }

    /** Names of the features that take no parameter, as conditions write them. */
    static Set<String> words() {
        return labels(false);
    }

    /** Names of the features that take a period, as conditions write them. */
    static Set<String> periodWords() {
        return labels(true);
    }

    private static Set<String> labels(boolean period) {
        return Arrays.stream(FeatureKind.values())
                .filter(kind -> kind != FeatureKind.ATTRIBUTE && kind.takesPeriod() == period)
                .map(FeatureKind::label)
                .collect(Collectors.toSet());
    }

    /** Its name in the API. */
    String apiName() {
        return name;
    }

    boolean isAttribute() {
        return kind == FeatureKind.ATTRIBUTE;
    }

    /** Name of the attribute that it is. */
    String attribute() {
        return name.substring(ATTRIBUTE.length());
    }

    /** How it is computed from purchases; null if it is no such feature. */
    @Nullable
    PurchaseFeature purchases() {
        return kind.purchases() == null ? null : new PurchaseFeature(Objects.requireNonNull(kind.purchases()), period);
    }

    /** The feature that it is a score of, or itself. */
    Feature base() {
        return switch (kind) {
            case RECENCY_SCORE -> RECENCY;
            case FREQUENCY_SCORE -> FREQUENCY;
            case MONETARY_SCORE -> MONETARY;
            default -> this;
        };
    }

    /** The value as of a {@linkplain #localMicros local time}, from what is stored. */
    double ofFact(double fact, long asOf) {
        return kind == FeatureKind.RECENCY && !Double.isNaN(fact) ? recencyDays((long) fact, asOf) : fact;
    }

    /** Whole days between two {@linkplain #localMicros local times}, at least 0. */
    static double recencyDays(long last, long asOf) {
        return Math.max(0, Math.floorDiv(asOf - last, MICROS_A_DAY));
    }

    /** A local time so many whole days before another, from which on {@link #recencyDays} are as many. */
    static long daysBefore(long days, long asOf) {
        return (Math.floorDiv(asOf, MICROS_A_DAY) - days) * MICROS_A_DAY;
    }

    /** Whole days between two local times, rounded down. */
    static double wholeDays(long from, long asOf) {
        return Math.floorDiv(asOf - from, MICROS_A_DAY);
    }

    /** An instant as the microseconds that a local clock shows since 1970-01-01T00:00. */
    static long localMicros(Instant instant, ZoneId zone) {
        return localMicros(instant.atZone(zone).toLocalDateTime());
    }

    static long localMicros(LocalDateTime local) {
        return ChronoUnit.MICROS.between(EPOCH, local);
    }

    /**
     * The features that a definition asks for, in its order. Where it says nothing, those that a hybrid takes, and else recency,
     * frequency and monetary.
     */
    static List<Feature> read(Fields fields, Method method) {
        List<Feature> features = list(fields, "features", method instanceof Hybrid ? method.needed() : RFM);
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
        if (names.size() > MOST) {
            throw fields.refusal(field, "may name %d at most, names %d".formatted(MOST, names.size()));
        }
        List<Feature> features = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            features.add(find(fields, field + "/" + i, names.get(i)));
        }
        return List.copyOf(features);
    }

    /** The feature of this name; a refusal names {@code field} and lists what there is. */
    static Feature find(Fields fields, String field, String name) {
        try {
            return parse(name);
        } catch (IllegalArgumentException e) {
            throw fields.refusal(field, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
