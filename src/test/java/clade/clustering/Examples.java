package clade.clustering;

import clade.statistics.Matrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Data that several tests use. */
final class Examples {

    private Examples() {}

    /** The widely copied 200 customers of a mall: yearly income in 1,000 $ and spending score. */
    static Matrix mall() {
        try {
            return Matrix.ofRows(Files.readAllLines(Path.of("src/test/resources/clade/clustering/mall.csv")).stream()
                    .skip(1)
                    .map(line -> line.split(",", -1))
                    .map(fields -> new double[] {Double.parseDouble(fields[0]), Double.parseDouble(fields[1])})
                    .toArray(double[][]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
