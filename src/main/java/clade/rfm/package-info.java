/** Recency, frequency and monetary value: the table of values. Plain Java. */
@NullMarked
package clade.rfm;

import org.jspecify.annotations.NullMarked;
