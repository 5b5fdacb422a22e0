package clade.segmentation;

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
    private final List<Map<Feature, Segment.Summary>> found = new ArrayList<>();
    private final List<Map<Feature, double[]>> sorted = new ArrayList<>();

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

    /** The group's part of all customers; null without any. */
    @Nullable
    Double share(int group) {
        return table.size() == 0 ? null : (double) size(group) / table.size();
    }

    double revenue(int group) {
        return ExactSum.of(values(Feature.MONETARY, group));
    }

    /** The least part of the group that brings 80 % of its revenue; null without revenue. */
    @Nullable
    Double paretoShare(int group) {
        return ParetoShare.of(values(Feature.MONETARY, group));
    }

    double totalRevenue() {
        return ExactSum.of(table.column(Feature.MONETARY));
    }

    /** By the features' API names; a null for each if the group is empty. */
    Map<String, Segment.@Nullable Summary> summaries(List<Feature> features, int group) {
        Map<String, Segment.@Nullable Summary> summaries = new LinkedHashMap<>();
        features.forEach(
                feature -> summaries.put(feature.apiName(), size(group) == 0 ? null : summary(feature, group)));
        return summaries;
    }

    /** Of a group that is not empty. Several ask for the same one, and each costs a sort. */
    Segment.Summary summary(Feature feature, int group) {
        return found.get(group).computeIfAbsent(feature, missing -> summarise(missing, group));
    }

    /** The group's values in ascending order, for reading only. */
    double[] sorted(Feature feature, int group) {
        return sorted.get(group).computeIfAbsent(feature, missing -> {
            double[] values = values(missing, group);
            Arrays.sort(values);
            return values;
        });
    }

    private Segment.Summary summarise(Feature feature, int group) {
        double[] values = sorted(feature, group);
        return new Segment.Summary(
                ExactSum.of(values) / values.length,
                Quantiles.at(values, 1, 2),
                Quantiles.at(values, 1, 10),
                Quantiles.at(values, 9, 10));
    }

    private double[] values(Feature feature, int group) {
        IntToDoubleFunction column = table.values(feature);
        double[] values = new double[members[group].length];
        Arrays.setAll(values, i -> column.applyAsDouble(members[group][i]));
        return values;
    }
}
