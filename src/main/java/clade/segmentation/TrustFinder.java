package clade.segmentation;

import clade.clustering.ClusteringAlgorithm;
import clade.clustering.ClusteringModel;
import clade.clustering.Dbscan;
import clade.clustering.Hdbscan;
import clade.clustering.KMeans;
import clade.clustering.Linkage;
import clade.clustering.Progress;
import clade.clustering.Sample;
import clade.clustering.Separation;
import clade.clustering.Stability;
import clade.clustering.SuggestedK;
import clade.statistics.Matrix;
import clade.statistics.Preparation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Finds out whether the segments of a run would come out again and whether they lie apart, on customers that were drawn. */
final class TrustFinder {

    private static final int MOST_CUSTOMERS = 20_000;

    /** Of methods whose time or memory would be out of hand on more: each is fitted 50 times. */
    private static final int MOST_OF_SLOW_METHODS = 5_000;

    /** Thinned customers are less dense, so that DBSCAN's are thinned only where they must be. */
    private static final int MOST_OF_DBSCAN = 200_000;

    /** Starts of k-means in each of the fits. */
    private static final int RESTARTS = 4;

    private static final double STABILITY = 0.7;

    private final Definition definition;
    private final long customers;
    private final List<String> keys;
    private final FeatureTable table;
    private final int[] segmentOf;
    private final List<String> reasons = new ArrayList<>();

    /**
     * Prepares for one run.
     *
     * @param definition nothing in it is left open
     * @param customers of the run in all
     * @param keys of its segments
     * @param table the features of the drawn customers, at least one
     * @param segmentOf for each of them an index into {@code keys}
     */
    TrustFinder(Definition definition, long customers, List<String> keys, FeatureTable table, int[] segmentOf) {
        this.definition = definition;
        this.customers = customers;
        this.keys = keys;
        this.table = table;
        this.segmentOf = segmentOf;
    }

    /** How many customers of a run are looked at. */
    static int most(Definition definition) {
        Method method = definition.method();
        if (method instanceof DbscanSettings) {
            return MOST_OF_DBSCAN;
        }
        boolean slow = method instanceof MixtureSettings
                || (method instanceof HierarchicalSettings hierarchical
                        && (hierarchical.linkage() == Linkage.COMPLETE || hierarchical.linkage() == Linkage.AVERAGE));
        return slow ? MOST_OF_SLOW_METHODS : MOST_CUSTOMERS;
    }

    /** {@code rfm} is what the run learned if its method is rfm. */
    Trust find(@Nullable RfmModel rfm, Progress progress) {
        if (rfm != null) {
            return ofScores(rfm, (Method.Rfm) definition.method(), progress);
        }
        if (definition.method() instanceof Method.Clusters clusters) {
            return ofClusters(clusters, progress);
        }
        boolean rules = definition.method() instanceof Rules;
        reasons.add(
                rules
                        ? "Rules are followed as they are written: nothing is fitted that another draw of customers could change."
                        : "Tiers and what lies within them are not fitted again to other draws of customers yet.");
        return new Trust(rules ? Trust.YES : null, null, List.copyOf(reasons), Map.of(), null, table.size());
    }

    private Trust ofScores(RfmModel model, Method.Rfm method, Progress progress) {
        RfmStability found = RfmStability.of(definition.seed(), method, model, table, segmentOf, keys.size(), progress);
        Map<String, Trust.OfSegment> segments = new LinkedHashMap<>();
        for (int segment = 0; segment < keys.size(); segment++) {
            if (found.sizes()[segment] > 0) {
                segments.put(keys.get(segment), Trust.OfSegment.of(found.ofSegments()[segment]));
            }
        }
        reasons.add(text(
                "On average %.1f %% of the customers would be in the same segment if the thresholds were found from another draw of "
                        + "customers.",
                100 * found.all()));
        sayUnstable(segments);
        return new Trust(Trust.verdict(found.all()), null, List.copyOf(reasons), segments, null, table.size());
    }

    private Trust ofClusters(Method.Clusters method, Progress progress) {
        int noise = keys.indexOf(ClusterSegmenter.NOISE);
        List<Integer> present = IntStream.range(0, keys.size())
                .filter(segment -> segment != noise && IntStream.of(segmentOf).anyMatch(of -> of == segment))
                .boxed()
                .toList();
        if (present.isEmpty()) {
            reasons.add("There is no cluster: all customers are noise.");
            return new Trust(Trust.NO, Trust.NO, List.copyOf(reasons), Map.of(), null, table.size());
        }
        int[] labels = IntStream.of(segmentOf)
                .map(segment -> segment == noise ? ClusteringModel.NOISE : present.indexOf(segment))
                .toArray();
        Matrix features = table.matrix(definition.features());
        Preparation preparation =
                Objects.requireNonNull(definition.preparation()).forColumns(table.columns(definition.features()));
        ClusteringAlgorithm algorithm = onDrawn(method.algorithm(Math.toIntExact(customers)));
        List<Double> stability = Stability.of(
                features,
                preparation,
                algorithm,
                labels,
                definition.seed(),
                (phase, fraction) -> progress.at("stability", STABILITY * fraction));
        Map<String, Trust.OfSegment> segments = new LinkedHashMap<>();
        for (int i = 0; i < present.size(); i++) {
            segments.put(keys.get(present.get(i)), Trust.OfSegment.of(stability.get(i)));
        }
        double least = Collections.min(stability);
        if (Trust.verdict(least).equals(Trust.YES)) {
            reasons.add(text(
                    "Every segment would come out again from another draw of customers (Jaccard %.2f at least).",
                    least));
        }
        sayUnstable(segments);
        Separation separation = separation(features, preparation, algorithm, progress);
        double largest = Collections.max(separation.nullSilhouettes());
        reasons.add(text(
                separation.clear()
                        ? "The segments lie apart: a silhouette of %.3f, where data without segments but with the same columns and "
                                + "correlations reaches %.3f on average and %.3f at most."
                        : "The segments are parts of one whole, not separate groups: a silhouette of %.3f, where data without segments "
                                + "but with the same columns and correlations reaches %.3f on average and %.3f at most.",
                separation.silhouette(),
                separation.nullMean(),
                largest));
        return new Trust(
                Trust.verdict(least),
                separation.clear() ? Trust.YES : Trust.NO,
                List.copyOf(reasons),
                segments,
                new Trust.Separation(separation.silhouette(), separation.nullMean(), largest),
                table.size());
    }

    private void sayUnstable(Map<String, Trust.OfSegment> segments) {
        segments.entrySet().stream()
                .filter(segment -> !segment.getValue().reproducible().equals(Trust.YES))
                .sorted(Comparator.comparingDouble(segment -> segment.getValue().stability()))
                .forEach(segment -> reasons.add(text(
                        segment.getValue().reproducible().equals(Trust.NO)
                                ? "Segment %s would not come out again (%.2f, below 0.6)."
                                : "Segment %s would come out again only in part (%.2f, below 0.75).",
                        segment.getKey(),
                        segment.getValue().stability())));
    }

    /** What decides is looked at on 2,000 of them, but for density methods, to which thinned customers are others. */
    private Separation separation(
            Matrix features, Preparation preparation, ClusteringAlgorithm algorithm, Progress progress) {
        boolean byDensity = algorithm instanceof Dbscan || algorithm instanceof Hdbscan;
        int rows = byDensity ? Math.min(MOST_CUSTOMERS, features.rows()) : SuggestedK.SAMPLE;
        Matrix x = preparation.fit(features).apply(Sample.rows(features, Sample.of(features, rows, definition.seed())));
        ClusteringAlgorithm alike = byDensity ? thinned(algorithm, (double) x.rows() / features.rows()) : algorithm;
        return Separation.of(
                x,
                alike,
                SuggestedK.SAMPLE,
                definition.seed(),
                (phase, fraction) -> progress.at("separation", STABILITY + (1 - STABILITY) * fraction));
    }

    /** The method for the customers that were drawn. */
    private ClusteringAlgorithm onDrawn(ClusteringAlgorithm algorithm) {
        if (algorithm instanceof KMeans kMeans) {
            return new KMeans(kMeans.k(), Math.min(RESTARTS, kMeans.restarts()), kMeans.maxPasses(), 0, null);
        }
        if (table.size() == customers) {
            return algorithm;
        }
        ClusteringAlgorithm thinned = thinned(algorithm, (double) table.size() / customers);
        if (!thinned.equals(algorithm)) {
            reasons.add(text(
                    "Of %,d customers %,d were looked at, and the settings that count customers were lowered in proportion; on so few, "
                            + "a density method sees less than in all of them.",
                    customers, table.size()));
        }
        return thinned;
    }

    /** With the settings that count customers lowered in proportion. */
    private static ClusteringAlgorithm thinned(ClusteringAlgorithm algorithm, double part) {
        if (algorithm instanceof Dbscan dbscan) {
            return new Dbscan(dbscan.eps(), Math.max(2, (int) Math.round(part * dbscan.minPoints())));
        }
        if (algorithm instanceof Hdbscan hdbscan) {
            return new Hdbscan(
                    Math.max(2, (int) Math.round(part * hdbscan.minClusterSize())),
                    Math.max(2, (int) Math.round(part * hdbscan.minPoints())),
                    hdbscan.selection(),
                    hdbscan.epsilon(),
                    hdbscan.allowSingleCluster());
        }
        return algorithm;
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
