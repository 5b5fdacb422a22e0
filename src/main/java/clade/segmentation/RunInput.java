package clade.segmentation;

import clade.clustering.UnsuitableData;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What a run read, from one snapshot of the data.
 *
 * @param zone the dataset's, in which days are counted
 * @param dataCutoff when the newest upload that it saw was merged; null if there was none
 * @param table the customers with a purchase in the window
 * @param withoutPurchase the number of the others
 * @param snapshot PostgreSQL's name of what the run could see
 */
record RunInput(
        Instant asOf,
        ZoneId zone,
        @Nullable Instant dataCutoff,
        FeatureTable table,
        long withoutPurchase,
        String snapshot) {

    /** Refuses to go on without any customer. */
    void requireCustomers(@Nullable Period window) {
        if (table.size() == 0) {
            throw new UnsuitableData(
                    "no-purchases",
                    "No customer has a purchase %s %s; upload transactions, or change asOf or window"
                            .formatted(window == null ? "before" : "in the window that ends at", asOf));
        }
    }
}
