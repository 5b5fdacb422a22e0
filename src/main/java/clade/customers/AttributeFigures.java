package clade.customers;

import clade.customers.AttributeController.Figures;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Counts the values of a dataset's attributes. */
@Repository
class AttributeFigures {

    private final JdbcClient jdbc;

    AttributeFigures(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Transactional(readOnly = true)
    List<Figures> list(long dataset) {
        return jdbc.sql("""
                        with counted as (
                            select key, sum(same) as filled, count(*) as different
                            from (select key, count(*) as same
                                from customer_attributes, jsonb_each(content)
                                where dataset_id = :dataset group by key, value) by_value
                            group by key)
                        select name, type, coalesce(n.customers, 0) - coalesce(filled, 0) as missing,
                            coalesce(different, 0) as different
                        from attribute a left join counted on key = name
                        left join dataset_counters n on n.dataset_id = a.dataset_id
                        where a.dataset_id = :dataset order by id""")
                .param("dataset", dataset)
                .query((row, number) -> new Figures(
                        row.getString("name"),
                        AttributeType.get(row.getString("type")),
                        row.getLong("missing"),
                        row.getLong("different")))
                .list();
    }
}
