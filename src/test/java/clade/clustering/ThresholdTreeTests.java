package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clade.rfm.BuiltInMaps;
import clade.rfm.SegmentMap;
import clade.statistics.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThresholdTreeTests {

    @Test
    void oneThresholdPartsTwoGroupsThatLieApart() {
        ThresholdTree tree = ThresholdTree.fit(
                Matrix.ofRows(row(1, 7), row(2, 3), row(13, 5), row(15, 2)), new int[] {0, 0, 1, 1}, 2);

        assertThat(tree.rule(0))
                .contains(new ThresholdTree.Rule(List.of(new ThresholdTree.Bound(0, null, 10.0)), 2, 2, 2));
        assertThat(tree.rule(1))
                .contains(new ThresholdTree.Rule(List.of(new ThresholdTree.Bound(0, 10.0, null)), 2, 2, 2));
        assertThat(tree.assign(row(10, 0))).isZero();
        assertThat(tree.assign(row(10.5, 0))).isEqualTo(1);
    }

    @Test
    void aRuleTellsWhatItGetsWrongWithNoiseAmongIt() {
        // 0 0 0 1 0 0 | 1 1 1, and noise on either side
        Matrix x = Matrix.ofRows(
                row(1), row(2), row(3), row(4), row(5), row(6), row(16), row(17), row(18), row(0), row(30), row(31));
        ThresholdTree tree = ThresholdTree.fit(x, new int[] {0, 0, 0, 1, 0, 0, 1, 1, 1, -1, -1, -1}, 2);

        ThresholdTree.Rule low = tree.rule(0).orElseThrow();
        assertThat(low).isEqualTo(new ThresholdTree.Rule(List.of(new ThresholdTree.Bound(0, null, 10.0)), 7, 5, 5));
        assertThat(low.precision()).isEqualTo(5 / 7.0);
        assertThat(low.recall()).isEqualTo(1);
        ThresholdTree.Rule high = tree.rule(1).orElseThrow();
        assertThat(high).isEqualTo(new ThresholdTree.Rule(List.of(new ThresholdTree.Bound(0, 10.0, null)), 5, 3, 4));
    }

    @Test
    void aGroupAroundAnotherHasARuleAllTheSame() {
        // the majority of either group lies on the same side of every threshold
        ThresholdTree tree =
                ThresholdTree.fit(Matrix.ofRows(row(1), row(2), row(3), row(4), row(5)), new int[] {0, 0, 1, 0, 0}, 2);

        assertThat(tree.rule(0)).isPresent();
        assertThat(tree.rule(1)).isPresent();
    }

    @Test
    void groupsThatNothingTellsApartHaveOneRuleBetweenThem() {
        ThresholdTree tree =
                ThresholdTree.fit(Matrix.ofRows(row(1), row(1), row(1), row(5)), new int[] {0, 1, 1, 2}, 3);

        assertThat(tree.rule(0)).isEmpty();
        assertThat(tree.rule(1))
                .contains(new ThresholdTree.Rule(List.of(new ThresholdTree.Bound(0, null, 3.0)), 3, 2, 2));
        assertThat(tree.rule(2)).isPresent();
    }

    @Test
    void oneGroupNeedsNoBound() {
        ThresholdTree tree = ThresholdTree.fit(Matrix.ofRows(row(1), row(2)), new int[] {0, -1}, 1);

        assertThat(tree.rule(0)).contains(new ThresholdTree.Rule(List.of(), 2, 1, 1));
    }

    @Test
    void theDefaultSegmentMapIsFoundAgainWithoutAMistake() {
        SegmentMap map = BuiltInMaps.rfGrid();
        List<double[]> rows = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int recency = 1; recency <= 5; recency++) {
            for (int frequency = 1; frequency <= 5; frequency++) {
                for (int times = 0; times < 1 + recency * frequency % 4; times++) {
                    rows.add(row(recency, frequency, (recency * 7 + frequency + times) % 5));
                    labels.add(map.segmentOf(recency, frequency, 3));
                }
            }
        }
        ThresholdTree tree = ThresholdTree.fit(
                Matrix.ofRows(rows.toArray(double[][]::new)),
                labels.stream().mapToInt(Integer::intValue).toArray(),
                map.segments().size());

        for (int group = 0; group < map.segments().size(); group++) {
            ThresholdTree.Rule rule = tree.rule(group).orElseThrow();
            assertThat(rule.precision()).isEqualTo(1);
            assertThat(rule.recall()).isEqualTo(1);
        }
    }

    @Test
    void treesAreThoseOfThePlainDefinition() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2_000; i++) {
            int groups = 1 + random.nextInt(5);
            Matrix x = RandomRows.of(groups + random.nextInt(20), 1 + random.nextInt(3), i % 5, random);
            int[] labels = labels(x.rows(), groups, random);
            ThresholdTree tree = ThresholdTree.fit(x, labels, groups);
            Plain plain = new Plain(x, labels);
            int[] expected = new int[x.rows()];
            plain.grow(
                    IntStream.range(0, x.rows())
                            .filter(r -> labels[r] >= 0)
                            .boxed()
                            .toList(),
                    IntStream.range(0, groups).boxed().toList(),
                    IntStream.range(0, x.rows()).boxed().toList(),
                    expected);

            int[] found =
                    IntStream.range(0, x.rows()).map(r -> tree.assign(x.row(r))).toArray();
            assertThat(found).isEqualTo(expected);
            rulesAreTrue(tree, x, labels, groups);
        }
    }

    @Test
    void rulesOfManyDistinctValuesAreTrueWhateverTheOrderOfTheRows() {
        SplittableRandom random = new SplittableRandom(2);
        int n = 30_000;
        double[] values = new double[2 * n];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            labels[i] = i < 20 ? 2 : i % 10 == 0 ? 1 : i % 97 == 0 ? -1 : 0;
            values[2 * i] = (labels[i] == 2 ? 50 : labels[i] * 4) + random.nextDouble() * 5;
            values[2 * i + 1] = random.nextDouble();
        }
        Matrix x = Matrix.of(n, 2, values);
        ThresholdTree tree = ThresholdTree.fit(x, labels, 3);

        rulesAreTrue(tree, x, labels, 3);
        assertThat(tree.rule(2).orElseThrow().precision()).isEqualTo(1);
        assertThat(tree.rule(2).orElseThrow().recall()).isEqualTo(1);
        assertThat(tree.rule(1).orElseThrow().recall()).isGreaterThan(0.7);
        List<Integer> order = new ArrayList<>(IntStream.range(0, n).boxed().toList());
        Collections.shuffle(order, new java.util.Random(3));
        int[] shuffled = order.stream().mapToInt(Integer::intValue).toArray();
        ThresholdTree again = ThresholdTree.fit(
                RandomRows.permute(x, shuffled),
                Arrays.stream(shuffled).map(r -> labels[r]).toArray(),
                3);
        for (int group = 0; group < 3; group++) {
            assertThat(again.rule(group)).isEqualTo(tree.rule(group));
        }
    }

    @Test
    void refusesWhatItCannotMean() {
        Matrix x = Matrix.ofRows(row(1), row(2));
        assertThatThrownBy(() -> ThresholdTree.fit(x, new int[] {0}, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 rows need as many labels, got 1");
        assertThatThrownBy(() -> ThresholdTree.fit(x, new int[] {0, 0}, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 200 groups");
    }

    private static void rulesAreTrue(ThresholdTree tree, Matrix x, int[] labels, int groups) {
        for (int group = 0; group < groups; group++) {
            int g = group;
            tree.rule(group).ifPresent(rule -> {
                int[] under = IntStream.range(0, x.rows())
                        .filter(r -> rule.holds(x.row(r)))
                        .toArray();
                assertThat(rule.covered()).isEqualTo(under.length);
                assertThat(rule.hits())
                        .isEqualTo(
                                Arrays.stream(under).filter(r -> labels[r] == g).count());
                assertThat(rule.size())
                        .isEqualTo(Arrays.stream(labels)
                                .filter(label -> label == g)
                                .count());
                for (int r : under) {
                    assertThat(tree.assign(x.row(r))).isEqualTo(g);
                }
            });
        }
    }

    /** Labels with noise, each group at least once. */
    private static int[] labels(int rows, int groups, SplittableRandom random) {
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) {
            labels[row] = row < groups ? row : random.nextInt(groups + 1) - 1;
        }
        return labels;
    }

    private static double[] row(double... values) {
        return values;
    }

    /** The definition, written down: every threshold at every value, every group where most of it lies. */
    @SuppressWarnings("ArrayRecordComponent") // the data of one comparison
    private record Plain(Matrix x, int[] labels) {

        void grow(List<Integer> fitted, List<Integer> groups, List<Integer> all, int[] leafOf) {
            long[] best = null;
            List<Integer> bestLow = null;
            double bestThreshold = 0;
            for (int column = 0; column < x.columns() && groups.size() > 1; column++) {
                int c = column;
                double[] values = IntStream.range(0, x.rows())
                        .mapToDouble(r -> x.get(r, c))
                        .sorted()
                        .distinct()
                        .toArray();
                for (double threshold : values) {
                    List<Integer> low = new ArrayList<>();
                    long mistakes = 0;
                    long cheapest = Long.MAX_VALUE;
                    int turned = -1;
                    for (int group : groups) {
                        long below = count(fitted, group, c, threshold, true);
                        long above = count(fitted, group, c, threshold, false);
                        if (below >= above) {
                            low.add(group);
                        }
                        mistakes += Math.min(below, above);
                        if ((below >= above ? above : below) > 0 && Math.abs(below - above) < cheapest) {
                            cheapest = Math.abs(below - above);
                            turned = group;
                        }
                    }
                    if (low.isEmpty() || low.size() == groups.size()) {
                        if (turned < 0) {
                            continue;
                        }
                        mistakes += cheapest;
                        if (!low.remove(Integer.valueOf(turned))) {
                            low.add(turned);
                        }
                    }
                    int uneven = Math.abs(2 * low.size() - groups.size());
                    if (best == null || mistakes < best[0] || (mistakes == best[0] && uneven < best[1])) {
                        best = new long[] {mistakes, uneven, column};
                        bestLow = low;
                        bestThreshold = threshold;
                    }
                }
            }
            if (best == null) {
                int largest = groups.get(0);
                for (int group : groups) {
                    if (count(fitted, group) > count(fitted, largest)) {
                        largest = group;
                    }
                }
                for (int row : all) {
                    leafOf[row] = largest;
                }
                return;
            }
            int column = (int) best[2];
            double threshold = bestThreshold;
            List<Integer> low = bestLow;
            List<Integer> high =
                    groups.stream().filter(group -> !low.contains(group)).toList();
            grow(
                    fitted.stream()
                            .filter(r -> x.get(r, column) <= threshold && low.contains(labels[r]))
                            .toList(),
                    groups.stream().filter(low::contains).toList(),
                    all.stream().filter(r -> x.get(r, column) <= threshold).toList(),
                    leafOf);
            grow(
                    fitted.stream()
                            .filter(r -> x.get(r, column) > threshold && !low.contains(labels[r]))
                            .toList(),
                    high,
                    all.stream().filter(r -> x.get(r, column) > threshold).toList(),
                    leafOf);
        }

        private long count(List<Integer> rows, int group) {
            return rows.stream().filter(r -> labels[r] == group).count();
        }

        private long count(List<Integer> rows, int group, int column, double threshold, boolean below) {
            return rows.stream()
                    .filter(r -> labels[r] == group && (x.get(r, column) <= threshold) == below)
                    .count();
        }
    }
}
