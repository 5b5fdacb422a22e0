package clade.segmentation;

import clade.clustering.Progress;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Puts each customer into the first segment whose condition is true. */
final class RulesSegmenter {

    static final String MODEL = "rules";

    private static final int TOLD_EVERY = 10_000;

    private RulesSegmenter() {}

    /**
     * Finds the segments.
     *
     * @param matching tests the rules, in their order
     */
    static Outcome segment(
            Definition definition, Rules rules, Matching matching, FeatureTable table, Progress progress) {
        int[] segmentOf = new int[table.size()];
        for (int row = 0; row < segmentOf.length; row++) {
            if (row % TOLD_EVERY == 0) {
                progress.at("matching", (double) row / segmentOf.length);
            }
            segmentOf[row] = matching.first(row);
        }
        SegmentProfiles profiles =
                new SegmentProfiles(table, segmentOf, rules.rules().size() + 1);
        return new Outcome(
                segments(definition, rules, table, profiles, segmentOf),
                segmentOf,
                Map.of(),
                Map.of(),
                warnings(rules, matching, profiles, table),
                model());
    }

    private static List<String> warnings(Rules rules, Matching matching, SegmentProfiles profiles, FeatureTable table) {
        List<String> warnings = new ArrayList<>();
        for (int i = 0; i < rules.rules().size(); i++) {
            if (profiles.size(i) == 0) {
                long found = 0;
                for (int row = 0; row < table.size(); row++) {
                    found += matching.is(i, row) ? 1 : 0;
                }
                Rules.Rule rule = rules.rules().get(i);
                warnings.add(
                        found == 0
                                ? "%s is empty: %s is true of no customer.".formatted(rule.name(), rule.when())
                                : "%s is empty: earlier segments take all %,d customers of whom %s is true."
                                        .formatted(rule.name(), found, rule.when()));
            }
        }
        return warnings;
    }

    private static List<Segment> segments(
            Definition definition, Rules rules, FeatureTable table, SegmentProfiles profiles, int[] segmentOf) {
        SortedColumns columns = new SortedColumns(table);
        Wording wording = new Wording(table, columns, profiles, definition.features());
        ProfileFinder finder = new ProfileFinder(
                definition, table, columns, profiles, segmentOf, rules.rules().size() + 1, -1);
        Personas personas = new Personas(table, segmentOf, rules.rules().size() + 1);
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i <= rules.rules().size(); i++) {
            boolean last = i == rules.rules().size();
            String name = last ? rules.otherwise().name() : rules.rules().get(i).name();
            Segment.Persona persona = personas.find(i);
            segments.add(new Segment(
                    rules.key(i),
                    name,
                    profiles.size(i),
                    profiles.share(i),
                    profiles.revenue(i),
                    profiles.revenueShare(i),
                    profiles.paretoShare(i),
                    false,
                    profiles.summaries(definition.shownFeatures(), i),
                    null,
                    persona,
                    wording.description(i),
                    persona == null ? null : Personas.action(persona),
                    finder.of(i, name, wording.levels(i))));
        }
        return segments;
    }

    /** The definition says all that there is to know. */
    private static byte[] model() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(MODEL);
        } catch (IOException e) {
            throw new UncheckedIOException("can't fail in memory", e);
        }
        return bytes.toByteArray();
    }
}
