package clade.transactions;

import clade.rfm.RfmTable;
import java.util.Map;

/**
 * What was read of customers' purchases.
 *
 * @param table recency, frequency and monetary value
 * @param columns of each further feature, a value for each row of the table, NaN where it is missing
 */
public record PurchaseFeatures(RfmTable table, Map<PurchaseFeature, double[]> columns) {}
