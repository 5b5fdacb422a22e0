/** Load and faults: the service as a process that is driven, killed and starved, and what must hold all the same. */
@NullMarked
package clade.bench.faults;

import org.jspecify.annotations.NullMarked;
