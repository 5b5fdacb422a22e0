package clade.segmentation;

import clade.clustering.Clustering;
import clade.clustering.ClusteringModel;
import clade.clustering.Progress;
import clade.statistics.FittedPreparation;
import clade.statistics.Matrix;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Prepares features, fits clusters in them and describes the clusters. */
final class ClusterSegmenter {

    static final String MODEL = "clusters";

    /** Key of the segment of those who are in no cluster. */
    static final String NOISE = "noise";

    /** Part of the progress that the fit takes; the rest is for its measures. */
    private static final double FIT = 0.7;

    private final Definition definition;
    private final FeatureTable table;
    private final List<FeatureTable.MatrixColumn> columns;
    private final FittedPreparation preparation;
    private final Matrix prepared;

    /** {@code table} holds at least one customer. */
    ClusterSegmenter(Definition definition, FeatureTable table) {
        this.definition = definition;
        this.table = table;
        this.columns = table.columns(definition.features());
        Matrix features = table.matrix(definition.features());
        this.preparation = Objects.requireNonNull(definition.preparation())
                .forColumns(columns)
                .fit(features);
        this.prepared = preparation.apply(features);
    }

    Outcome segment(Method.Clusters method, Progress progress) {
        Clustering found = method.algorithm(table.size()).fit(prepared, null, definition.seed(), progress.part(0, FIT));
        boolean noise = IntStream.of(found.labels()).anyMatch(label -> label == ClusteringModel.NOISE);
        int groups = found.clusters() + (noise ? 1 : 0);
        int[] order = displayOrder(found, groups);
        int[] segmentOf = new int[table.size()];
        for (int row = 0; row < segmentOf.length; row++) {
            int label = found.labels()[row];
            segmentOf[row] = order[label == ClusteringModel.NOISE ? found.clusters() : label];
        }
        SegmentProfiles profiles = new SegmentProfiles(table, segmentOf, groups);
        Map<String, Double> quality = new LinkedHashMap<>(new TreeMap<>(found.quality()));
        quality.putAll(Quality.of(prepared, found, definition.seed(), progress.part(FIT, 1 - FIT)));
        List<String> warnings = new ArrayList<>();
        preparation.warnings().forEach(warning -> warnings.add(named(warning)));
        found.warnings().forEach(warning -> warnings.add(named(warning)));
        return new Outcome(
                segments(found, profiles, order, noise, segmentOf),
                segmentOf,
                found.memberValues(),
                quality,
                warnings,
                model(found, order));
    }

    /** Key of the segment at this position, from 0. */
    static String key(int position) {
        return "c" + (position + 1);
    }

    /**
     * Position of each of the engine's clusters among the segments: by descending mean monetary value, or mean of the first
     * feature where there is no money; noise last.
     */
    private int[] displayOrder(Clustering found, int groups) {
        int[] groupOf = IntStream.of(found.labels())
                .map(label -> label == ClusteringModel.NOISE ? found.clusters() : label)
                .toArray();
        SegmentProfiles byLabel = new SegmentProfiles(table, groupOf, groups);
        List<Integer> clusters = IntStream.range(0, found.clusters())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer cluster) -> -mean(byLabel, cluster)))
                .toList();
        int[] position = new int[groups];
        for (int i = 0; i < clusters.size(); i++) {
            position[clusters.get(i)] = i;
        }
        if (groups > found.clusters()) {
            position[found.clusters()] = found.clusters();
        }
        return position;
    }

    private double mean(SegmentProfiles profiles, int group) {
        Double revenue = profiles.revenue(group);
        if (revenue != null) {
            return revenue / profiles.size(group);
        }
        FeatureTable.MatrixColumn first = columns.get(0);
        return profiles.summary(first, group).mean();
    }

    private List<Segment> segments(
            Clustering found, SegmentProfiles profiles, int[] order, boolean noise, int[] segmentOf) {
        int[] clusterAt = new int[found.clusters()];
        for (int cluster = 0; cluster < found.clusters(); cluster++) {
            clusterAt[order[cluster]] = cluster;
        }
        int groups = found.clusters() + (noise ? 1 : 0);
        SortedColumns columns = new SortedColumns(table);
        Wording wording = new Wording(table, columns, profiles, definition.features());
        ProfileFinder finder = new ProfileFinder(
                definition, table, columns, profiles, segmentOf, groups, noise ? found.clusters() : -1);
        List<String> names = wording.names(found.clusters());
        Personas personas = new Personas(table, segmentOf, groups);
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < groups; i++) {
            boolean isNoise = i == found.clusters();
            Segment.Persona persona = personas.find(i);
            String name = isNoise ? "Noise" : names.get(i);
            segments.add(new Segment(
                    isNoise ? NOISE : key(i),
                    name,
                    profiles.size(i),
                    profiles.share(i),
                    profiles.revenue(i),
                    profiles.revenueShare(i),
                    profiles.paretoShare(i),
                    isNoise,
                    profiles.summaries(definition.shownFeatures(), i),
                    isNoise ? null : centre(found.centres(), clusterAt[i]),
                    persona,
                    wording.description(i),
                    isNoise || persona == null ? null : Personas.action(persona),
                    finder.of(i, name, wording.levels(i))));
        }
        return segments;
    }

    private @Nullable Map<String, Double> centre(@Nullable Matrix centres, int cluster) {
        if (centres == null) {
            return null;
        }
        Map<String, Double> centre = new LinkedHashMap<>();
        for (int column = 0; column < centres.columns(); column++) {
            centre.put(columnName(column), centres.get(cluster, column));
        }
        return centre;
    }

    /** The engine knows columns by number; people know features. */
    private String named(String warning) {
        String named = warning;
        for (int column = 0; column < prepared.columns(); column++) {
            named = named.replace("{column %d}".formatted(column), columnName(column));
        }
        return named;
    }

    private String columnName(int column) {
        boolean components = Objects.requireNonNull(definition.preparation()).components() != null;
        return components ? "component" + (column + 1) : columns.get(column).name();
    }

    private byte[] model(Clustering found, int[] order) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(MODEL);
            preparation.write(out);
            found.model().write(out);
            out.writeInt(order.length);
            for (int position : order) {
                out.writeInt(position);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't fail in memory", e);
        }
        return bytes.toByteArray();
    }
}
