package clade.customers;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Owns {@code customer}. */
@Repository
public class Customers {

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
}
