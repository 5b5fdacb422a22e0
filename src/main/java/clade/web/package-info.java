/** HTTP manners that every module shares: problems (RFC 9457), strict parameters, paging cursors. Writes no table. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package clade.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
