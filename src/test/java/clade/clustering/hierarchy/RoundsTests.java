package clade.clustering.hierarchy;

import static org.assertj.core.api.Assertions.assertThat;

import clade.clustering.Dendrogram;
import clade.clustering.Progress;
import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each way to find the merges against its definition, written here plainly over all pairs. */
class RoundsTests {

    private static final int CASES = 1_500;

    @Test
    void wardEqualsItsDefinitionToTheBit() {
        for (int seed = 0; seed < CASES; seed++) {
            CanonicalRows rows = rows(seed);
            assertEqual(seed, new WardRounds(rows, Progress.NONE).run(), byRounds(rows, WARD));
        }
    }

    @Test
    void completeEqualsItsDefinitionToTheBit() {
        for (int seed = 0; seed < CASES; seed++) {
            CanonicalRows rows = rows(seed);
            assertEqual(seed, new MatrixRounds(rows, true, Progress.NONE).run(), byRounds(rows, COMPLETE));
        }
    }

    @Test
    void averageEqualsItsDefinitionToTheBit() {
        for (int seed = 0; seed < CASES; seed++) {
            CanonicalRows rows = rows(seed);
            assertEqual(seed, new MatrixRounds(rows, false, Progress.NONE).run(), byRounds(rows, AVERAGE));
        }
    }

    @Test
    void singleEqualsItsDefinitionToTheBit() {
        for (int seed = 0; seed < CASES; seed++) {
            CanonicalRows rows = rows(seed);
            assertEqual(seed, new SpanningTree(rows, Progress.NONE).run(), byLeastEdges(rows));
        }
    }

    @Test
    void wardEqualsItsDefinitionOnAThousandRows() {
        Random random = new Random(1);
        double[] values = random.doubles(3_000).toArray();
        CanonicalRows rows = CanonicalRows.of(Matrix.of(1_000, 3, values), null, Progress.NONE);
        assertEqual(-1, new WardRounds(rows, Progress.NONE).run(), byRounds(rows, WARD));
    }

    @Test
    void aRowOfEverWiderGapsNeedsNoMoreThanAMoment() {
        int n = 20_000; // one pair or few a round: rounds must cost what changes, not what lives
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = (double) i * i;
        }
        CanonicalRows rows = CanonicalRows.of(Matrix.of(n, 1, values), null, Progress.NONE);
        assertThat(new WardRounds(rows, Progress.NONE).run().size()).isEqualTo(n - 1);
    }

    private static void assertEqual(int seed, Dendrogram found, Dendrogram wanted) {
        assertThat(found.size()).as("seed %d", seed).isEqualTo(wanted.size());
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.merge(i)).as("seed %d, merge %d", seed, i).isEqualTo(wanted.merge(i));
        }
    }

    /** Up to 60 rows of up to 4 columns: lattices, scattered rows, lines, clumps far from the origin, with and without weights. */
    private static CanonicalRows rows(int seed) {
        Random random = new Random(seed);
        int n = 1 + random.nextInt(60);
        int d = 1 + random.nextInt(4);
        int kind = seed % 5;
        double[] values = new double[n * d];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (kind) {
                case 0 -> random.nextInt(4);
                case 1 -> random.nextGaussian();
                case 2 -> random.nextInt(6) * 0.1;
                case 3 -> 1e6 + random.nextInt(3) + 1e-7 * random.nextInt(3);
                default -> Math.exp(3 * random.nextGaussian());
            };
        }
        int[] weights = random.nextBoolean()
                ? null
                : random.ints(n, 1, 2 + random.nextInt(9)).toArray();
        return CanonicalRows.of(Matrix.of(n, d, values), weights, Progress.NONE);
    }

    /** A cluster and its distances to the others. */
    private static final class Group {
        private final int representative;
        private final double weight;
        private final double[] centroid;
        private final int cluster;
        private final Map<Group, Double> distances = new HashMap<>();

        Group(int representative, double weight, double[] centroid, int cluster) {
            this.representative = representative;
            this.weight = weight;
            this.centroid = centroid;
            this.cluster = cluster;
        }

        int representative() {
            return representative;
        }

        double squaredTo(Group other) {
            double sum = 0;
            for (int w = 0; w < centroid.length; w++) {
                sum += (centroid[w] - other.centroid[w]) * (centroid[w] - other.centroid[w]);
            }
            return sum;
        }

        /** By both centroids: half the square of Ward's distance. */
        double wardTo(Group other) {
            return squaredTo(other) * (weight * other.weight / (weight + other.weight));
        }
    }

    private interface Definition {
        double between(Group a, Group b);

        double fromJoined(Group a, Group b, Group joined, Group other);

        default double height(double distance) {
            return distance;
        }
    }

    private static final Definition WARD = new Definition() {
        @Override
        public double between(Group a, Group b) {
            return a.wardTo(b);
        }

        @Override
        public double fromJoined(Group a, Group b, Group joined, Group other) {
            return joined.wardTo(other);
        }

        @Override
        public double height(double distance) {
            return Math.sqrt(2 * distance);
        }
    };

    private static final Definition COMPLETE = new Definition() {
        @Override
        public double between(Group a, Group b) {
            return Math.sqrt(a.squaredTo(b));
        }

        @Override
        public double fromJoined(Group a, Group b, Group joined, Group other) {
            return Math.max(a.distances.get(other), b.distances.get(other));
        }
    };

    private static final Definition AVERAGE = new Definition() {
        @Override
        public double between(Group a, Group b) {
            return Math.sqrt(a.squaredTo(b));
        }

        @Override
        public double fromJoined(Group a, Group b, Group joined, Group other) {
            double fromA = a.distances.get(other);
            double fromB = b.distances.get(other);
            double mean = (a.weight * fromA + b.weight * fromB) / (a.weight + b.weight);
            return Math.min(Math.max(fromA, fromB), Math.max(Math.min(fromA, fromB), mean));
        }
    };

    private static Dendrogram byRounds(CanonicalRows rows, Definition definition) {
        List<Group> live = leaves(rows);
        for (Group a : live) {
            for (Group b : live) {
                a.distances.put(b, definition.between(a, b));
            }
        }
        Merges merges = new Merges(rows.weights());
        Map<Group, Group> nearest = new HashMap<>();
        while (live.size() > 1) {
            for (Group a : live) {
                nearest.computeIfAbsent(a, group -> nearestOf(group, live));
            }
            List<Group> firsts = live.stream()
                    .filter(a -> nearest.get(nearest.get(a)).equals(a))
                    .filter(a -> a.representative < nearest.get(a).representative)
                    .sorted(Comparator.comparingInt(Group::representative))
                    .toList();
            if (firsts.isEmpty()) {
                nearest.clear();
            }
            for (Group a : firsts) {
                merge(a, nearest.get(a), live, merges, definition);
            }
            nearest.entrySet().removeIf(e -> !live.contains(e.getKey()) || !live.contains(e.getValue()));
        }
        return merges.toDendrogram(Progress.NONE);
    }

    private static Group nearestOf(Group a, List<Group> live) {
        return live.stream()
                .filter(b -> !b.equals(a))
                .min(Comparator.<Group>comparingDouble(a.distances::get)
                        .thenComparingLong(b -> Ties.key(a.representative, b.representative)))
                .orElseThrow();
    }

    private static void merge(Group a, Group b, List<Group> live, Merges merges, Definition definition) {
        int cluster = merges.add(a.cluster, b.cluster, definition.height(a.distances.get(b)));
        double[] centroid = new double[a.centroid.length];
        for (int w = 0; w < centroid.length; w++) {
            centroid[w] = (a.weight * a.centroid[w] + b.weight * b.centroid[w]) / (a.weight + b.weight);
        }
        Group joined = new Group(a.representative, a.weight + b.weight, centroid, cluster);
        live.remove(a);
        live.remove(b);
        for (Group other : live) {
            double distance = definition.fromJoined(a, b, joined, other);
            joined.distances.put(other, distance);
            other.distances.put(joined, distance);
        }
        live.add(joined);
    }

    private static Dendrogram byLeastEdges(CanonicalRows rows) {
        List<Group> leaves = leaves(rows);
        int[] clusterOf = IntStream.range(0, rows.size()).toArray();
        Merges merges = new Merges(rows.weights());
        while (merges.count() < rows.size() - 1) {
            int bestA = -1;
            int bestB = -1;
            double best = Double.POSITIVE_INFINITY;
            for (int a = 0; a < rows.size(); a++) {
                for (int b = a + 1; b < rows.size(); b++) {
                    double squared = leaves.get(a).squaredTo(leaves.get(b));
                    if (clusterOf[a] != clusterOf[b]
                            && (squared < best || (squared == best && Ties.key(a, b) < Ties.key(bestA, bestB)))) {
                        best = squared;
                        bestA = a;
                        bestB = b;
                    }
                }
            }
            int a = clusterOf[bestA];
            int b = clusterOf[bestB];
            int joined = merges.add(a, b, Math.sqrt(best));
            Arrays.setAll(clusterOf, i -> clusterOf[i] == a || clusterOf[i] == b ? joined : clusterOf[i]);
        }
        return merges.toDendrogram(Progress.NONE);
    }

    private static List<Group> leaves(CanonicalRows rows) {
        List<Group> leaves = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            double[] centroid = new double[rows.columns()];
            for (int w = 0; w < centroid.length; w++) {
                centroid[w] = rows.byColumn()[w][i];
            }
            leaves.add(new Group(i, rows.weights()[i], centroid, i));
        }
        return leaves;
    }
}
