package clade.statistics;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Preparation} learned from some rows; prepares these and others, always the same way. A row's prepared values
 * depend on that row alone, so a fitted row met again is prepared to the same bits.
 */
public final class FittedPreparation {

    private static final int ROWS_A_BLOCK = 4096;

    /** An unscaled column that spreads this many times as wide as another decides the clusters. */
    private static final double WIDE = 10;

    private final List<FittedColumn> columns;
    private final @Nullable PrincipalComponents components;
    private final List<String> warnings;

    private FittedPreparation(
            List<FittedColumn> columns, @Nullable PrincipalComponents components, List<String> warnings) {
        this.columns = columns;
        this.components = components;
        this.warnings = List.copyOf(warnings);
    }

    static FittedPreparation fit(Preparation preparation, Matrix x) {
        int d = preparation.columns().size();
        requireFinite(x, d);
        if (x.rows() == 0) {
            throw new IllegalArgumentException("a preparation can't be fitted to no rows");
        }
        FittedColumn[] columns = new FittedColumn[d];
        List<List<String>> warnings = IntStream.range(0, d)
                .<List<String>>mapToObj(j -> new ArrayList<>())
                .toList();
        Parallel.blocks(d, 1, (j, end) -> {
            columns[j] = FittedColumn.fit(
                    x.column(j),
                    preparation.columns().get(j),
                    preparation.scale(),
                    placeholder(j),
                    warnings.get(j)::add);
        });
        scaleBlocks(preparation, columns);
        FittedPreparation byColumn = new FittedPreparation(
                List.of(columns), null, warnings.stream().flatMap(List::stream).toList());
        return byColumn.finished(preparation, x);
    }

    /** Divides each block's columns by the root of their total variance. */
    private static void scaleBlocks(Preparation preparation, FittedColumn[] columns) {
        if (preparation.scale() == Preparation.Scale.NONE) {
            return;
        }
        Map<Integer, Double> variances = new HashMap<>();
        for (int j = 0; j < columns.length; j++) {
            int block = preparation.columns().get(j).block();
            variances.merge(block, columns[j].divisor() * columns[j].divisor(), Double::sum);
        }
        for (int j = 0; j < columns.length; j++) {
            int block = preparation.columns().get(j).block();
            if (block > 0) {
                columns[j] = columns[j].scaledBy(columns[j].centre(), Math.sqrt(variances.getOrDefault(block, 0.0)));
            }
        }
    }

    /** Adds what only the prepared columns together show: their spreads and their principal components. */
    private FittedPreparation finished(Preparation preparation, Matrix x) {
        boolean unscaled = preparation.scale() == Preparation.Scale.NONE && columns.size() > 1;
        Integer count = preparation.components();
        if (!unscaled && count == null) {
            return this;
        }
        Matrix prepared = apply(x);
        List<String> all = new ArrayList<>(warnings);
        if (unscaled) {
            warnOfSpread(prepared, all);
        }
        PrincipalComponents fitted = count == null ? null : PrincipalComponents.fit(prepared, count);
        if (fitted != null && fitted.rank() < fitted.count()) {
            all.add("Only the first %d of %d principal components vary; the others are 0."
                    .formatted(fitted.rank(), fitted.count()));
        }
        return new FittedPreparation(columns, fitted, all);
    }

    private static void warnOfSpread(Matrix prepared, List<String> warnings) {
        int widest = 0;
        int narrowest = -1;
        double[] spreads = new double[prepared.columns()];
        for (int j = 0; j < spreads.length; j++) {
            spreads[j] = Moments.of(prepared.column(j)).standardDeviation();
            widest = spreads[j] > spreads[widest] ? j : widest;
            boolean narrower = narrowest < 0 || spreads[j] < spreads[narrowest];
            narrowest = spreads[j] > 0 && narrower ? j : narrowest;
        }
        if (narrowest >= 0 && spreads[widest] > WIDE * spreads[narrowest]) {
            warnings.add("%s (standard deviation %s) outweighs %s (%s) by far: without scaling it decides the clusters."
                    .formatted(
                            placeholder(widest),
                            figure(spreads[widest]),
                            placeholder(narrowest),
                            figure(spreads[narrowest])));
        }
    }

    private static String placeholder(int column) {
        return "{column " + column + "}";
    }

    private static String figure(double value) {
        return BigDecimal.valueOf(value)
                .round(new MathContext(3))
                .stripTrailingZeros()
                .toPlainString();
    }

    /**
     * The prepared rows: a row each of {@code x}, a column each of the preparation, or a column each principal component if
     * it keeps those.
     *
     * @throws IllegalArgumentException if {@code x} has another number of columns than the fitted rows, or a value that is not
     *     finite
     */
    public Matrix apply(Matrix x) {
        int d = columns.size();
        requireFinite(x, d);
        PrincipalComponents scores = components;
        int width = scores == null ? d : scores.count();
        double[] result = new double[Math.multiplyExact(x.rows(), width)];
        Parallel.blocks(x.rows(), ROWS_A_BLOCK, (from, to) -> {
            double[] row = new double[d];
            for (int i = from; i < to; i++) {
                for (int j = 0; j < d; j++) {
                    row[j] = columns.get(j).prepare(x.get(i, j));
                }
                if (scores == null) {
                    System.arraycopy(row, 0, result, i * width, width);
                } else {
                    scores.score(row, result, i * width);
                }
            }
        });
        return Matrix.of(x.rows(), width, result);
    }

    private static void requireFinite(Matrix x, int columns) {
        if (x.columns() != columns) {
            throw new IllegalArgumentException(
                    "the preparation is for %d columns, the matrix has %d".formatted(columns, x.columns()));
        }
        double[] values = x.values();
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        "row %d, column %d is %s".formatted(i / columns, i % columns, values[i]));
            }
        }
    }

    /**
     * What looks wrong about these rows and settings: whole sentences in which a column is called {@code {column j}}, j from
     * 0, for the caller to put its name there.
     */
    public List<String> warnings() {
        return warnings;
    }

    /** Writes everything to the last bit; {@link #read} reads it back. */
    public void write(DataOutput out) throws IOException {
        out.writeInt(columns.size());
        for (FittedColumn column : columns) {
            column.write(out);
        }
        out.writeBoolean(components != null);
        if (components != null) {
            components.write(out);
        }
        out.writeInt(warnings.size());
        for (String warning : warnings) {
            out.writeUTF(warning);
        }
    }

    public static FittedPreparation read(DataInput in) throws IOException {
        List<FittedColumn> columns = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            columns.add(FittedColumn.read(in));
        }
        PrincipalComponents components = in.readBoolean() ? PrincipalComponents.read(in) : null;
        List<String> warnings = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            warnings.add(in.readUTF());
        }
        return new FittedPreparation(List.copyOf(columns), components, warnings);
    }
}
