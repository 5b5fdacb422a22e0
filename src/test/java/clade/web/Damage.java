package clade.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Breaks files and documents at random, the same way for the same seed. */
final class Damage {

    private static final String MARK = "\"@here@\"";

    /** What may stand where another value belongs, as JSON or nearly. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1.5",
            "01",
            "1e308",
            "1e400",
            "-1e-400",
            "NaN",
            "2147483648",
            "99999999999999999999999999",
            "\"\"",
            "\" \"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\uFFFF\"",
            "\"a\u0001b\"",
            "\"2011-02-30\"",
            "\"0000-01-01\"",
            "\"+99999-12-31T00:00:00Z\"",
            "\"-0001-01-01T00:00:00\"",
            "\"P-1D\"",
            "\"P2147483647Y\"",
            "\"P0D\"",
            "\"Mars/Olympus\"",
            "\"(((((\"",
            "[]",
            "[[]]",
            "{}",
            "{\"\":0}",
            "{\"a\":{\"a\":{}}}",
            "[1,2,",
            "'single'",
            "\"" + "x".repeat(100_000) + "\"",
            "1".repeat(2_000),
            "[".repeat(5_000),
            "[".repeat(900) + "]".repeat(900),
            "{\"a\":".repeat(5_000));

    private static final List<String> NAMES =
            List.of("surplus", "", "a/b~c", "\\u0000", "\\ud800", "method ", "KEY", "x".repeat(3_000));

    private final Random random;

    Damage(Random random) {
        this.random = random;
    }

    <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** A few bytes changed, inserted, doubled or lost; now and then a very long field or very many. */
    byte[] file(byte[] whole) {
        byte[] damaged = whole;
        for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
            damaged = hit(damaged);
        }
        return damaged;
    }

    private byte[] hit(byte[] bytes) {
        int from = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, from + 1 + random.nextInt(40));
        return switch (random.nextInt(12)) {
            case 0 -> Arrays.copyOf(bytes, from);
            case 1 -> splice(bytes, from, to, new byte[0]);
            case 2 -> splice(bytes, from, from, Arrays.copyOfRange(bytes, from, to));
            case 3 -> splice(bytes, from, from, noise(1 + random.nextInt(8)));
            case 4 -> splice(bytes, from, to, noise(to - from));
            case 5 -> splice(bytes, from, from, any(List.of("\0", "\"", "\r", "\n\n", "\uFEFF", ",,,", "\t", "\\")));
            case 6 -> splice(bytes, from, from, "9".repeat(1 + random.nextInt(400)));
            case 7 -> splice(bytes, from, from, "x".repeat(random.nextInt(30) == 0 ? 1_200_000 : 300));
            case 8 -> splice(bytes, from, from, ",c".repeat(random.nextInt(4) == 0 ? 10_000 : 3));
            case 9 -> {
                Charset other = any(List.of(
                        StandardCharsets.UTF_16LE,
                        StandardCharsets.UTF_16,
                        StandardCharsets.ISO_8859_1,
                        Charset.forName("windows-1252"),
                        Charset.forName("IBM037")));
                yield (new String(bytes, StandardCharsets.ISO_8859_1) + any(List.of("", "é€", "日本"))).getBytes(other);
            }
            case 10 ->
                splice(
                        bytes,
                        from,
                        to,
                        any(List.of("0000-00-00", "99999-01-01", "1e999", "-", "NaN", "9999-12-31", "\uD800")));
            default -> {
                byte[] flipped = bytes.clone();
                if (flipped.length > 0) {
                    flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
                }
                yield flipped;
            }
        };
    }

    /** A JSON document with one value, name or byte that does not belong there. */
    byte[] document(String json) {
        if (random.nextInt(5) == 0) {
            return file(json.getBytes(StandardCharsets.UTF_8));
        }
        JsonNode root = JsonMapper.shared().readTree(json);
        JsonNode holder = root;
        while (random.nextInt(3) > 0) {
            List<JsonNode> deeper =
                    holder.valueStream().filter(JsonNode::isContainer).toList();
            if (deeper.isEmpty()) {
                break;
            }
            holder = any(deeper);
        }
        if (holder instanceof ObjectNode object && !object.isEmpty()) {
            String name = any(List.copyOf(object.propertyNames()));
            if (random.nextInt(4) == 0) {
                object.put("@name@", 1);
                return object.equals(root) || random.nextBoolean()
                        ? utf8(root.toString().replace("@name@", any(NAMES)))
                        : utf8(root.toString().replace("@name@", name));
            }
            object.put(name, "@here@");
        } else if (holder instanceof ArrayNode array) {
            array.insert(random.nextInt(array.size() + 1), "@here@");
        }
        return utf8(root.toString().replace(MARK, any(VALUES)));
    }

    byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] splice(byte[] bytes, int from, int to, String inserted) {
        return splice(bytes, from, to, utf8(inserted));
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] inserted) {
        ByteArrayOutputStream spliced = new ByteArrayOutputStream();
        spliced.write(bytes, 0, from);
        spliced.writeBytes(inserted);
        spliced.write(bytes, to, bytes.length - to);
        return spliced.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
