package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import clade.clustering.spatial.CanonicalRows;
import clade.statistics.ExactSum;
import clade.statistics.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KMeansTests {

    private final Random random = new Random(11);

    @Test
    void equalsThePlainDefinitionOnSmallRandomRowsAndLattices() {
        for (int run = 0; run < 4000; run++) {
            compareWithPlain(1 + random.nextInt(80), 1 + random.nextInt(5), 1 + random.nextInt(7), 50);
        }
    }

    @Test
    void equalsThePlainDefinitionOnMoreRows() {
        for (int run = 0; run < 40; run++) {
            compareWithPlain(500 + random.nextInt(3000), 1 + random.nextInt(12), 1 + random.nextInt(12), 100);
        }
    }

    @Test
    void equalsThePlainDefinitionWithManyCentres() {
        for (int run = 0; run < 6; run++) {
            compareWithPlain(400 + random.nextInt(600), 2 + random.nextInt(9), 60 + random.nextInt(80), 20);
        }
    }

    @Test
    void equalsThePlainDefinitionOnManyRows() {
        for (int run = 0; run < 8; run++) {
            compareWithPlain(20_000 + random.nextInt(20_000), 2 + run % 3, 2 + random.nextInt(8), 12);
        }
    }

    @Test
    void equalsThePlainDefinitionInTwentyColumns() {
        for (int run = 0; run < 10; run++) {
            compareWithPlain(300 + random.nextInt(900), 13 + random.nextInt(8), 2 + random.nextInt(9), 40);
        }
    }

    private void compareWithPlain(int n, int d, int k, int maxPasses) {
        Matrix x = sample(n, d);
        int[] weights = random.nextBoolean() ? null : random.ints(n, 1, 5).toArray();
        CanonicalRows rows = CanonicalRows.of(x, weights, Progress.NONE);
        k = Math.min(k, rows.size());
        Matrix starts = starts(x, k);
        int limit = random.nextInt(4) == 0 ? 1 + random.nextInt(4) : maxPasses;
        double tolerance = random.nextInt(4) == 0 ? 0.01 : 0;
        Plain plain = new Plain(rows, starts, limit, tolerance);
        Clustering found = new KMeans(k, 1, limit, tolerance, starts).fit(x, weights, 5, Progress.NONE);
        assertThat(found.labels())
                .as("n %d, d %d, k %d, limit %d, tolerance %s", n, d, k, limit, tolerance)
                .isEqualTo(rows.toInput(plain.numbered()));
        assertThat(found.quality().get("inertia")).isCloseTo(plain.inertia(), within(1e-12 * plain.inertia()));
        for (int i = 0; i < rows.size(); i++) {
            double[] centre = Arrays.copyOfRange(plain.centres, plain.labels[i] * d, (plain.labels[i] + 1) * d);
            assertThat(found.centres().row(plain.numbered()[i])).isEqualTo(centre);
        }
        assertThat(found.model().assign(x)).isEqualTo(found.labels());
    }

    /** Lloyd's algorithm as it is defined, each row compared with each centre in each pass. */
    private static final class Plain {
        final double[][] x;
        final int[] weights;
        final int n;
        final int d;
        final int k;
        final double[] centres;

        int[] labels;

        Plain(CanonicalRows rows, Matrix starts, int maxPasses, double tolerance) {
            x = rows.byColumn();
            weights = rows.weights();
            n = rows.size();
            d = rows.columns();
            k = starts.rows();
            centres = starts.values().clone();
            double leastMove = tolerance * meanVariance();
            labels = new int[n];
            Arrays.fill(labels, -1);
            boolean current = false;
            for (int pass = 0; pass < maxPasses; pass++) {
                int[] nearest = nearest();
                boolean filled = fillEmpty(nearest);
                boolean same = Arrays.equals(nearest, labels);
                labels = nearest;
                if (same && !filled) {
                    current = true;
                    break;
                }
                if (update() <= leastMove) {
                    break;
                }
            }
            if (!current) {
                labels = nearest();
            }
        }

        double distance(int i, int j) {
            double sum = 0;
            for (int c = 0; c < d; c++) {
                sum += (x[c][i] - centres[j * d + c]) * (x[c][i] - centres[j * d + c]);
            }
            return sum;
        }

        int[] nearest() {
            int[] nearest = new int[n];
            for (int i = 0; i < n; i++) {
                for (int j = 1; j < k; j++) {
                    if (distance(i, j) < distance(i, nearest[i])) {
                        nearest[i] = j;
                    }
                }
            }
            return nearest;
        }

        boolean fillEmpty(int[] nearest) {
            boolean filled = false;
            for (int j = 0; j < k; j++) {
                int[] rows = new int[k];
                for (int label : nearest) {
                    rows[label]++;
                }
                if (rows[j] == 0) {
                    int farthest = -1;
                    for (int i = 0; i < n; i++) {
                        if (rows[nearest[i]] > 1
                                && (farthest < 0 || distance(i, nearest[i]) > distance(farthest, nearest[farthest]))) {
                            farthest = i;
                        }
                    }
                    nearest[farthest] = j;
                    filled = true;
                }
            }
            return filled;
        }

        double update() {
            double moves = 0;
            for (int j = 0; j < k; j++) {
                for (int c = 0; c < d; c++) {
                    int of = j;
                    double mean = mean(c, i -> labels[i] == of);
                    moves += (mean - centres[j * d + c]) * (mean - centres[j * d + c]);
                    centres[j * d + c] = mean;
                }
            }
            return moves;
        }

        double mean(int c, IntPredicate member) {
            double[] values = IntStream.range(0, n)
                    .filter(member)
                    .flatMap(i -> IntStream.generate(() -> i).limit(weights[i]))
                    .mapToDouble(i -> x[c][i])
                    .toArray();
            return ExactSum.of(values) / values.length;
        }

        double meanVariance() {
            double total = 0;
            long count = Arrays.stream(weights).asLongStream().sum();
            for (int c = 0; c < d; c++) {
                double mean = mean(c, i -> true);
                double squares = 0;
                for (int i = 0; i < n; i++) {
                    squares += weights[i] * (x[c][i] - mean) * (x[c][i] - mean);
                }
                total += squares / count / d;
            }
            return total;
        }

        double inertia() {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += weights[i] * distance(i, labels[i]);
            }
            return sum;
        }

        /** Labels by descending weight, then first row. */
        int[] numbered() {
            long[] sizes = new long[k];
            for (int i = 0; i < n; i++) {
                sizes[labels[i]] += weights[i];
            }
            List<Integer> order = new ArrayList<>();
            for (int label : labels) {
                if (!order.contains(label)) {
                    order.add(label);
                }
            }
            order.sort((a, b) -> Long.compare(sizes[b], sizes[a]));
            return Arrays.stream(labels).map(order::indexOf).toArray();
        }
    }

    /** Lattices with many ties, groups, reals with a far outlier, and nearly equal rows. */
    private Matrix sample(int n, int d) {
        int kind = random.nextInt(4);
        double[] values = new double[n * d];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (kind) {
                case 0 -> random.nextInt(4);
                case 1 -> 10 * random.nextInt(3) + random.nextGaussian();
                case 2 -> i == 0 ? 1e6 : random.nextGaussian();
                default -> 1e3 + random.nextInt(6) * Math.ulp(1e3);
            };
        }
        return Matrix.of(n, d, values);
    }

    /** Rows, halves of lattice steps, equal starts, and starts outside. */
    private Matrix starts(Matrix x, int k) {
        int d = x.columns();
        double[] starts = new double[k * d];
        int kind = random.nextInt(3);
        for (int j = 0; j < k; j++) {
            double[] row = x.row(random.nextInt(x.rows()));
            for (int c = 0; c < d; c++) {
                starts[j * d + c] = switch (kind) {
                    case 0 -> row[c];
                    case 1 -> row[c] + random.nextInt(3) * 0.5;
                    default -> row[c] * 3 + 5;
                };
            }
        }
        return Matrix.of(k, d, starts);
    }

    @Test
    void findsThePublishedOptimaOfTheMallCustomers() {
        // best inertia of k-means for k = 2…6 on income and spending score: scikit-learn 1.2.1 and R
        double[] best = {181363.596, 106348.373, 73679.789, 44448.455, 37233.815};
        List<Clustering> found = new KMeans(2, 100, 300, 0, null).sweep(6, Examples.mall(), null, 42, Progress.NONE);
        for (int k = 2; k <= 6; k++) {
            assertThat(found.get(k - 2).quality().get("inertia")).isCloseTo(best[k - 2], within(6e-4));
        }
        int[] sizes = new int[5];
        for (int label : found.get(3).labels()) {
            sizes[label]++;
        }
        assertThat(sizes).containsExactly(81, 39, 35, 23, 22);
    }

    @Test
    void sweepGivesWhatSingleFitsGive() {
        Matrix x = Examples.mall();
        List<Clustering> sweep = new KMeans(3, 4, 300, 0, null).sweep(7, x, null, 9, Progress.NONE);
        for (int k = 3; k <= 7; k++) {
            Clustering single = new KMeans(k, 4, 300, 0, null).fit(x, null, 9, Progress.NONE);
            assertThat(sweep.get(k - 3).labels()).isEqualTo(single.labels());
            assertThat(sweep.get(k - 3).quality()).isEqualTo(single.quality());
            assertThat(sweep.get(k - 3).model()).isEqualTo(single.model());
        }
        assertThat(KMeans.of(2).sweep(9, Matrix.of(4, 1, new double[] {1, 2, 2, 8}), null, 1, Progress.NONE))
                .hasSize(2);
    }

    @Test
    void moreRestartsNeverMakeTheInertiaWorse() {
        Matrix x = sample(400, 3);
        double last = Double.POSITIVE_INFINITY;
        for (int restarts : new int[] {1, 2, 5, 20}) {
            double inertia = new KMeans(8, restarts, 300, 0, null)
                    .fit(x, null, 3, Progress.NONE)
                    .quality()
                    .get("inertia");
            assertThat(inertia).isLessThanOrEqualTo(last);
            last = inertia;
        }
    }

    @Test
    void aRowOfWeightThreeCountsAsThreeRows() {
        Clustering found = KMeans.from(Matrix.of(1, 1, new double[] {0}))
                .fit(Matrix.of(2, 1, new double[] {1, 5}), new int[] {3, 1}, 1, Progress.NONE);
        assertThat(found.centres().values()).containsExactly(2);
        assertThat(found.quality()).containsEntry("inertia", 12.0);
    }

    @Test
    void saysWhenItHadNotSettledAndWhenAClusterStayedEmpty() {
        Matrix x = Matrix.of(5, 1, new double[] {0, 1, 2, 10, 11});
        Clustering stopped =
                new KMeans(2, 1, 1, 0, Matrix.of(2, 1, new double[] {0, 1})).fit(x, null, 1, Progress.NONE);
        assertThat(stopped.warnings()).containsExactly("k-means had not settled after 1 passes: allow more");
        Clustering settled = KMeans.from(Matrix.of(2, 1, new double[] {0, 1})).fit(x, null, 1, Progress.NONE);
        assertThat(settled.warnings()).isEmpty();
        assertThat(settled.labels()).containsExactly(0, 0, 0, 1, 1);
    }

    @Test
    void refusesSettingsThatCannotBe() {
        assertThatThrownBy(() -> KMeans.of(0)).hasMessage("k must be at least 1, was 0");
        assertThatThrownBy(() -> new KMeans(2, 0, 1, 0, null)).hasMessage("restarts must be at least 1, was 0");
        assertThatThrownBy(() -> new KMeans(2, 1, 0, 0, null)).hasMessage("maxPasses must be at least 1, was 0");
        assertThatThrownBy(() -> new KMeans(2, 1, 1, -1, null))
                .hasMessage("tolerance must be a number of at least 0, was -1.0");
        assertThatThrownBy(() -> new KMeans(2, 1, 1, Double.NaN, null)).hasMessageContaining("tolerance");
        assertThatThrownBy(() -> new KMeans(2, 1, 1, 0, Matrix.of(1, 1, new double[] {1})))
                .hasMessage("k is 2 but there are 1 starts");
        assertThatThrownBy(() -> KMeans.from(Matrix.of(1, 1, new double[] {Double.NaN})))
                .hasMessage("starts must be finite numbers");
    }

    @Test
    void refusesMoreClustersThanDistinctRows() {
        Matrix x = Matrix.of(6, 1, new double[] {1, 2, 3, 4, 5, 5});
        assertThatThrownBy(() -> KMeans.of(8).fit(x, null, 1, Progress.NONE))
                .isInstanceOf(UnsuitableData.class)
                .hasMessage("k is 8 but there are only 5 distinct rows; choose k of at most 5")
                .extracting("code")
                .isEqualTo("k-above-distinct-rows");
    }
}
