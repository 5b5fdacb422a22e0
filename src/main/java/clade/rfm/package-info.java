/** Recency, frequency and monetary value: the table of them, scores, and maps from scores to named segments. Plain Java. */
@NullMarked
package clade.rfm;

import org.jspecify.annotations.NullMarked;
