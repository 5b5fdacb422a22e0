package clade.segmentation;

import clade.clustering.ClusteringModel;
import clade.statistics.FittedPreparation;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** What a completed run learned, ready to tell the segments of customers without a new fit. */
interface KeptModel {

    /** Keys of the segments that these rows of the table belong to. */
    String[] segments(FeatureTable table, int[] rows);

    /** The model that a run of this definition kept. */
    static KeptModel read(Definition definition, byte[] model) {
        if (definition.method() instanceof Method.Rfm) {
            return ofScores(RfmModel.read(model));
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
            return ofClusters(definition.features(), preparation, clusters, order);
        } catch (IOException e) {
            throw new UncheckedIOException("a model of clusters is cut short", e);
        }
    }

    private static KeptModel ofScores(RfmModel model) {
        return (table, rows) -> {
            String[] keys = new String[rows.length];
            for (int i = 0; i < rows.length; i++) {
                int segment = model.segmentOf(
                        table.value(Feature.RECENCY, rows[i]),
                        table.value(Feature.FREQUENCY, rows[i]),
                        table.value(Feature.MONETARY, rows[i]));
                keys[i] = model.map().segments().get(segment).key();
            }
            return keys;
        };
    }

    private static KeptModel ofClusters(
            List<Feature> features, FittedPreparation preparation, ClusteringModel clusters, int[] order) {
        return (table, rows) -> {
            int[] labels = clusters.assign(preparation.apply(table.matrix(features, rows)));
            String[] keys = new String[rows.length];
            for (int i = 0; i < rows.length; i++) {
                keys[i] = labels[i] == ClusteringModel.NOISE
                        ? ClusterSegmenter.NOISE
                        : ClusterSegmenter.key(order[labels[i]]);
            }
            return keys;
        };
    }
}
