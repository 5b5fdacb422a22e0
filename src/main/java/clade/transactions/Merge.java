package clade.transactions;

import clade.customers.Customers;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Moves staged rows into {@code transaction}, set by set, and takes them out again. Every method runs inside a transaction that
 * holds the dataset's lock.
 */
@Repository
class Merge {

    private final JdbcClient jdbc;
    private final Customers customers;

    Merge(JdbcClient jdbc, Customers customers) {
        this.jdbc = jdbc;
        this.customers = customers;
    }

    /** What became of valid rows; {@code changed} are the customers of the accepted ones, ascending. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once and never compared
    record Outcome(long accepted, long duplicates, long customers, long[] changed) {}

    /** A row whose transaction id is taken by another row. */
    record Conflict(long rowNumber, String transactionId) {}

    /** Rows in staging; fewer than were sent if the server lost them in a crash. */
    long staged(long upload) {
        return jdbc.sql("select count(*) from " + Staging.rows(upload))
                .query(Long.class)
                .single();
    }

    /** Rows in staging of one customer. */
    long stagedOf(long upload, String customer) {
        return jdbc.sql("select count(*) from %s where customer_id = :customer".formatted(Staging.rows(upload)))
                .param("customer", customer)
                .query(Long.class)
                .single();
    }

    /** The first row of the file whose transaction id an earlier row of the file has with other values. */
    Optional<Conflict> recurring(long upload) {
        return jdbc.sql("""
                        select row_number, transaction_id from (
                            select row_number, transaction_id, identity,
                                first_value(identity) over (partition by transaction_id order by row_number) as taken
                            from %s where transaction_id is not null) named
                        where identity <> taken order by row_number limit 1""".formatted(Staging.rows(upload)))
                .query(Conflict.class)
                .optional();
    }

    /**
     * Rows with the transaction id of a stored transaction, or else of the first row of the file that has it, but not its values;
     * by row number, and no longer staged afterwards.
     */
    List<Conflict> takeConflicts(long dataset, long upload) {
        return jdbc.sql("""
                        with conflicting as (
                            select row_number, transaction_id from (
                                select s.row_number, s.transaction_id, s.identity, coalesce(t.identity, first_value(s.identity)
                                    over (partition by s.transaction_id order by s.row_number)) as taken
                                from %1$s s left join transaction t
                                    on t.dataset_id = :dataset and t.transaction_id = s.transaction_id
                                where s.transaction_id is not null) named
                            where identity <> taken),
                        removed as (delete from %1$s where row_number in (select row_number from conflicting))
                        select * from conflicting order by row_number""".formatted(Staging.rows(upload)))
                .param("dataset", dataset)
                .query(Conflict.class)
                .list();
    }

    /** Stores the staged rows that are new. */
    Outcome storeRows(long dataset, long upload, boolean dropEqual) {
        String staged = Staging.rows(upload);
        jdbc.sql("analyze " + staged).update();
        jdbc.sql("set local work_mem = '64MB'").update(); // for the one sort of all rows
        customers.addFrom(dataset, staged);
        // a row with an id of its own is the same as another with that id; without one, equal rows are counted through
        jdbc.sql("""
                        create temporary table numbered on commit drop as
                        select n.*, t.upload_id as earlier, n.occurrence > 1 and (n.transaction_id is not null or %2$s) as again
                        from (select s.*, c.id as customer,
                                row_number() over (partition by c.id, s.identity)::int as occurrence
                            from %1$s s join customer c on c.dataset_id = %3$d and c.customer_id = s.customer_id) n
                        left join transaction t on t.customer_id = n.customer and t.identity = n.identity
                            and t.occurrence = n.occurrence""".formatted(staged, dropEqual, dataset)).update();
        Counts counts = jdbc.sql("""
                        select count(*) as rows, count(*) filter (where earlier is null and not again) as accepted,
                            count(distinct customer) as customers,
                            min(occurred_at) filter (where earlier is null and not again) as first_at,
                            max(occurred_at) filter (where earlier is null and not again) as last_at,
                            (select count(distinct customer) from numbered n where earlier is null and not again and not exists (
                                select from transaction t where t.customer_id = n.customer)) as new_customers
                        from numbered""").query(Counts.class).single();
        jdbc.sql("""
                        insert into transaction (dataset_id, customer_id, upload_id, occurred_at, identity, occurrence, kind,
                            quantity, unit_price, amount, order_id, product_id, transaction_id)
                        select :dataset, customer, :upload, occurred_at, identity, occurrence, kind,
                            quantity, unit_price, amount, order_id, product_id, transaction_id
                        from numbered where earlier is null and not again""").param("dataset", dataset).param("upload", upload).update();
        jdbc.sql("""
                        insert into upload_overlap (upload_id, earlier_id)
                        select distinct :upload, earlier from numbered where earlier is not null""").param("upload", upload).update();
        count(dataset, counts);
        List<Long> changed = jdbc.sql(
                        "select distinct customer from numbered where earlier is null and not again order by customer")
                .query(Long.class)
                .list();
        return new Outcome(
                counts.accepted,
                counts.rows - counts.accepted,
                counts.customers,
                changed.stream().mapToLong(Long::longValue).toArray());
    }

    /** Keeps the rejected rows of the staging. */
    void storeRejected(long upload) {
        jdbc.sql("insert into upload_rejected_row select :upload, * from " + Staging.rejected(upload))
                .param("upload", upload)
                .update();
    }

    /**
     * Removes what an upload has stored and returns the customers who lose rows, ascending. They stay known, so that they keep
     * their numbers if they come again.
     */
    long[] remove(long dataset, long upload) {
        List<Long> changed = jdbc.sql("""
                        with gone as (delete from transaction where dataset_id = :dataset and upload_id = :upload
                            returning customer_id)
                        select distinct customer_id from gone order by customer_id""")
                .param("dataset", dataset)
                .param("upload", upload)
                .query(Long.class)
                .list();
        jdbc.sql("""
                        insert into dataset_counters
                        select :dataset, count(distinct customer_id), count(*), min(occurred_at), max(occurred_at)
                        from transaction where dataset_id = :dataset
                        on conflict (dataset_id) do update set customers = excluded.customers,
                            transactions = excluded.transactions, first_transaction_at = excluded.first_transaction_at,
                            last_transaction_at = excluded.last_transaction_at""").param("dataset", dataset).update();
        return changed.stream().mapToLong(Long::longValue).toArray();
    }

    private void count(long dataset, Counts more) {
        jdbc.sql("""
                        insert into dataset_counters as kept values (:dataset, :customers, :transactions, :first, :last)
                        on conflict (dataset_id) do update set customers = kept.customers + excluded.customers,
                            transactions = kept.transactions + excluded.transactions,
                            first_transaction_at = least(kept.first_transaction_at, excluded.first_transaction_at),
                            last_transaction_at = greatest(kept.last_transaction_at, excluded.last_transaction_at)""")
                .param("dataset", dataset)
                .param("customers", more.newCustomers)
                .param("transactions", more.accepted)
                .param("first", more.firstAt)
                .param("last", more.lastAt)
                .update();
    }

    private record Counts(
            long rows,
            long accepted,
            long customers,
            java.time.@Nullable OffsetDateTime firstAt,
            java.time.@Nullable OffsetDateTime lastAt,
            long newCustomers) {}
}
