package clade.segmentation;

import clade.clustering.ClusteringModel;
import clade.segmentation.conditions.Facts;
import clade.segmentation.conditions.Vocabulary;
import clade.statistics.FittedPreparation;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a completed run learned, ready to tell the segments of customers without a new fit. */
interface KeptModel {

    /** Keys of the segments that these rows of the table belong to. */
    String[] segments(FeatureTable table, int[] rows);

    /** What {@link #distances} measures; null if the method has no distance. */
    default @Nullable String measure() {
        return null;
    }

    /** How far the first customer of a table is from each segment, by key; empty if not known. */
    default Map<String, Double> distances(FeatureTable one) {
        return Map.of();
    }

    /** The model that a run of this definition kept. */
    static KeptModel read(Definition definition, byte[] model) {
        if (definition.method() instanceof Method.Rfm) {
            return new OfScores(RfmModel.read(model));
        }
        if (definition.method() instanceof Hybrid hybrid) {
            return HybridModel.read(model).kept(definition, hybrid);
        }
        if (definition.method() instanceof Rules rules) {
            return ofRules(rules);
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(model))) {
            if (!in.readUTF().equals(ClusterSegmenter.MODEL)) {
                throw new IllegalArgumentException("not a model of clusters");
            }
            FittedPreparation preparation = FittedPreparation.read(in);
            ClusteringModel clusters = ClusteringModel.read(in);
            int[] order = new int[in.readInt()];
            for (int i = 0; i < order.length; i++) {
                order[i] = in.readInt();
            }
            return new OfClusters(definition.features(), preparation, clusters, order);
        } catch (IOException e) {
            throw new UncheckedIOException("a model of clusters is cut short", e);
        }
    }

    /** Of rules that ask for nothing but features. */
    private static KeptModel ofRules(Rules rules) {
        return (table, rows) -> {
            // here and not before: a run that is not live may ask for more than features
            Vocabulary vocabulary = new Vocabulary(Feature.words(), Feature.periodWords(), Map.of(), Set.of());
            List<Predicate<Facts>> tests = rules.rules().stream()
                    .map(rule -> rule.when().compile(vocabulary))
                    .toList();
            Map<String, IntToDoubleFunction> numbers = new HashMap<>();
            rules.needed().forEach(feature -> numbers.put(feature.apiName(), table.values(feature)));
            Matching matching = new Matching(tests, new CustomerFacts(numbers, Map.of(), Map.of()));
            return Arrays.stream(rows)
                    .mapToObj(row -> rules.key(matching.first(row)))
                    .toArray(String[]::new);
        };
    }

    /** Cut points and a map. */
    record OfScores(RfmModel model) implements KeptModel {

        @Override
        public String[] segments(FeatureTable table, int[] rows) {
            String[] keys = new String[rows.length];
            for (int i = 0; i < rows.length; i++) {
                int segment = model.segmentOf(
                        table.value(Feature.RECENCY, rows[i]),
                        table.value(Feature.FREQUENCY, rows[i]),
                        table.value(Feature.MONETARY, rows[i]));
                keys[i] = model.map().segments().get(segment).key();
            }
            return keys;
        }

        @Override
        public String measure() {
            return "scores";
        }

        /** Steps of single scores to the nearest cell that the map gives to a segment. */
        @Override
        public Map<String, Double> distances(FeatureTable one) {
            Scores scores = Scores.of(model.scheme(), one, 0);
            Map<String, Double> steps = new HashMap<>();
            int most = model.scheme().scores();
            for (int recency = 1; recency <= most; recency++) {
                for (int frequency = 1; frequency <= most; frequency++) {
                    for (int monetary = 1; monetary <= most; monetary++) {
                        int segment = model.map().segmentOf(recency, frequency, monetary);
                        steps.merge(
                                model.map().segments().get(segment).key(),
                                (double) Math.abs(recency - scores.recency())
                                        + Math.abs(frequency - scores.frequency())
                                        + Math.abs(monetary - scores.monetary()),
                                Math::min);
                    }
                }
            }
            return steps;
        }
    }

    /** What a clustering learned. */
    @SuppressWarnings("ArrayRecordComponent") // read once and compared never
    record OfClusters(List<Feature> features, FittedPreparation preparation, ClusteringModel clusters, int[] order)
            implements KeptModel {

        @Override
        public String[] segments(FeatureTable table, int[] rows) {
            int[] labels = clusters.assign(preparation.apply(table.matrix(features, rows)));
            String[] keys = new String[rows.length];
            for (int i = 0; i < rows.length; i++) {
                keys[i] = labels[i] == ClusteringModel.NOISE
                        ? ClusterSegmenter.NOISE
                        : ClusterSegmenter.key(order[labels[i]]);
            }
            return keys;
        }

        @Override
        public String measure() {
            return clusters.measure();
        }

        @Override
        public Map<String, Double> distances(FeatureTable one) {
            double[] prepared =
                    preparation.apply(one.matrix(features, new int[] {0})).row(0);
            double[] distances = clusters.distances(prepared);
            Map<String, Double> byKey = new HashMap<>();
            for (int label = 0; label < distances.length; label++) {
                byKey.put(ClusterSegmenter.key(order[label]), distances[label]);
            }
            return byKey;
        }
    }
}
