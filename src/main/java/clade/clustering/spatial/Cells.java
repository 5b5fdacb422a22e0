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

    private static final int MOST_CUT = 4;

    private final double[] low;
    private final double[] high;
    private final int[] cut;
    private final int bits;
    private final double[] unit;
    private final double[] origin;
    private final double[] scale;

    /** An empty box; {@link #cut} is called once all rows are covered. */
    Cells(int columns) {
        low = new double[columns];
        high = new double[columns];
        cut = new int[Math.min(columns, MOST_CUT)];
        bits = BITS / cut.length;
        unit = new double[cut.length];
        origin = new double[cut.length];
        scale = new double[cut.length];
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
        long last = (1L << bits) - 1;
        long number = 0;
        for (int i = 0; i < cut.length; i++) {
            double offset = rows[at + cut[i]] * unit[i] - origin[i];
            number |= spread(Math.min(last, (long) (offset * scale[i])), cut.length) << i;
        }
        return number;
    }

    /** Moves bit b of {@code cell} to bit {@code b * columns}. */
    private static long spread(long cell, int columns) {
        long x = cell;
        return switch (columns) {
            case 1 -> x;
            case 2 -> {
                x = (x | x << 16) & 0x0000_ffff_0000_ffffL;
                x = (x | x << 8) & 0x00ff_00ff_00ff_00ffL;
                x = (x | x << 4) & 0x0f0f_0f0f_0f0f_0f0fL;
                x = (x | x << 2) & 0x3333_3333_3333_3333L;
                yield (x | x << 1) & 0x5555_5555_5555_5555L;
            }
            case 3 -> {
                x = (x | x << 32) & 0x001f_0000_0000_ffffL;
                x = (x | x << 16) & 0x001f_0000_ff00_00ffL;
                x = (x | x << 8) & 0x100f_00f0_0f00_f00fL;
                x = (x | x << 4) & 0x10c3_0c30_c30c_30c3L;
                yield (x | x << 2) & 0x1249_2492_4924_9249L;
            }
            default -> {
                x = (x | x << 24) & 0x0000_00ff_0000_00ffL;
                x = (x | x << 12) & 0x000f_000f_000f_000fL;
                x = (x | x << 6) & 0x0303_0303_0303_0303L;
                yield (x | x << 3) & 0x1111_1111_1111_1111L;
            }
        };
    }
}
