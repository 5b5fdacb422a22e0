package clade.clustering.density;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Numbers clusters by descending total weight, ties by their first row. */
final class Numbering {

    private Numbering() {}

    /**
     * Replaces the names of clusters by their numbers, 0 the heaviest.
     *
     * @param names of the m rows' clusters, each in [0, m), negative for noise, which stays
     * @param weights m counts whose sum is below 2^31
     * @return old name of each number
     */
    static int[] byWeight(int[] names, int[] weights) {
        int bound = 0;
        for (int name : names) {
            bound = Math.max(bound, name + 1);
        }
        int[] total = new int[bound];
        int[] numbers = new int[bound];
        int clusters = 0;
        int[] found = new int[bound];
        for (int i = 0; i < names.length; i++) {
            int name = names[i];
            if (name >= 0) {
                if (total[name] == 0) {
                    found[clusters++] = name;
                }
                total[name] += weights[i];
            }
        }
        // found is in order of first rows and the sort is stable
        int[] order = IntStream.of(Arrays.copyOf(found, clusters))
                .boxed()
                .sorted((a, b) -> Integer.compare(total[b], total[a]))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int number = 0; number < clusters; number++) {
            numbers[order[number]] = number;
        }
        for (int i = 0; i < names.length; i++) {
            if (names[i] >= 0) {
                names[i] = numbers[names[i]];
            }
        }
        return order;
    }
}
