package clade.clustering.density;

import clade.clustering.Progress;
import clade.clustering.spatial.CanonicalOrder;
import clade.clustering.spatial.RadixSort;
import java.util.Arrays;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/** Numbers clusters by descending total weight, ties by their first row in canonical order. */
final class Numbering {

    private Numbering() {}

    /**
     * Replaces the names of clusters by their numbers, 0 the heaviest.
     *
     * @param names of the m rows' clusters, each in [0, m), negative for noise, which stays
     * @param weights m counts whose sum is below 2^31, null for 1 each
     * @param order of the rows, null if they are in canonical order
     * @return old name of each number
     */
    static int[] byWeight(int[] names, int @Nullable [] weights, @Nullable CanonicalOrder order) {
        int bound = 0;
        for (int name : names) {
            bound = Math.max(bound, name + 1);
        }
        int[] total = new int[bound];
        int[] found = new int[bound];
        int clusters = 0;
        for (int i = 0; i < names.length; i++) {
            int name = names[i];
            if (name >= 0) {
                if (total[name] == 0) {
                    found[clusters++] = name; // in the order of their first rows
                }
                total[name] += weights == null ? 1 : weights[i];
            }
        }
        int[] byWeight = sorted(Arrays.copyOf(found, clusters), name -> Integer.MAX_VALUE - total[name]);
        if (order != null) {
            byWeight = byFirstRows(byWeight, total, names, order);
        }
        int[] numbers = new int[bound];
        for (int number = 0; number < clusters; number++) {
            numbers[byWeight[number]] = number;
        }
        for (int i = 0; i < names.length; i++) {
            if (names[i] >= 0) {
                names[i] = numbers[names[i]];
            }
        }
        return byWeight;
    }

    /** Sorts those of equal weight by their first rows. */
    private static int[] byFirstRows(int[] byWeight, int[] total, int[] names, CanonicalOrder order) {
        boolean[] equal = new boolean[total.length];
        boolean any = false;
        for (int i = 1; i < byWeight.length; i++) {
            if (total[byWeight[i]] == total[byWeight[i - 1]]) {
                equal[byWeight[i]] = true;
                equal[byWeight[i - 1]] = true;
                any = true;
            }
        }
        if (!any) {
            return byWeight;
        }
        long[] first = firsts(names, equal, order::number);
        int[] sorted = sorted(sorted(byWeight, name -> first[name]), name -> Integer.MAX_VALUE - total[name]);
        for (int i = 1; i < sorted.length; i++) {
            if (total[sorted[i]] == total[sorted[i - 1]] && first[sorted[i]] == first[sorted[i - 1]]) {
                order.sort(Progress.NONE);
                long[] rank = firsts(names, equal, order::rank);
                return sorted(sorted(byWeight, name -> rank[name]), name -> Integer.MAX_VALUE - total[name]);
            }
        }
        return sorted;
    }

    /** The least place of a row of each of the names that are {@code wanted}, 0 for the others. */
    private static long[] firsts(int[] names, boolean[] wanted, IntToLongFunction place) {
        long[] first = new long[wanted.length];
        for (int name = 0; name < first.length; name++) {
            first[name] = wanted[name] ? Long.MAX_VALUE : 0;
        }
        for (int row = 0; row < names.length; row++) {
            if (names[row] >= 0 && wanted[names[row]]) {
                first[names[row]] = Math.min(first[names[row]], place.applyAsLong(row));
            }
        }
        return first;
    }

    /** Stable, by keys that are not negative. */
    private static int[] sorted(int[] names, IntToLongFunction key) {
        long[] keys = Arrays.stream(names).mapToLong(key).toArray();
        int[] order = RadixSort.order(keys, keys.length);
        return Arrays.stream(order).map(i -> names[i]).toArray();
    }
}
