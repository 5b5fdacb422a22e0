package clade.clustering.spatial;

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
