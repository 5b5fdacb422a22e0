package clade.bench;

import clade.statistics.Matrix;
import clade.statistics.Preparation;
import clade.statistics.Preparation.Column;
import clade.statistics.Preparation.NoCap;
import clade.statistics.Preparation.Scale;
import clade.statistics.Preparation.Transform;
import java.util.Collections;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.commons.math3.stat.StatUtils;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** log1p and standard scaling of three skewed columns; Commons Math's sums depend on the order of the rows, ours don't. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class PreparationBenchmark {

    private static final int COLUMNS = 3;

    @Param("100000")
    int rows;

    private Matrix x = Matrix.of(0, COLUMNS, new double[0]);

    @Setup
    public void makeRows() {
        SplittableRandom random = new SplittableRandom(1);
        double[] values = random.doubles((long) rows * COLUMNS, 0, 12)
                .map(v -> Math.round(100 * Math.exp(v)) / 100.0)
                .toArray();
        x = Matrix.of(rows, COLUMNS, values);
    }

    @Benchmark
    public Matrix clade() {
        Column column = new Column(new NoCap(), Transform.LOG1P, 1);
        return new Preparation(Collections.nCopies(COLUMNS, column), Scale.STANDARD, null)
                .fit(x)
                .apply(x);
    }

    @Benchmark
    public double[][] commonsMath() {
        double[][] prepared = new double[COLUMNS][];
        for (int j = 0; j < COLUMNS; j++) {
            double[] column = x.column(j);
            for (int i = 0; i < column.length; i++) {
                column[i] = StrictMath.log1p(column[i]);
            }
            prepared[j] = StatUtils.normalize(column);
        }
        return prepared;
    }
}
