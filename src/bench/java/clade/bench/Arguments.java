package clade.bench;

import clade.statistics.Matrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Arguments of the form key=value, and the matrices that some of them name. */
public final class Arguments {

    private final Map<String, String> values = new HashMap<>();

    public Arguments(String[] arguments) {
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("expected key=value, got " + argument);
            }
            values.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
    }

    public String text(String key, String otherwise) {
        return values.getOrDefault(key, otherwise);
    }

    public int number(String key, int otherwise) {
        return Integer.parseInt(text(key, Integer.toString(otherwise)));
    }

    double decimal(String key, double otherwise) {
        return Double.parseDouble(text(key, Double.toString(otherwise)));
    }

    /**
     * The matrix in the file that {@code key} names: rows and columns as 64-bit integers, then the values as doubles row after
     * row, all little endian.
     */
    Matrix matrix(String key) {
        String file = text(key, "");
        try (FileChannel channel = FileChannel.open(Path.of(file))) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                    .order(ByteOrder.LITTLE_ENDIAN);
            int rows = Math.toIntExact(bytes.getLong());
            int columns = Math.toIntExact(bytes.getLong());
            double[] data = new double[Math.multiplyExact(rows, columns)];
            bytes.asDoubleBuffer().get(data);
            return Matrix.of(rows, columns, data);
        } catch (IOException e) {
            throw new UncheckedIOException("%s=%s can't be read".formatted(key, file), e);
        }
    }
}
