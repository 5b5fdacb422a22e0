/**
 * Segmentations: definitions, runs, models, segments, memberships; selections of parameters; maps of scores; comparisons;
 * actions, priorities, validations and the report. Writes {@code segmentation}, {@code segmentation_run}, {@code run_trust},
 * {@code segment}, {@code live_segment}, {@code stored_membership} and {@code membership_ending} (which are read as {@code
 * membership}), {@code purchase_change}, {@code selection}, {@code segment_map}, {@code segment_action}, {@code
 * priority_weights} and {@code validation};
 * reads {@code customer} (and locks its rows), {@code dataset_counters} and {@code upload}.
 */
@ApplicationModule(
        allowedDependencies = {
            "segmentation.conditions",
            "segmentation.report",
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
