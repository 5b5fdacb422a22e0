package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DbcvTests {

    @Test
    void equalsTheDefinitionOnRandomCases() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 500; round++) {
            int n = 20 + random.nextInt(60);
            Matrix x = RandomRows.of(n, 1 + random.nextInt(6), 1 + random.nextInt(2), random);
            int[] labels = new int[n];
            for (int i = 0; i < n; i++) {
                labels[i] = random.nextInt(6) == 0 ? -1 : x.get(i, 0) < 3 ? 0 : 1 + random.nextInt(2);
            }
            labels[0] = 0;
            labels[1] = 0;
            labels[2] = 1;
            labels[3] = 1;
            assertThat(Dbcv.of(x, labels, Progress.NONE)).isCloseTo(definition(x, labels), within(1e-9));
        }
    }

    @Test
    void isComputedByHandOnTwoPairs() {
        // each pair: core distances 1, sparseness 1; separation 9; (9 - 1) / 9; one of five rows is noise
        Matrix x = Matrix.ofRows(
                new double[] {0}, new double[] {1}, new double[] {10}, new double[] {11}, new double[] {50});
        assertThat(Dbcv.of(x, new int[] {0, 0, 1, 1, -1}, Progress.NONE)).isCloseTo(0.8 * 8 / 9, within(1e-15));
    }

    @Test
    void takesEqualRowsOnceAndClustersOfOneRowForNoise() {
        Matrix x = Matrix.ofRows(
                new double[] {0},
                new double[] {1},
                new double[] {10},
                new double[] {11},
                new double[] {50},
                new double[] {50});
        assertThat(Dbcv.of(x, new int[] {0, 0, 1, 1, 2, 2}, Progress.NONE)).isCloseTo(0.8 * 8 / 9, within(1e-15));
    }

    @Test
    void isHighForRingsWithinRingsWhereASilhouetteIsNot() {
        double[][] rows = new double[200][];
        int[] labels = new int[200];
        for (int i = 0; i < rows.length; i++) {
            labels[i] = i % 2;
            double radius = 1 + 4 * labels[i];
            rows[i] = new double[] {radius * Math.cos(i), radius * Math.sin(i)};
        }
        Matrix x = Matrix.ofRows(rows);
        assertThat(Dbcv.of(x, labels, Progress.NONE)).isGreaterThan(0.7);
        assertThat(Silhouette.of(x, null, labels, Progress.NONE).mean()).isLessThan(0.4);
    }

    @Test
    void refusesWhatItCannotMeasure() {
        Matrix x = Matrix.ofRows(new double[] {0}, new double[] {1}, new double[] {10});
        assertThatIllegalArgumentException().isThrownBy(() -> Dbcv.of(x, new int[] {0, 0, -1}, Progress.NONE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dbcv.of(x, new int[] {0, 0, 1}, Progress.NONE))
                .withMessage("DBCV needs at least 2 clusters of two distinct rows, got 1");
        Matrix many = RandomRows.of(20_001, 1, 1, new SplittableRandom(2));
        int[] labels = new int[20_001];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 2;
        }
        assertThatThrownBy(() -> Dbcv.of(many, labels, Progress.NONE)).isInstanceOf(UnsuitableData.class);
    }

    /** As the paper has it, over distinct rows; of edges of equal length the one between nearer rows is shorter. */
    private static double definition(Matrix x, int[] labels) {
        CanonicalRows rows = CanonicalRows.of(x, null, Progress.NONE);
        int m = rows.size();
        int d = x.columns();
        double[][] point = new double[m][];
        int[] label = new int[m];
        for (int i = 0; i < labels.length; i++) {
            point[rows.canonicalOf()[i]] = x.row(i);
            label[rows.canonicalOf()[i]] = labels[i];
        }
        List<List<Integer>> clusters = new ArrayList<>();
        for (int k = 0; k < 3; k++) {
            List<Integer> members = new ArrayList<>();
            for (int i = 0; i < m; i++) {
                if (label[i] == k) {
                    members.add(i);
                }
            }
            if (members.size() > 1) {
                clusters.add(members);
            }
        }
        double[] core = new double[m];
        for (List<Integer> cluster : clusters) {
            for (int i : cluster) {
                double sum = 0;
                for (int j : cluster) {
                    sum += i == j ? 0 : Math.pow(1 / Math.sqrt(RandomRows.squared(point[i], point[j])), d);
                }
                core[i] = Math.pow(sum / (cluster.size() - 1), -1.0 / d);
            }
        }
        List<List<Integer>> inner = new ArrayList<>();
        double[] sparseness = new double[clusters.size()];
        for (int k = 0; k < clusters.size(); k++) {
            List<Integer> cluster = clusters.get(k);
            List<Integer> tree = new ArrayList<>(List.of(cluster.get(0)));
            List<int[]> edges = new ArrayList<>();
            while (tree.size() < cluster.size()) {
                int[] best = null;
                for (int outside : cluster) {
                    for (int inside : tree) {
                        if (!tree.contains(outside)
                                && (best == null || shorter(point, core, inside, outside, best[0], best[1]))) {
                            best = new int[] {inside, outside};
                        }
                    }
                }
                edges.add(best);
                tree.add(best[1]);
            }
            int[] degree = new int[m];
            edges.forEach(edge -> {
                degree[edge[0]]++;
                degree[edge[1]]++;
            });
            List<Integer> within =
                    new ArrayList<>(cluster.stream().filter(i -> degree[i] > 1).toList());
            inner.add(within.isEmpty() ? cluster : within);
            List<int[]> innerEdges = edges.stream()
                    .filter(edge -> degree[edge[0]] > 1 && degree[edge[1]] > 1)
                    .toList();
            sparseness[k] = (innerEdges.isEmpty() ? edges : innerEdges)
                    .stream()
                            .mapToDouble(edge -> reach(point, core, edge[0], edge[1]))
                            .max()
                            .orElseThrow();
        }
        double sum = 0;
        for (int k = 0; k < clusters.size(); k++) {
            double separation = Double.POSITIVE_INFINITY;
            for (int other = 0; other < clusters.size(); other++) {
                for (int i : inner.get(k)) {
                    for (int j : inner.get(other)) {
                        separation = other == k ? separation : Math.min(separation, reach(point, core, i, j));
                    }
                }
            }
            sum += (separation - sparseness[k])
                    / Math.max(separation, sparseness[k])
                    * clusters.get(k).size()
                    / m;
        }
        return sum;
    }

    private static boolean shorter(double[][] point, double[] core, int a, int b, int c, int d) {
        double difference = reach(point, core, a, b) - reach(point, core, c, d);
        return difference < 0
                || (difference == 0 && RandomRows.squared(point[a], point[b]) < RandomRows.squared(point[c], point[d]));
    }

    private static double reach(double[][] point, double[] core, int a, int b) {
        return Math.max(Math.sqrt(RandomRows.squared(point[a], point[b])), Math.max(core[a], core[b]));
    }
}
