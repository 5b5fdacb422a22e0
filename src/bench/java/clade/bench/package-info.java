/** Benchmarks: built into {@code bench.jar} by the Maven profile {@code bench}, never part of Clade itself. */
@NullMarked
package clade.bench;

import org.jspecify.annotations.NullMarked;
