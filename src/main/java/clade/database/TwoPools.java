package clade.database;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.postgresql.PGConnection;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Connections for short requests and, apart from them, for {@linkplain LargeWork large work}: neither waits for one of the other's,
 * and a server process does only one of both.
 */
final class TwoPools extends DelegatingDataSource implements AutoCloseable {

    private final HikariDataSource large = new HikariDataSource();
    private final boolean ownServer;

    /** Those whose server process has been given its priority. */
    private final Set<PGConnection> lowered =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /**
     * @param connections for large work, made as they are needed
     * @param ownServer whether the server's processes are on this machine and belong to Clade's user
     */
    TwoPools(HikariDataSource shortRequests, int connections, boolean ownServer) {
        super(shortRequests);
        this.ownServer = ownServer;
        shortRequests.copyStateTo(large);
        large.setPoolName("large-work");
        large.setMinimumIdle(0);
        large.setMaximumPoolSize(connections);
        // its tables grow from nothing to millions of rows meanwhile: a plan kept from before would not end
        large.setConnectionInitSql("set plan_cache_mode = force_custom_plan");
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (!LargeWork.underWay()) {
            return super.getConnection();
        }
        Connection connection = large.getConnection();
        if (ownServer) {
            PGConnection server = connection.unwrap(PGConnection.class);
            if (lowered.add(server)) {
                LargeWork.lowerProcesses(List.of((long) server.getBackendPID()));
            }
        }
        return connection;
    }

    /** Whether large work has a connection now. */
    boolean largeWorkUnderWay() {
        HikariPoolMXBean pool = large.getHikariPoolMXBean();
        return pool != null && pool.getActiveConnections() > 0;
    }

    void measureBy(MetricsTrackerFactory metrics) {
        large.setMetricsTrackerFactory(metrics);
    }

    /** Closes the connections for large work; the others' pool is its owner's. */
    @Override
    public void close() {
        large.close();
    }
}
