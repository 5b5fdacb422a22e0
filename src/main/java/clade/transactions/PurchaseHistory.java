package clade.transactions;

import clade.database.CopiedRows;
import clade.database.Times;
import clade.rfm.RfmTable;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataRetrievalFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** What customers bought, as features see it. */
@Repository
public class PurchaseHistory {

    private static final long SECOND = 1_000_000; // microseconds
    private static final long DAY = 86_400 * SECOND;

    private final JdbcClient jdbc;
    private final DataSource database;

    PurchaseHistory(JdbcClient jdbc, DataSource database) {
        this.jdbc = jdbc;
        this.database = database;
    }

    /**
     * The customers with a purchase in the window, each with recency, frequency and monetary value.
     *
     * @param zone in which days are counted and the window is measured
     * @param asOf only what happened before it counts
     * @param window how far back from {@code asOf}, by the calendar; null: all that is there
     */
    @Transactional(readOnly = true)
    public RfmTable rfm(
            long dataset, ZoneId zone, Instant asOf, @Nullable Period window, Returns returns, FrequencyOf frequency) {
        boolean kept = totalsTell(window, frequency) && isAfterAll(dataset, asOf);
        useMuchMemory();
        return table(
                zone,
                asOf,
                kept
                        ? fromTotals("purchase_totals", dataset, returns, frequency)
                        : fromTransactions(
                                "dataset_id = %d and occurred_at < %s and %s"
                                        .formatted(dataset, sql(asOf), Totals.VISIBLE),
                                counting(zone, asOf, window, returns, frequency)));
    }

    /**
     * The same customers with further features, in one pass through their transactions.
     *
     * @param features each once
     */
    @Transactional(readOnly = true)
    public PurchaseFeatures features(
            long dataset,
            ZoneId zone,
            Instant asOf,
            @Nullable Period window,
            Returns returns,
            FrequencyOf frequency,
            List<PurchaseFeature> features) {
        FeatureQuery query = new FeatureQuery(dataset, zone, asOf, window, returns, frequency, features);
        List<FeatureQuery.Reading> readings = query.readings();
        Columns columns = new Columns(readings.size());
        useMuchMemory();
        RfmTable table = table(zone, asOf, query.sql(), rows -> {
            for (int i = 0; i < readings.size(); i++) {
                columns.add(i, readings.get(i).of(rows));
            }
        });
        Map<PurchaseFeature, double[]> byFeature = new HashMap<>();
        for (int i = 0; i < features.size(); i++) {
            byFeature.put(features.get(i), columns.get(i));
        }
        return new PurchaseFeatures(table, byFeature);
    }

    /**
     * The customers who purchased before the window and not in it: with the recency of their last purchase, a frequency of 0, and
     * the monetary value of the window, which only returns can make differ from 0.
     */
    @Transactional(readOnly = true)
    public RfmTable lapsed(long dataset, ZoneId zone, Instant asOf, Period window, Returns returns) {
        String start = sql(asOf.atZone(zone).minus(window).toInstant());
        useMuchMemory();
        return table(zone, asOf, """
                select customer_id, max(occurred_at) filter (where kind = 1), 0::bigint,
                    %s
                from transaction where dataset_id = %d and occurred_at < %s and %s
                group by customer_id having bool_or(kind = 1) and not bool_or(kind = 1 and occurred_at >= %s)""".formatted(
                        returns == Returns.IGNORE
                                ? "0::float8"
                                : "coalesce(-sum(abs(amount)) filter (where kind = -1 and occurred_at >= %s), 0)::float8"
                                        .formatted(start),
                        dataset,
                        sql(asOf),
                        Totals.VISIBLE,
                        start));
    }

    /** Columns that grow row by row. */
    private static final class Columns {

        private static final int FIRST_CAPACITY = 1024;

        private final double[][] columns;
        private final int[] sizes;

        Columns(int count) {
            columns = new double[count][FIRST_CAPACITY];
            sizes = new int[count];
        }

        void add(int column, double value) {
            if (sizes[column] == columns[column].length) {
                columns[column] = Arrays.copyOf(columns[column], 2 * sizes[column]);
            }
            columns[column][sizes[column]++] = value;
        }

        double[] get(int column) {
            return Arrays.copyOf(columns[column], sizes[column]);
        }
    }

    /**
     * The same with everything that has happened since: what lies at or after {@code asOf} counts too, and makes a recency of 0
     * days; the window begins where it does for {@code asOf}.
     *
     * @param coming an upload that nobody can see yet and whose rows count; null: none
     * @param counted whether the transaction under way has counted the totals of all customers whose rows it changed
     */
    @Transactional(readOnly = true)
    public RfmTable rfmSince(
            long dataset,
            ZoneId zone,
            Instant asOf,
            @Nullable Period window,
            Returns returns,
            FrequencyOf frequency,
            @Nullable Long coming,
            boolean counted) {
        boolean kept = counted && totalsTell(window, frequency);
        useMuchMemory();
        return table(
                zone,
                asOf,
                kept
                        ? fromTotals(Totals.with(coming), dataset, returns, frequency)
                        : fromTransactions(
                                "dataset_id = %d and %s".formatted(dataset, visible(coming)),
                                counting(zone, asOf, window, returns, frequency)));
    }

    /**
     * The same of some customers, as the transaction under way sees them now.
     *
     * @param customers their numbers
     */
    public Since since(long[] customers, @Nullable Long coming) {
        return new Since(customers, coming);
    }

    /** Purchases of some customers. What several runs count alike is read once. */
    public final class Since {

        private final long[] customers;
        private final @Nullable Long coming;
        private final Map<Counting, List<Purchased>> read = new HashMap<>();

        private Since(long[] customers, @Nullable Long coming) {
            this.customers = customers;
            this.coming = coming;
        }

        /** As {@link #rfmSince}. */
        public RfmTable rfm(
                ZoneId zone, Instant asOf, @Nullable Period window, Returns returns, FrequencyOf frequency) {
            ZoneRules rules = zone.getRules();
            long localAsOf = localMicros(asOf, rules);
            RfmTable table = new RfmTable();
            for (Purchased purchased :
                    read.computeIfAbsent(counting(zone, asOf, window, returns, frequency), this::read)) {
                long localLast = localMicros(purchased.last, rules);
                table.add(
                        purchased.customer,
                        localLast,
                        days(localLast, localAsOf),
                        purchased.frequency,
                        purchased.monetary);
            }
            return table;
        }

        private List<Purchased> read(Counting counting) {
            return jdbc.sql(fromTransactions("customer_id = any (:customers) and " + visible(coming), counting))
                    .param("customers", customers)
                    .query((row, number) -> new Purchased(
                            row.getLong(1),
                            row.getObject(2, OffsetDateTime.class).toInstant(),
                            row.getLong(3),
                            row.getDouble(4)))
                    .list();
        }
    }

    private record Purchased(long customer, Instant last, long frequency, double monetary) {}

    /**
     * What of a customer's rows counts, and how.
     *
     * @param days the zone whose days are counted; null if none are
     * @param start of the window; null: all that is there
     */
    private record Counting(@Nullable ZoneId days, @Nullable Instant start, Returns returns, FrequencyOf frequency) {}

    private static Counting counting(
            ZoneId zone, Instant asOf, @Nullable Period window, Returns returns, FrequencyOf frequency) {
        return new Counting(
                frequency == FrequencyOf.DAYS ? zone : null,
                window == null ? null : asOf.atZone(zone).minus(window).toInstant(),
                returns,
                frequency);
    }

    private static String visible(@Nullable Long coming) {
        return coming == null ? Totals.VISIBLE : "(%s or upload_id = %d)".formatted(Totals.VISIBLE, coming);
    }

    /** Numbers of the customers with a transaction at or after this instant. */
    @Transactional(readOnly = true)
    public List<Long> customersSince(long dataset, Instant since) {
        return jdbc.sql("""
                        select customer_id from purchase_totals
                        where dataset_id = :dataset and last_at >= :since and transactions > 0""")
                .param("dataset", dataset)
                .param("since", Times.of(since))
                .query(Long.class)
                .list();
    }

    /** When the dataset's first purchase was; empty without any. */
    @Transactional(readOnly = true)
    public Optional<Instant> firstPurchase(long dataset) {
        return jdbc.sql("select min(first_purchase_at) as first from purchase_totals where dataset_id = :dataset")
                .param("dataset", dataset)
                .query((row, number) -> Optional.ofNullable(Times.find(row, "first")))
                .single();
    }

    /** When each of these customers first purchased, by number; who never did is not there. */
    @Transactional(readOnly = true)
    public Map<Long, Instant> firstPurchases(long[] customers) {
        Map<Long, Instant> firsts = new HashMap<>();
        jdbc.sql("""
                        select customer_id, first_purchase_at from purchase_totals
                        where customer_id = any(:customers) and first_purchase_at is not null""").param("customers", customers).query(row -> {
            firsts.put(row.getLong(1), Times.get(row, "first_purchase_at"));
        });
        return firsts;
    }

    /** For one sort or hash of all rows. */
    private void useMuchMemory() {
        jdbc.sql("set local work_mem = '64MB'").update();
    }

    private RfmTable table(ZoneId zone, Instant asOf, String query) {
        return table(zone, asOf, query, rows -> {});
    }

    /** {@code further} reads what stands behind the first four columns. */
    private RfmTable table(ZoneId zone, Instant asOf, String query, Consumer<CopiedRows> further) {
        ZoneRules rules = zone.getRules();
        long localAsOf = localMicros(asOf, rules);
        RfmTable table = new RfmTable();
        try (CopiedRows rows = new CopiedRows(DataSourceUtils.getConnection(database), query)) {
            while (rows.next()) {
                long customer = rows.bigint();
                long localLast = localMicros(rows.instant(), rules);
                table.add(customer, localLast, days(localLast, localAsOf), rows.bigint(), rows.float8());
                further.accept(rows);
            }
        } catch (SQLException e) {
            throw new DataRetrievalFailureException("The purchases of a dataset can't be read", e);
        }
        return table;
    }

    /** Whole days of recency. Where the clock is put back, the later of two instants may show the earlier time. */
    private static int days(long localLast, long localAsOf) {
        return Math.toIntExact(Math.max(0, (localAsOf - localLast) / DAY));
    }

    /** What clocks of the zone show, in microseconds since 1970-01-01T00:00; what is below a microsecond is dropped. */
    private static long localMicros(Instant instant, ZoneRules rules) {
        return Math.addExact(
                ChronoUnit.MICROS.between(Instant.EPOCH, instant),
                rules.getOffset(instant).getTotalSeconds() * SECOND);
    }

    /** Whether everything that the dataset has happened before that instant. */
    private boolean isAfterAll(long dataset, Instant asOf) {
        return jdbc.sql("select last_transaction_at < :asOf from dataset_counters where dataset_id = :dataset")
                .param("asOf", Times.of(asOf))
                .param("dataset", dataset)
                .query((row, number) -> row.getBoolean(1))
                .optional()
                .orElse(false);
    }

    /** Totals are of all time, and know no days. */
    private static boolean totalsTell(@Nullable Period window, FrequencyOf frequency) {
        return window == null && frequency != FrequencyOf.DAYS;
    }

    private static String fromTotals(String totals, long dataset, Returns returns, FrequencyOf frequency) {
        return """
                select customer_id, last_purchase_at, %s, (%s)::float8
                from %s where dataset_id = %d and purchases > 0""".formatted(
                        frequency == FrequencyOf.ORDERS ? "orders" : "purchases",
                        returns == Returns.IGNORE ? "purchased" : "purchased - returned",
                        totals,
                        dataset);
    }

    private static String fromTransactions(String whose, Counting counting) {
        String start = counting.start == null ? "" : " and occurred_at >= " + sql(counting.start);
        return """
                select customer_id,
                    max(occurred_at) filter (where kind = 1),
                    %s, sum(case when kind = -1 then -abs(amount) else amount end)::float8
                from transaction where %s%s%s
                group by customer_id having bool_or(kind = 1)""".formatted(
                        frequency(counting.frequency, Objects.requireNonNullElse(counting.days, ZoneOffset.UTC)),
                        whose,
                        start,
                        counting.returns == Returns.IGNORE ? " and kind = 1" : "");
    }

    static String frequency(FrequencyOf frequency, ZoneId zone) {
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

    /** COPY takes no parameters. */
    static String sql(Instant instant) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, instant);
        return "(timestamptz 'epoch' + interval '1 microsecond' * %d)".formatted(micros);
    }
}
