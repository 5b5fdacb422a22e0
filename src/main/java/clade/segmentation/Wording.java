package clade.segmentation;

import clade.segmentation.report.Figures;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says in business words what a group is like, against all customers of the run: a feature is called high (or low) only if the
 * group's median lies in the upper (or lower) third of all customers' values, and very high (or low) in the last (or first)
 * tenth.
 */
final class Wording {

    /** Words beyond these would not be a name any more. */
    private static final int MOST_FURTHER_FEATURES = 2;

    private final SegmentProfiles profiles;
    private final List<Feature> features;
    private final Map<Feature, Levels> levels = new HashMap<>();

    /** {@code clustered} are the features that the groups were made of; recency and the like tell of them too, where known. */
    Wording(FeatureTable table, SortedColumns columns, SegmentProfiles profiles, List<Feature> clustered) {
        this.profiles = profiles;
        this.features = Stream.concat(Feature.RFM.stream(), clustered.stream())
                .distinct()
                .filter(feature -> table.has(feature) && table.isNumber(feature) && columns.of(feature).length > 0)
                .toList();
        for (Feature feature : features) {
            levels.put(feature, Levels.of(columns.of(feature)));
        }
    }

    /** One name a group, none twice whatever the case of its letters. No group may be empty. */
    List<String> names(int groups) {
        return names(groups, Set.of());
    }

    /** The same of the first groups, without a word on some features. */
    List<String> names(int groups, Set<Feature> unsaid) {
        String[] names = new String[groups];
        for (int group = 0; group < groups; group++) {
            names[group] = words(group, false, unsaid);
        }
        for (int group : repeated(names)) {
            names[group] = words(group, true, unsaid);
        }
        // numbers tell apart what words don't: each time the feature on which most of those alike differ
        for (int rounds = 0; rounds < features.size(); rounds++) {
            Map<String, List<Integer>> alike = alike(names);
            if (alike.isEmpty()) {
                break;
            }
            alike.values().forEach(group -> addMedian(names, group, unsaid));
        }
        alike(names).values().forEach(group -> addSizes(names, group));
        return List.of(names);
    }

    private static Set<Integer> repeated(String[] names) {
        Set<Integer> repeated = new HashSet<>();
        alike(names).values().forEach(repeated::addAll);
        return repeated;
    }

    /** Groups that have a name in common, by that name. */
    private static Map<String, List<Integer>> alike(String[] names) {
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        for (int group = 0; group < names.length; group++) {
            groups.computeIfAbsent(names[group].toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(group);
        }
        groups.values().removeIf(group -> group.size() == 1);
        return groups;
    }

    private void addMedian(String[] names, List<Integer> groups, Set<Feature> unsaid) {
        Feature telling = features.stream()
                .filter(feature -> features.size() == unsaid.size() || !unsaid.contains(feature))
                .max(Comparator.comparingLong((Feature feature) -> groups.stream()
                                .mapToDouble(group -> median(feature, group))
                                .distinct()
                                .count())
                        // of equally telling ones the first of this order
                        .thenComparingInt(feature -> -TELLING.indexOf(feature)))
                .orElseThrow();
        for (int group : groups) {
            String says = typical(telling, median(telling, group));
            if (!names[group].contains(says)) {
                names[group] += ", " + says;
            }
        }
    }

    /** Features that are not among them, at −1, come first: the user chose them. */
    private static final List<Feature> TELLING = List.of(Feature.MONETARY, Feature.RECENCY, Feature.FREQUENCY);

    /** Alike in every median: the larger and the smaller one, and by letter where even the sizes are equal. */
    private void addSizes(String[] names, List<Integer> groups) {
        for (int i = 0; i < groups.size(); i++) {
            names[groups.get(i)] +=
                    " (%s, %,d customers)".formatted((char) ('A' + i % 26), profiles.size(groups.get(i)));
        }
    }

    private static String typical(Feature feature, double median) {
        String value = plain(median);
        if (feature.equals(Feature.MONETARY)) {
            return "typically " + value + " spent";
        }
        if (feature.equals(Feature.RECENCY)) {
            return "typically " + value + " days ago";
        }
        if (feature.equals(Feature.FREQUENCY)) {
            return "typically " + value + (median == 1 ? " order" : " orders");
        }
        return "typical " + title(feature) + " " + value;
    }

    /** What a group's median is of each feature, by API name. */
    Map<String, Level> levels(int group) {
        Map<String, Level> found = new LinkedHashMap<>();
        if (profiles.size(group) > 0) {
            features.stream()
                    .filter(feature -> profiles.isKnown(feature, group))
                    .forEach(feature ->
                            found.put(feature.apiName(), level(feature, group).coarse()));
        }
        return found;
    }

    /** A sentence with the group's size and medians. */
    String description(int group) {
        if (profiles.size(group) == 0) {
            return "No customers at present.";
        }
        if (!features.containsAll(Feature.RFM)) {
            String medians = features.stream()
                    .filter(feature -> profiles.isKnown(feature, group))
                    .map(feature -> "%s %s".formatted(title(feature), plain(median(feature, group))))
                    .collect(Collectors.joining(", "));
            return customers(group) + (medians.isEmpty() ? "." : ", by the median " + medians + ".");
        }
        return "%s: half of them last bought within %s days, placed %s or more orders and spent %s or more."
                .formatted(
                        customers(group),
                        plain(median(Feature.RECENCY, group)),
                        plain(median(Feature.FREQUENCY, group)),
                        plain(median(Feature.MONETARY, group)));
    }

    private String customers(int group) {
        double share = Objects.requireNonNull(profiles.share(group));
        return "%,d customer%s (%s %%)"
                .formatted(
                        profiles.size(group),
                        profiles.size(group) == 1 ? "" : "s",
                        String.format(Locale.ROOT, "%.1f", 100 * share));
    }

    /** The name of a group by what it is like, its levels in finer parts if {@code fine}. */
    private String words(int group, boolean fine, Set<Feature> unsaid) {
        if (profiles.holdsAll(group)) {
            return "All customers";
        }
        List<String> parts = new ArrayList<>();
        further(group, fine, unsaid).forEach(parts::add);
        if (features.containsAll(Feature.RFM)) {
            String buyers = buyers(group, fine, unsaid);
            Level recency = level(Feature.RECENCY, group, fine);
            String when = recency.isLow() ? "recent" : recency.isHigh() ? "lapsed" : "";
            if (recency == Level.LOWEST) {
                when = "very recent";
            } else if (recency == Level.HIGHEST) {
                when = "long lapsed";
            }
            parts.add(0, buyers);
            if (!when.isEmpty() && !unsaid.contains(Feature.RECENCY)) {
                parts.add(1, when);
            }
        }
        String joined = parts.isEmpty() ? "middle of the range" : String.join(", ", parts);
        return joined.substring(0, 1).toUpperCase(Locale.ROOT) + joined.substring(1);
    }

    /** How often they buy and what they spend: "frequent big spenders". */
    private String buyers(int group, boolean fine, Set<Feature> unsaid) {
        Segment.Summary orders = profiles.summary(Feature.FREQUENCY, group);
        String often;
        if (unsaid.contains(Feature.FREQUENCY)) {
            often = "";
        } else if (orders.p90() == 1 && orders.mean() == 1) {
            often = "one-time ";
        } else {
            often = switch (level(Feature.FREQUENCY, group, fine)) {
                case LOWEST, LOW -> "occasional ";
                case MIDDLE -> "";
                case HIGH -> "frequent ";
                case HIGHEST -> "very frequent ";
            };
        }
        if (unsaid.contains(Feature.MONETARY)) {
            return often + "buyers";
        }
        return switch (level(Feature.MONETARY, group, fine)) {
            case LOWEST -> often + "very small spenders";
            case LOW -> often + "small spenders";
            case MIDDLE -> often.isEmpty() ? "average spenders" : often + "buyers";
            case HIGH -> often + "big spenders";
            case HIGHEST -> often + "very big spenders";
        };
    }

    /** The further features on which the group is not in the middle, those first that set it apart most. */
    private List<String> further(int group, boolean fine, Set<Feature> unsaid) {
        return features.stream()
                .filter(feature -> !Feature.RFM.contains(feature) && !unsaid.contains(feature))
                .filter(feature -> level(feature, group) != Level.MIDDLE)
                .sorted(Comparator.comparingDouble((Feature feature) -> -Math.abs(fromMiddle(feature, group))))
                .limit(MOST_FURTHER_FEATURES)
                .map(feature -> word(level(feature, group, fine)) + title(feature))
                .toList();
    }

    private static String word(Level level) {
        return switch (level) {
            case LOWEST -> "very low ";
            case LOW -> "low ";
            case MIDDLE -> "middle ";
            case HIGH -> "high ";
            case HIGHEST -> "very high ";
        };
    }

    /** How many thirds the median lies from the middle of them. */
    private double fromMiddle(Feature feature, int group) {
        Levels parts = Objects.requireNonNull(levels.get(feature));
        double width = parts.upperThird() - parts.lowerThird();
        double middle = parts.lowerThird() + width / 2;
        return (median(feature, group) - middle) / (width == 0 ? 1 : width);
    }

    private Level level(Feature feature, int group, boolean fine) {
        Level level = level(feature, group);
        return fine ? level : level.coarse();
    }

    private Level level(Feature feature, int group) {
        return profiles.isKnown(feature, group)
                ? Objects.requireNonNull(levels.get(feature)).of(median(feature, group))
                : Level.MIDDLE;
    }

    private double median(Feature feature, int group) {
        return profiles.summary(feature, group).median();
    }

    /** How people call a feature: {@code attribute:Annual Income (k$)} is Annual Income, {@code meanGap} the usual gap. */
    static String title(Feature feature) {
        return switch (feature.kind()) {
            case RECENCY, FREQUENCY, MONETARY, TENURE -> feature.apiName();
            case RECENCY_SCORE -> "recency score";
            case FREQUENCY_SCORE -> "frequency score";
            case MONETARY_SCORE -> "monetary score";
            case AVERAGE_ORDER_VALUE -> "average order value";
            case MEAN_GAP -> "usual gap between orders";
            case LAST_GAP -> "last gap between orders";
            case DISTINCT_PRODUCTS -> "number of products";
            case RETURN_RATE -> "return rate";
            case ORDERS_IN -> "number of orders in " + period(feature);
            case MONETARY_IN -> "spend in " + period(feature);
            case ORDERS_TREND -> "order trend over " + period(feature);
            case DECAYED_FREQUENCY -> "time-weighted orders over " + period(feature);
            case DECAYED_MONETARY -> "time-weighted spend over " + period(feature);
            case RECENCY_DECAY -> "time-weighted recency over " + period(feature);
            case ATTRIBUTE -> withoutUnit(feature.attribute());
        };
    }

    private static String period(Feature feature) {
        return Figures.period(Objects.requireNonNull(feature.period()));
    }

    private static String withoutUnit(String name) {
        int unit = name.indexOf(" (");
        return unit > 0 ? name.substring(0, unit) : name;
    }

    /** A number as people write it, with two decimals at most. */
    static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.format(Locale.ROOT, "%,d", (long) value)
                : String.format(Locale.ROOT, "%,.2f", value);
    }

    /** A number as people write it, none of its decimals left out. */
    static String exact(double value) {
        return value == Math.rint(value) || Math.abs(value) >= 1e15
                ? plain(value)
                : new BigDecimal(Double.toString(value)).toPlainString();
    }
}
