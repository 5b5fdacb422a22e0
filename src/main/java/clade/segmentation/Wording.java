package clade.segmentation;

import clade.statistics.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Says in business words what a group is like, against all customers of the run: a feature is called high (or low) only if
 * the group's median lies in the upper (or lower) third of all customers' values.
 */
final class Wording {

    private static final String MIDDLE = "Middle of the range";

    private final SegmentProfiles profiles;
    private final Map<Feature, double[]> thirds = new HashMap<>();

    Wording(FeatureTable table, SegmentProfiles profiles) {
        this.profiles = profiles;
        for (Feature feature : Feature.RFM) {
            double[] values = table.column(feature);
            Arrays.sort(values);
            thirds.put(feature, Quantiles.cuts(values, 3));
        }
    }

    /** One name a group, none twice. No group may be empty. */
    List<String> names(int groups) {
        List<String> names = new ArrayList<>();
        Map<String, Integer> uses = new HashMap<>();
        for (int group = 0; group < groups; group++) {
            String name = words(group);
            names.add(name);
            uses.merge(name, 1, Integer::sum);
        }
        for (Feature feature : List.of(Feature.MONETARY, Feature.RECENCY, Feature.FREQUENCY)) {
            for (int group = 0; group < groups; group++) {
                if (uses.getOrDefault(names.get(group), 0) > 1) {
                    names.set(group, names.get(group) + separator(names.get(group)) + median(feature, group));
                }
            }
            uses.clear();
            names.forEach(name -> uses.merge(name, 1, Integer::sum));
        }
        for (int group = 0; group < groups; group++) {
            if (uses.getOrDefault(names.get(group), 0) > 1) {
                names.set(group, "%s, group %d".formatted(names.get(group), group + 1));
            }
        }
        return names;
    }

    /** A sentence with the group's size and medians. */
    String description(int group) {
        if (profiles.size(group) == 0) {
            return "No customers at present.";
        }
        return "%s: half of them last bought within %s days, placed %s or more orders and spent %s or more."
                .formatted(
                        customers(group),
                        plain(profiles.summary(Feature.RECENCY, group).median()),
                        plain(profiles.summary(Feature.FREQUENCY, group).median()),
                        plain(profiles.summary(Feature.MONETARY, group).median()));
    }

    private String customers(int group) {
        double share = Objects.requireNonNull(profiles.share(group));
        return "%,d customer%s (%s %%)"
                .formatted(
                        profiles.size(group),
                        profiles.size(group) == 1 ? "" : "s",
                        String.format(Locale.ROOT, "%.1f", 100 * share));
    }

    private String words(int group) {
        List<String> words = new ArrayList<>();
        add(words, level(Feature.RECENCY, group), "recent", "lapsed");
        Segment.Summary frequency = profiles.summary(Feature.FREQUENCY, group);
        if (frequency.p90() == 1 && frequency.mean() == 1) {
            words.add("one-time");
        } else {
            add(words, level(Feature.FREQUENCY, group), "infrequent", "frequent");
        }
        add(words, level(Feature.MONETARY, group), "low spend", "high spend");
        if (words.isEmpty()) {
            return MIDDLE;
        }
        String joined = String.join(", ", words);
        return joined.substring(0, 1).toUpperCase(Locale.ROOT) + joined.substring(1);
    }

    private static void add(List<String> words, int level, String low, String high) {
        if (level != 0) {
            words.add(level < 0 ? low : high);
        }
    }

    /** −1 in the lower third, 1 in the upper, 0 between or where the thirds are not apart. */
    private int level(Feature feature, int group) {
        double median = profiles.summary(feature, group).median();
        double lower = Objects.requireNonNull(thirds.get(feature))[0];
        double upper = Objects.requireNonNull(thirds.get(feature))[1];
        if (lower == upper) {
            return Double.compare(median, lower);
        }
        return median <= lower ? -1 : median >= upper ? 1 : 0;
    }

    private String median(Feature feature, int group) {
        return "median %s %s"
                .formatted(
                        feature.apiName(),
                        plain(profiles.summary(feature, group).median()));
    }

    private static String separator(String name) {
        return name.contains("median") ? ", " : " · ";
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.format(Locale.ROOT, "%,d", (long) value)
                : String.format(Locale.ROOT, "%,.2f", value);
    }
}
