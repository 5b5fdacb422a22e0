/** Datasets and their settings. Writes {@code dataset}; reads {@code dataset_counters}, which {@code transactions} keeps. */
@ApplicationModule(allowedDependencies = {"web", "database", "access"})
@NullMarked
package clade.datasets;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
