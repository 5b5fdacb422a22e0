/** Clusters as regions where rows lie dense: the work behind DBSCAN, HDBSCAN* and the measures that go with them. */
@NullMarked
package clade.clustering.density;

import org.jspecify.annotations.NullMarked;
