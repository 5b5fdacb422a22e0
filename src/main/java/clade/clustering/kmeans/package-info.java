/** The workers of k-means: an index of boxes with exact sums, starts by k-means++, and Lloyd's passes over it. */
@NullMarked
package clade.clustering.kmeans;

import org.jspecify.annotations.NullMarked;
