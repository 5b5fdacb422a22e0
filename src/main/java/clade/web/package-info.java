/**
 * HTTP manners that every module shares: problems (RFC 9457), strict parameters, paging cursors, requests that may be repeated.
 * Writes {@code idempotent_request}.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package clade.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
