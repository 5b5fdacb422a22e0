package clade.wronghouse.segmentation.conditions;

import java.sql.Connection;
import org.jspecify.annotations.Nullable;

class AsksTheDatabase {
    @Nullable
    Connection connection;
}
