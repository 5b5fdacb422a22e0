package clade.transactions;

import clade.database.Statements;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Owns {@code customer_totals}: what each customer bought and returned. Totals are not added up but counted anew from the rows of
 * the customers who changed, so they are exact after everything that adds, takes over or removes rows.
 */
@Repository
class Totals {

    /** Of a row of {@code transaction}: everybody may see it. */
    static final String VISIBLE = "upload_id <> all (array(select upload_id from hidden_upload))";

    private static final int AT_ONCE = 20_000;

    private static final List<String> FIGURES = List.of(
            "transactions",
            "purchases",
            "returns",
            "orders",
            "first_at",
            "last_at",
            "first_purchase_at",
            "last_purchase_at",
            "purchased",
            "returned");

    private static final String COUNTED = """
            select customer_id, sum(transactions)::bigint as transactions, sum(purchases)::bigint as purchases,
                sum(returns)::bigint as returns,
                sum(case when order_id is null then purchases when purchases > 0 then 1 else 0 end)::bigint as orders,
                min(first_at) as first_at, max(last_at) as last_at, min(first_purchase_at) as first_purchase_at,
                max(last_purchase_at) as last_purchase_at, sum(purchased) as purchased, sum(returned) as returned
            from (
                select customer_id, order_id, count(*) as transactions, count(*) filter (where kind = 1) as purchases,
                    count(*) filter (where kind = -1) as returns, min(occurred_at) as first_at, max(occurred_at) as last_at,
                    min(occurred_at) filter (where kind = 1) as first_purchase_at,
                    max(occurred_at) filter (where kind = 1) as last_purchase_at,
                    coalesce(sum(amount) filter (where kind = 1), 0) as purchased,
                    coalesce(sum(abs(amount)) filter (where kind = -1), 0) as returned,
                    bool_or(upload_id = %2$s) as coming
                from transaction where customer_id = any (:customers) and (%1$s) group by customer_id, order_id) by_order
            group by customer_id""";

    private static final String COUNT_VISIBLE =
            """
            insert into customer_totals (customer_id, dataset_id, %1$s)
            select customer_id, :dataset, %1$s from (%2$s) counted
            on conflict (customer_id) do update set %3$s, coming_upload = null""".formatted(String.join(", ", FIGURES), COUNTED.formatted(VISIBLE, "null"), each("%1$s = excluded.%1$s"));

    private static final String COUNT_COMING = """
            insert into customer_totals (customer_id, dataset_id, coming_upload, %1$s)
            select customer_id, :dataset, :upload, %2$s from (%3$s having bool_or(coming)) counted
            on conflict (customer_id) do update set coming_upload = excluded.coming_upload, %4$s
            returning old.coming_upload is distinct from new.coming_upload and new.transactions = 0""".formatted(
                    each("coming_%s"),
                    String.join(", ", FIGURES),
                    COUNTED.formatted(VISIBLE + " or upload_id = :upload", ":upload"),
                    each("coming_%1$s = excluded.coming_%1$s"));

    private static final String FOLD = """
            update customer_totals set coming_upload = null, %s
            where customer_id = any (:customers) and coming_upload is not null
              and coming_upload <> all (array(select upload_id from hidden_upload))""".formatted(each("%1$s = coming_%1$s"));

    /** Uploads of the dataset that are being merged. */
    private static final String MERGING = """
            select h.upload_id from hidden_upload h join upload u on u.id = h.upload_id
            where h.dataset_id = :dataset and u.status = 'merging'""";

    /** Those of the customers who would have become known with a coming upload do so before it. */
    private static final String OVERTAKE = """
            update hidden_upload h set unseen = unseen - overtaken.customers
            from (select coming_upload, count(*) as customers from customer_totals
                where customer_id = any (:customers) and transactions = 0 and coming_transactions > 0
                group by coming_upload) overtaken
            where h.upload_id = overtaken.coming_upload""";

    /** How many of the customers have neither a row that everybody may see nor attributes. */
    private static final String UNSEEN = """
            (select count(*) from unnest(:customers) as c (id)
            where not exists (select from purchase_totals t where t.customer_id = c.id and t.transactions > 0)
              and not exists (select from customer_attributes a where a.customer_id = c.id))""";

    private final JdbcClient jdbc;
    private final Statements statements;

    Totals(JdbcClient jdbc, Statements statements) {
        this.jdbc = jdbc;
        this.statements = statements;
    }

    /**
     * What locks the dataset's counters, counts {@code :customers} anew and {@code :transactions} rows that everybody may see from
     * now on, the first and the last of them at {@code :first} and {@code :last}.
     *
     * @param merging takes the uploads that are being merged: the customers' rows in them are to be counted then, by
     *     {@link #countComing}
     */
    static List<Statements.Step> steps(List<Long> merging) {
        return List.of(
                Statements.Step.of(Counters.LOCK),
                Statements.Step.of(Counters.ADD.formatted(UNSEEN)),
                Statements.Step.of(OVERTAKE),
                Statements.Step.of(COUNT_VISIBLE),
                new Statements.Step(MERGING, row -> merging.add(row.getLong(1))));
    }

    /** SQL that is read from for the totals as they can be seen; as they will be, if an upload is coming. */
    static String with(@Nullable Long coming) {
        if (coming == null) {
            return "purchase_totals";
        }
        return """
                (select customer_id, dataset_id, %s
                from (select *, coming_upload is not null and (coming_upload = %d or coming_upload <> all (array(select upload_id from hidden_upload))) as came
                    from customer_totals) kept) coming""".formatted(each("case when came then coming_%1$s else %1$s end as %1$s"), coming);
    }

    /** Rows of these customers that everybody may see were removed or changed. */
    void countAnew(long dataset, long[] customers) {
        for (long[] some : Longs.split(customers, AT_ONCE)) {
            statements.execute(
                    Map.of("dataset", dataset, "customers", some),
                    List.of(
                            Statements.Step.of("delete from customer_totals where customer_id = any (:customers)"),
                            Statements.Step.of(COUNT_VISIBLE)));
        }
        jdbc.sql(MERGING)
                .param("dataset", dataset)
                .query(Long.class)
                .list()
                .forEach(coming -> countComing(dataset, coming, customers));
        jdbc.sql("""
                        update hidden_upload h set unseen = (
                            select count(*) from customer_totals t where t.dataset_id = h.dataset_id
                              and t.coming_upload = h.upload_id and t.transactions = 0 and t.coming_transactions > 0)
                        where h.dataset_id = :dataset""").param("dataset", dataset).update();
    }

    /** A hidden upload has added rows of these customers. */
    void countComing(long dataset, long upload, long[] customers) {
        long unseen = 0;
        for (long[] some : Longs.split(customers, AT_ONCE)) {
            unseen += statements
                    .query(
                            Map.of("dataset", dataset, "upload", upload, "customers", some),
                            List.of(FOLD, COUNT_COMING),
                            (row, number) -> row.getBoolean(1))
                    .stream()
                    .filter(first -> first)
                    .count();
        }
        if (unseen > 0) {
            jdbc.sql("update hidden_upload set unseen = unseen + :unseen where upload_id = :upload")
                    .param("unseen", unseen)
                    .param("upload", upload)
                    .update();
        }
    }

    /** The customers of whom a coming upload has rows, unless another one comes since. */
    long[] coming(long dataset, long upload) {
        Longs customers = new Longs();
        jdbc.sql("select customer_id from customer_totals where dataset_id = :dataset and coming_upload = :upload")
                .param("dataset", dataset)
                .param("upload", upload)
                .query(row -> {
                    customers.add(row.getLong(1));
                });
        return customers.distinct();
    }

    /** It won't come for these customers. */
    void forgetComing(long upload, long[] customers) {
        jdbc.sql(
                        "update customer_totals set coming_upload = null where customer_id = any (:customers) and coming_upload = :upload")
                .param("customers", customers)
                .param("upload", upload)
                .update();
    }

    /** The upload won't come. */
    void forgetComing(long dataset, long upload) {
        jdbc.sql(
                        "update customer_totals set coming_upload = null where dataset_id = :dataset and coming_upload = :upload")
                .param("dataset", dataset)
                .param("upload", upload)
                .update();
        jdbc.sql("update hidden_upload set unseen = 0 where upload_id = :upload")
                .param("upload", upload)
                .update();
    }

    /** How many customers of this coming upload have attributes, but no row that everybody could see before. */
    long attributed(long dataset, long upload) {
        return jdbc.sql("""
                        select count(*) from customer_attributes a join customer_totals t on t.customer_id = a.customer_id
                        where a.dataset_id = :dataset and t.coming_upload = :upload
                          and t.transactions = 0 and t.coming_transactions > 0""")
                .param("dataset", dataset)
                .param("upload", upload)
                .query(Long.class)
                .single();
    }

    private static String each(String pattern) {
        return String.join(
                ", ", FIGURES.stream().map(figure -> pattern.formatted(figure)).toList());
    }
}
