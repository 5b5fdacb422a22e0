package clade.clustering.spatial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clade.clustering.Progress;
import clade.clustering.UnsuitableData;
import clade.statistics.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CanonicalRowsTests {

    private final Random random = new Random(7);

    @Test
    void mergesEqualRowsAndAddsTheirWeights() {
        for (int run = 0; run < 2000; run++) {
            Matrix x = sample(1 + random.nextInt(60), 1 + random.nextInt(7));
            int[] weights = random.ints(x.rows(), 1, 9).toArray();
            Map<List<Double>, Integer> expected = new HashMap<>();
            for (int i = 0; i < x.rows(); i++) {
                expected.merge(key(x.row(i)), weights[i], Integer::sum);
            }
            CanonicalRows rows = CanonicalRows.of(x, weights, Progress.NONE);
            Map<List<Double>, Integer> found = new HashMap<>();
            for (int j = 0; j < rows.size(); j++) {
                found.put(key(row(rows, j)), rows.weights()[j]);
            }
            assertThat(found).isEqualTo(expected).hasSize(rows.size());
            assertThat(rows.totalWeight()).isEqualTo(Arrays.stream(weights).sum());
            for (int i = 0; i < x.rows(); i++) {
                assertThat(key(x.row(i))).isEqualTo(key(row(rows, rows.canonicalOf()[i])));
            }
        }
    }

    @Test
    void orderDependsOnNeitherInputOrderNorRepetitions() {
        for (int run = 0; run < 500; run++) {
            Matrix x = sample(1 + random.nextInt(200), 1 + random.nextInt(6));
            List<double[]> repeated = new ArrayList<>();
            int[] weights = random.ints(x.rows(), 1, 30).toArray();
            for (int i = 0; i < x.rows(); i++) {
                repeated.addAll(Collections.nCopies(weights[i], x.row(i)));
            }
            Collections.shuffle(repeated, random);
            CanonicalRows once = CanonicalRows.of(x, weights, Progress.NONE);
            CanonicalRows often =
                    CanonicalRows.of(Matrix.ofRows(repeated.toArray(new double[0][])), null, Progress.NONE);
            assertThat(often.byColumn()).isDeepEqualTo(once.byColumn());
            assertThat(often.weights()).isEqualTo(once.weights());
        }
    }

    @Test
    void orderOfManyRowsIsTheSameForAnyOrderOfTheInput() {
        int n = 60_000;
        List<double[]> list = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            list.add(new double[] {random.nextGaussian(), random.nextInt(40), i == 0 ? 1e12 : random.nextInt(100)});
        }
        CanonicalRows one = CanonicalRows.of(Matrix.ofRows(list.toArray(new double[0][])), null, Progress.NONE);
        Collections.shuffle(list, random);
        CanonicalRows other = CanonicalRows.of(Matrix.ofRows(list.toArray(new double[0][])), null, Progress.NONE);
        assertThat(other.byColumn()).isDeepEqualTo(one.byColumn());
        assertThat(one.size()).isEqualTo(n);
    }

    @Test
    void followsAMortonCurve() {
        double[][] square = new double[16][];
        for (int i = 0; i < 16; i++) {
            square[i] = new double[] {i % 4, Math.floorDiv(i, 4)};
        }
        CanonicalRows rows = CanonicalRows.of(Matrix.ofRows(square), null, Progress.NONE);
        // the first column holds the lower bit of each pair: Z-shapes within a Z
        assertThat(rows.byColumn()[0]).containsExactly(0, 1, 0, 1, 2, 3, 2, 3, 0, 1, 0, 1, 2, 3, 2, 3);
        assertThat(rows.byColumn()[1]).containsExactly(0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3);
    }

    @Test
    void isInTheOrderThatTheRuleGives() {
        for (int run = 0; run < 3000; run++) {
            Matrix x = sample(1 + random.nextInt(run % 100 == 0 ? 3000 : 60), 1 + random.nextInt(6));
            Set<List<Double>> distinct = new HashSet<>();
            for (int i = 0; i < x.rows(); i++) {
                distinct.add(key(x.row(i)));
            }
            CanonicalRows rows = CanonicalRows.of(x, null, Progress.NONE);
            List<List<Double>> found = new ArrayList<>();
            for (int j = 0; j < rows.size(); j++) {
                found.add(key(row(rows, j)));
            }
            assertThat(found).isEqualTo(ordered(List.copyOf(distinct)));
        }
    }

    /** The rule, bit by bit: rows by the number of their cell in their bounding box, those of one cell by the same rule. */
    private static List<List<Double>> ordered(List<List<Double>> rows) {
        if (rows.size() < 2) {
            return rows;
        }
        int d = rows.get(0).size();
        double[] low = new double[d];
        double[] high = new double[d];
        for (int c = 0; c < d; c++) {
            int column = c;
            low[c] = rows.stream().mapToDouble(r -> r.get(column)).min().orElseThrow();
            high[c] = rows.stream().mapToDouble(r -> r.get(column)).max().orElseThrow();
        }
        List<Integer> cut = IntStream.range(0, d)
                .boxed()
                .sorted(Comparator.comparing((Integer c) -> low[c] - high[c]).thenComparing(c -> c))
                .limit(4)
                .sorted()
                .toList();
        int bits = 60 / cut.size();
        TreeMap<String, List<List<Double>>> cells = new TreeMap<>();
        for (List<Double> row : rows) {
            StringBuilder number = new StringBuilder();
            for (int bit = bits - 1; bit >= 0; bit--) {
                for (int i = cut.size() - 1; i >= 0; i--) {
                    int c = cut.get(i);
                    number.append(cell(row.get(c), low[c], high[c], bits) >> bit & 1);
                }
            }
            cells.computeIfAbsent(number.toString(), n -> new ArrayList<>()).add(row);
        }
        return cells.values().stream().flatMap(c -> ordered(c).stream()).toList();
    }

    private static long cell(double value, double low, double high, int bits) {
        // a power of two keeps the width, and the number of cells over it, in range
        double width = high - low;
        double unit = width == Double.POSITIVE_INFINITY ? 0.5 : width < 0x1p-900 ? 0x1p500 : 1;
        double scale = (1L << bits) / (high * unit - low * unit);
        return Math.min((1L << bits) - 1, (long) ((value * unit - low * unit) * scale));
    }

    @Test
    void negativeZeroIsZero() {
        CanonicalRows rows = CanonicalRows.of(
                Matrix.ofRows(new double[] {-0.0, 1}, new double[] {0.0, 1}, new double[] {-0.0, 2}),
                null,
                Progress.NONE);
        assertThat(rows.size()).isEqualTo(2);
        assertThat(rows.byColumn()[0]).containsExactly(0.0, 0.0).doesNotContain(-0.0);
    }

    @Test
    void sortsValuesOfEveryMagnitude() {
        double[] values = {
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            Double.MIN_VALUE,
            -Double.MIN_VALUE,
            0,
            1e-300,
            2e-300,
            1e300,
            3e-320,
            1
        };
        Matrix x = Matrix.of(values.length, 1, values);
        assertThat(CanonicalRows.of(x, null, Progress.NONE).byColumn()[0])
                .containsExactly(Arrays.stream(values).sorted().toArray());
    }

    @Test
    void toInputGivesEachInputRowItsRowsValue() {
        CanonicalRows rows = CanonicalRows.of(Matrix.of(4, 1, new double[] {5, 3, 5, 4}), null, Progress.NONE);
        assertThat(rows.toInput(new int[] {30, 40, 50})).containsExactly(50, 30, 50, 40);
        assertThat(rows.toInput(new double[] {3, 4, 5})).containsExactly(5, 3, 5, 4);
    }

    @Test
    void refusesValuesThatAreNotFiniteAndSaysWhere() {
        for (double wrong : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            Matrix x = Matrix.ofRows(new double[] {1, 2}, new double[] {3, wrong}, new double[] {wrong, 1});
            assertThatThrownBy(() -> CanonicalRows.of(x, null, Progress.NONE))
                    .isInstanceOf(UnsuitableData.class)
                    .hasMessageStartingWith("row 1, column 1 (from 0) is " + wrong)
                    .extracting("code")
                    .isEqualTo("not-finite");
        }
    }

    @Test
    void refusesWeightsThatAreNotCounts() {
        Matrix x = Matrix.of(2, 1, new double[] {1, 2});
        assertThatThrownBy(() -> CanonicalRows.of(x, new int[] {1, 0}, Progress.NONE))
                .hasMessage("weights must be at least 1, was 0 in row 1");
        assertThatThrownBy(() -> CanonicalRows.of(x, new int[] {1}, Progress.NONE))
                .hasMessage("2 rows need 2 weights, got 1");
        assertThatThrownBy(() -> CanonicalRows.of(x, new int[] {1, Integer.MAX_VALUE}, Progress.NONE))
                .hasMessage("the sum of the weights must be below 2^31, was 2147483648");
        assertThatThrownBy(() -> CanonicalRows.of(Matrix.of(0, 3, new double[0]), null, Progress.NONE))
                .hasMessage("there must be at least one row and one column, were 0 and 3");
    }

    /** Lattices with ties, reals, and values of very different size. */
    private Matrix sample(int n, int d) {
        int kind = random.nextInt(3);
        IntToDoubleFunction draw = i -> switch (kind) {
            case 0 -> random.nextInt(3) - 1 == 0 ? -0.0 : random.nextInt(3);
            case 1 -> random.nextGaussian();
            default -> Math.scalb(random.nextInt(3) - 1.0, random.nextInt(2000) - 1000);
        };
        double[] values = new double[n * d];
        Arrays.setAll(values, draw);
        return Matrix.of(n, d, values);
    }

    private static double[] row(CanonicalRows rows, int j) {
        return Arrays.stream(rows.byColumn()).mapToDouble(column -> column[j]).toArray();
    }

    private static List<Double> key(double[] row) {
        return Arrays.stream(row).mapToObj(v -> v + 0.0).collect(Collectors.toList());
    }
}
