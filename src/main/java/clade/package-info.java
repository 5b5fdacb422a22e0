/** Clade: customer segmentation as a service. */
@org.jspecify.annotations.NullMarked
package clade;
