package clade.customers;

import clade.database.CopiedRows;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataRetrievalFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Reads attributes of all customers of a dataset at once. */
@Repository
public class AttributeValues {

    private final JdbcClient jdbc;
    private final DataSource database;

    AttributeValues(JdbcClient jdbc, DataSource database) {
        this.jdbc = jdbc;
        this.database = database;
    }

    /** Hears of each customer, in no order. */
    public interface Each {

        /**
         * Hears of a customer.
         *
         * @param values as text, in the order asked for; null where missing. The same list each time
         */
        void customer(long customer, List<@Nullable String> values);
    }

    /** Hands over these attributes of every customer of whom something is known. Names that there are not have no values. */
    @Transactional(readOnly = true)
    public void read(long dataset, List<String> names, Each each) {
        String columns =
                names.stream().map(name -> ", a.content ->> " + quoted(name)).collect(Collectors.joining());
        // COPY takes no parameters
        String query = """
                select customer.id%s from customer left join customer_attributes a on a.customer_id = customer.id
                where customer.dataset_id = %d and (a.customer_id is not null or exists (
                    select from purchase_totals t where t.customer_id = customer.id and t.transactions > 0))""".formatted(columns, dataset);
        @Nullable String[] values = new @Nullable String[names.size()];
        List<@Nullable String> view = Arrays.asList(values);
        try (CopiedRows rows = new CopiedRows(DataSourceUtils.getConnection(database), query)) {
            while (rows.next()) {
                long customer = rows.bigint();
                for (int i = 0; i < values.length; i++) {
                    values[i] = rows.nullableText();
                }
                each.customer(customer, view);
            }
        } catch (SQLException e) {
            throw new DataRetrievalFailureException("The attributes of a dataset can't be read", e);
        }
    }

    /** The greatest value of these date attributes, as it is stored; null without any. */
    @Transactional(readOnly = true)
    public @Nullable String newest(long dataset, Collection<String> names) {
        return jdbc.sql("""
                        select max(a.content ->> n.name) from customer_attributes a cross join unnest(cast(:names as text[])) as n (name)
                        where a.dataset_id = :dataset""")
                .param("dataset", dataset)
                .param("names", names.toArray(String[]::new))
                .query((row, number) -> Optional.ofNullable(row.getString(1)))
                .single()
                .orElse(null);
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
