package clade.wronghouse.statistics;

import java.sql.Connection;
import org.jspecify.annotations.Nullable;

class UsesSql {
    @Nullable
    Connection connection;
}
