package clade.customers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The attributes that a dataset's customers have. Their values are in {@code customer_attributes}. */
@Repository
public class Attributes {

    private final JdbcClient jdbc;

    Attributes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** All attributes of the dataset, in the order in which they came. */
    @Transactional(readOnly = true)
    public List<Attribute> list(long dataset) {
        return jdbc.sql("select name, type from attribute where dataset_id = :dataset order by id")
                .param("dataset", dataset)
                .query((row, number) -> new Attribute(row.getString("name"), AttributeType.get(row.getString("type"))))
                .list();
    }

    /** The attribute of exactly this name. */
    @Transactional(readOnly = true)
    public Optional<Attribute> find(long dataset, String name) {
        return jdbc.sql("select name, type from attribute where dataset_id = :dataset and name = :name")
                .param("dataset", dataset)
                .param("name", name)
                .query((row, number) -> new Attribute(row.getString("name"), AttributeType.get(row.getString("type"))))
                .optional();
    }

    /** Types by name that later uploads keep to: those of attributes of which some value is stored. */
    @Transactional(readOnly = true)
    public Map<String, AttributeType> kept(long dataset) {
        Map<String, AttributeType> kept = new LinkedHashMap<>();
        jdbc.sql("""
                        select name, type from attribute a
                        where dataset_id = :dataset
                          and exists (select from upload_attribute u where u.attribute_id = a.id and u.filled > 0)
                        order by id""").param("dataset", dataset).query(row -> {
            kept.put(row.getString("name"), AttributeType.get(row.getString("type")));
        });
        return kept;
    }
}
