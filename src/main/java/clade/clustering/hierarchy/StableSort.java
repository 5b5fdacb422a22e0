package clade.clustering.hierarchy;

import java.util.function.IntBinaryOperator;

/** Sorts indices without boxing them. */
final class StableSort {

    private StableSort() {}

    /**
     * A merge sort from the bottom up.
     *
     * @param comparison of two indices: negative, zero or positive
     * @return the indices 0 … count − 1 in order, equal ones ascending
     */
    static int[] order(int count, IntBinaryOperator comparison) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        int[] other = new int[count];
        for (long width = 1; width < count; width *= 2) {
            for (long from = 0; from < count; from += 2 * width) {
                int middle = (int) Math.min(from + width, count);
                int to = (int) Math.min(from + 2 * width, count);
                int left = (int) from;
                int right = middle;
                for (int at = left; at < to; at++) {
                    boolean takeLeft =
                            right == to || (left < middle && comparison.applyAsInt(order[left], order[right]) <= 0);
                    other[at] = takeLeft ? order[left++] : order[right++];
                }
            }
            int[] swap = order;
            order = other;
            other = swap;
        }
        return order;
    }
}
