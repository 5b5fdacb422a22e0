/**
 * The language of conditions on customers: text → checked condition → test of a customer's facts. Plain Java; knows no Spring,
 * SQL or JSON, and can reach nothing but the facts that it is given. Writes and reads no table.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package clade.segmentation.conditions;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
