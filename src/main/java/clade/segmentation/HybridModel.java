package clade.segmentation;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a run of method hybrid learned.
 *
 * @param cuts of the tiers' feature, ascending; null if a method found the tiers
 * @param tiersModel of that method; null if there are cuts
 * @param tiers with what was learned within each
 */
@SuppressWarnings("ArrayRecordComponent") // written and read, never compared
record HybridModel(double @Nullable [] cuts, byte @Nullable [] tiersModel, List<Tier> tiers) {

    private static final String MODEL = "hybrid";

    /**
     * A tier.
     *
     * @param found key of the segment that it is, where a method found the tiers; else its own
     * @param model of the method within; null if the tier was kept whole
     */
    @SuppressWarnings("ArrayRecordComponent") // written and read, never compared
    record Tier(String key, String found, byte @Nullable [] model) {}

    /** Number of the tier of a value, from 1: 1 + the cut points strictly below it. */
    static int tier(double[] cuts, double value) {
        int tier = 1;
        for (double cut : cuts) {
            tier += cut < value ? 1 : 0;
        }
        return tier;
    }

    /** Key of the tier of this number. */
    static String key(int tier) {
        return "t" + tier;
    }

    /** Key of a segment within a tier. */
    static String key(String tier, String segment) {
        return tier + "-" + segment;
    }

    byte[] write() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(MODEL);
            out.writeInt(cuts == null ? -1 : cuts.length);
            if (cuts != null) {
                for (double cut : cuts) {
                    out.writeDouble(cut);
                }
            }
            write(out, tiersModel);
            out.writeInt(tiers.size());
            for (Tier tier : tiers) {
                out.writeUTF(tier.key());
                out.writeUTF(tier.found());
                write(out, tier.model());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't fail in memory", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, byte @Nullable [] model) throws IOException {
        out.writeInt(model == null ? -1 : model.length);
        if (model != null) {
            out.write(model);
        }
    }

    /** The model that {@link #write} wrote. */
    static HybridModel read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (!in.readUTF().equals(MODEL)) {
                throw new IllegalArgumentException("no model of method hybrid");
            }
            int count = in.readInt();
            double[] cuts = count < 0 ? null : new double[count];
            for (int i = 0; i < count; i++) {
                Objects.requireNonNull(cuts)[i] = in.readDouble();
            }
            byte[] tiersModel = readModel(in);
            List<Tier> tiers = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                tiers.add(new Tier(in.readUTF(), in.readUTF(), readModel(in)));
            }
            return new HybridModel(cuts, tiersModel, tiers);
        } catch (IOException e) {
            throw new UncheckedIOException("a model of method hybrid is cut short", e);
        }
    }

    private static byte @Nullable [] readModel(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length < 0 ? null : in.readNBytes(length);
    }

    /** Ready to assign. */
    KeptModel kept(Definition definition, Hybrid hybrid) {
        KeptModel ofTiers = ofTiers(definition, hybrid);
        Map<String, String> keyOf = new HashMap<>();
        Map<String, KeptModel> within = new HashMap<>();
        for (Tier tier : tiers) {
            keyOf.put(tier.found(), tier.key());
            if (tier.model() != null) {
                within.put(tier.key(), KeptModel.read(definition.within(hybrid), tier.model()));
            }
        }
        return (table, rows) -> {
            String[] keys = ofTiers.segments(table, rows);
            for (int i = 0; i < keys.length; i++) {
                keys[i] = keyOf.getOrDefault(keys[i], ClusterSegmenter.NOISE);
            }
            within.forEach((tier, model) -> {
                int[] places = IntStream.range(0, keys.length)
                        .filter(i -> keys[i].equals(tier))
                        .toArray();
                int[] members = Arrays.stream(places).map(i -> rows[i]).toArray();
                String[] found = members.length == 0 ? new String[0] : model.segments(table, members);
                for (int i = 0; i < found.length; i++) {
                    keys[places[i]] = found[i].equals(ClusterSegmenter.NOISE) ? found[i] : key(tier, found[i]);
                }
            });
            return keys;
        };
    }

    private KeptModel ofTiers(Definition definition, Hybrid hybrid) {
        double[] cutPoints = cuts;
        if (cutPoints != null && hybrid.tiers() instanceof Hybrid.ByCuts byCuts) {
            return (table, rows) -> {
                IntToDoubleFunction values = table.values(byCuts.feature());
                return Arrays.stream(rows)
                        .mapToObj(row -> key(tier(cutPoints, values.applyAsDouble(row))))
                        .toArray(String[]::new);
            };
        }
        if (tiersModel != null && hybrid.tiers() instanceof Hybrid.ByMethod byMethod) {
            return KeptModel.read(definition.tiers(byMethod), tiersModel);
        }
        throw new IllegalArgumentException("a model of other tiers than the definition's");
    }
}
