/**
 * The database, nothing of the domain: ways to copy rows, whose work goes first, and the embedded PostgreSQL that serves where no
 * {@code spring.datasource.url} is set. Writes no table.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package clade.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
