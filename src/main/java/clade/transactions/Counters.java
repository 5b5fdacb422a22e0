package clade.transactions;

import clade.database.Times;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Owns {@code dataset_counters}. Whoever changes what can be seen of a dataset locks its counters first, then counts the totals of
 * its customers: so no upload becomes visible between the one and the other.
 */
@Repository
class Counters {

    /** SQL that locks the counters of a dataset. */
    static final String LOCK = """
            insert into dataset_counters as kept values (:dataset, 0, 0, null, null)
            on conflict (dataset_id) do update set customers = kept.customers""";

    /** SQL that counts rows which become visible, and {@code %s} customers. */
    static final String ADD = """
            update dataset_counters set customers = customers + %s, transactions = transactions + :transactions,
                first_transaction_at = least(first_transaction_at, cast(:first as timestamptz)),
                last_transaction_at = greatest(last_transaction_at, cast(:last as timestamptz))
            where dataset_id = :dataset""";

    private final JdbcClient jdbc;

    Counters(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void lock(long dataset) {
        jdbc.sql(LOCK).param("dataset", dataset).update();
    }

    /** Counts rows that become visible. */
    void add(long dataset, long customers, long transactions, @Nullable Instant first, @Nullable Instant last) {
        jdbc.sql(ADD.formatted(":customers"))
                .param("dataset", dataset)
                .param("customers", customers)
                .param("transactions", transactions)
                .param("first", Times.of(first), java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
                .param("last", Times.of(last), java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    /** Adds the totals up anew. */
    void recount(long dataset) {
        jdbc.sql("""
                        update dataset_counters set (customers, transactions, first_transaction_at, last_transaction_at) = (
                            select count(*) + (select count(*) from customer_attributes a where a.dataset_id = :dataset
                                and not exists (select from purchase_totals t
                                    where t.customer_id = a.customer_id and t.transactions > 0)), coalesce(sum(transactions), 0), min(first_at), max(last_at)
                            from purchase_totals where dataset_id = :dataset and transactions > 0)
                        where dataset_id = :dataset""").param("dataset", dataset).update();
    }
}
