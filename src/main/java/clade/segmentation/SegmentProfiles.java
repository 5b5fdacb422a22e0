package clade.segmentation;

import clade.statistics.DecimalSum;
import clade.statistics.ExactSum;
import clade.statistics.ParetoShare;
import clade.statistics.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Sizes, revenue and feature summaries of the groups of a run, exact whatever the order of the customers. */
final class SegmentProfiles {

    private final FeatureTable table;
    private final int[][] members;
    private @Nullable Double total;
    private final List<Map<String, Segment.Summary>> found = new ArrayList<>();
    private final List<Map<String, double[]>> sorted = new ArrayList<>();

    /** {@code groupOf} holds a group in [0, groups) for each row of the table. */
    SegmentProfiles(FeatureTable table, int[] groupOf, int groups) {
        this.table = table;
        int[] sizes = new int[groups];
        for (int group : groupOf) {
            sizes[group]++;
        }
        members = new int[groups][];
        for (int group = 0; group < groups; group++) {
            members[group] = new int[sizes[group]];
            found.add(new HashMap<>());
            sorted.add(new HashMap<>());
        }
        int[] filled = new int[groups];
        for (int row = 0; row < groupOf.length; row++) {
            int group = groupOf[row];
            members[group][filled[group]++] = row;
        }
    }

    int size(int group) {
        return members[group].length;
    }

    /** Whether nobody is outside the group. */
    boolean holdsAll(int group) {
        return size(group) == table.size();
    }

    /** The group's part of all customers; null without any. */
    @Nullable
    Double share(int group) {
        return table.size() == 0 ? null : (double) size(group) / table.size();
    }

    /** Null where there is no money to sum. */
    @Nullable
    Double revenue(int group) {
        return table.hasRevenue() ? (Double) DecimalSum.of(money(group)) : null;
    }

    /** The group's part of all revenue; null without any. */
    @Nullable
    Double revenueShare(int group) {
        Double revenue = revenue(group);
        Double total = totalRevenue();
        return revenue == null || total == null || total == 0 ? null : (Double) (revenue / total);
    }

    /** The least part of the group that brings 80 % of its revenue; null without revenue. */
    @Nullable
    Double paretoShare(int group) {
        return table.hasRevenue() ? ParetoShare.of(money(group)) : null;
    }

    @Nullable
    Double totalRevenue() {
        if (total == null && table.hasRevenue()) {
            total = DecimalSum.of(table.column(Feature.MONETARY));
        }
        return total;
    }

    /** By the features' API names; a null for each of which the group has no value. */
    Map<String, Segment.@Nullable Summary> summaries(List<Feature> features, int group) {
        Map<String, Segment.@Nullable Summary> summaries = new LinkedHashMap<>();
        for (FeatureTable.MatrixColumn column : table.columns(features)) {
            summaries.put(column.name(), sorted(column, group).length == 0 ? null : summary(column, group));
        }
        return summaries;
    }

    /** Whether somebody in the group has a value of this feature. */
    boolean isKnown(Feature feature, int group) {
        return sorted(new FeatureTable.MatrixColumn(feature, -1, feature.apiName()), group).length > 0;
    }

    /** Of a group with a value. Several ask for the same one, and each costs a sort. */
    Segment.Summary summary(Feature feature, int group) {
        return summary(new FeatureTable.MatrixColumn(feature, -1, feature.apiName()), group);
    }

    Segment.Summary summary(FeatureTable.MatrixColumn column, int group) {
        return found.get(group).computeIfAbsent(column.name(), missing -> summarise(column, group));
    }

    /** The group's values that are not missing, in ascending order, for reading only. */
    double[] sorted(FeatureTable.MatrixColumn column, int group) {
        return sorted.get(group).computeIfAbsent(column.name(), missing -> {
            double[] values = SortedColumns.known(values(table.values(column), group));
            Arrays.sort(values);
            return values;
        });
    }

    private Segment.Summary summarise(FeatureTable.MatrixColumn column, int group) {
        double[] values = sorted(column, group);
        return new Segment.Summary(
                ExactSum.of(values) / values.length,
                Quantiles.at(values, 1, 2),
                Quantiles.at(values, 1, 10),
                Quantiles.at(values, 9, 10));
    }

    private double[] money(int group) {
        return values(table.values(Feature.MONETARY), group);
    }

    private double[] values(IntToDoubleFunction column, int group) {
        double[] values = new double[members[group].length];
        Arrays.setAll(values, i -> column.applyAsDouble(members[group][i]));
        return values;
    }
}
