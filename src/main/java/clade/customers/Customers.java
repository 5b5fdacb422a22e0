package clade.customers;

import clade.web.Refusal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Owns {@code customer}. Whoever has neither a transaction nor attributes left, because uploads were undone, is not shown. */
@Repository
public class Customers {

    /** No id that goes on after a prefix sorts behind this. */
    private static final String BEYOND =
            Character.toString(Character.MAX_CODE_POINT).repeat(4);

    /** Of a row of {@code customer}: something is known of it. */
    private static final String KNOWN = """
            (exists (select from purchase_totals t where t.customer_id = customer.id and t.transactions > 0)
              or exists (select from customer_attributes a where a.customer_id = customer.id))""";

    private final JdbcClient jdbc;

    Customers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Numbers of customers.
     *
     * @param byId of all that were asked for
     * @param known those whom the dataset knew before
     */
    public record Numbers(Map<String, Long> byId, Set<Long> known) {}

    /**
     * The numbers of these customers; who is not known yet gets one. The caller sees to it that nobody else adds the same
     * customers meanwhile.
     *
     * @param ids each once, in bytewise order
     */
    @Transactional
    public Numbers numbers(long dataset, Set<String> ids) {
        Map<String, Long> byId = new HashMap<>(2 * ids.size());
        find(dataset, ids, byId);
        Set<Long> known = new HashSet<>(byId.values());
        List<String> added = ids.stream().filter(id -> !byId.containsKey(id)).toList();
        if (!added.isEmpty()) {
            jdbc.sql("""
                            insert into customer (dataset_id, customer_id)
                            select :dataset, unnest(cast(:ids as text[])) returning id, customer_id""")
                    .param("dataset", dataset)
                    .param("ids", added.toArray(String[]::new))
                    .query(row -> {
                        byId.put(row.getString(2), row.getLong(1));
                    });
        }
        return new Numbers(byId, known);
    }

    private void find(long dataset, Set<String> ids, Map<String, Long> byId) {
        jdbc.sql("""
                        select id, customer_id from customer
                        where dataset_id = :dataset and customer_id = any (cast(:ids as text[]))""")
                .param("dataset", dataset)
                .param("ids", ids.toArray(String[]::new))
                .query(row -> {
                    byId.put(row.getString(2), row.getLong(1));
                });
    }

    /** The number of the customer of this id; 404 if the dataset knows none. */
    @Transactional(readOnly = true)
    public long get(long dataset, String customerId) {
        return jdbc.sql("""
                        select id from customer where dataset_id = :dataset and customer_id = :id and %s""".formatted(KNOWN))
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
                          and %s
                        order by customer_id limit :limit""".formatted(KNOWN))
                .param("dataset", dataset)
                .param("prefix", prefix)
                .param("after", after)
                .param("beyond", BEYOND)
                .param("limit", limit)
                .query(String.class)
                .list();
    }
}
