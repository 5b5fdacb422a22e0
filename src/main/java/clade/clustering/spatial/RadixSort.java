package clade.clustering.spatial;

import clade.statistics.Parallel;
import java.util.Arrays;

/** Stable sorting of many numbers by counting their digits. */
public final class RadixSort {

    private static final int BITS = 11;
    private static final int MASK = (1 << BITS) - 1;

    /** Places that a thread takes at a time. */
    private static final int BLOCK = 1 << 15;

    private RadixSort() {}

    /** The order that sorts the first {@code count} keys, taken as unsigned; equal keys stay in their order. */
    public static int[] order(long[] keys, int count) {
        int[] order = new int[count];
        Arrays.setAll(order, i -> i);
        return order(Arrays.copyOf(keys, count), order);
    }

    /** The order that sorts numbers that are not negative; equal ones stay in their order. */
    public static int[] order(double[] values) {
        int[] order = new int[values.length];
        Arrays.setAll(order, i -> i);
        return order(values, order);
    }

    /** An order of numbers that are not negative, sorted by them; equal ones stay in the order they had. */
    public static int[] order(double[] values, int[] before) {
        long[] keys = new long[before.length];
        Parallel.blocks(keys.length, BLOCK, (from, to) -> {
            for (int i = from; i < to; i++) {
                // bits of doubles >= 0 are in their order
                keys[i] = Double.doubleToRawLongBits(values[before[i]] + 0.0);
            }
        });
        return order(keys, before);
    }

    /** Sorts both by the keys, and gives either {@code order} or another array in its place. */
    private static int[] order(long[] keys, int[] order) {
        int count = order.length;
        long any = 0;
        long all = -1;
        for (long key : keys) {
            any |= key;
            all &= key;
        }
        long differing = any & ~all;
        long[] fromKeys = keys;
        int[] from = order;
        long[] toKeys = new long[count];
        int[] to = new int[count];
        int[][] next = new int[(count + BLOCK - 1) / BLOCK][];
        for (int shift = 0; shift < Long.SIZE; shift += BITS) {
            if (((differing >>> shift) & MASK) != 0) {
                sort(fromKeys, from, toKeys, to, shift, next);
                long[] swapKeys = fromKeys;
                fromKeys = toKeys;
                toKeys = swapKeys;
                int[] swap = from;
                from = to;
                to = swap;
            }
        }
        return from;
    }

    /** @param next room for where each block puts its next key of each digit */
    private static void sort(long[] fromKeys, int[] from, long[] toKeys, int[] to, int shift, int[][] next) {
        Parallel.blocks(from.length, BLOCK, (first, end) -> {
            int[] count = new int[MASK + 1];
            for (int i = first; i < end; i++) {
                count[(int) (fromKeys[i] >>> shift) & MASK]++;
            }
            next[first / BLOCK] = count;
        });
        MortonSort.starts(next, MASK + 1);
        Parallel.blocks(from.length, BLOCK, (first, end) -> {
            int[] places = next[first / BLOCK];
            for (int i = first; i < end; i++) {
                int place = places[(int) (fromKeys[i] >>> shift) & MASK]++;
                toKeys[place] = fromKeys[i];
                to[place] = from[i];
            }
        });
    }
}
