package clade.segmentation;

import clade.rfm.RfmTable;
import java.time.Instant;
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
        RfmTable table,
        long withoutPurchase,
        String snapshot) {}
