package clade.clustering;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** The order of clusters in an answer: by descending total weight, ties by the first row in canonical order. */
final class Numbering {

    private Numbering() {}

    /**
     * The groups in the order of clusters; those without a row come last, in their own order.
     *
     * @param groupOf group of each distinct row, in [0, groups)
     * @param weights of the distinct rows
     */
    static int[] order(int[] groupOf, int groups, int[] weights) {
        long[] total = new long[groups];
        int[] first = new int[groups];
        Arrays.fill(first, groupOf.length);
        for (int row = groupOf.length - 1; row >= 0; row--) {
            total[groupOf[row]] += weights[row];
            first[groupOf[row]] = row;
        }
        return IntStream.range(0, groups)
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(g -> -total[g]).thenComparing(g -> first[g]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** The cluster of each group: the inverse of {@link #order}. */
    static int[] inverse(int[] order) {
        int[] inverse = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            inverse[order[i]] = i;
        }
        return inverse;
    }
}
