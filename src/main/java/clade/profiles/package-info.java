/** One customer with everything that is known of them. Writes no table; reads {@code customer} and {@code transaction}. */
@ApplicationModule(
        allowedDependencies = {
            "segmentation",
            "transactions",
            "customers",
            "datasets",
            "rfm",
            "web",
            "database",
            "access"
        })
@NullMarked
package clade.profiles;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
