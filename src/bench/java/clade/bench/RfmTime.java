package clade.bench;

import clade.transactions.TimedRfm;
import java.time.Instant;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** RFM of all customers, as a run reads it, beside the bare GROUP BY in psql. In turns; medians. */
final class RfmTime {

    private final RunningService service;
    private final String jdbcUrl;
    private final int times;

    RfmTime(RunningService service, String jdbcUrl, int times) {
        this.service = service;
        this.jdbcUrl = jdbcUrl;
        this.times = times;
    }

    /** Three rows of the table: the default as-of, an earlier one, and a window. */
    String measure() {
        long dataset = Long.parseLong(Psql.ask("select id from dataset where key = '%s'".formatted(service.key())));
        Instant newest = Instant.parse(Psql.ask("""
                select to_char(last_transaction_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
                from dataset_counters where dataset_id = %d""".formatted(dataset)));
        TimedRfm rfm = new TimedRfm(jdbcUrl, dataset);
        Instant earlier = newest.minus(180, ChronoUnit.DAYS);
        return String.join(
                "\n",
                row("RFM at the default as-of", rfm, dataset, newest.plus(1, ChronoUnit.DAYS), null),
                row("RFM half a year before", rfm, dataset, earlier, null),
                row("RFM of the last 12 months", rfm, dataset, newest.plus(1, ChronoUnit.DAYS), Period.ofMonths(12)));
    }

    private String row(String name, TimedRfm rfm, long dataset, Instant asOf, @Nullable Period window) {
        String start =
                window == null ? "" : " and occurred_at >= timestamptz '%s' - interval '%s'".formatted(asOf, window);
        String groupBy = """
                \\copy (select customer_id, max(occurred_at) filter (where kind = 1), count(distinct order_id) filter (where kind = 1), \
                sum(case when kind = -1 then -abs(amount) else amount end) \
                from transaction where dataset_id = %d and occurred_at < '%s'%s group by customer_id having bool_or(kind = 1)) \
                to '/dev/null'""".formatted(dataset, asOf, start);
        double[] ours = new double[times];
        double[] theirs = new double[times];
        for (int i = 0; i < times; i++) {
            ours[i] = rfm.seconds(asOf, window);
            theirs[i] = Psql.seconds(groupBy);
        }
        double own = RunningService.median(ours);
        double peer = RunningService.median(theirs);
        return "| %s | %.2f s | GROUP BY: %.2f s | %.2f x the time |".formatted(name, own, peer, own / peer);
    }
}
