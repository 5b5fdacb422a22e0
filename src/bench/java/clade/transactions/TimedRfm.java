package clade.transactions;

import clade.rfm.RfmTable;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Reads recency, frequency and monetary value of all customers of a dataset as a run does. */
public final class TimedRfm {

    private final PurchaseHistory history;
    private final TransactionTemplate transaction;
    private final long dataset;

    /** Of the dataset of this number, on the server of the URL. */
    public TimedRfm(String jdbcUrl, long dataset) {
        PGSimpleDataSource server = new PGSimpleDataSource();
        server.setUrl(jdbcUrl);
        DataSource database = server;
        this.history = new PurchaseHistory(JdbcClient.create(database), database);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(database));
        this.dataset = dataset;
    }

    /** Seconds that it takes, the table of customers included. */
    public double seconds(Instant asOf, @Nullable Period window) {
        long start = System.nanoTime();
        RfmTable table = transaction.execute(
                status -> history.rfm(dataset, ZoneOffset.UTC, asOf, window, Returns.NET, FrequencyOf.ORDERS));
        if (table == null || table.size() == 0) {
            throw new IllegalStateException("The dataset %d has no purchases".formatted(dataset));
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
