package clade.customers;

import clade.customers.AttributeController.Figures;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Counts the values of a dataset's attributes, anew only when an upload of customers has come or gone since the last time. */
@Repository
class AttributeFigures {

    private static final int REMEMBERED = 100;

    private final JdbcClient jdbc;

    private final Map<Long, Remembered> remembered = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Remembered> eldest) {
            return size() > REMEMBERED;
        }
    });

    AttributeFigures(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Which uploads are stored: places only grow, so as long as the last is the same none came, and one that went makes it fewer.
     */
    private record Stamp(long last, long uploads) {}

    private record Counted(long filled, long distinct) {}

    private record Remembered(Stamp stamp, Map<String, Counted> counted) {}

    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    List<Figures> list(long dataset) {
        Map<String, Counted> counted = counted(dataset);
        Counted none = new Counted(0, 0);
        return jdbc.sql("""
                        select name, type, coalesce((
                            select customers from dataset_counters n where n.dataset_id = :dataset), 0) as customers
                        from attribute where dataset_id = :dataset order by id""")
                .param("dataset", dataset)
                .query((row, number) -> {
                    Counted of = counted.getOrDefault(row.getString("name"), none);
                    return new Figures(
                            row.getString("name"),
                            AttributeType.get(row.getString("type")),
                            row.getLong("customers") - of.filled(),
                            of.distinct());
                })
                .list();
    }

    private Map<String, Counted> counted(long dataset) {
        Stamp stamp = jdbc.sql("""
                        select coalesce(max(place), 0) as last, count(*) as uploads
                        from upload_attribute join attribute on id = attribute_id where dataset_id = :dataset""").param("dataset", dataset).query(Stamp.class).single();
        Remembered known = remembered.get(dataset);
        if (known == null || !known.stamp().equals(stamp)) {
            known = new Remembered(stamp, count(dataset));
            remembered.put(dataset, known);
        }
        return known.counted();
    }

    private Map<String, Counted> count(long dataset) {
        Map<String, Counted> counted = new HashMap<>();
        jdbc.sql("set local work_mem = '64MB'").update();
        jdbc.sql("""
                        select key, sum(same)::bigint as filled, count(*) as different
                        from (select key, count(*) as same from customer_attributes, jsonb_each(content)
                            where dataset_id = :dataset group by key, value) by_value
                        group by key""").param("dataset", dataset).query(row -> {
            counted.put(row.getString("key"), new Counted(row.getLong("filled"), row.getLong("different")));
        });
        return counted;
    }
}
