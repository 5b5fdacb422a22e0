package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MatchingTests {

    @Test
    void findsRenumberedClustersAgain() {
        int[] first = {0, 0, 0, 1, 1, 2, 2, -1, -1, -1, -1};
        int[] second = {2, 2, 2, 0, 0, 1, 0, -1, -1, 0, 0};

        assertThat(Matching.byOverlap(ContingencyTable.of(first, second, null))).containsExactly(2, 0, 1);
    }

    @Test
    void leavesClustersWithoutACommonRowAlone() {
        int[] first = {0, 0, 1, 2, 4};
        int[] second = {0, 0, 0, -1, 3};

        assertThat(Matching.byOverlap(ContingencyTable.of(first, second, null))).containsExactly(0, -1, -1, -1, 3);
        assertThat(Matching.byOverlap(ContingencyTable.of(new int[] {-1, -1}, new int[] {0, 1}, null)))
                .isEmpty();
    }

    @Test
    void keepsAsManyRowsTogetherAsAnyMatchingCould() {
        SplittableRandom random = new SplittableRandom(6);
        for (int round = 0; round < 3000; round++) {
            int n = 1 + random.nextInt(40);
            int[] first = random.ints(n, -1, 1 + random.nextInt(6)).toArray();
            int[] second = random.ints(n, -1, 1 + random.nextInt(6)).toArray();
            int[] weights = random.ints(n, 1, round % 2 == 0 ? 2 : 1000).toArray();
            ContingencyTable table = ContingencyTable.of(first, second, weights);
            int[] partners = Matching.byOverlap(table);
            long together = 0;
            for (int i = 0; i < partners.length; i++) {
                if (partners[i] >= 0) {
                    assertThat(table.count(i, partners[i])).isPositive();
                    together += table.count(i, partners[i]);
                }
            }

            assertThat(Arrays.stream(partners).filter(p -> p >= 0)).doesNotHaveDuplicates();
            assertThat(together).isEqualTo(most(table, 0, new boolean[table.secondClusters()]));
        }
    }

    /** By trying every partner, and none, for each cluster in turn. */
    private static long most(ContingencyTable table, int cluster, boolean[] taken) {
        if (cluster == table.firstClusters()) {
            return 0;
        }
        long most = most(table, cluster + 1, taken);
        for (int j = 0; j < taken.length; j++) {
            if (!taken[j]) {
                taken[j] = true;
                most = Math.max(most, table.count(cluster, j) + most(table, cluster + 1, taken));
                taken[j] = false;
            }
        }
        return most;
    }

    @Test
    void matchesThousandsOfClusters() {
        int[] first = new int[200_000];
        int[] second = new int[first.length];
        Arrays.setAll(first, i -> i % 2000);
        Arrays.setAll(second, i -> i % 9 == 0 ? (i + 7) % 2000 : 1999 - i % 2000);
        int[] partners = Matching.byOverlap(ContingencyTable.of(first, second, null));

        assertThat(partners)
                .isEqualTo(IntStream.range(0, 2000).map(i -> 1999 - i).toArray());
    }
}
