package clade.clustering.spatial;

import clade.statistics.Matrix;
import clade.statistics.Parallel;
import java.util.Arrays;

/**
 * A bounding box cut into equal cells, numbered along a Morton curve (Morton 1966, "A computer oriented geodetic data base").
 *
 * <p>Up to four columns are cut, the widest if there are more (of equally wide ones the first), each into 2^60, 2^30, 2^20 or
 * 2^15 cells if 1, 2, 3 or 4 are. The first of them in the order of columns holds the lowest bit of a number.
 */
final class Cells {

    /** Bits of a cell's number. */
    static final int BITS = 60;

    /** The upper bits of a number that can be had alone: as many of each column. */
    static final int UPPER = 12;

    /** Bits that {@link #number(double[], long[], int, int)} gives. */
    static final int COARSE = 24;

    private static final long LOWER = 0xffff_ffffL;

    private static final int BLOCK = 1 << 11;

    private static final int MOST_CUT = 4;

    /** Bits that are spread at a time. */
    private static final int PIECE = 12;

    private static final int PIECES = 1 << PIECE;

    private final double[] low;
    private final double[] high;
    private final int[] cut;
    private final int bits;
    private final double[] unit;
    private final double[] origin;
    private final double[] scale;
    private final double[] upperScale;

    /** An empty box; {@link #cut} is called once all rows are covered. */
    Cells(int columns) {
        low = new double[columns];
        high = new double[columns];
        cut = new int[Math.min(columns, MOST_CUT)];
        bits = BITS / cut.length;
        unit = new double[cut.length];
        origin = new double[cut.length];
        scale = new double[cut.length];
        upperScale = new double[cut.length];
        Arrays.fill(low, Double.POSITIVE_INFINITY);
        Arrays.fill(high, Double.NEGATIVE_INFINITY);
    }

    /**
     * The box of all rows, cut.
     *
     * @throws clade.clustering.UnsuitableData {@code not-finite} if a value is NaN or infinite
     */
    static Cells around(Matrix x) {
        int d = x.columns();
        Cells box = new Cells(d);
        Parallel.blocks(x.rows(), BLOCK, (from, to) -> {
            Cells part = new Cells(d);
            boolean finite = true;
            for (int c = 0; c < d; c++) {
                finite &= part.coverColumn(x.values(), c, from, to);
            }
            if (!finite) {
                CanonicalRows.requireFinite(x);
            }
            synchronized (box) {
                box.cover(part);
            }
        });
        box.cut();
        return box;
    }

    /** Takes in one column of some rows; whether all are finite. */
    private boolean coverColumn(double[] rows, int c, int from, int to) {
        int columns = low.length;
        double least = rows[from * columns + c];
        double most = least;
        boolean finite = true;
        for (int i = from; i < to; i++) {
            double value = rows[i * columns + c];
            if (!(value >= least && value <= most)) { // which is rare
                finite &= !Double.isNaN(value);
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
        }
        low[c] = Math.min(low[c], least + 0.0);
        high[c] = Math.max(high[c], most + 0.0);
        return finite && Double.isFinite(least) && Double.isFinite(most);
    }

    /** The greatest magnitude of a value. */
    double greatestMagnitude() {
        double most = 0;
        for (int c = 0; c < low.length; c++) {
            most = Math.max(most, Math.max(-low[c], high[c]));
        }
        return most;
    }

    /** Takes in the row that starts at {@code rows[at]}. */
    void cover(double[] rows, int at) {
        for (int c = 0; c < low.length; c++) {
            double value = rows[at + c];
            low[c] = value < low[c] ? value : low[c];
            high[c] = value > high[c] ? value : high[c];
        }
    }

    /** Takes in the rows that another box has taken in. */
    void cover(Cells other) {
        for (int c = 0; c < low.length; c++) {
            low[c] = Math.min(low[c], other.low[c]);
            high[c] = Math.max(high[c], other.high[c]);
        }
    }

    /** Whether all rows taken in are equal. */
    boolean isPoint() {
        return Arrays.equals(low, high);
    }

    /** Chooses the columns to cut and the width of a cell along each. */
    void cut() {
        chooseColumns();
        double cells = (double) (1L << bits);
        for (int i = 0; i < cut.length; i++) {
            double least = low[cut[i]];
            double greatest = high[cut[i]];
            // powers of two that keep the width, and what it is divided into, from overflow
            unit[i] = greatest - least == Double.POSITIVE_INFINITY ? 0.5 : greatest - least < 0x1p-900 ? 0x1p500 : 1;
            origin[i] = least * unit[i];
            scale[i] = least < greatest ? cells / (greatest * unit[i] - origin[i]) : 0;
            upperScale[i] = Math.scalb(scale[i], UPPER / cut.length - bits);
        }
    }

    private void chooseColumns() {
        boolean[] taken = new boolean[low.length];
        for (int i = 0; i < cut.length; i++) {
            int widest = -1;
            for (int c = 0; c < low.length; c++) {
                if (!taken[c] && (widest < 0 || high[c] - low[c] > high[widest] - low[widest])) {
                    widest = c;
                }
            }
            taken[widest] = true;
        }
        int i = 0;
        for (int c = 0; c < low.length; c++) {
            if (taken[c]) {
                cut[i++] = c;
            }
        }
    }

    /** The number of the cell of the row that starts at {@code rows[at]}, in [0, 2^{@link #BITS}). */
    long number(double[] rows, int at) {
        int columns = cut.length;
        long[] spread = SPREAD[columns - 1];
        long last = (1L << bits) - 1;
        long number = 0;
        for (int i = 0; i < columns; i++) {
            double offset = rows[at + cut[i]] * unit[i] - origin[i];
            long cell = Math.min(last, (long) (offset * scale[i]));
            long spreadCell = 0;
            for (int shift = 0; shift < bits; shift += PIECE) {
                spreadCell |= spread[(int) (cell >>> shift) & (PIECES - 1)] << (shift * columns);
            }
            number |= spreadCell << i;
        }
        return number;
    }

    /** The number without its {@link #BITS} − {@link #UPPER} lower bits. */
    int upper(double[] rows, int at) {
        int columns = cut.length;
        long[] spread = SPREAD[columns - 1];
        int last = (1 << (UPPER / columns)) - 1;
        int number = 0;
        for (int i = 0; i < columns; i++) {
            double offset = rows[at + cut[i]] * unit[i] - origin[i];
            number |= (int) spread[Math.min(last, (int) (offset * upperScale[i]))] << i;
        }
        return number;
    }

    /**
     * Writes the uppermost {@link #COARSE} bits of numbers, or what rounding makes of them, into the upper halves of entries
     * of which the lower say which rows they are.
     */
    void number(double[] rows, long[] entries, int from, int to) {
        int stride = low.length;
        int columns = cut.length;
        int last = (1 << (COARSE / columns)) - 1;
        long[] spread = SPREAD[columns - 1];
        for (int i = from; i < to; i++) {
            entries[i] &= LOWER;
        }
        for (int j = 0; j < columns; j++) {
            double factor = unit[j];
            double least = origin[j];
            double cells = Math.scalb(scale[j], COARSE / columns - bits);
            int column = cut[j];
            int shift = Integer.SIZE + j;
            for (int i = from; i < to; i++) {
                double offset = rows[(int) entries[i] * stride + column] * factor - least;
                int cell = Math.min(last, (int) (offset * cells));
                long number = spread[cell & (PIECES - 1)] | spread[cell >>> PIECE] << (PIECE * columns);
                entries[i] |= number << shift;
            }
        }
    }

    /** Per number of columns the numbers below {@link #PIECES} with bit b moved to bit {@code b * columns}. */
    private static final long[][] SPREAD = new long[MOST_CUT][PIECES];

    static {
        for (int columns = 1; columns <= MOST_CUT; columns++) {
            for (int piece = 0; piece < PIECES; piece++) {
                for (int bit = 0; bit < PIECE; bit++) {
                    SPREAD[columns - 1][piece] |= ((piece >>> bit) & 1L) << (bit * columns);
                }
            }
        }
    }
}
