package clade.transactions;

import clade.rfm.RfmTable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** What customers bought, as features see it. */
@Repository
public class PurchaseHistory {

    private static final LocalDateTime EPOCH = LocalDate.EPOCH.atStartOfDay();

    private final JdbcClient jdbc;

    PurchaseHistory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The customers with a purchase in the window, each with recency, frequency and monetary value.
     *
     * @param zone in which days are counted and the window is measured
     * @param asOf only what happened before it counts
     * @param window how far back from {@code asOf}, by the calendar; null: all that is there
     */
    @Transactional(readOnly = true) // the driver fetches in slices only inside a transaction
    public RfmTable rfm(
            long dataset, ZoneId zone, Instant asOf, @Nullable Period window, Returns returns, FrequencyOf frequency) {
        return rfm(dataset, zone, asOf, asOf, window, returns, frequency, null);
    }

    /**
     * The same with everything that has happened since: what lies at or after {@code asOf} counts too, and makes a recency of 0
     * days; the window begins where it does for {@code asOf}.
     *
     * @param customers numbers of the customers wanted; null: all
     */
    @Transactional(readOnly = true)
    public RfmTable rfmSince(
            long dataset,
            ZoneId zone,
            Instant asOf,
            @Nullable Period window,
            Returns returns,
            FrequencyOf frequency,
            long @Nullable [] customers) {
        return rfm(dataset, zone, asOf, null, window, returns, frequency, customers);
    }

    /** Numbers of the customers with a transaction at or after this instant. */
    @Transactional(readOnly = true)
    public List<Long> customersSince(long dataset, Instant since) {
        return jdbc.sql("""
                        select distinct customer_id from transaction where dataset_id = :dataset and occurred_at >= :since
                          and (select last_transaction_at from dataset_counters where dataset_id = :dataset) >= :since""")
                .param("dataset", dataset)
                .param("since", timestamp(since))
                .query(Long.class)
                .list();
    }

    private RfmTable rfm(
            long dataset,
            ZoneId zone,
            Instant asOf,
            @Nullable Instant end,
            @Nullable Period window,
            Returns returns,
            FrequencyOf frequency,
            long @Nullable [] customers) {
        Instant start =
                window == null ? Instant.MIN : asOf.atZone(zone).minus(window).toInstant();
        LocalDateTime localAsOf = asOf.atZone(zone).toLocalDateTime();
        RfmTable table = new RfmTable();
        jdbc.sql("""
                        select customer_id,
                            (extract(epoch from max(occurred_at) filter (where kind = 1)) * 1000000)::bigint as last_purchase,
                            %s as frequency,
                            sum(case when kind = -1 then -abs(amount) else amount end)::float8 as monetary
                        from transaction
                        where dataset_id = :dataset %s %s %s %s
                        group by customer_id having bool_or(kind = 1)""".formatted(
                                frequency(frequency, zone),
                                end == null ? "" : "and occurred_at < :end",
                                customers == null ? "" : "and customer_id = any(:customers)",
                                window == null ? "" : "and occurred_at >= :start",
                                returns == Returns.IGNORE ? "and kind = 1" : ""))
                .param("dataset", dataset)
                .param("end", end == null ? null : timestamp(end))
                .param("customers", customers)
                .param("start", window == null ? null : timestamp(start))
                .withFetchSize(10_000)
                .query(row -> {
                    long micros = row.getLong(2);
                    Instant last = Instant.ofEpochSecond(
                            Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1000L);
                    LocalDateTime localLast = last.atZone(zone).toLocalDateTime();
                    // where the clock is put back, the later of two instants may show the earlier time
                    long recency = Math.max(0, ChronoUnit.DAYS.between(localLast, localAsOf));
                    table.add(
                            row.getLong(1),
                            ChronoUnit.MICROS.between(EPOCH, localLast),
                            Math.toIntExact(recency),
                            row.getLong(3),
                            row.getDouble(4));
                });
        return table;
    }

    private static String frequency(FrequencyOf frequency, ZoneId zone) {
        return switch (frequency) {
            case ORDERS ->
                "count(distinct order_id) filter (where kind = 1)"
                        + " + count(*) filter (where kind = 1 and order_id is null)";
            case TRANSACTIONS -> "count(*) filter (where kind = 1)";
            case DAYS ->
                "count(distinct (occurred_at at time zone %s)::date) filter (where kind = 1)".formatted(sql(zone));
        };
    }

    /** Names of zones mean the same to PostgreSQL; offsets have the other sign there, so they go as intervals. */
    private static String sql(ZoneId zone) {
        return zone.normalized() instanceof ZoneOffset offset
                ? "make_interval(secs => %d)".formatted(offset.getTotalSeconds())
                : "'%s'".formatted(zone.getId().replace("'", "''"));
    }

    private static OffsetDateTime timestamp(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
