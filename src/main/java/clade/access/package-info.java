/** Who may call: API keys, and on loopback without keys a guard against other sites' pages. Writes no table. */
@ApplicationModule(allowedDependencies = {"web"})
@NullMarked
package clade.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
