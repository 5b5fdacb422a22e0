package clade.segmentation;

import clade.clustering.Progress;
import clade.clustering.UnsuitableData;
import clade.statistics.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Cuts customers into tiers, segments each tier by itself, and makes one segmentation of it. */
final class HybridSegmenter {

    /** Part of the progress that a method that finds the tiers takes. */
    private static final double TIERS = 0.3;

    /** What the data says of a tier that is too small or too alike for the method. */
    private static final Set<String> NOT_DIVISIBLE =
            Set.of("k-above-distinct-rows", "too-few-rows", "constant-feature");

    private static final List<String> LEVELS = List.of("Low", "Middle", "High");

    /** Segments a table by a method that is no hybrid itself. */
    interface Inner {
        Outcome segment(Definition definition, FeatureTable table, Progress progress);
    }

    /**
     * A tier.
     *
     * @param found key of the segment that it is, where a method finds the tiers; else its own
     * @param noise whether it holds those whom a method that finds the tiers leaves in none
     * @param rows of the table
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once and never compared
    private record Tier(String key, String found, String name, boolean noise, int[] rows) {}

    /**
     * A segment of the whole.
     *
     * @param of the tier's own segment; null for a tier that is kept whole, and for noise
     */
    private record Group(
            String key,
            String name,
            boolean noise,
            @Nullable Segment of) {}

    private final Definition definition;
    private final Hybrid hybrid;
    private final FeatureTable table;
    private final Inner inner;

    private final List<Group> groups = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Map<String, Double> quality = new LinkedHashMap<>();
    private final Map<String, double[]> memberValues = new LinkedHashMap<>();
    private final List<HybridModel.Tier> models = new ArrayList<>();
    private final int[] segmentOf;

    /** {@code table} holds at least one customer. */
    HybridSegmenter(Definition definition, Hybrid hybrid, FeatureTable table, Inner inner) {
        this.definition = definition;
        this.hybrid = hybrid;
        this.table = table;
        this.inner = inner;
        this.segmentOf = new int[table.size()];
    }

    Outcome segment(Progress progress) {
        double[] cuts = hybrid.tiers() instanceof Hybrid.ByCuts byCuts ? cuts(byCuts) : null;
        Outcome found = cuts == null ? tiersByMethod(progress) : null;
        List<Tier> tiers =
                found == null ? tiers((Hybrid.ByCuts) hybrid.tiers(), Objects.requireNonNull(cuts)) : tiers(found);
        double done = found == null ? 0 : TIERS;
        for (Tier tier : tiers) {
            double part = (1 - (found == null ? 0 : TIERS)) * tier.rows().length / table.size();
            divide(tier, progress.part(done, part));
            done += part;
        }
        if (IntStream.of(segmentOf).anyMatch(group -> group < 0)) {
            groups.add(new Group(ClusterSegmenter.NOISE, "Noise", true, null));
            for (int row = 0; row < segmentOf.length; row++) {
                segmentOf[row] = segmentOf[row] < 0 ? groups.size() - 1 : segmentOf[row];
            }
        }
        return new Outcome(
                segments(),
                segmentOf,
                memberValues,
                quality,
                warnings,
                new HybridModel(cuts, found == null ? null : found.model(), models).write());
    }

    private static double[] sorted(double[] values) {
        Arrays.sort(values);
        return values;
    }

    private double[] cuts(Hybrid.ByCuts tiers) {
        if (!table.isNumber(tiers.feature())) {
            throw new UnsuitableData(
                    "unsuitable-attribute",
                    "%s is text or boolean and has no cut points: take a number for tiers, or method rules"
                            .formatted(tiers.feature().apiName()));
        }
        double[] values = sorted(table.column(tiers.feature()));
        return tiers.cuts().stream()
                .mapToDouble(cut -> Quantiles.at(values, cut))
                .toArray();
    }

    private Outcome tiersByMethod(Progress progress) {
        Hybrid.ByMethod tiers = (Hybrid.ByMethod) hybrid.tiers();
        Outcome found = inner.segment(
                definition.tiers(tiers), table, (phase, fraction) -> progress.at("tiers: " + phase, TIERS * fraction));
        found.quality().forEach((name, value) -> quality.put("tiers." + name, value));
        found.warnings().forEach(warning -> warnings.add("Tiers: " + warning));
        return found;
    }

    /** The best ones first: the most of everything but days since the last purchase. */
    private List<Tier> tiers(Hybrid.ByCuts tiers, double[] cuts) {
        IntToDoubleFunction values = table.values(tiers.feature());
        int[] tierOf = IntStream.range(0, table.size())
                .map(row -> HybridModel.tier(cuts, values.applyAsDouble(row)) - 1)
                .toArray();
        int count = cuts.length + 1;
        List<Tier> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int tier = tiers.feature().equals(Feature.RECENCY) ? i : count - 1 - i;
            int[] rows = rows(tierOf, tier);
            String name = tiers.names() == null
                    ? tierName(tiers.feature(), cuts, tier)
                    : tiers.names().get(tier);
            if (rows.length == 0) {
                warnings.add("%s is empty: so many customers have the %s %s that cut points are equal."
                        .formatted(
                                name, tiers.feature().apiName(), Wording.plain(cuts[Math.min(tier, cuts.length - 1)])));
            }
            String key = HybridModel.key(tier + 1);
            found.add(new Tier(key, key, name, false, rows));
        }
        return found;
    }

    private static String tierName(Feature feature, double[] cuts, int tier) {
        int count = cuts.length + 1;
        if (feature.equals(Feature.MONETARY)) {
            return count > LEVELS.size()
                    ? "Value tier %d of %d".formatted(tier + 1, count)
                    : LEVELS.get(tier == count - 1 ? LEVELS.size() - 1 : tier) + " value";
        }
        String upper = tier == count - 1 ? "" : " up to " + Wording.plain(cuts[tier]);
        String lower = tier == 0 ? "" : " over " + Wording.plain(cuts[tier - 1]);
        String name = feature.apiName() + lower + upper;
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    /** In the method's order; numbered from the last, so that here as with cuts the best tier has the highest number. */
    private static List<Tier> tiers(Outcome found) {
        long number =
                found.segments().stream().filter(segment -> !segment.noise()).count();
        List<Tier> tiers = new ArrayList<>();
        for (int i = 0; i < found.segments().size(); i++) {
            Segment segment = found.segments().get(i);
            tiers.add(new Tier(
                    HybridModel.key((int) number - i),
                    segment.key(),
                    segment.name(),
                    segment.noise(),
                    rows(found.segmentOf(), i)));
        }
        return tiers;
    }

    private static int[] rows(int[] groupOf, int group) {
        return IntStream.range(0, groupOf.length)
                .filter(row -> groupOf[row] == group)
                .toArray();
    }

    private void divide(Tier tier, Progress progress) {
        if (tier.noise()) {
            for (int row : tier.rows()) {
                segmentOf[row] = -1;
            }
            return;
        }
        if (tier.rows().length == 0) {
            keepWhole(tier);
            return;
        }
        FeatureTable rows = table.rows(tier.rows());
        Outcome found;
        try {
            found = inner.segment(
                    definition.within(hybrid),
                    rows,
                    (phase, fraction) -> progress.at(tier.name() + ": " + phase, fraction));
        } catch (UnsuitableData e) {
            if (!NOT_DIVISIBLE.contains(e.code())) {
                throw e;
            }
            warnings.add("%s (%,d customers) is kept whole, for the method within can't divide it: %s"
                    .formatted(tier.name(), tier.rows().length, e.getMessage()));
            keepWhole(tier);
            return;
        }
        add(tier, rows, found);
    }

    private void keepWhole(Tier tier) {
        for (int row : tier.rows()) {
            segmentOf[row] = groups.size();
        }
        groups.add(new Group(tier.key(), tier.name(), false, null));
        models.add(new HybridModel.Tier(tier.key(), tier.found(), null));
    }

    private void add(Tier tier, FeatureTable rows, Outcome found) {
        int first = groups.size();
        List<String> names = names(rows, found);
        int added = 0;
        int[] groupOf = new int[found.segments().size()];
        for (int i = 0; i < groupOf.length; i++) {
            Segment segment = found.segments().get(i);
            if (segment.noise()) {
                groupOf[i] = -1;
            } else {
                groupOf[i] = first + added++;
                groups.add(new Group(
                        HybridModel.key(tier.key(), segment.key()),
                        tier.name() + " · " + names.get(i),
                        false,
                        segment));
            }
        }
        for (int i = 0; i < tier.rows().length; i++) {
            segmentOf[tier.rows()[i]] = groupOf[found.segmentOf()[i]];
        }
        found.memberValues().forEach((name, values) -> {
            double[] all = memberValues.computeIfAbsent(name, missing -> unknown());
            for (int i = 0; i < values.length; i++) {
                all[tier.rows()[i]] = values[i];
            }
        });
        found.quality().forEach((name, value) -> quality.put(tier.key() + "." + name, value));
        found.warnings().forEach(warning -> warnings.add("%s: %s".formatted(tier.name(), warning)));
        models.add(new HybridModel.Tier(tier.key(), tier.found(), found.model()));
    }

    private double[] unknown() {
        double[] values = new double[table.size()];
        Arrays.fill(values, Double.NaN);
        return values;
    }

    /** What sets each segment of a tier apart from the others in the tier; a map's segments have their names. */
    private List<String> names(FeatureTable rows, Outcome found) {
        if (!hybrid.within().clusters()) {
            return found.segments().stream().map(Segment::name).toList();
        }
        int clusters = (int)
                found.segments().stream().filter(segment -> !segment.noise()).count();
        SegmentProfiles profiles =
                new SegmentProfiles(rows, found.segmentOf(), found.segments().size());
        // the tier's name has said it already, and of all customers
        Set<Feature> said = hybrid.tiers() instanceof Hybrid.ByCuts cuts ? Set.of(cuts.feature()) : Set.of();
        return new Wording(rows, new SortedColumns(rows), profiles, hybrid.features())
                .names(clusters, said).stream()
                        .map(name -> name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1))
                        .toList();
    }

    private List<Segment> segments() {
        SegmentProfiles profiles = new SegmentProfiles(table, segmentOf, groups.size());
        SortedColumns columns = new SortedColumns(table);
        Wording wording = new Wording(table, columns, profiles, definition.features());
        int noise = groups.get(groups.size() - 1).noise() ? groups.size() - 1 : -1;
        ProfileFinder finder = new ProfileFinder(definition, table, columns, profiles, segmentOf, groups.size(), noise);
        Personas personas = new Personas(table, segmentOf, groups.size());
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            Group group = groups.get(i);
            Segment.Persona persona = personas.find(i);
            segments.add(new Segment(
                    group.key(),
                    group.name(),
                    profiles.size(i),
                    profiles.share(i),
                    profiles.revenue(i),
                    profiles.revenueShare(i),
                    profiles.paretoShare(i),
                    group.noise(),
                    profiles.summaries(definition.shownFeatures(), i),
                    group.of() == null ? null : group.of().centre(),
                    persona,
                    wording.description(i),
                    action(group, persona),
                    finder.of(i, group.name(), wording.levels(i))));
        }
        return segments;
    }

    private Segment.@Nullable Action action(Group group, Segment.@Nullable Persona persona) {
        if (group.of() != null && !hybrid.within().clusters()) {
            return group.of().action();
        }
        return group.noise() || persona == null ? null : Personas.action(persona);
    }
}
