package clade.transactions;

import clade.database.CopiedRows;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The query of purchase features, and how its rows are read. Amounts are summed as numeric, which is exact in any order; what
 * needs a logarithm, a power or the calendar is computed here, in a fixed order.
 */
final class FeatureQuery {

    private static final LocalDateTime EPOCH = LocalDate.EPOCH.atStartOfDay();
    private static final double MICROS_A_DAY = 86_400_000_000.0;

    private static final String ORDERS = """
            (count(distinct order_id) filter (where kind = 1%1$s) + count(*) filter (where kind = 1 and order_id is null%1$s))::float8""";

    private final ZoneId zone;
    private final Instant asOf;
    private final LocalDateTime localAsOf;
    private final @Nullable Instant start;
    private final Returns returns;
    private final FrequencyOf frequency;
    private final String whose;
    private final List<Reading> readings = new ArrayList<>();
    private final List<String> ofTransactions = new ArrayList<>();
    private final List<String> joined = new ArrayList<>();
    private boolean ofOrders;
    private boolean ofMoments;

    FeatureQuery(
            long dataset,
            ZoneId zone,
            Instant asOf,
            @Nullable Period window,
            Returns returns,
            FrequencyOf frequency,
            List<PurchaseFeature> features) {
        this.zone = zone;
        this.asOf = asOf;
        this.localAsOf = asOf.atZone(zone).toLocalDateTime();
        this.start = window == null ? null : asOf.atZone(zone).minus(window).toInstant();
        this.returns = returns;
        this.frequency = frequency;
        this.whose = "dataset_id = %d and occurred_at < %s%s and %s"
                .formatted(
                        dataset,
                        PurchaseHistory.sql(asOf),
                        start == null ? "" : " and occurred_at >= " + PurchaseHistory.sql(start),
                        Totals.VISIBLE);
        features.forEach(feature -> readings.add(reading(feature)));
    }

    /** Reads the value of a feature from the columns that are its own. */
    interface Reading {
        double of(CopiedRows rows);
    }

    /** One a feature, in the order of the columns. */
    List<Reading> readings() {
        return readings;
    }

    /** Columns: customer, last purchase, frequency, monetary value; then those of the features. */
    String sql() {
        List<String> columns = new ArrayList<>(joined);
        StringBuilder sql = new StringBuilder("select b.customer_id, b.last_at, b.frequency, b.monetary");
        columns.forEach(column -> sql.append(", ").append(column));
        sql.append(" from (select customer_id, max(occurred_at) filter (where kind = 1) as last_at, ")
                .append(PurchaseHistory.frequency(frequency, zone))
                .append(" as frequency, ")
                .append(money(""))
                .append(" as monetary");
        for (int i = 0; i < ofTransactions.size(); i++) {
            sql.append(", ").append(ofTransactions.get(i)).append(" as f").append(i);
        }
        sql.append(" from transaction where ")
                .append(whose)
                .append(" group by customer_id having bool_or(kind = 1)) b");
        if (ofOrders) {
            sql.append(' ').append("""
                     left join (
                        select customer_id, array_agg((extract(epoch from first_at) * 1000000)::float8 order by first_at) as orders
                        from (select customer_id, min(occurred_at) as first_at from transaction where %s and kind = 1
                              group by customer_id, order_id, case when order_id is null then ctid end) orders
                        group by customer_id) o using (customer_id)""".formatted(whose));
        }
        if (ofMoments) {
            sql.append(' ').append("""
                     left join (
                        select customer_id, array_agg((extract(epoch from occurred_at) * 1000000)::float8 order by occurred_at) as moments,
                            array_agg(amount order by occurred_at) as amounts
                        from (select customer_id, occurred_at, %s as amount from transaction where %s and kind %s
                              group by customer_id, occurred_at) moments
                        group by customer_id) m using (customer_id)""".formatted(money(""), whose, returns == Returns.IGNORE ? "= 1" : "<> 0"));
        }
        return sql.toString();
    }

    private Reading reading(PurchaseFeature feature) {
        return switch (feature.kind()) {
            case TENURE -> {
                add("(extract(epoch from min(occurred_at) filter (where kind = 1)) * 1000000)::float8");
                yield rows -> Math.floor(age(rows.float8()));
            }
            case AVERAGE_ORDER_VALUE -> {
                add(money(""));
                add(ORDERS.formatted(""));
                yield FeatureQuery::ratio;
            }
            case MEAN_GAP -> {
                addOrders();
                yield rows -> {
                    double[] orders = rows.doubles();
                    int last = orders.length - 1;
                    return last == 0 ? Double.NaN : gap(orders[0], orders[last]) / last;
                };
            }
            case LAST_GAP -> {
                addOrders();
                yield rows -> {
                    double[] orders = rows.doubles();
                    int last = orders.length - 1;
                    return last == 0 ? Double.NaN : gap(orders[last - 1], orders[last]);
                };
            }
            case DISTINCT_PRODUCTS -> {
                add("nullif(count(distinct product_id) filter (where kind = 1), 0)::float8");
                yield CopiedRows::nullableFloat8;
            }
            case RETURN_RATE -> {
                add("coalesce(sum(abs(amount)) filter (where kind = -1), 0)::float8");
                add("(sum(amount) filter (where kind = 1))::float8");
                yield FeatureQuery::ratio;
            }
            case ORDERS_IN -> {
                add(ORDERS.formatted(since(feature, 1)));
                yield CopiedRows::float8;
            }
            case MONETARY_IN -> {
                add(money(since(feature, 1)));
                yield CopiedRows::float8;
            }
            case ORDERS_TREND -> {
                add(ORDERS.formatted(since(feature, 1)));
                add(ORDERS.formatted(
                        since(feature, 2) + " and occurred_at < " + PurchaseHistory.sql(before(feature, 1))));
                yield rows -> {
                    double last = rows.float8();
                    double before = rows.float8();
                    return last == before ? 0 : (last - before) / (last + before);
                };
            }
            case DECAYED_FREQUENCY -> {
                addOrders();
                double halfLife = halfLife(feature);
                yield rows -> {
                    double sum = 0;
                    for (double at : rows.doubles()) {
                        sum += StrictMath.pow(0.5, age(at) / halfLife);
                    }
                    return sum;
                };
            }
            case DECAYED_MONETARY -> {
                ofMoments = true;
                joined.add("m.moments");
                joined.add("m.amounts");
                double halfLife = halfLife(feature);
                yield rows -> {
                    double[] moments = rows.doubles();
                    double[] amounts = rows.doubles();
                    double sum = 0;
                    for (int i = 0; i < moments.length; i++) {
                        sum += amounts[i] * StrictMath.pow(0.5, age(moments[i]) / halfLife);
                    }
                    return sum;
                };
            }
            case RECENCY_DECAY -> {
                add("(extract(epoch from max(occurred_at) filter (where kind = 1)) * 1000000)::float8");
                double halfLife = halfLife(feature);
                yield rows -> StrictMath.pow(0.5, age(rows.float8()) / halfLife);
            }
        };
    }

    /** The next column divided by the one after it. */
    private static double ratio(CopiedRows rows) {
        double dividend = rows.float8();
        return dividend / rows.float8();
    }

    private void add(String expression) {
        joined.add("b.f" + ofTransactions.size());
        ofTransactions.add(expression);
    }

    private void addOrders() {
        ofOrders = true;
        joined.add("o.orders");
    }

    /** Monetary value, where a further condition holds. */
    private String money(String and) {
        return returns == Returns.IGNORE
                ? "coalesce(sum(amount) filter (where kind = 1%s), 0)::float8".formatted(and)
                : "coalesce(sum(case when kind = -1 then -abs(amount) else amount end) filter (where true%s), 0)::float8"
                        .formatted(and);
    }

    private String since(PurchaseFeature feature, int periods) {
        return " and occurred_at >= " + PurchaseHistory.sql(before(feature, periods));
    }

    /** So many periods before the as-of, by the calendar. */
    private Instant before(PurchaseFeature feature, int periods) {
        return asOf.atZone(zone)
                .minus(feature.neededPeriod().multipliedBy(periods))
                .toInstant();
    }

    /** Local days of the period that ends at the as-of. */
    private double halfLife(PurchaseFeature feature) {
        return ChronoUnit.MICROS.between(localAsOf.minus(feature.neededPeriod()), localAsOf) / MICROS_A_DAY;
    }

    /** Local days from an instant to the as-of, at least 0: where the clock is put back, an earlier instant may show a later time. */
    private double age(double micros) {
        return Math.max(0, ChronoUnit.MICROS.between(local(micros), localAsOf) / MICROS_A_DAY);
    }

    private double gap(double from, double to) {
        return Math.max(0, ChronoUnit.MICROS.between(local(from), local(to)) / MICROS_A_DAY);
    }

    private LocalDateTime local(double micros) {
        return EPOCH.plus((long) micros, ChronoUnit.MICROS)
                .atOffset(ZoneOffset.UTC)
                .atZoneSameInstant(zone)
                .toLocalDateTime();
    }
}
