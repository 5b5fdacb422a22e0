/** Rows in canonical order and the spatial indexes on them, shared by the families of algorithms. */
@NullMarked
package clade.clustering.spatial;

import org.jspecify.annotations.NullMarked;
