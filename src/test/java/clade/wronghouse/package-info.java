/** A house in small that breaks every rule of {@link clade.ArchitectureTests} once, to see that each rule can fail. */
package clade.wronghouse;
