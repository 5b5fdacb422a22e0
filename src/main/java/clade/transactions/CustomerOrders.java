package clade.transactions;

import clade.database.Times;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The transactions of one customer, line by line, that everybody may see. */
@Repository
public class CustomerOrders {

    private final JdbcClient jdbc;

    CustomerOrders(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A purchase or a return.
     *
     * @param order its order; null: it is one of its own
     * @param amount as given: of a return of either sign
     */
    public record Line(Instant at, @Nullable String order, BigDecimal amount, boolean purchase) {}

    /** All purchases and returns of a customer, oldest first. */
    @Transactional(readOnly = true)
    public List<Line> lines(long customer) {
        return jdbc.sql("""
                        select occurred_at, order_id, amount, kind from transaction
                        where customer_id = :customer and kind <> 0 and %s order by occurred_at""".formatted(Totals.VISIBLE))
                .param("customer", customer)
                .query((row, number) -> new Line(
                        Times.get(row, "occurred_at"),
                        row.getString("order_id"),
                        row.getBigDecimal("amount"),
                        row.getInt("kind") == 1))
                .list();
    }
}
