package clade.segmentation;

import clade.rfm.RfmTable;
import clade.statistics.Matrix;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** One number per customer as of an instant. */
enum Feature {

    /** Whole days since the last purchase. Kept as the local microsecond of that purchase, which does not age. */
    RECENCY {
        @Override
        double value(RfmTable table, int row) {
            return table.recencyDays(row);
        }

        @Override
        double fact(RfmTable table, int row) {
            return table.lastPurchase(row);
        }

        @Override
        double ofFact(double fact, long asOf) {
            return Math.max(0, Math.floorDiv(asOf - (long) fact, MICROS_A_DAY));
        }
    },

    /** Orders, purchases or days with a purchase. */
    FREQUENCY {
        @Override
        double value(RfmTable table, int row) {
            return table.frequency(row);
        }
    },

    /** What the customer's purchases brought, in the dataset's currency. */
    MONETARY {
        @Override
        double value(RfmTable table, int row) {
            return table.monetary(row);
        }
    };

    private static final LocalDateTime EPOCH = LocalDate.EPOCH.atStartOfDay();
    private static final long MICROS_A_DAY = 86_400_000_000L;

    /** The feature's value of a customer. */
    abstract double value(RfmTable table, int row);

    /** What is stored of it: a number that stays the same while the customer does nothing. */
    double fact(RfmTable table, int row) {
        return value(table, row);
    }

    /** The value as of a {@linkplain #localMicros local time}, from what is stored. */
    double ofFact(double fact, long asOf) {
        return fact;
    }

    /** An instant as the microseconds that a local clock shows since 1970-01-01T00:00. */
    static long localMicros(Instant instant, ZoneId zone) {
        return ChronoUnit.MICROS.between(EPOCH, instant.atZone(zone).toLocalDateTime());
    }

    /** Its name in the API. */
    String apiName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** One row a customer, one column a feature. */
    static Matrix matrix(List<Feature> features, RfmTable table) {
        double[] values = new double[Math.multiplyExact(table.size(), features.size())];
        for (int row = 0; row < table.size(); row++) {
            for (int column = 0; column < features.size(); column++) {
                values[row * features.size() + column] = features.get(column).value(table, row);
            }
        }
        return Matrix.of(table.size(), features.size(), values);
    }

    /** The features that a definition asks for, in its order; all three where it says nothing. */
    static List<Feature> read(Fields fields, Method method) {
        List<String> names = fields.texts(
                "features", Arrays.stream(values()).map(Feature::apiName).toList());
        List<Feature> features = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            features.add(find(fields, "features/" + i, names.get(i)));
        }
        if (method instanceof Method.Rfm && !Set.copyOf(features).equals(Set.of(values()))) {
            throw fields.refusal(
                    "features", "must be recency, frequency and monetary, all three, with method rfm; was " + names);
        }
        return List.copyOf(features);
    }

    /** The feature of this name; a refusal names {@code field} and lists what there is. */
    static Feature find(Fields fields, String field, String name) {
        return Arrays.stream(values())
                .filter(feature -> feature.apiName().equals(name))
                .findFirst()
                .orElseThrow(() -> fields.refusal(
                        field,
                        "names no feature: %s; there are %s"
                                .formatted(
                                        name,
                                        String.join(
                                                ", ",
                                                Arrays.stream(values())
                                                        .map(Feature::apiName)
                                                        .toList()))));
    }
}
