/** Workers of {@link clade.clustering.GaussianMixture}: components, passes over the rows, the floor. For the engine's own use. */
@NullMarked
package clade.clustering.mixture;

import org.jspecify.annotations.NullMarked;
