package clade.customers;

import clade.web.Refusal;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Owns {@code customer}. Whoever has no transaction left, because an upload was undone, is not shown. */
@Repository
public class Customers {

    /** No id that goes on after a prefix sorts behind this. */
    private static final String BEYOND =
            Character.toString(Character.MAX_CODE_POINT).repeat(4);

    private final JdbcClient jdbc;

    Customers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Adds those ids of the table's column {@code customer_id} that the dataset does not know yet. */
    public void addFrom(long dataset, String table) {
        // in one order everywhere, so that two uploads never wait for each other
        jdbc.sql("""
                        insert into customer (dataset_id, customer_id)
                        select :dataset, customer_id from (select distinct customer_id from %s) found
                        where not exists (
                            select from customer known where known.dataset_id = :dataset and known.customer_id = found.customer_id)
                        order by customer_id
                        on conflict do nothing""".formatted(table)).param("dataset", dataset).update();
    }

    /** The number of the customer of this id; 404 if the dataset knows none. */
    @Transactional(readOnly = true)
    public long get(long dataset, String customerId) {
        return jdbc.sql("""
                        select id from customer where dataset_id = :dataset and customer_id = :id
                          and exists (select from transaction t where t.customer_id = customer.id)""")
                .param("dataset", dataset)
                .param("id", customerId)
                .query(Long.class)
                .optional()
                .orElseThrow(() -> Refusal.notFound("customer", customerId));
    }

    /** The ids that begin with {@code prefix} and come after {@code after}, in bytewise order, at most {@code limit}. */
    @Transactional(readOnly = true)
    public List<String> search(long dataset, String prefix, String after, int limit) {
        return jdbc.sql("""
                        select customer_id from customer
                        where dataset_id = :dataset and customer_id > :after and customer_id >= :prefix
                          and customer_id <= :prefix || :beyond and starts_with(customer_id, :prefix)
                          and exists (select from transaction t where t.customer_id = customer.id)
                        order by customer_id limit :limit""")
                .param("dataset", dataset)
                .param("prefix", prefix)
                .param("after", after)
                .param("beyond", BEYOND)
                .param("limit", limit)
                .query(String.class)
                .list();
    }
}
