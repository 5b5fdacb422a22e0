package clade.segmentation;

import clade.rfm.CompositeScore;
import clade.rfm.RfmScheme;
import clade.rfm.SegmentMap;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run of method rfm learned: cut points, and the map as it was then. It needs no other table, so a map may change and a
 * published run still means the same.
 *
 * @param composite null if the definition has no weights
 */
record RfmModel(RfmScheme scheme, SegmentMap map, @Nullable CompositeScore composite) {

    private static final String TYPE = "rfm";

    /** Index of the segment of a customer. */
    int segmentOf(double recencyDays, double frequency, double monetary) {
        return map.segmentOf(
                scheme.recencyScore(recencyDays), scheme.frequencyScore(frequency), scheme.monetaryScore(monetary));
    }

    byte[] write() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(TYPE);
            out.writeInt(scheme.scores());
            for (double[] cuts : List.of(scheme.recencyCuts(), scheme.frequencyCuts(), scheme.monetaryCuts())) {
                for (double cut : cuts) {
                    out.writeDouble(cut);
                }
            }
            byte[] json = SegmentMapJson.write(map).toString().getBytes(StandardCharsets.UTF_8);
            out.writeInt(json.length);
            out.write(json);
            out.writeBoolean(composite != null);
            if (composite != null) {
                out.writeDouble(composite.recency());
                out.writeDouble(composite.frequency());
                out.writeDouble(composite.monetary());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't fail in memory", e);
        }
        return bytes.toByteArray();
    }

    /** The model that {@link #write} wrote. */
    static RfmModel read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            String type = in.readUTF();
            if (!type.equals(TYPE)) {
                throw new IllegalArgumentException("no model of method rfm: " + type);
            }
            int cuts = in.readInt() - 1;
            RfmScheme scheme = RfmScheme.ofCuts(readCuts(in, cuts), readCuts(in, cuts), readCuts(in, cuts));
            var json = JsonMapper.shared().readTree(in.readNBytes(in.readInt()));
            SegmentMap map = SegmentMapJson.read(json.get("key").asString(), json);
            return new RfmModel(
                    scheme,
                    map,
                    in.readBoolean() ? new CompositeScore(in.readDouble(), in.readDouble(), in.readDouble()) : null);
        } catch (IOException e) {
            throw new UncheckedIOException("can't fail in memory", e);
        }
    }

    private static double[] readCuts(DataInputStream in, int count) throws IOException {
        double[] cuts = new double[count];
        for (int i = 0; i < count; i++) {
            cuts[i] = in.readDouble();
        }
        return cuts;
    }
}
