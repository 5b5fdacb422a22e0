/**
 * The customers of a dataset and their attributes. Writes {@code customer}, {@code attribute}, {@code customer_attributes}, {@code
 * upload_attribute} and {@code attribute_change}; reads {@code purchase_totals} and {@code dataset_counters}.
 */
@ApplicationModule(allowedDependencies = {"datasets", "web", "database", "access"})
@NullMarked
package clade.customers;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
