package clade.clustering.density;

import java.util.Arrays;

/** Stable sorting of many non-negative numbers by counting their digits. */
public final class RadixSort {

    private static final int BITS = 11;
    private static final int MASK = (1 << BITS) - 1;

    private RadixSort() {}

    /** The order that sorts the first {@code count} keys, none negative; equal keys stay in their order. */
    static int[] order(long[] keys, int count) {
        long any = 0;
        long all = -1;
        for (int i = 0; i < count; i++) {
            any |= keys[i];
            all &= keys[i];
        }
        long differing = any & ~all;
        int[] order = new int[count];
        Arrays.setAll(order, i -> i);
        int[] turn = new int[count];
        for (int shift = 0; shift < Long.SIZE; shift += BITS) {
            if (((differing >>> shift) & MASK) == 0) {
                continue;
            }
            int[] next = new int[MASK + 2];
            for (int i = 0; i < count; i++) {
                next[(int) ((keys[i] >>> shift) & MASK) + 1]++;
            }
            for (int digit = 0; digit < MASK; digit++) {
                next[digit + 1] += next[digit];
            }
            for (int i = 0; i < count; i++) {
                turn[next[(int) ((keys[order[i]] >>> shift) & MASK)]++] = order[i];
            }
            int[] sorted = turn;
            turn = order;
            order = sorted;
        }
        return order;
    }

    /** The order that sorts numbers that are not negative; equal ones stay in their order. */
    public static int[] order(double[] values) {
        long[] keys = new long[values.length];
        Arrays.setAll(
                keys, i -> Double.doubleToRawLongBits(values[i] + 0.0)); // bits of doubles >= 0 are in their order
        return order(keys, keys.length);
    }
}
