package clade.transactions;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** What one customer bought and returned, over all history. */
@Repository
public class CustomerPurchases {

    private final JdbcClient jdbc;

    CustomerPurchases(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A customer's history in figures.
     *
     * @param firstPurchaseAt null without a purchase
     * @param lastPurchaseAt null without a purchase
     * @param orders distinct orders with a purchase
     * @param purchases lines that brought money
     * @param returns lines that took it back
     * @param monetary purchases less returns
     * @param newestInDataset time of the newest transaction of the whole dataset, null if it has none
     */
    public record Summary(
            @Nullable Instant firstPurchaseAt,
            @Nullable Instant lastPurchaseAt,
            long orders,
            long purchases,
            long returns,
            double monetary,
            @Nullable Instant newestInDataset) {}

    /** Of the customer of this number. */
    @Transactional(readOnly = true)
    public Summary of(long dataset, long customer) {
        return jdbc.sql("""
                        select first_purchase_at as first, last_purchase_at as last, orders, purchases, returns,
                               (purchased - returned)::float8 as monetary,
                               (select last_transaction_at from dataset_counters where dataset_id = :dataset) as newest
                        from purchase_totals where customer_id = :customer""")
                .param("dataset", dataset)
                .param("customer", customer)
                .query((row, number) -> new Summary(
                        instant(row, "first"),
                        instant(row, "last"),
                        row.getLong("orders"),
                        row.getLong("purchases"),
                        row.getLong("returns"),
                        row.getDouble("monetary"),
                        instant(row, "newest")))
                .single();
    }

    /** Not by java.sql.Timestamp, which takes days before 1582-10-15 for Julian ones. */
    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime stored = row.getObject(column, OffsetDateTime.class);
        return stored == null ? null : stored.toInstant();
    }
}
