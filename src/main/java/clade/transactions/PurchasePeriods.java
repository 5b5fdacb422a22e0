package clade.transactions;

import clade.database.CopiedRows;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataRetrievalFailureException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** What customers did within a period. */
@Repository
public class PurchasePeriods {

    private final DataSource database;

    PurchasePeriods(DataSource database) {
        this.database = database;
    }

    /** What one customer did: distinct orders with a purchase, and what they brought net of returns unless these are ignored. */
    public record Done(long customer, long orders, double revenue) {}

    /** The customers with a transaction in a period, by ascending number. */
    public static final class Period {

        private final List<Done> done;
        private final long[] customers;

        Period(List<Done> done) {
            this.done = done;
            this.customers = done.stream().mapToLong(Done::customer).toArray();
        }

        /** What the customer of this number did; null if nothing. */
        public @Nullable Done find(long customer) {
            int index = Arrays.binarySearch(customers, customer);
            return index < 0 ? null : done.get(index);
        }
    }

    /** What happened in [from, to). Customers whose transactions are all returns count, too, unless these are ignored. */
    @Transactional(readOnly = true)
    public Period between(long dataset, Instant from, Instant to, Returns returns) {
        String query = """
                select customer_id,
                    count(distinct order_id) filter (where kind = 1) + count(*) filter (where kind = 1 and order_id is null),
                    sum(case when kind = -1 then -abs(amount) else amount end)::float8
                from transaction where dataset_id = %d and occurred_at >= %s and occurred_at < %s%s and %s
                group by customer_id order by customer_id""".formatted(
                        dataset, sql(from), sql(to), returns == Returns.IGNORE ? " and kind = 1" : "", Totals.VISIBLE);
        List<Done> done = new ArrayList<>();
        try (CopiedRows rows = new CopiedRows(DataSourceUtils.getConnection(database), query)) {
            while (rows.next()) {
                done.add(new Done(rows.bigint(), rows.bigint(), rows.float8()));
            }
        } catch (SQLException e) {
            throw new DataRetrievalFailureException("The purchases of a period can't be read", e);
        }
        return new Period(done);
    }

    /** COPY takes no parameters. */
    private static String sql(Instant instant) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, instant);
        return "(timestamptz 'epoch' + interval '1 microsecond' * %d)".formatted(micros);
    }
}
