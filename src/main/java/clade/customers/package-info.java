/** The customers of a dataset. Writes {@code customer}; reads {@code purchase_totals}. */
@ApplicationModule(allowedDependencies = {"datasets", "web", "database", "access"})
@NullMarked
package clade.customers;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
