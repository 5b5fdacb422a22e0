package clade.web;

import java.sql.SQLException;
import java.util.Set;

/** Tells failures of the database to answer from failures of ours, also where a rollback that failed in turn hides the first. */
final class Outage {

    /** Classes of SQLSTATE: connection exception, insufficient resources, operator intervention, system error. */
    private static final Set<String> CLASSES = Set.of("08", "53", "57", "58");

    private Outage() {}

    static boolean caused(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && isAway(sql)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAway(SQLException e) {
        String state = e.getSQLState();
        // the pool gives no state when it closes a broken connection
        return state == null ? "Connection is closed".equals(e.getMessage()) : CLASSES.contains(state.substring(0, 2));
    }
}
