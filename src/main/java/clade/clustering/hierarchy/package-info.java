/** Workers of {@link clade.clustering.Hierarchical}: one class a way to find the merges. For the engine's own use. */
@NullMarked
package clade.clustering.hierarchy;

import org.jspecify.annotations.NullMarked;
