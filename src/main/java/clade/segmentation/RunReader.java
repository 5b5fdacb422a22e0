package clade.segmentation;

import clade.clustering.Progress;
import clade.customers.Attribute;
import clade.customers.AttributeType;
import clade.customers.AttributeValues;
import clade.customers.Attributes;
import clade.database.Times;
import clade.datasets.Dataset;
import clade.datasets.Datasets;
import clade.rfm.RfmTable;
import clade.transactions.PurchaseHistory;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
    private final FeatureReader features;
    private final PopulationReader populations;
    private final PurchaseHistory history;
    private final Attributes attributes;
    private final AttributeValues attributeValues;
    private final Clock clock;

    RunReader(
            JdbcClient jdbc,
            Datasets datasets,
            FeatureReader features,
            PopulationReader populations,
            PurchaseHistory history,
            Attributes attributes,
            AttributeValues attributeValues,
            Clock clock) {
        this.jdbc = jdbc;
        this.datasets = datasets;
        this.features = features;
        this.populations = populations;
        this.history = history;
        this.attributes = attributes;
        this.attributeValues = attributeValues;
        this.clock = clock;
    }

    private record Known(
            @Nullable Instant newest,
            long customers,
            @Nullable Instant cutoff,
            String snapshot) {}

    /** The customers of a definition, none of whose features is missing any more. */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    RunInput read(String datasetKey, Definition definition, AsOf wanted, Progress progress) {
        progress.at("reading", 0);
        FeatureRequest request = FeatureRequest.of(definition);
        Dataset dataset = datasets.get(datasetKey);
        RunInput all = read(dataset, wanted, request);
        Population population = definition.population();
        FeatureTable table =
                population == null ? all.table() : populations.narrow(dataset.id(), population, all.table());
        long localAsOf = all.asOf() == null ? 0 : Feature.localMicros(all.asOf(), dataset.timeZone());
        Gaps closed = Gaps.close(table, request.needed(), definition.missing(), localAsOf);
        return new RunInput(
                all.asOf(),
                all.zone(),
                all.dataCutoff(),
                FeatureReader.withScores(closed.table(), request.scores()),
                all.withoutPurchase(),
                closed.missing(),
                closed.excluded(),
                definition.lapsedApart() ? lapsed(dataset, definition, Objects.requireNonNull(all.asOf())) : null,
                all.snapshot());
    }

    /** The customers that features are of, NaN where one is missing. */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    RunInput read(String datasetKey, AsOf wanted, FeatureRequest request) {
        RunInput all = read(datasets.get(datasetKey), wanted, request);
        return all.with(FeatureReader.withScores(all.table(), request.scores()));
    }

    private RunInput read(Dataset dataset, AsOf wanted, FeatureRequest request) {
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
        boolean purchases = request.needsPurchases();
        Instant newest = known.newest() == null && !purchases ? newestDate(dataset, request) : known.newest();
        Instant asOf = newest == null && !purchases && wanted.equals(AsOf.LATEST)
                ? null
                : wanted.resolve(dataset.timeZone(), newest, clock.instant());
        FeatureTable table = features.read(dataset, asOf, request, known.newest() != null);
        return new RunInput(
                asOf,
                dataset.timeZone(),
                known.cutoff(),
                table,
                purchases ? Math.max(0, known.customers() - table.size()) : null,
                Map.of(),
                0,
                null,
                known.snapshot());
    }

    /** The newest value of the date attributes that are used; null without any. */
    private @Nullable Instant newestDate(Dataset dataset, FeatureRequest request) {
        List<String> dates = request.attributes().stream()
                .map(feature -> attributes.find(dataset.id(), feature.attribute()))
                .flatMap(Optional::stream)
                .filter(attribute -> attribute.type() == AttributeType.DATE)
                .map(Attribute::name)
                .toList();
        String newest = dates.isEmpty() ? null : attributeValues.newest(dataset.id(), dates);
        return newest == null
                ? null
                : AttributeColumn.local(newest).atZone(dataset.timeZone()).toInstant();
    }

    /** Those whose purchases all lie before the window. */
    private FeatureTable lapsed(Dataset dataset, Definition definition, Instant asOf) {
        RfmTable table = history.lapsed(
                dataset.id(),
                dataset.timeZone(),
                asOf,
                Objects.requireNonNull(definition.window()),
                definition.returns());
        FeatureTable lapsed = FeatureTable.of(table);
        Population population = definition.population();
        return population == null ? lapsed : populations.narrow(dataset.id(), population, lapsed);
    }
}
