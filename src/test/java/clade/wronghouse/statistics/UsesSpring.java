package clade.wronghouse.statistics;

import org.springframework.util.StringUtils;

class UsesSpring {
    String name = StringUtils.capitalize("mean");
}
