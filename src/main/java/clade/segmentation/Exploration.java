package clade.segmentation;

import clade.statistics.Correlations;
import clade.statistics.Distribution;
import clade.statistics.Histogram;
import clade.statistics.Matrix;
import clade.transactions.FrequencyOf;
import clade.transactions.Returns;
import clade.web.Refusal;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;

/** Computes what features are like. One at a time on an instance: the columns of a large dataset take much of its memory. */
@Service
class Exploration {

    private static final int PATIENCE_SECONDS = 20;
    private static final int LEAST_REPEAT_BUYERS = 3;

    private final RunReader reader;
    private final Semaphore turn = new Semaphore(1, true);

    Exploration(RunReader reader) {
        this.reader = reader;
    }

    /** A feature of all customers: its values in ascending order, and what they are like. */
    @SuppressWarnings("ArrayRecordComponent") // a column handed over once and never compared
    record Column(Feature feature, double[] sorted, Distribution distribution) {}

    ExplorationView of(
            String dataset,
            List<Feature> features,
            AsOf asOf,
            @Nullable Period window,
            Returns returns,
            FrequencyOf frequency) {
        if (!mine()) {
            throw Refusal.of(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "busy",
                            "Another exploration is being computed; try again in a moment")
                    .withHeader("Retry-After", Integer.toString(PATIENCE_SECONDS));
        }
        try {
            return explored(features, reader.read(dataset, asOf, window, returns, frequency));
        } finally {
            turn.release();
        }
    }

    private boolean mine() {
        try {
            return turn.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static ExplorationView explored(List<Feature> features, RunInput input) {
        FeatureTable table = input.table();
        if (table.size() == 0) {
            String nobody = "No customer has a purchase in that time: upload transactions, or change asOf or window.";
            return new ExplorationView(
                    input.asOf(),
                    0,
                    input.withoutPurchase(),
                    features.stream().map(Exploration::empty).toList(),
                    null,
                    null,
                    List.of(nobody));
        }
        List<Column> columns = new ArrayList<>();
        for (Feature feature : features) {
            double[] sorted = values(table, feature);
            Arrays.sort(sorted);
            columns.add(new Column(feature, sorted, Distribution.of(sorted, true)));
        }
        IntToDoubleFunction frequency = table.values(Feature.FREQUENCY);
        int[] everybody = IntStream.range(0, table.size()).toArray();
        int[] repeatBuyers = IntStream.of(everybody)
                .filter(row -> frequency.applyAsDouble(row) >= 2)
                .toArray();
        ExplorationView.CorrelationsView correlations = correlations(table, features, everybody);
        ExplorationAdvice advice = new ExplorationAdvice(columns);
        return new ExplorationView(
                input.asOf(),
                table.size(),
                input.withoutPurchase(),
                columns.stream().map(column -> view(column, advice)).toList(),
                correlations,
                repeatBuyers.length < LEAST_REPEAT_BUYERS ? null : correlations(table, features, repeatBuyers),
                advice.ofMethods(correlations));
    }

    private static double[] values(FeatureTable table, Feature feature) {
        double[] values = new double[table.size()];
        Arrays.setAll(values, row -> table.value(feature, row) + 0.0);
        return values;
    }

    private static double[] values(FeatureTable table, Feature feature, int[] rows) {
        IntToDoubleFunction column = table.values(feature);
        double[] values = new double[rows.length];
        Arrays.setAll(values, i -> column.applyAsDouble(rows[i]));
        return values;
    }

    /** After log1p, the default transform of these features; negative values count as 0. */
    private static ExplorationView.CorrelationsView correlations(
            FeatureTable table, List<Feature> features, int[] rows) {
        List<double[]> raw =
                features.stream().map(feature -> values(table, feature, rows)).toList();
        List<double[]> transformed = raw.stream()
                .map(column -> Arrays.stream(column)
                        .map(value -> StrictMath.log1p(Math.max(value, 0)))
                        .toArray())
                .toList();
        return new ExplorationView.CorrelationsView(
                rows.length, rows(Correlations.pearson(transformed)), rows(Correlations.spearman(raw)));
    }

    private static List<List<@Nullable Double>> rows(Matrix matrix) {
        List<List<@Nullable Double>> rows = new ArrayList<>();
        for (int i = 0; i < matrix.rows(); i++) {
            List<@Nullable Double> row = new ArrayList<>();
            for (double value : matrix.row(i)) {
                row.add(Double.isNaN(value) ? null : value);
            }
            rows.add(row);
        }
        return rows;
    }

    private static ExplorationView.FeatureView view(Column column, ExplorationAdvice advice) {
        Distribution found = column.distribution();
        Histogram histogram = found.histogram();
        Distribution.Fences fences = found.outliers();
        return new ExplorationView.FeatureView(
                column.feature().apiName(),
                found.count(),
                0,
                found.distinct(),
                found.mean(),
                found.standardDeviation(),
                found.percentile(0),
                found.percentile(1),
                found.percentile(10),
                found.percentile(25),
                found.percentile(50),
                found.percentile(75),
                found.percentile(90),
                found.percentile(99),
                found.percentile(100),
                found.skewness(),
                found.medcouple(),
                found.skewnessAfterLog1p(),
                found.medcoupleAfterLog1p(),
                new ExplorationView.MostFrequent(found.mode(), found.modeCount()),
                "log1p",
                new ExplorationView.HistogramView(histogram.edges(), histogram.counts()),
                fences == null
                        ? null
                        : new ExplorationView.OutliersView(fences.lower(), fences.upper(), fences.count()),
                advice.of(column));
    }

    private static ExplorationView.FeatureView empty(Feature feature) {
        return new ExplorationView.FeatureView(
                feature.apiName(),
                0,
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                "log1p",
                null,
                null,
                List.of());
    }
}
