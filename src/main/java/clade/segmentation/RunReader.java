package clade.segmentation;

import clade.clustering.Progress;
import clade.database.Times;
import clade.datasets.Dataset;
import clade.datasets.Datasets;
import clade.transactions.FrequencyOf;
import clade.transactions.PurchaseHistory;
import clade.transactions.Returns;
import java.time.Clock;
import java.time.Instant;
import java.time.Period;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Reads what a run or a selection is computed from, all of it from one snapshot. */
@Component // not @Repository, which would turn a CancellationException into an error of data access
class RunReader {

    private final JdbcClient jdbc;
    private final Datasets datasets;
    private final PurchaseHistory history;
    private final Clock clock;

    RunReader(JdbcClient jdbc, Datasets datasets, PurchaseHistory history, Clock clock) {
        this.jdbc = jdbc;
        this.datasets = datasets;
        this.history = history;
        this.clock = clock;
    }

    private record Known(
            @Nullable Instant newest,
            long customers,
            @Nullable Instant cutoff,
            String snapshot) {}

    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    RunInput read(String datasetKey, Definition definition, AsOf wanted, Progress progress) {
        progress.at("reading", 0);
        return read(datasetKey, wanted, definition.window(), definition.returns(), definition.frequency());
    }

    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    RunInput read(String datasetKey, AsOf wanted, @Nullable Period window, Returns returns, FrequencyOf frequency) {
        Dataset dataset = datasets.get(datasetKey);
        Known known = jdbc.sql("""
                select (select last_transaction_at from dataset_counters where dataset_id = :dataset) as newest,
                       coalesce((select customers from dataset_counters where dataset_id = :dataset), 0) as customers,
                       (select max(finished_at) from upload where dataset_id = :dataset and status = 'completed') as cutoff,
                       pg_current_snapshot()::text as snapshot""")
                .param("dataset", dataset.id())
                .query((row, number) -> new Known(
                        Times.find(row, "newest"),
                        row.getLong("customers"),
                        Times.find(row, "cutoff"),
                        row.getString("snapshot")))
                .single();
        Instant asOf = wanted.resolve(dataset.timeZone(), known.newest(), clock.instant());
        FeatureTable table =
                FeatureTable.of(history.rfm(dataset.id(), dataset.timeZone(), asOf, window, returns, frequency));
        return new RunInput(
                asOf, dataset.timeZone(), known.cutoff(), table, known.customers() - table.size(), known.snapshot());
    }
}
