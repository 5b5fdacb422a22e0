package clade.statistics;

/**
 * Sums of doubles without rounding, as {@link ExactSum} has them, in as few longs as the number of their members allows: for
 * loops in which adding is most of the work.
 *
 * <p>An instance is a fixed-point format. A sum in it is {@link #digits} longs in an array of the caller's, lowest first, each
 * counting so many bits that no sum of members fills it: two longs hold a million values of like magnitude. Digits are
 * cut off by arithmetic on doubles of which each step is exact.
 */
public final class WideSum {

    /** Bits of a long that a sum may use, its sign left out. */
    private static final int BITS = 62;

    /** The values' last bits may lie lower than what a double can divide by; they are brought up first. */
    private static final int VERY_LOW = -700;

    private final double lift;
    private final int lowest;
    private final int width;

    /** Per digit what makes its unit 1, and its unit. */
    private final double[] scales;

    private final double[] units;

    private WideSum(int lowest, int highest, long members) {
        width = BITS - (Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, members)));
        int lifted = lowest < VERY_LOW ? -VERY_LOW / 2 : 0;
        lift = Math.scalb(1.0, lifted);
        this.lowest = lowest;
        int digits = Math.max(1, (highest - lowest + width) / width);
        scales = new double[digits];
        units = new double[digits];
        for (int i = 0; i < digits; i++) {
            units[i] = Math.scalb(1.0, lowest + lifted + i * width);
            scales[i] = Math.scalb(1.0, -lowest - lifted - i * width);
        }
    }

    /**
     * The format for exact sums; of a value below {@code least} some bits may be cut off, always the same.
     *
     * @param least at most the least magnitude of a value that is not zero, or anything if all are
     * @param greatest at least the greatest, up to 2^500, or any if {@code least} is above 2^-600
     * @param members at least how many are in a sum, each counted as often as it is, below 2^31
     */
    public static WideSum of(double least, double greatest, long members) {
        return new WideSum(ExactSum.lastBit(Math.min(least, greatest)), Math.getExponent(greatest), members);
    }

    /** How many longs a sum takes. */
    public int digits() {
        return units.length;
    }

    /** Adds {@code value} {@code times} over to the sum that starts at {@code sums[at]}; negative {@code times} take it out. */
    public void add(long[] sums, int at, double value, int times) {
        double rest = value * lift;
        for (int i = units.length - 1; i > 0; i--) {
            long digit = (long) (rest * scales[i]);
            rest -= digit * units[i];
            sums[at + i] += digit * times;
        }
        sums[at] += ((long) (rest * scales[0])) * times;
    }

    /**
     * Takes some values out of sums and into others.
     *
     * @param sums that of label j starts at {@code before + j * stride}
     * @param values to move, the first {@code count}
     * @param times how often each counts
     */
    public void moveAll(
            long[] sums, int before, int stride, double[] values, int[] from, int[] to, int[] times, int count) {
        if (units.length != 2) {
            for (int i = 0; i < count; i++) {
                add(sums, before + from[i] * stride, values[i], -times[i]);
                add(sums, before + to[i] * stride, values[i], times[i]);
            }
            return;
        }
        double scale = scales[1] * lift;
        double unit = units[1];
        double low = scales[0];
        for (int i = 0; i < count; i++) {
            double value = values[i];
            long second = (long) (value * scale);
            long first = ((long) ((value * lift - second * unit) * low)) * times[i];
            second *= times[i];
            int out = before + from[i] * stride;
            int in = before + to[i] * stride;
            sums[out] -= first;
            sums[out + 1] -= second;
            sums[in] += first;
            sums[in + 1] += second;
        }
    }

    /** Adds {@code count} values once each to the sum that starts at {@code sums[at]}. */
    public void addAll(long[] sums, int at, double[] values, int count) {
        if (units.length != 2) {
            for (int i = 0; i < count; i++) {
                add(sums, at, values[i], 1);
            }
            return;
        }
        double scale = scales[1] * lift;
        double unit = units[1];
        double low = scales[0];
        long first = 0;
        long second = 0;
        for (int i = 0; i < count; i++) {
            long digit = (long) (values[i] * scale);
            second += digit;
            first += (long) ((values[i] * lift - digit * unit) * low);
        }
        sums[at] += first;
        sums[at + 1] += second;
    }

    /** The sum that starts at {@code sums[at]}, to the nearest double, ties to even. */
    public double value(long[] sums, int at) {
        long[] halves = new long[(units.length * width + BITS) / 32 + 3];
        long carry = 0;
        for (int i = 0; i < units.length; i++) {
            long digit = sums[at + i] + carry;
            carry = digit >> width;
            put(halves, i * width, digit & ((1L << width) - 1));
        }
        boolean negative = carry < 0;
        // the sign fills what is left above
        int place = units.length * width;
        put(halves, place, carry);
        int half = (place + Long.SIZE) / 32;
        if (negative) {
            halves[half] |= (-1L << (place & 31)) & ExactSum.LOW_HALF;
            for (int i = half + 1; i < halves.length; i++) {
                halves[i] = ExactSum.LOW_HALF;
            }
        }
        return ExactSum.rounded(halves, negative, lowest);
    }

    /** Sets the 64 bits from the place on, of which the lower are 0 still. */
    private static void put(long[] halves, int place, long bits) {
        int half = place >> 5;
        int shift = place & 31;
        long low = (bits & ExactSum.LOW_HALF) << shift;
        long high = (bits >>> 32) << shift;
        halves[half] |= low & ExactSum.LOW_HALF;
        high |= low >>> 32;
        halves[half + 1] |= high & ExactSum.LOW_HALF;
        halves[half + 2] |= high >>> 32;
    }
}
