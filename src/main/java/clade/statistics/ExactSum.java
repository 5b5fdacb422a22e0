package clade.statistics;

/**
 * Sums of doubles without rounding, so that they come out the same in any order, may lose members again, and equal values
 * may be added at once.
 *
 * <p>An instance is a fixed-point format wide enough for given values. A sum in it is {@link #digits} longs in an array of
 * the caller's, lowest first, each counting 32 bits: a long fills only after 2^31 additions, so nothing carries while adding.
 * The idea is Kulisch's long accumulator (Kulisch 2013, Computer Arithmetic and Validity, doi 10.1515/9783110301793), cut to
 * the exponents that occur.
 */
public final class ExactSum {

    static final long LOW_HALF = 0xffff_ffffL;

    /** Exponent of the lowest bit. */
    private final int lowest;

    private final int digits;

    private ExactSum(int lowest, int digits) {
        this.lowest = lowest;
        this.digits = digits;
    }

    /** The format for sums of these finite values (and others between their least and greatest magnitude, and zero). */
    public static ExactSum fitting(double[] values) {
        double least = Double.MAX_VALUE;
        double greatest = 0;
        for (double value : values) {
            double magnitude = Math.abs(value);
            if (magnitude != 0) {
                least = Math.min(least, magnitude);
                greatest = Math.max(greatest, magnitude);
            }
        }
        int lowest = lastBit(Math.min(least, greatest));
        return new ExactSum(lowest, (lastBit(greatest) - lowest) / 32 + 3);
    }

    /** The sum of finite values, rounded once. */
    public static double of(double[] values) {
        ExactSum format = fitting(values);
        long[] sum = new long[format.digits];
        for (double value : values) {
            format.add(sum, 0, value, 1);
        }
        return format.value(sum, 0);
    }

    /** The exponent of the last bit of the mantissa. */
    static int lastBit(double magnitude) {
        return Math.max(Math.getExponent(magnitude), Double.MIN_EXPONENT) - 52;
    }

    /** How many longs a sum takes. */
    public int digits() {
        return digits;
    }

    /**
     * Adds {@code value} {@code times} over to the sum that starts at {@code sums[at]}. The members of a sum, each counted as
     * often as it is in, must stay below 2^31; a negative {@code times} takes out what was put in.
     */
    public void add(long[] sums, int at, double value, int times) {
        long bits = Double.doubleToRawLongBits(value);
        long mantissa = mantissa(bits);
        int place = place(bits);
        int shift = place & 31;
        int digit = at + (place >> 5);
        long low = mantissa << shift;
        long count = bits < 0 ? -times : times;
        sums[digit] += (low & LOW_HALF) * count;
        sums[digit + 1] += (low >>> 32) * count;
        sums[digit + 2] += (mantissa >>> 32 >>> (32 - shift)) * count;
    }

    /** Takes {@code value} {@code times} out of the sum that starts at {@code sums[from]} and into that at {@code sums[to]}. */
    public void move(long[] sums, int from, int to, double value, int times) {
        long bits = Double.doubleToRawLongBits(value);
        long mantissa = mantissa(bits);
        int place = place(bits);
        int shift = place & 31;
        int digit = place >> 5;
        long low = mantissa << shift;
        long count = bits < 0 ? -times : times;
        long first = (low & LOW_HALF) * count;
        long second = (low >>> 32) * count;
        long third = (mantissa >>> 32 >>> (32 - shift)) * count;
        sums[from + digit] -= first;
        sums[from + digit + 1] -= second;
        sums[from + digit + 2] -= third;
        sums[to + digit] += first;
        sums[to + digit + 1] += second;
        sums[to + digit + 2] += third;
    }

    private static long mantissa(long bits) {
        long fraction = bits & 0xf_ffff_ffff_ffffL;
        return (bits & 0x7ff0_0000_0000_0000L) == 0 ? fraction : fraction | 1L << 52;
    }

    /** How many bits above the lowest the last bit of the mantissa lies; zero, which has no place, lies at the lowest. */
    private int place(long bits) {
        return Math.max(0, Math.max(1, (int) (bits >>> 52) & 0x7ff) - 1075 - lowest);
    }

    /** The sum that starts at {@code sums[at]}, to the nearest double, ties to even. */
    public double value(long[] sums, int at) {
        long[] halves = new long[digits + 2];
        long carry = 0;
        for (int i = 0; i < digits; i++) {
            long digit = sums[at + i] + carry;
            halves[i] = digit & LOW_HALF;
            carry = digit >> 32;
        }
        halves[digits] = carry & LOW_HALF;
        halves[digits + 1] = carry >> 32 & LOW_HALF;
        return rounded(halves, carry < 0, lowest);
    }

    /**
     * To the nearest double, ties to even, what {@code halves} hold: 32 bits each, lowest first, in two's complement if
     * negative; they are changed.
     *
     * @param lowest exponent of the lowest bit
     */
    static double rounded(long[] halves, boolean negative, int lowest) {
        if (negative) {
            negate(halves);
        }
        int top = halves.length - 1;
        while (top > 0 && halves[top] == 0) {
            top--;
        }
        double magnitude = magnitude(halves, top, lowest);
        return negative ? -magnitude : magnitude;
    }

    private static void negate(long[] halves) {
        long carry = 1;
        for (int i = 0; i < halves.length; i++) {
            long flipped = (~halves[i] & LOW_HALF) + carry;
            halves[i] = flipped & LOW_HALF;
            carry = flipped >>> 32;
        }
    }

    /** The leading 62 bits with a last bit that stands for all below it, so that one rounding gives the nearest double. */
    private static double magnitude(long[] halves, int top, int lowest) {
        long second = top > 0 ? halves[top - 1] : 0;
        long third = top > 1 ? halves[top - 2] : 0;
        int free = Long.numberOfLeadingZeros(halves[top]) - 32;
        long leading = (halves[top] << 32 | second) << free | third >>> (32 - free);
        boolean rest = (third << free & LOW_HALF) != 0;
        for (int i = 0; i < top - 2 && !rest; i++) {
            rest = halves[i] != 0;
        }
        long rounded = leading >>> 2 | (rest || (leading & 3) != 0 ? 1 : 0);
        return Math.scalb((double) rounded, lowest + 32 * (top - 1) + 2 - free);
    }
}
