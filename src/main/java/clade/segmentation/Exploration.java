package clade.segmentation;

import clade.datasets.Datasets;
import clade.statistics.Correlations;
import clade.statistics.Distribution;
import clade.statistics.Histogram;
import clade.statistics.Matrix;
import clade.statistics.Preparation;
import clade.web.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
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

    /** Different texts that are listed. */
    private static final int MOST_VALUES = 100;

    private final RunReader reader;
    private final Datasets datasets;
    private final FeatureCheck check;
    private final Semaphore turn = new Semaphore(1, true);

    Exploration(RunReader reader, Datasets datasets, FeatureCheck check) {
        this.reader = reader;
        this.datasets = datasets;
        this.check = check;
    }

    /** A feature of all customers: its values in ascending order, and what they are like. */
    @SuppressWarnings("ArrayRecordComponent") // a column handed over once and never compared
    record Column(Feature feature, double[] sorted, Distribution distribution) {}

    ExplorationView of(String dataset, AsOf asOf, FeatureRequest request) {
        request.features()
                .forEach(feature -> check.checkParameter(datasets.get(dataset).id(), feature));
        if (!mine()) {
            throw Refusal.of(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "busy",
                            "Another exploration is being computed; try again in a moment")
                    .withHeader("Retry-After", Integer.toString(PATIENCE_SECONDS));
        }
        try {
            return explored(request, reader.read(dataset, asOf, request));
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

    private static ExplorationView explored(FeatureRequest request, RunInput input) {
        FeatureTable table = input.table();
        if (table.size() == 0) {
            String nobody = request.needsPurchases()
                    ? "No customer has a purchase in that time: upload transactions, or change asOf or window."
                    : "The dataset has no customers yet: POST customers brings some.";
            return new ExplorationView(
                    input.asOf(),
                    0,
                    input.withoutPurchase(),
                    request.features().stream()
                            .map(feature -> ExplorationView.FeatureView.without(feature, 0, "number"))
                            .toList(),
                    null,
                    null,
                    List.of(nobody));
        }
        List<Column> columns = new ArrayList<>();
        List<ExplorationView.FeatureView> views = new ArrayList<>();
        ExplorationAdvice advice = new ExplorationAdvice(columns, table.size());
        for (Feature feature : request.features()) {
            if (!table.isNumber(feature)) {
                views.add(categories(table, feature));
                continue;
            }
            double[] sorted = Arrays.stream(table.column(feature))
                    .filter(value -> !Double.isNaN(value))
                    .map(value -> value + 0.0)
                    .sorted()
                    .toArray();
            int missing = table.size() - sorted.length;
            if (sorted.length == 0) {
                views.add(ExplorationView.FeatureView.without(feature, missing, "number"));
                continue;
            }
            Column column = new Column(feature, sorted, Distribution.of(sorted, isLog1p(feature)));
            columns.add(column);
            views.add(view(column, missing, advice));
        }
        if (columns.isEmpty()) {
            return new ExplorationView(
                    input.asOf(), table.size(), input.withoutPurchase(), views, null, null, List.of());
        }
        List<Feature> numbers = columns.stream().map(Column::feature).toList();
        List<IntToDoubleFunction> values = numbers.stream().map(table::values).toList();
        int[] whole = IntStream.range(0, table.size())
                .filter(row -> values.stream().noneMatch(column -> Double.isNaN(column.applyAsDouble(row))))
                .toArray();
        ExplorationView.CorrelationsView correlations = whole.length == 0 ? null : correlations(table, numbers, whole);
        return new ExplorationView(
                input.asOf(),
                table.size(),
                input.withoutPurchase(),
                views,
                correlations,
                repeatBuyers(table, numbers, whole),
                advice.ofMethods(correlations));
    }

    private static ExplorationView.@Nullable CorrelationsView repeatBuyers(
            FeatureTable table, List<Feature> numbers, int[] rows) {
        if (!table.has(Feature.FREQUENCY)) {
            return null;
        }
        IntToDoubleFunction frequency = table.values(Feature.FREQUENCY);
        int[] repeatBuyers = IntStream.of(rows)
                .filter(row -> frequency.applyAsDouble(row) >= 2)
                .toArray();
        return repeatBuyers.length < LEAST_REPEAT_BUYERS ? null : correlations(table, numbers, repeatBuyers);
    }

    private static boolean isLog1p(Feature feature) {
        return feature.kind().transform() == Preparation.Transform.LOG1P;
    }

    /** How many customers have which text, most of them first. */
    private static ExplorationView.FeatureView categories(FeatureTable table, Feature feature) {
        List<String> names = table.categories(feature);
        int[] counts = new int[names.size()];
        IntToDoubleFunction column = table.values(feature);
        int missing = 0;
        for (int row = 0; row < table.size(); row++) {
            double value = column.applyAsDouble(row);
            if (Double.isNaN(value)) {
                missing++;
            } else {
                counts[(int) value]++;
            }
        }
        List<ExplorationView.ValueCount> values = IntStream.range(0, counts.length)
                .filter(i -> counts[i] > 0)
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> -counts[i]))
                .map(i -> new ExplorationView.ValueCount(names.get(i), counts[i]))
                .toList();
        List<String> advice = new ArrayList<>();
        if (values.size() == 1) {
            advice.add("%s is %s for everybody who has it and separates nothing: leave it out."
                    .formatted(feature.apiName(), values.get(0).value()));
        } else if (values.size() > FeatureCheck.MOST_CATEGORIES) {
            advice.add(
                    "%s has %,d different values, and %d at most become indicators: use a coarser attribute to cluster on."
                            .formatted(feature.apiName(), values.size(), FeatureCheck.MOST_CATEGORIES));
        } else if (!values.isEmpty()) {
            advice.add("%s becomes %d indicators, scaled together to the weight of one feature."
                    .formatted(feature.apiName(), values.size()));
        }
        return ExplorationView.FeatureView.ofValues(
                feature,
                table.size() - missing,
                missing,
                values.size(),
                values.subList(0, Math.min(values.size(), MOST_VALUES)),
                advice);
    }

    private static double[] values(FeatureTable table, Feature feature, int[] rows) {
        IntToDoubleFunction column = table.values(feature);
        double[] values = new double[rows.length];
        Arrays.setAll(values, i -> column.applyAsDouble(rows[i]));
        return values;
    }

    /** After the default transform of each feature; for log1p negative values count as 0. */
    private static ExplorationView.CorrelationsView correlations(
            FeatureTable table, List<Feature> features, int[] rows) {
        List<double[]> raw =
                features.stream().map(feature -> values(table, feature, rows)).toList();
        List<double[]> transformed = new ArrayList<>();
        for (int i = 0; i < raw.size(); i++) {
            transformed.add(
                    isLog1p(features.get(i))
                            ? Arrays.stream(raw.get(i))
                                    .map(value -> StrictMath.log1p(Math.max(value, 0)))
                                    .toArray()
                            : raw.get(i));
        }
        return new ExplorationView.CorrelationsView(
                rows.length,
                features.stream().map(Feature::apiName).toList(),
                rows(Correlations.pearson(transformed)),
                rows(Correlations.spearman(raw)));
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

    private static ExplorationView.FeatureView view(Column column, int missing, ExplorationAdvice advice) {
        Distribution found = column.distribution();
        Histogram histogram = found.histogram();
        Distribution.Fences fences = found.outliers();
        return new ExplorationView.FeatureView(
                column.feature().apiName(),
                "number",
                found.count(),
                missing,
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
                isLog1p(column.feature()) ? "log1p" : "none",
                new ExplorationView.HistogramView(histogram.edges(), histogram.counts()),
                fences == null
                        ? null
                        : new ExplorationView.OutliersView(fences.lower(), fences.upper(), fences.count()),
                null,
                advice.of(column));
    }
}
