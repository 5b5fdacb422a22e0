/**
 * What a client gets to read: the board of priorities, the report, and how either looks. Plain values in, text out; the module
 * around it fills them.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package clade.segmentation.report;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
