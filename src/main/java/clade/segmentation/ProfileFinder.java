package clade.segmentation;

import clade.clustering.ClusteringModel;
import clade.clustering.ThresholdTree;
import clade.statistics.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds what sets each segment of a run apart: the features that distinguish it, and its rule. */
final class ProfileFinder {

    private final Definition definition;
    private final FeatureTable table;
    private final SegmentProfiles profiles;
    private final int[] segmentOf;
    private final List<FeatureTable.MatrixColumn> shown;
    private final List<FeatureTable.MatrixColumn> clustered;
    private final SortedColumns columns;
    private final Map<String, Double> spreads = new HashMap<>();
    private final @Nullable ThresholdTree tree;
    private final int[] groupOf;

    /**
     * Prepares for one run.
     *
     * @param segmentOf a segment in [0, segments) for each row of the table
     * @param noise the segment that has no rule; −1: none
     */
    ProfileFinder(
            Definition definition,
            FeatureTable table,
            SortedColumns columns,
            SegmentProfiles profiles,
            int[] segmentOf,
            int segments,
            int noise) {
        this.definition = definition;
        this.table = table;
        this.columns = columns;
        this.profiles = profiles;
        this.segmentOf = segmentOf;
        this.shown = table.columns(
                definition.shownFeatures().stream().filter(table::has).toList());
        this.clustered = table.columns(definition.features());
        // the tree numbers the groups that have somebody to describe
        this.groupOf = new int[segments];
        int groups = 0;
        for (int segment = 0; segment < segments; segment++) {
            groupOf[segment] = segment == noise || profiles.size(segment) == 0 ? ClusteringModel.NOISE : groups++;
        }
        int[] labels = Arrays.stream(segmentOf).map(segment -> groupOf[segment]).toArray();
        this.tree = groups == 0 || groups > ThresholdTree.MOST_GROUPS
                ? null
                : ThresholdTree.fit(table.matrix(definition.features()), labels, groups);
        for (FeatureTable.MatrixColumn column : shown) {
            spreads.put(column.name(), spread(column));
        }
    }

    /** The profile of a segment; {@code name} and {@code levels} are what its wording says. */
    SegmentProfile of(int segment, String name, Map<String, Level> levels) {
        return new SegmentProfile(name, null, List.of(), levels, distinguishing(segment), rule(segment), null, null);
    }

    private List<SegmentProfile.Distinction> distinguishing(int segment) {
        return shown.stream()
                .filter(column -> profiles.sorted(column, segment).length > 0
                        && columns.of(column).length > profiles.sorted(column, segment).length)
                .map(column -> distinction(column, segment))
                .sorted(Comparator.comparingDouble(ProfileFinder::rank).reversed())
                .toList();
    }

    /** Where all others are alike in a feature, any difference in it counts most. */
    private static double rank(SegmentProfile.Distinction distinction) {
        return distinction.difference() == null
                ? distinction.median() == distinction.medianOfOthers() ? 0 : Double.POSITIVE_INFINITY
                : Math.abs(distinction.difference());
    }

    private SegmentProfile.Distinction distinction(FeatureTable.MatrixColumn column, int segment) {
        double[] own = profiles.sorted(column, segment);
        double[] all = columns.of(column);
        int others = all.length - own.length;
        double median = Quantiles.at(own, 1, 2);
        // the median of the others lies between two of their values, or on one
        double low = without(all, own, (others - 1) / 2);
        double high = without(all, own, others / 2);
        double medianOfOthers = low + (high - low) / 2;
        double spread = Objects.requireNonNull(spreads.get(column.name()));
        return new SegmentProfile.Distinction(
                column.name(), median, medianOfOthers, spread == 0 ? null : (median - medianOfOthers) / spread);
    }

    /** The value of this rank, from 0, among {@code all} without {@code some} of them, both ascending. */
    static double without(double[] all, double[] some, int rank) {
        int from = 0;
        int to = all.length - 1;
        while (from < to) { // the first value with more than rank others at or below it
            int middle = (from + to) >>> 1;
            int atMost = upTo(all, all[middle]) - upTo(some, all[middle]);
            if (atMost > rank) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return all[from];
    }

    /** How many values are at most {@code value}. */
    private static int upTo(double[] sorted, double value) {
        int from = 0;
        int to = sorted.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (sorted[middle] <= value) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** The median over all customers of the distance from their own segment's median. */
    private double spread(FeatureTable.MatrixColumn column) {
        double[] medians = IntStream.range(0, groupOf.length)
                .mapToDouble(segment -> profiles.sorted(column, segment).length == 0
                        ? 0
                        : profiles.summary(column, segment).median())
                .toArray();
        IntToDoubleFunction values = table.values(column);
        double[] distances = new double[table.size()];
        Arrays.setAll(distances, row -> Math.abs(values.applyAsDouble(row) - medians[segmentOf[row]]));
        double[] known = SortedColumns.known(distances);
        Arrays.sort(known);
        return known.length == 0 ? 0 : Quantiles.at(known, 1, 2);
    }

    private SegmentProfile.@Nullable Rule rule(int segment) {
        if (tree == null || groupOf[segment] == ClusteringModel.NOISE) {
            return null;
        }
        return tree.rule(groupOf[segment]).map(this::rule).orElse(null);
    }

    private SegmentProfile.Rule rule(ThresholdTree.Rule found) {
        List<SegmentProfile.Condition> conditions = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (ThresholdTree.Bound bound : found.bounds()) {
            FeatureTable.MatrixColumn column = clustered.get(bound.column());
            conditions.add(new SegmentProfile.Condition(column.name(), bound.above(), bound.atMost()));
            words.add(words(column, bound));
        }
        String text = words.isEmpty()
                ? "everybody"
                : words.size() == 1
                        ? words.get(0)
                        : String.join(", ", words.subList(0, words.size() - 1)) + " and " + words.get(words.size() - 1);
        return new SegmentProfile.Rule(text, conditions, found.precision(), found.recall(), found.covered());
    }

    private String words(FeatureTable.MatrixColumn column, ThresholdTree.Bound bound) {
        Feature feature = column.feature();
        if (column.category() >= 0) {
            String category = table.categories(feature).get(column.category());
            return Wording.title(feature, table) + (bound.above() == null ? " is not " : " is ") + category;
        }
        String range = Stream.of(
                        bound.above() == null ? null : "more than " + Wording.exact(bound.above()),
                        bound.atMost() == null ? null : "at most " + Wording.exact(bound.atMost()))
                .filter(Objects::nonNull)
                .reduce((above, atMost) -> above + " and " + atMost)
                .orElseThrow();
        if (feature.equals(Feature.RECENCY)) {
            return "last bought " + range + " days ago";
        }
        if (feature.equals(Feature.FREQUENCY)) {
            return switch (definition.frequency()) {
                case ORDERS -> "placed " + range + " orders";
                case TRANSACTIONS -> "made " + range + " purchases";
                case DAYS -> "bought on " + range + " days";
            };
        }
        return feature.equals(Feature.MONETARY) ? "spent " + range : Wording.title(feature, table) + " " + range;
    }
}
