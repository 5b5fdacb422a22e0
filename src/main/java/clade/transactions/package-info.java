/**
 * Uploads: from a file to rows to the transaction table; and the purchase history that features are computed from. Writes {@code
 * upload}, {@code upload_overlap}, {@code upload_rejected_row}, {@code transaction}, {@code hidden_upload}, {@code
 * customer_totals} (which is read as {@code purchase_totals}) and {@code dataset_counters}; reads {@code customer}
 * and {@code customer_attributes}.
 */
@ApplicationModule(allowedDependencies = {"customers", "datasets", "rfm", "web", "database", "access"})
@NullMarked
package clade.transactions;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
