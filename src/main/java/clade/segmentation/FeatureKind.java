package clade.segmentation;

import clade.statistics.Preparation;
import clade.transactions.PurchaseFeature;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue of features: what each one is, in which unit, and when it is missing. All but attributes are of the transactions
 * before asOf and in the window.
 */
enum FeatureKind {
    RECENCY(
            "recency",
            "days",
            "Whole days from the last purchase to asOf, both as local date-times, rounded down",
            Words.NEVER),
    FREQUENCY(
            "frequency",
            "orders",
            "Distinct orders with a purchase; with \"frequency\":\"transactions\" purchase lines, with \"days\" distinct local"
                    + " days with a purchase",
            Words.NEVER),
    MONETARY(
            "monetary",
            Words.CURRENCY,
            "Sum of the purchases less the sum of the absolute amounts of the returns; with \"returns\":\"ignore\" of the"
                    + " purchases alone",
            Words.NEVER),
    RECENCY_SCORE(
            "recencyScore",
            "score",
            "Quintile score of recency among the customers of the run, 1 to 5, 5 the most recent",
            Words.NEVER),
    FREQUENCY_SCORE(
            "frequencyScore",
            "score",
            "Quintile score of frequency among the customers of the run, 1 to 5",
            Words.NEVER),
    MONETARY_SCORE(
            "monetaryScore", "score", "Quintile score of monetary among the customers of the run, 1 to 5", Words.NEVER),
    TENURE(
            "tenure",
            "days",
            "Whole days from the first purchase to asOf, both as local date-times, rounded down",
            PurchaseFeature.Kind.TENURE,
            Words.NEVER),
    AVERAGE_ORDER_VALUE(
            "averageOrderValue",
            Words.CURRENCY,
            "monetary divided by the distinct orders with a purchase",
            PurchaseFeature.Kind.AVERAGE_ORDER_VALUE,
            Words.NEVER),
    MEAN_GAP(
            "meanGap",
            "days",
            "Days from the first order to the last, divided by the orders less one; an order is dated by its first purchase"
                    + " line, as a local date-time, and parts of days count",
            PurchaseFeature.Kind.MEAN_GAP,
            "With one order"),
    LAST_GAP(
            "lastGap",
            "days",
            "Days from the last order but one to the last, counted as for meanGap",
            PurchaseFeature.Kind.LAST_GAP,
            "With one order"),
    DISTINCT_PRODUCTS(
            "distinctProducts",
            "products",
            "Different product ids among the purchase lines",
            PurchaseFeature.Kind.DISTINCT_PRODUCTS,
            "Where no purchase line has a product id"),
    RETURN_RATE(
            "returnRate",
            "share",
            "Sum of the absolute amounts of the returns divided by the sum of the purchases, whatever the definition says of"
                    + " returns; above 1 if more came back than was bought",
            PurchaseFeature.Kind.RETURN_RATE,
            Words.NEVER),
    ORDERS_IN(
            "ordersIn",
            "orders",
            "Distinct orders with a purchase line in the period that ends at asOf",
            PurchaseFeature.Kind.ORDERS_IN,
            Words.NEVER),
    MONETARY_IN(
            "monetaryIn",
            Words.CURRENCY,
            "monetary of the period that ends at asOf alone",
            PurchaseFeature.Kind.MONETARY_IN,
            Words.NEVER),
    ORDERS_TREND(
            "ordersTrend",
            "ratio",
            "(a − b) / (a + b), with a the distinct orders that have a purchase line in the period that ends at asOf, and b those"
                    + " that have one in the period of the same length before it: from −1 (none any more) over 0 (as many, or none in"
                    + " either) to 1 (none before)",
            PurchaseFeature.Kind.ORDERS_TREND,
            Words.NEVER),
    DECAYED_FREQUENCY(
            "decayedFrequency",
            "orders",
            "Sum over the orders with a purchase of 0.5^(age / period): each counts 1 when it is placed and half as much after each"
                    + " period; the age is in days with their parts, as local date-times, from the order's first purchase line",
            PurchaseFeature.Kind.DECAYED_FREQUENCY,
            Words.NEVER),
    DECAYED_MONETARY(
            "decayedMonetary",
            Words.CURRENCY,
            "Sum of the amounts that make up monetary, each times 0.5^(age / period), with the age of its own line",
            PurchaseFeature.Kind.DECAYED_MONETARY,
            Words.NEVER),
    RECENCY_DECAY(
            "recencyDecay",
            "share",
            "0.5^(age / period) with the age of the last purchase: 1 for one just now, 0.5 for one a period ago",
            PurchaseFeature.Kind.RECENCY_DECAY,
            Words.NEVER),
    ATTRIBUTE(
            "attribute",
            "that of the attribute; days for a date",
            "The customer's attribute of that name. A number as it is; a date as the whole days from it to asOf, both as local"
                    + " date-times, rounded down, below 0 for one that comes after asOf; text and booleans as one indicator for"
                    + " each value, at most 20 of them, scaled together to a total variance of 1",
            "Where the customer has no value");

    /** Said of many; an enum's own constants can't be used before it is there. */
    private static final class Words {
        static final String NEVER = "Never";
        static final String CURRENCY = "currency of the dataset";
    }

    private static final String EXAMPLE_PERIOD = "P90D";

    private final String label;
    private final String unit;
    private final String definition;
    private final PurchaseFeature.@Nullable Kind purchases;
    private final String missing;

    FeatureKind(String label, String unit, String definition, String missing) {
        this(label, unit, definition, null, missing);
    }

    FeatureKind(
            String label, String unit, String definition, PurchaseFeature.@Nullable Kind purchases, String missing) {
        this.label = label;
        this.unit = unit;
        this.definition = definition;
        this.purchases = purchases;
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

    /** When there is no value. */
    String missing() {
        return missing;
    }

    /** How it is computed from purchases; null if it is computed otherwise. */
    PurchaseFeature.@Nullable Kind purchases() {
        return purchases;
    }

    boolean takesPeriod() {
        return purchases != null && purchases.takesPeriod();
    }

    /** Whether it is a quintile score of another feature. */
    boolean isScore() {
        return this == RECENCY_SCORE || this == FREQUENCY_SCORE || this == MONETARY_SCORE;
    }

    /** How the API lists it: its name, or what its names look like. */
    String pattern() {
        return takesPeriod() ? label + ":" + EXAMPLE_PERIOD : this == ATTRIBUTE ? "attribute:Name" : label;
    }

    static List<String> patterns() {
        return Arrays.stream(values()).map(FeatureKind::pattern).toList();
    }

    /** The feature of this kind, which takes no parameter. */
    Feature feature() {
        return new Feature(label, this, null);
    }

    /** What a column goes through where the definition does not say. */
    Preparation.Transform transform() {
        return this == RECENCY || this == FREQUENCY || this == MONETARY
                ? Preparation.Transform.LOG1P
                : Preparation.Transform.NONE;
    }
}
