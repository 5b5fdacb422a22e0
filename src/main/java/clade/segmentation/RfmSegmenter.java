package clade.segmentation;

import clade.rfm.RfmScheme;
import clade.rfm.RfmTable;
import clade.rfm.SegmentMap;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Scores customers and looks their segments up in a map. */
final class RfmSegmenter {

    private static final String MODEL = "rfm";

    private RfmSegmenter() {}

    /** {@code table} holds at least one customer. */
    static Outcome segment(Definition definition, Method.Rfm method, RfmTable table) {
        RfmScheme scheme = RfmScheme.ofQuantiles(method.scores(), table);
        SegmentMap map = method.map();
        int[] segmentOf = new int[table.size()];
        for (int row = 0; row < table.size(); row++) {
            segmentOf[row] = map.segmentOf(
                    scheme.recencyScore(table.recencyDays(row)), scheme.frequencyScore((double) table.frequency(row)));
        }
        SegmentProfiles profiles =
                new SegmentProfiles(table, segmentOf, map.segments().size());
        return new Outcome(
                segments(definition, map, table, profiles), segmentOf, Map.of(), Map.of(), List.of(), model(scheme));
    }

    private static List<Segment> segments(
            Definition definition, SegmentMap map, RfmTable table, SegmentProfiles profiles) {
        Wording wording = new Wording(table, profiles);
        double total = profiles.totalRevenue();
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < map.segments().size(); i++) {
            SegmentMap.Segment named = map.segments().get(i);
            double revenue = profiles.revenue(i);
            segments.add(new Segment(
                    named.key(),
                    named.name(),
                    profiles.size(i),
                    profiles.share(i),
                    revenue,
                    total == 0 ? null : revenue / total,
                    false,
                    profiles.summaries(definition.features(), i),
                    null,
                    null,
                    wording.description(i),
                    Actions.find(named.key())));
        }
        return segments;
    }

    private static byte[] model(RfmScheme scheme) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(MODEL);
            out.writeInt(scheme.scores());
            for (double[] cuts : List.of(scheme.recencyCuts(), scheme.frequencyCuts(), scheme.monetaryCuts())) {
                for (double cut : cuts) {
                    out.writeDouble(cut);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't fail in memory", e);
        }
        return bytes.toByteArray();
    }

    /** The cut points in a model that {@link #segment} gave. */
    static RfmScheme scheme(byte[] model) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(model))) {
            if (!in.readUTF().equals(MODEL)) {
                throw new IllegalArgumentException("not a model of method rfm");
            }
            int cuts = in.readInt() - 1;
            return RfmScheme.ofCuts(doubles(in, cuts), doubles(in, cuts), doubles(in, cuts));
        } catch (IOException e) {
            throw new UncheckedIOException("a model of method rfm is cut short", e);
        }
    }

    private static double[] doubles(DataInputStream in, int count) throws IOException {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.readDouble();
        }
        return values;
    }
}
