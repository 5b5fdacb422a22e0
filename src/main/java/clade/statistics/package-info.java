/** Numbers without a domain: dense matrices, quantiles, scaling, exact sums. Plain Java; imports nothing of Clade. */
@NullMarked
package clade.statistics;

import org.jspecify.annotations.NullMarked;
