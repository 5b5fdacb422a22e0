@ApplicationModule(allowedDependencies = {})
package clade.wronghouse.web;

import org.springframework.modulith.ApplicationModule;
