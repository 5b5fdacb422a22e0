package clade.segmentation;

import clade.clustering.Progress;
import clade.database.CopyRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Writes who is in which segment. Owns {@code stored_membership}, which is read as {@code membership}. A run is compared with the rows that are there and sends only what
 * differs: the new rows, and which rows they end. Nobody sees either before the run is published, and no row is locked that
 * others write.
 */
@Component // not @Repository, which would turn a CancellationException into an error of data access
class Memberships {

    /** Of the table, in the order in which rows are copied into it. */
    static final String COLUMNS =
            "segmentation_id, customer_id, from_run, since, customer, segment, previous, facts, member_values, reason";

    private static final String OF_CUSTOMER =
            "m.segmentation_id = :segmentation and m.customer_id = c.id and m.until_run is null";

    private static final int FETCH = 10_000;
    private static final int SLICE_BYTES = 1 << 20;

    private final JdbcClient jdbc;
    private final DataSource database;

    Memberships(JdbcClient jdbc, DataSource database) {
        this.jdbc = jdbc;
        this.database = database;
    }

    /** Sends the members of a segmentation's first run. */
    @Transactional(propagation = Propagation.MANDATORY)
    void add(RunRepository.Claimed run, FeatureTable table, Outcome outcome, Instant now, Progress progress) {
        Sender sender = new Sender(run, table, outcome, now, progress);
        // in the order in which they are listed: then the rows of a page lie side by side
        jdbc.sql("select id, customer_id from customer where dataset_id = :dataset order by customer_id")
                .param("dataset", run.dataset())
                .withFetchSize(FETCH)
                .query(row -> {
                    sender.add(row.getLong(1), row.getString(2));
                });
        sender.flush();
    }

    /**
     * Sends what differs from the rows that the transaction sees.
     *
     * @param names hears who was and is where; null: nobody listens
     * @param customers numbers of those who are compared; null: all of the dataset
     */
    @Transactional(propagation = Propagation.MANDATORY)
    void compare(
            RunRepository.Claimed run,
            FeatureTable table,
            Outcome outcome,
            Instant now,
            Progress progress,
            @Nullable GivenNames names,
            long @Nullable [] customers) {
        Sender sender = new Sender(run, table, outcome, now, progress);
        sender.names = names;
        jdbc.sql("""
                        select c.id, c.customer_id, m.segment, m.previous, m.since,
                               coalesce(cardinality(m.facts), 0), coalesce(cardinality(m.member_values), 0), coalesce(m.id, 0),
                               m.reason%s%s
                        from customer c left join %s
                        where c.dataset_id = :dataset%s""".formatted(
                                elements("facts", sender.facts.length),
                                elements("member_values", sender.values.length),
                                customers == null
                                        ? "membership m on %s".formatted(OF_CUSTOMER)
                                        : "lateral (select * from membership_of_customers m where %s offset 0) m on true"
                                                .formatted(OF_CUSTOMER),
                                customers == null ? "" : " and c.id = any(:customers)"))
                .param("segmentation", run.segmentation())
                .param("dataset", run.dataset())
                .param("customers", customers, Types.ARRAY)
                .withFetchSize(FETCH)
                .query((RowCallbackHandler) sender::compare);
        sender.flush();
    }

    /** After many rows were written, lest a look-up that was planned for a small table scans the large one. */
    void countAnew() {
        jdbc.sql("analyze stored_membership").update();
    }

    /** Each value of an array as a column: the driver reads a number much faster than an array. */
    private static String elements(String array, int count) {
        StringBuilder columns = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            columns.append(", m.").append(array).append('[').append(i).append(']');
        }
        return columns.toString();
    }

    /** Sends rows to a table, a slice at a time. */
    private final class Sender {

        private static final int FIRST_FACT = 10;

        private final RunRepository.Claimed run;
        private final FeatureTable table;
        private final Outcome outcome;
        private final Progress progress;
        private final CustomerRows rowOf;
        private final List<IntToDoubleFunction> factsOf;
        private final List<double[]> memberValues;
        private final double[] facts;
        private final double[] values;
        private final long now;
        private final CopyRows rows = new CopyRows(SLICE_BYTES + SLICE_BYTES / 4);
        private final CopyRows endings = new CopyRows(1 << 12);
        private int seen;
        private @Nullable GivenNames names;

        Sender(RunRepository.Claimed run, FeatureTable table, Outcome outcome, Instant now, Progress progress) {
            this.run = run;
            this.table = table;
            this.outcome = outcome;
            this.progress = progress;
            this.rowOf = new CustomerRows(table);
            this.factsOf =
                    table.kept(run.definition()).stream().map(table::facts).toList();
            this.memberValues = List.copyOf(new TreeMap<>(outcome.memberValues()).values());
            this.facts = new double[factsOf.size()];
            this.values = new double[memberValues.size()];
            this.now = micros(now);
        }

        void add(long customer, String id) {
            int row = rowOf.find(customer);
            if (row >= 0) {
                take(row);
                send(customer, id, segment(row), null, now, outcome.reason(row));
            }
        }

        void compare(ResultSet stored) throws SQLException {
            long customer = stored.getLong(1);
            String id = stored.getString(2);
            String segment = stored.getString(3);
            int row = rowOf.find(customer);
            if (row < 0) {
                if (segment != null) {
                    end(customer, stored.getLong(8));
                }
                return;
            }
            take(row);
            String fresh = segment(row);
            if (names != null && segment != null) {
                names.saw(segment, outcome.segmentOf()[row]);
            }
            if (!fresh.equals(segment)) {
                if (segment != null) {
                    end(customer, stored.getLong(8));
                }
                send(customer, id, fresh, segment, now, outcome.reason(row));
            } else if (stored.getInt(6) != facts.length
                    || stored.getInt(7) != values.length
                    || !Objects.equals(stored.getString(9), outcome.reason(row))
                    || differs(stored, FIRST_FACT, facts)
                    || differs(stored, FIRST_FACT + facts.length, values)) {
                end(customer, stored.getLong(8));
                send(
                        customer,
                        id,
                        fresh,
                        stored.getString(4),
                        micros(stored.getObject(5, OffsetDateTime.class).toInstant()),
                        outcome.reason(row));
            }
        }

        private void take(int row) {
            if (++seen % FETCH == 0) {
                progress.at("publishing", (double) seen / table.size());
            }
            for (int i = 0; i < facts.length; i++) {
                facts[i] = factsOf.get(i).applyAsDouble(row);
            }
            for (int i = 0; i < values.length; i++) {
                values[i] = memberValues.get(i)[row];
            }
        }

        private String segment(int row) {
            return outcome.segments().get(outcome.segmentOf()[row]).key();
        }

        private static boolean differs(ResultSet stored, int first, double[] fresh) throws SQLException {
            for (int i = 0; i < fresh.length; i++) {
                double before = stored.getDouble(first + i);
                if (before != fresh[i] && !(Double.isNaN(before) && Double.isNaN(fresh[i]))) {
                    return true;
                }
            }
            return false;
        }

        private void send(
                long customer,
                String id,
                String segment,
                @Nullable String previous,
                long since,
                @Nullable String reason) {
            rows.beginRow(10);
            rows.bigint(run.segmentation());
            rows.bigint(customer);
            rows.integer(run.number());
            rows.timestamptz(since);
            rows.text(id);
            rows.text(segment);
            rows.text(previous);
            rows.doubles(facts);
            if (values.length == 0) {
                rows.none();
            } else {
                rows.doubles(values);
            }
            rows.text(reason);
            if (rows.size() >= SLICE_BYTES) {
                flush();
            }
        }

        private void end(long customer, long membership) {
            endings.beginRow(6);
            endings.bigint(run.segmentation());
            endings.bigint(customer);
            endings.bigint(membership);
            endings.integer(run.number());
            endings.none();
            endings.none();
            if (endings.size() >= SLICE_BYTES) {
                flush();
            }
        }

        void flush() {
            rows.copyTo(database, "stored_membership (%s)".formatted(COLUMNS));
            endings.copyTo(database, MembershipEndings.TABLE);
        }

        private static long micros(Instant instant) {
            return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
        }
    }
}
