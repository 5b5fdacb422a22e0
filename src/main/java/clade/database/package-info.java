/**
 * The database, nothing of the domain: the embedded PostgreSQL that serves where no {@code spring.datasource.url} is set.
 * Writes no table.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package clade.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
