package clade.segmentation;

import clade.clustering.UnsuitableData;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run read, from one snapshot of the data.
 *
 * @param asOf null where nothing depends on it: attributes alone, no date among them
 * @param zone the dataset's, in which days are counted
 * @param dataCutoff when the newest upload that it saw was merged; null if there was none
 * @param table the customers that the run is about
 * @param withoutPurchase customers without a purchase in the window; null where the run is about attributes alone
 * @param missing for how many customers a feature is missing, by its name; only where it is for somebody
 * @param excluded customers left out because a feature is missing
 * @param lapsed those whose purchases all lie before the window, where they are wanted as a segment; null otherwise
 * @param snapshot PostgreSQL's name of what the run could see
 */
record RunInput(
        @Nullable Instant asOf,
        ZoneId zone,
        @Nullable Instant dataCutoff,
        FeatureTable table,
        @Nullable Long withoutPurchase,
        Map<String, Long> missing,
        long excluded,
        @Nullable FeatureTable lapsed,
        String snapshot) {

    /** The same with another table of customers. */
    RunInput with(FeatureTable other) {
        return new RunInput(asOf, zone, dataCutoff, other, withoutPurchase, missing, excluded, null, snapshot);
    }

    /** How many customers will be in a segment. */
    long customers() {
        return (long) table.size() + (lapsed == null ? 0 : lapsed.size());
    }

    /** Refuses to go on without any customer. */
    void requireCustomers(Definition definition) {
        if (table.size() > 0) {
            return;
        }
        if (excluded > 0) {
            throw new UnsuitableData(
                    "no-customers",
                    "Of each of %,d customers a feature is missing (%s); leave features out, or set missing to median or zero"
                            .formatted(excluded, String.join(", ", missing.keySet())));
        }
        if (definition.population() != null) {
            throw new UnsuitableData("no-customers", "No customer of the population can be segmented; widen it");
        }
        if (withoutPurchase == null) {
            throw new UnsuitableData("no-customers", "The dataset has no customers yet; POST customers brings some");
        }
        throw new UnsuitableData(
                "no-purchases",
                "No customer has a purchase %s %s; upload transactions, or change asOf or window"
                        .formatted(definition.window() == null ? "before" : "in the window that ends at", asOf));
    }
}
