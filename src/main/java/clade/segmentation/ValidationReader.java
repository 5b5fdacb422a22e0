package clade.segmentation;

import clade.clustering.Progress;
import clade.clustering.UnsuitableData;
import clade.database.Times;
import clade.datasets.Dataset;
import clade.datasets.Datasets;
import clade.rfm.RfmTable;
import clade.segmentation.report.Figures;
import clade.transactions.PurchaseHistory;
import clade.transactions.PurchasePeriods;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Reads what a validation is computed from, all of it from one snapshot. */
@Component // not @Repository, which would turn a CancellationException into an error of data access
class ValidationReader {

    private final JdbcClient jdbc;
    private final Datasets datasets;
    private final RunReader reader;
    private final PurchaseHistory history;
    private final PurchasePeriods periods;
    private final Clock clock;

    ValidationReader(
            JdbcClient jdbc,
            Datasets datasets,
            RunReader reader,
            PurchaseHistory history,
            PurchasePeriods periods,
            Clock clock) {
        this.jdbc = jdbc;
        this.datasets = datasets;
        this.reader = reader;
        this.history = history;
        this.periods = periods;
        this.clock = clock;
    }

    /**
     * What was read.
     *
     * @param run as of the start of the horizon
     * @param until its end
     * @param warnings what the history is too short for
     */
    record Input(
            RunInput run,
            Instant until,
            Map<Long, Integer> recency,
            PurchasePeriods.Period before,
            PurchasePeriods.Period since,
            List<String> warnings) {

        /** What is known of the customers of the run, given their segments. */
        List<Hindsight.Customer> customers(int[] segmentOf) {
            List<Hindsight.Customer> customers = new ArrayList<>();
            for (int row = 0; row < segmentOf.length; row++) {
                long customer = run.table().customer(row);
                PurchasePeriods.Done earlier = before.find(customer);
                PurchasePeriods.Done later = since.find(customer);
                Integer days = recency.get(customer);
                customers.add(new Hindsight.Customer(
                        segmentOf[row],
                        days == null ? Double.NaN : days,
                        earlier == null ? 0 : earlier.revenue(),
                        later == null ? 0 : later.orders(),
                        later == null ? 0 : later.revenue()));
            }
            return customers;
        }
    }

    private record Known(@Nullable Instant first, @Nullable Instant newest) {}

    /** {@code UnsuitableData} (not-enough-history) where the transactions do not reach over the horizon. */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    Input read(ValidationRepository.Claimed validation, Progress progress) {
        Definition definition = validation.definition();
        Dataset dataset = datasets.get(validation.datasetKey());
        ZoneId zone = dataset.timeZone();
        Known known = jdbc.sql("""
                select first_transaction_at, last_transaction_at from dataset_counters where dataset_id = :dataset""")
                .param("dataset", dataset.id())
                .query((row, number) ->
                        new Known(Times.find(row, "first_transaction_at"), Times.find(row, "last_transaction_at")))
                .optional()
                .orElse(new Known(null, null));
        if (known.first() == null || known.newest() == null) {
            throw tooShort("the dataset has no transactions");
        }
        Instant until = definition.asOf().resolve(zone, known.newest(), clock.instant());
        Period horizon = validation.horizon();
        Instant start = until.atZone(zone).minus(horizon).toInstant();
        Instant earlier = until.atZone(zone).minus(horizon).minus(horizon).toInstant();
        check(known.first(), known.newest(), start, until, zone);
        RunInput run = reader.read(validation.datasetKey(), definition, new AsOf(start.toString()), progress);
        if (run.table().size() == 0) {
            throw tooShort("no customer has a purchase %s %s"
                    .formatted(
                            definition.window() == null ? "before" : "in the window that ends on", day(start, zone)));
        }
        progress.at("reading", 0.5);
        RfmTable purchases = history.rfm(
                dataset.id(), zone, start, definition.window(), definition.returns(), definition.frequency());
        Map<Long, Integer> recency = new HashMap<>();
        for (int row = 0; row < purchases.size(); row++) {
            recency.put(purchases.customer(row), purchases.recencyDays(row));
        }
        return new Input(
                run,
                until,
                recency,
                periods.between(dataset.id(), earlier, start, definition.returns()),
                periods.between(dataset.id(), start, until, definition.returns()),
                warnings(known, earlier, until, zone, horizon));
    }

    private static void check(Instant first, Instant newest, Instant start, Instant until, ZoneId zone) {
        if (!first.isBefore(start)) {
            throw tooShort("the transactions begin on %s, and the horizon from %s to %s leaves none before it"
                    .formatted(day(first, zone), day(start, zone), day(until, zone)));
        }
        if (newest.isBefore(start)) {
            throw tooShort("the transactions end on %s, and the horizon from %s to %s leaves none in it"
                    .formatted(day(newest, zone), day(start, zone), day(until, zone)));
        }
    }

    private static UnsuitableData tooShort(String why) {
        return new UnsuitableData(
                "not-enough-history",
                "Whether the segments held can't be told: %s. Ask for a shorter horizon, or upload more history"
                        .formatted(why));
    }

    private static List<String> warnings(Known known, Instant earlier, Instant until, ZoneId zone, Period horizon) {
        List<String> warnings = new ArrayList<>();
        if (known.first() != null && known.first().isAfter(earlier)) {
            warnings.add(
                    "The transactions begin on %s, less than %s before the horizon: what was brought before it is not the whole of such a period."
                            .formatted(day(known.first(), zone), Figures.period(horizon)));
        }
        if (known.newest() != null
                && known.newest().atZone(zone).plusDays(1).toInstant().isBefore(until)) {
            warnings.add(
                    "The transactions end on %s, before the horizon does on %s: what customers did since is not all there."
                            .formatted(day(known.newest(), zone), day(until, zone)));
        }
        return warnings;
    }

    private static LocalDate day(Instant instant, ZoneId zone) {
        return instant.atZone(zone).toLocalDate();
    }
}
