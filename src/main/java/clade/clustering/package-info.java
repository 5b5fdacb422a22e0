/**
 * Clustering of customers: each algorithm one record that validates its settings, each fit deterministic whatever the row
 * order and thread count. Plain Java; imports only {@code statistics}.
 */
@NullMarked
package clade.clustering;

import org.jspecify.annotations.NullMarked;
