/**
 * One customer with everything that is known of them. Writes no table; a profile is one statement over {@code dataset}, {@code
 * customer}, {@code attribute}, {@code customer_attributes}, {@code purchase_totals}, {@code dataset_counters}, {@code segmentation}, {@code segmentation_run}, {@code membership} and
 * {@code segment}, so that it is one snapshot and one way to the database.
 */
@ApplicationModule(
        allowedDependencies = {
            "segmentation",
            "transactions",
            "customers",
            "datasets",
            "rfm",
            "web",
            "database",
            "access"
        })
@NullMarked
package clade.profiles;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
