package clade.segmentation;

import clade.clustering.ClusteringModel;
import clade.clustering.ContingencyTable;
import clade.clustering.Matching;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names that users gave to segments, carried from the run before to a new one and held against what is true there. */
final class GivenNames {

    /** With less of its members in common, a segment is hardly the one that was named. */
    private static final double MOSTLY = 0.5;

    /** How the segment is known that goes on one of the run before. */
    enum Way {
        /** Segments of the same map or rules mean what their key says. */
        KEY,
        /** Clusters are numbered anew each time: by most members in common, over all segments together. */
        MEMBERS,
        /** Where segments with meanings of their own take the place of others, none goes on. */
        NONE
    }

    private final List<Segment> before;
    private final Map<String, Integer> labelBefore = new HashMap<>();

    /** Of the customers who were and are in a segment: the label before, noise included, and the segment now. */
    private int[] labels = new int[0];

    private int[] segmentsNow = new int[0];
    private int seen;
    private final boolean any;

    /** {@code before} are the segments of the run before, in their order. */
    GivenNames(List<Segment> before) {
        this.before = before;
        this.any = before.stream().anyMatch(segment -> segment.profile().given() != null);
        for (int i = 0; i < before.size(); i++) {
            labelBefore.put(before.get(i).key(), before.get(i).noise() ? ClusteringModel.NOISE : i);
        }
    }

    /** A customer who was in the segment of this key is in this one of the new run now. */
    void saw(String keyBefore, int segmentNow) {
        if (!any) {
            return;
        }
        if (seen == labels.length) {
            labels = Arrays.copyOf(labels, Math.max(1_024, 2 * seen));
            segmentsNow = Arrays.copyOf(segmentsNow, labels.length);
        }
        labels[seen] = labelBefore.getOrDefault(keyBefore, ClusteringModel.NOISE);
        segmentsNow[seen++] = segmentNow;
    }

    /**
     * The new segments with the names of those that they go on, and warnings of the names that none goes on.
     *
     * @param way how the segment is known that goes on another
     * @param warnings to add to
     */
    List<Segment> carriedTo(List<Segment> segments, Way way, List<String> warnings) {
        if (!any) {
            return segments;
        }
        Map<String, Segment> named = new LinkedHashMap<>();
        Map<String, Double> common = new HashMap<>();
        if (way == Way.KEY) {
            before.stream()
                    .filter(segment -> segment.profile().given() != null)
                    .forEach(segment -> named.put(segment.key(), segment));
        } else if (way == Way.MEMBERS && seen > 0) {
            match(segments, named, common);
        }
        Set<String> gone = new HashSet<>();
        before.stream()
                .map(segment -> segment.profile().given())
                .filter(Objects::nonNull)
                .forEach(given -> gone.add(given.name()));
        List<Segment> carried = new ArrayList<>();
        for (Segment segment : segments) {
            Segment from = named.get(segment.key());
            if (from != null) {
                gone.remove(from.name());
                carried.add(named(segment, Objects.requireNonNull(from.profile().given()), common.get(segment.key())));
            } else {
                carried.add(segment);
            }
        }
        gone.stream()
                .sorted()
                .forEach(name ->
                        warnings.add("No segment of this run goes on the one that was named \"%s\"; the name is gone."
                                .formatted(name)));
        return distinct(carried);
    }

    /** Noise is nobody's partner. */
    private void match(List<Segment> segments, Map<String, Segment> named, Map<String, Double> common) {
        int[] now = Arrays.stream(segmentsNow, 0, seen)
                .map(segment -> segments.get(segment).noise() ? ClusteringModel.NOISE : segment)
                .toArray();
        ContingencyTable table = ContingencyTable.of(now, Arrays.copyOf(labels, seen), null);
        int[] partners = Matching.byOverlap(table);
        for (int i = 0; i < partners.length; i++) {
            if (partners[i] >= 0 && before.get(partners[i]).profile().given() != null) {
                String key = segments.get(i).key();
                named.put(key, before.get(partners[i]));
                common.put(key, (double) table.count(i, partners[i]) / table.firstTotal(i));
            }
        }
    }

    /** A segment under its given name, held against what was true when it was given. */
    private static Segment named(Segment segment, SegmentProfile.Given given, @Nullable Double common) {
        SegmentProfile profile = segment.profile();
        List<String> changes = new ArrayList<>();
        given.levels().forEach((feature, was) -> {
            Level now = profile.levels().get(feature);
            if (was != Level.MIDDLE && now != was) {
                changes.add(
                        now == null
                                ? "%s was %s and is not known any more".formatted(feature, was.apiName())
                                : "%s was %s (median %s) and is %s now (median %s)"
                                        .formatted(
                                                feature,
                                                was.apiName(),
                                                median(given.medians().get(feature)),
                                                now.apiName(),
                                                median(medians(segment).get(feature))));
            }
        });
        if (common != null && common < MOSTLY) {
            changes.add(String.format(
                    Locale.ROOT, "only %.0f %% of its members were in the segment that had this name", 100 * common));
        }
        return segment.with(given.name(), profile.with(given, changes.isEmpty(), changes));
    }

    private static String median(@Nullable Double value) {
        return value == null ? "unknown" : Wording.plain(value);
    }

    /** Medians by feature, as far as the segment has members. */
    static Map<String, Double> medians(Segment segment) {
        Map<String, Double> medians = new LinkedHashMap<>();
        segment.features().forEach((feature, summary) -> {
            if (summary != null) {
                medians.put(feature, summary.median());
            }
        });
        return medians;
    }

    /** A profile's name that somebody gave another segment says its size too. */
    private static List<Segment> distinct(List<Segment> segments) {
        Set<String> given = new HashSet<>();
        segments.stream()
                .filter(segment -> segment.profile().given() != null)
                .forEach(segment -> given.add(segment.name().toLowerCase(Locale.ROOT)));
        return segments.stream()
                .map(segment -> segment.profile().given() == null
                                && given.contains(segment.name().toLowerCase(Locale.ROOT))
                        ? segment.with(
                                "%s (%,d customers)".formatted(segment.name(), segment.size()), segment.profile())
                        : segment)
                .toList();
    }
}
