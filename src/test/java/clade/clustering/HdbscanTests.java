package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import clade.clustering.Hdbscan.Selection;
import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Matrix;
import clade.statistics.Threads;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HdbscanTests {

    @Test
    void equalsTheDefinitionOnThousandsOfRandomCases() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 2000; round++) {
            int n = 1 + random.nextInt(round % 20 == 0 ? 40 : 18);
            int d = 1 + random.nextInt(3);
            Matrix x = RandomRows.of(n, d, random.nextInt(5), random);
            int[] weights = RandomRows.weights(n, random.nextInt(3) == 0 ? 4 : 1, random);
            Hdbscan settings = new Hdbscan(
                    2 + random.nextInt(5),
                    1 + random.nextInt(6),
                    random.nextBoolean() ? Selection.EOM : Selection.LEAF,
                    random.nextInt(3) == 0 ? random.nextDouble() * 3 : 0,
                    random.nextBoolean());

            Clustering found = settings.fit(x, weights, 0, Progress.NONE);

            Definition expected = new Definition(RandomRows.repeat(x, weights), settings);
            String name = "round %d: %s".formatted(round, settings);
            assertThat(repeat(found.labels(), weights)).as(name).isEqualTo(expected.labels);
            assertThat(found.clusters()).as(name).isEqualTo(expected.chosen.size());
            assertThat(repeat(found.memberValues().get("strength"), weights))
                    .as(name)
                    .containsExactly(expected.strength, within(1e-12));
            assertThat(repeat(found.memberValues().get("outlierScore"), weights))
                    .as(name)
                    .containsExactly(expected.outlierScore, within(1e-12));
            Matrix others = RandomRows.of(10, d, random.nextInt(5), random);
            assertThat(found.model().assign(others)).as(name).isEqualTo(expected.assign(others));
            assertThat(found.model().assign(x)).as(name).isEqualTo(found.labels());
        }
    }

    @Test
    void looksAtProgressInEveryStepThatGrowsWithTheRows() {
        Matrix x = RandomRows.of(100_000, 3, 1, new SplittableRandom(8));
        AtomicInteger building = new AtomicInteger();
        AtomicInteger condensing = new AtomicInteger();
        Hdbscan.of(50, 5).fit(x, null, 0, (phase, fraction) -> {
            building.addAndGet(phase.equals("building a tree") ? 1 : 0);
            condensing.addAndGet(phase.equals("condensing the tree") ? 1 : 0);
        });
        assertThat(building).hasValueGreaterThan(10);
        assertThat(condensing).hasValueGreaterThan(100_000 / 20_000);
    }

    @Test
    void findsTheSameWhateverTheOrderOfRowsAndTheNumberOfThreads() {
        SplittableRandom random = new SplittableRandom(2);
        for (int kind : new int[] {0, 2, 3}) {
            Matrix x = RandomRows.of(4000, 3, kind, random);
            Hdbscan hdbscan = Hdbscan.of(15, 5);
            Clustering once = hdbscan.fit(x, null, 0, Progress.NONE);
            int[] order = RandomRows.shuffled(4000, random);
            Matrix shuffled = RandomRows.permute(x, order);
            for (int threads : new int[] {1, 4}) {
                Clustering again = Threads.run(threads, () -> hdbscan.fit(shuffled, null, 0, Progress.NONE));
                assertThat(again.labels())
                        .isEqualTo(
                                Arrays.stream(order).map(i -> once.labels()[i]).toArray());
                for (String name : once.memberValues().keySet()) {
                    double[] values = once.memberValues().get(name);
                    assertThat(again.memberValues().get(name))
                            .isEqualTo(Arrays.stream(order)
                                    .mapToDouble(i -> values[i])
                                    .toArray());
                }
            }
        }
    }

    @Test
    void agreesWithRWhereNoTwoDistancesAreEqual() {
        // R 'dbscan' 1.1.11: hdbscan(x, minPts = 2), whose minPts is minClusterSize too; 0 is noise. With more points
        // core
        // distances make equal mutual reachability distances, which R joins one after the other.
        int[] cluster = {
            44, 35, 27, 9, 8, 33, 28, 20, 15, 4, 40, 36, 24, 13, 0, 40, 28, 26, 13, 1, 41, 30, 27, 15, 2, 40, 32, 23,
            13, 8, 39, 36, 22, 12, 5, 38, 33, 25, 15, 0, 42, 0, 27, 17, 8, 29, 31, 24, 13, 7, 37, 0, 0, 11, 0, 39, 31,
            26, 10, 5, 39, 35, 20, 11, 0, 40, 33, 0, 14, 1, 43, 34, 19, 17, 4, 29, 36, 23, 12, 0, 42, 36, 0, 17, 5, 40,
            36, 24, 11, 2, 29, 28, 18, 12, 1, 38, 34, 27, 16, 6, 37, 33, 25, 16, 6, 38, 28, 19, 11, 2, 0, 31, 24, 10, 7,
            0, 34, 18, 13, 5, 44, 0, 21, 9, 3, 29, 0, 21, 9, 3, 41, 30, 19, 12, 0, 0, 0, 26, 14, 5, 32, 31, 21, 0, 5,
            43, 0, 22, 17, 2
        };
        double[] outlierScores = {0, 0, 0.9543854271692868, 0, 0, 0.5863961468441874, 0.01695132748398498, 0};
        double[][] rows = new double[150][];
        for (int i = 0; i < rows.length; i++) {
            int group = i % 5;
            rows[i] = new double[] {
                group + fraction(Math.sqrt(i + 2) * 37) * fraction(Math.sqrt(i + 5) * 41) * 2,
                group * group / 2.0 + fraction(Math.sqrt(i + 3) * 53) * 2 * fraction(Math.sqrt(i + 7) * 29)
            };
        }

        Clustering found = Hdbscan.of(2, 2).fit(Matrix.ofRows(rows), null, 0, Progress.NONE);

        assertThat(found.clusters()).isEqualTo(44);
        for (int i = 0; i < cluster.length; i++) {
            assertThat(found.labels()[i] < 0).isEqualTo(cluster[i] == 0);
            for (int j = 0; j < i; j++) {
                assertThat(found.labels()[i] == found.labels()[j]).isEqualTo(cluster[i] == cluster[j]);
            }
        }
        double[] scores = found.memberValues().get("outlierScore");
        assertThat(Arrays.copyOf(scores, 8)).containsExactly(outlierScores, within(1e-12));
        assertThat(Arrays.stream(scores).sum()).isCloseTo(39.39918246093791, within(1e-10));
    }

    private static double fraction(double value) {
        return value - Math.floor(value);
    }

    @Test
    void readsBackTheModelThatItWrote() throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        Matrix x = RandomRows.of(200, 3, 2, random);
        for (int minClusterSize : new int[] {10, 300}) {
            ClusteringModel model =
                    Hdbscan.of(minClusterSize, 4).fit(x, null, 0, Progress.NONE).model();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            model.write(new DataOutputStream(bytes));
            ClusteringModel read =
                    ClusteringModel.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            ByteArrayOutputStream again = new ByteArrayOutputStream();
            read.write(new DataOutputStream(again));
            assertThat(again.toByteArray()).isEqualTo(bytes.toByteArray());
            Matrix others = RandomRows.of(100, 3, 2, random);
            assertThat(read.assign(others)).isEqualTo(model.assign(others));
        }
    }

    @Test
    void saysWhyEverythingIsNoise() {
        Matrix line = Matrix.ofRows(new double[] {1}, new double[] {2}, new double[] {3}, new double[] {4});
        assertThat(Hdbscan.of(2, 5).fit(line, null, 0, Progress.NONE).warnings())
                .containsExactly("Everything is noise: minPoints 5 is more than the 4 customers there are.");
        assertThat(Hdbscan.of(5, 2).fit(line, null, 0, Progress.NONE).warnings())
                .containsExactly("Everything is noise: minClusterSize 5 is more than the 4 customers there are.");
        assertThat(Hdbscan.of(2, 2).fit(line, null, 0, Progress.NONE).warnings())
                .containsExactly("Everything is noise: nowhere do the customers part into two groups of at least 2."
                        + " Try a smaller minClusterSize, or allow a single cluster.");
    }

    @Test
    void makesOneClusterOfAllOnlyWhereThatIsAllowed() {
        Matrix line = Matrix.ofRows(new double[] {1}, new double[] {2}, new double[] {3}, new double[] {9});
        Clustering found = new Hdbscan(3, 2, Selection.EOM, 0, true).fit(line, null, 0, Progress.NONE);
        assertThat(found.labels()).containsExactly(0, 0, 0, 0);
        // the last joins at distance 6, the others at 1
        assertThat(found.memberValues().get("strength")).containsExactly(1, 1, 1, 1 / 6.0);
        assertThat(found.memberValues().get("outlierScore")).containsExactly(0, 0, 0, 1 - 1 / 6.0);
        assertThat(Hdbscan.of(3, 2).fit(line, null, 0, Progress.NONE).labels()).containsOnly(-1);
    }

    @Test
    void joinsEqualDistancesAtOnceSoThatALatticeDoesNotSplit() {
        double[][] rows = new double[12][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new double[] {i % 6 + (i / 6) * 100, 0};
        }
        Clustering found = Hdbscan.of(2, 1).fit(Matrix.ofRows(rows), null, 0, Progress.NONE);
        assertThat(found.labels()).containsExactly(0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1);
        assertThat(found.memberValues().get("strength")).containsOnly(1);
    }

    @Test
    void saysWhenManyCustomersHaveExactlyTheSameValues() {
        Matrix scores = Matrix.ofRows(new double[] {1}, new double[] {2}, new double[] {3}, new double[] {9});
        Clustering found = Hdbscan.of(5, 5).fit(scores, new int[] {50, 50, 50, 3}, 0, Progress.NONE);
        assertThat(found.warnings())
                .contains(
                        "98 % of the customers have at least 4 others with exactly their values, so their density has no"
                                + " limit; clusters may be single points of a lattice.");
        assertThat(found.memberValues().get("strength")).doesNotContain(Double.NaN, Double.POSITIVE_INFINITY);
    }

    @Test
    void endsWhenProgressCancels() {
        Matrix x = RandomRows.of(5000, 2, 1, new SplittableRandom(5));
        for (String phase : new String[] {"measuring density", "joining rows", "condensing the tree"}) {
            assertThatThrownBy(() -> Hdbscan.of(20, 5).fit(x, null, 0, (at, fraction) -> {
                        if (at.equals(phase)) {
                            throw new CancellationException();
                        }
                    }))
                    .isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void takesValuesWhoseSquaresOverflow() {
        Matrix x = Matrix.ofRows(
                new double[] {1e300},
                new double[] {1.1e300},
                new double[] {-1e300},
                new double[] {-1.1e300},
                new double[] {0});
        assertThat(Hdbscan.of(2, 2).fit(x, null, 0, Progress.NONE).labels()).hasSize(5);
    }

    @Test
    void refusesSettingsThatMeanNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hdbscan.of(1, 5))
                .withMessage("minClusterSize must be at least 2, was 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hdbscan.of(5, 0))
                .withMessage("minPoints must be at least 1, was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Hdbscan(5, 5, Selection.EOM, Double.NaN, false))
                .withMessage("epsilon must be finite and not negative, was NaN");
    }

    private static int[] repeat(int[] values, int[] weights) {
        List<Integer> repeated = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            for (int j = 0; j < weights[i]; j++) {
                repeated.add(values[i]);
            }
        }
        return repeated.stream().mapToInt(Integer::intValue).toArray();
    }

    private static double[] repeat(double[] values, int[] weights) {
        List<Double> repeated = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            for (int j = 0; j < weights[i]; j++) {
                repeated.add(values[i]);
            }
        }
        return repeated.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The definition, over all pairs of customers and all distances between them. */
    private static final class Definition {

        final Matrix x;
        final Hdbscan settings;
        final int n;
        final int[] canonical;
        final double[] core2;
        final double[][] reach;
        final List<Double> levels;
        final double least;
        final double[] leaves;
        final Cluster[] smallest;
        final List<Cluster> chosen = new ArrayList<>();
        final int[] labels;
        final double[] strength;
        final double[] outlierScore;

        private final class Cluster {
            final Cluster parent;
            final List<Cluster> children = new ArrayList<>();
            final List<Integer> members;
            final double birth;
            double death;
            boolean best;

            Cluster(Cluster parent, List<Integer> members, double birth) {
                this.parent = parent;
                this.members = members;
                this.birth = birth;
            }

            double stability() {
                double sum = 0;
                for (int i : members) {
                    sum += 1 / Math.max(Math.max(leaves[i], death), least) - 1 / Math.max(birth, least);
                }
                return sum;
            }

            double deepest() {
                return children.stream().mapToDouble(Cluster::deepest).reduce(death, Math::min);
            }

            boolean selectable() {
                return parent != null || settings.allowSingleCluster();
            }

            /** The best excess of mass at and below. */
            double choose() {
                double inside = children.stream().mapToDouble(Cluster::choose).sum();
                best = settings.selection() == Selection.LEAF
                        ? children.isEmpty() && selectable()
                        : selectable() && inside <= stability() * (1 + 1e-12);
                return best ? stability() : inside;
            }

            void collect() {
                if (best) {
                    Cluster taken = this;
                    while (taken.birth < settings.epsilon() && taken.parent != null && taken.parent.selectable()) {
                        taken = taken.parent;
                    }
                    if (!chosen.contains(taken)) {
                        chosen.add(taken);
                    }
                } else {
                    children.forEach(Cluster::collect);
                }
            }
        }

        Definition(Matrix x, Hdbscan settings) {
            this.x = x;
            this.settings = settings;
            n = x.rows();
            canonical = CanonicalRows.of(x, null, Progress.NONE).canonicalOf();
            core2 = new double[n];
            labels = new int[n];
            strength = new double[n];
            outlierScore = new double[n];
            leaves = new double[n];
            smallest = new Cluster[n];
            reach = new double[n][n];
            levels = new ArrayList<>();
            Arrays.fill(labels, -1);
            if (n < settings.minPoints()) {
                least = 1;
                return;
            }
            for (int i = 0; i < n; i++) {
                double[] distances = new double[n];
                for (int j = 0; j < n; j++) {
                    distances[j] = RandomRows.squared(x.row(i), x.row(j));
                }
                Arrays.sort(distances);
                core2[i] = distances[settings.minPoints() - 1];
            }
            for (int i = 0; i < n; i++) {
                levels.add(Math.sqrt(core2[i]));
                for (int j = 0; j < n; j++) {
                    double squared = RandomRows.squared(x.row(i), x.row(j));
                    reach[i][j] = Math.sqrt(Math.max(squared, Math.max(core2[i], core2[j])));
                    if (i != j) {
                        levels.add(reach[i][j]);
                    }
                }
            }
            List<Double> distinct = levels.stream().distinct().sorted().toList();
            levels.clear();
            levels.addAll(distinct);
            least = leastJoin(distinct);
            if (n < settings.minClusterSize()) {
                return;
            }
            List<Integer> all = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                all.add(i);
            }
            Cluster root = new Cluster(null, all, Double.POSITIVE_INFINITY);
            descend(root, all, levels.size() - 1);
            root.choose();
            root.collect();
            number();
        }

        /** The least positive distance at which two customers join that were apart, or a core distance. */
        private double leastJoin(List<Double> distinct) {
            for (double level : distinct) {
                if (level > 0) {
                    for (int i = 0; i < n; i++) {
                        if (Math.sqrt(core2[i]) == level) {
                            return level;
                        }
                        for (int j = 0; j < n; j++) {
                            if (reach[i][j] == level
                                    && !component(i, everyone(), Math.nextDown(level))
                                            .contains(j)) {
                                return level;
                            }
                        }
                    }
                }
            }
            return 1;
        }

        private List<Integer> everyone() {
            List<Integer> all = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                all.add(i);
            }
            return all;
        }

        private List<Integer> component(int of, List<Integer> within, double distance) {
            List<Integer> found = new ArrayList<>(List.of(of));
            for (int at = 0; at < found.size(); at++) {
                for (int j : within) {
                    if (reach[found.get(at)][j] <= distance && !found.contains(j)) {
                        found.add(j);
                    }
                }
            }
            return found;
        }

        /** {@code now} are the members that the cluster still has at levels[level]. */
        private void descend(Cluster cluster, List<Integer> now, int level) {
            double distance = levels.get(level);
            List<List<Integer>> parts = new ArrayList<>();
            List<Integer> rest = new ArrayList<>(now);
            while (!rest.isEmpty()) {
                List<Integer> part =
                        level == 0 ? List.of(rest.get(0)) : component(rest.get(0), rest, levels.get(level - 1));
                rest.removeAll(part);
                if (part.size() >= settings.minClusterSize()) {
                    parts.add(part);
                }
            }
            List<Integer> leaving = new ArrayList<>(now);
            parts.forEach(leaving::removeAll);
            for (int i : leaving) {
                leaves[i] = distance;
                smallest[i] = cluster;
            }
            if (parts.size() == 1) {
                descend(cluster, parts.get(0), level - 1);
                return;
            }
            cluster.death = distance;
            for (List<Integer> part : parts) {
                Cluster child = new Cluster(cluster, part, distance);
                cluster.children.add(child);
                descend(child, part, level - 1);
            }
        }

        private void number() {
            chosen.sort((a, b) ->
                    a.members.size() != b.members.size() ? b.members.size() - a.members.size() : first(a) - first(b));
            for (int i = 0; i < n; i++) {
                outlierScore[i] = 1 - Math.max(smallest[i].deepest(), least) / Math.max(leaves[i], least);
                for (Cluster cluster : chosen) {
                    if (cluster.members.contains(i)) {
                        labels[i] = chosen.indexOf(cluster);
                        double end = Math.max(cluster.death, least);
                        strength[i] = Math.min(1, end / Math.max(leaves[i], least));
                    }
                }
            }
        }

        private int first(Cluster cluster) {
            return cluster.members.stream().mapToInt(i -> canonical[i]).min().orElseThrow();
        }

        int[] assign(Matrix others) {
            int[] assigned = new int[others.rows()];
            Arrays.setAll(assigned, i -> assign(others.row(i)));
            return assigned;
        }

        private int assign(double[] row) {
            double[] distances = new double[n];
            Arrays.setAll(distances, j -> RandomRows.squared(row, x.row(j)));
            double[] sorted = distances.clone();
            Arrays.sort(sorted);
            int others = settings.minPoints() - 1;
            double own = others == 0 ? 0 : others > n ? Double.POSITIVE_INFINITY : sorted[others - 1];
            int reached = -1;
            double[] best = null;
            for (int j = 0; j < n; j++) {
                if (distances[j] == 0) {
                    return labels[j];
                }
                double core = n < settings.minPoints() ? Double.POSITIVE_INFINITY : core2[j];
                double[] key = {Math.max(distances[j], Math.max(own, core)), distances[j], canonical[j]};
                if (best == null || Arrays.compare(key, best) < 0) {
                    best = key;
                    reached = j;
                }
            }
            int label = labels[reached];
            return label < 0 || Math.sqrt(best[0]) >= chosen.get(label).birth ? -1 : label;
        }
    }
}
