/**
 * Segmentations: definitions, runs, models, segments, memberships; selections of parameters, comparisons. Writes {@code segmentation},
 * {@code segmentation_run}, {@code segment}, {@code membership} and {@code selection}; reads {@code customer}, {@code dataset_counters} and {@code upload}.
 */
@ApplicationModule(
        allowedDependencies = {
            "transactions",
            "customers",
            "datasets",
            "rfm",
            "clustering",
            "statistics",
            "web",
            "database",
            "access"
        })
@NullMarked
package clade.segmentation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
