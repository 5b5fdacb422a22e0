package clade.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import clade.statistics.Preparation.Cap;
import clade.statistics.Preparation.Column;
import clade.statistics.Preparation.IqrCap;
import clade.statistics.Preparation.NoCap;
import clade.statistics.Preparation.QuantileCap;
import clade.statistics.Preparation.Scale;
import clade.statistics.Preparation.Transform;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PreparationTests {

    private static final double[] SKEWED = {0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89.5};
    private static final double[] SIGNED = {-3.5, -2, -1, -0.25, 0, 0.5, 1, 1.5, 2, 7, 12, 40};
    private static final double[] RATINGS = {9, 9.5, 10, 10, 9, 8, 10, 7.5, 10, 4, 9.5, 10};

    private static Matrix columns(double[]... columns) {
        double[][] rows = new double[columns[0].length][columns.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                rows[i][j] = columns[j][i];
            }
        }
        return Matrix.ofRows(rows);
    }

    private static Preparation scaled(int columns, Scale scale, Integer components) {
        return new Preparation(
                Collections.nCopies(columns, new Column(new NoCap(), Transform.NONE, 1)), scale, components);
    }

    private static Preparation single(Cap cap, Transform transform, Scale scale) {
        return new Preparation(List.of(new Column(cap, transform, 1)), scale, null);
    }

    private static double[] prepared(Preparation preparation, double... values) {
        Matrix x = columns(values);
        return preparation.fit(x).apply(x).values();
    }

    @Test
    void scalesLikeScikitLearn() {
        Matrix x = columns(SKEWED, SIGNED, RATINGS);

        // scikit-learn 1.2.1: StandardScaler, MinMaxScaler, RobustScaler; rows 0, 5 and 11
        double[][] standard = {
            {-0.7322816485070607, -0.7289878810478141, 0.07474350927519359},
            {-0.543305739214916, -0.3764295103647403, -0.5232045649263551},
            {2.650387127822329, 3.1050844001306137, 0.6726915834767423}
        };
        double[][] minMax = {
            {0, 0, 0.8333333333333334}, {0.0558659217877095, 0.09195402298850575, 0.6666666666666666}, {1, 1, 1}
        };
        double[][] robust = {
            {-0.28888888888888886, -1.152542372881356, -0.4},
            {-0.06666666666666667, -0.06779661016949153, -1.2},
            {3.688888888888889, 10.64406779661017, 0.4}
        };
        assertRows(scaled(3, Scale.STANDARD, null), x, standard);
        assertRows(scaled(3, Scale.MIN_MAX, null), x, minMax);
        assertRows(scaled(3, Scale.ROBUST, null), x, robust);
        assertThat(scaled(3, Scale.NONE, null).fit(x).apply(x)).isEqualTo(x);
    }

    private static void assertRows(Preparation preparation, Matrix x, double[][] rows0And5And11) {
        Matrix prepared = preparation.fit(x).apply(x);
        int[] rows = {0, 5, 11};
        for (int i = 0; i < rows.length; i++) {
            assertThat(prepared.row(rows[i])).containsExactly(rows0And5And11[i], within(1e-14));
        }
    }

    @Test
    void findsTheYeoJohnsonExponentsOfScikitLearn() {
        // scikit-learn 1.2.1: PowerTransformer(standardize=False), its lambda in the comment; values 0, 4 and 11
        assertYeoJohnson(SKEWED, 0, 1.3029376379111912, 3.700638510917205); // -0.09040975793420458
        assertYeoJohnson(SIGNED, -6.646354676853245, 0, 7.617043743759718); // 0.3495972079113854
        assertYeoJohnson(RATINGS, 92202.32455379954, 92202.32455379954, 159075.82166743127); // 5.722314409736973
        assertYeoJohnson(Arrays.stream(SKEWED).map(v -> -v).toArray(), 0, -1.3029376736376381, -3.7006388249224305);
    }

    private static void assertYeoJohnson(double[] values, double first, double fifth, double last) {
        double[] prepared = prepared(single(new NoCap(), Transform.YEO_JOHNSON, Scale.NONE), values);

        assertThat(prepared[0]).isCloseTo(first, within(1e-6 * Math.max(1, Math.abs(first))));
        assertThat(prepared[4]).isCloseTo(fifth, within(1e-6 * Math.max(1, Math.abs(fifth))));
        assertThat(prepared[11]).isCloseTo(last, within(1e-6 * Math.max(1, Math.abs(last))));
    }

    @Test
    void keepsValuesApartUnderYeoJohnsonHoweverLargeTheyAre() {
        SplittableRandom random = new SplittableRandom(8);
        for (double offset : new double[] {0, -1e3, 2e4, 1.7e9, -1.7e9, 1e15}) {
            double[] values = random.doubles(500)
                    .map(v -> offset * (1 + v / 100) + v * v * v)
                    .toArray();
            double[] prepared = prepared(single(new NoCap(), Transform.YEO_JOHNSON, Scale.STANDARD), values);

            assertThat(Arrays.stream(prepared).distinct().count()).isGreaterThan(490);
            assertThat(prepared).doesNotContain(Double.NaN);
        }
    }

    @Test
    void countsNegativeValuesAsZeroUnderLog1p() {
        FittedPreparation fitted =
                single(new NoCap(), Transform.LOG1P, Scale.NONE).fit(columns(SIGNED));

        assertThat(fitted.apply(columns(new double[] {-3.5, -0.0, 0, 1.5, 40})).values())
                .containsExactly(0, 0, 0, 0.9162907318741551, 3.713572066704308);
        assertThat(fitted.warnings()).containsExactly("{column 0} has negative values, which count as 0 in its log1p.");
    }

    @Test
    void capsAtQuantiles() {
        FittedPreparation fitted =
                single(new QuantileCap(0.05, 0.95), Transform.NONE, Scale.NONE).fit(columns(SIGNED));

        // by hand: -3.5 + 0.55 * 1.5 and 12 + 0.45 * 28
        assertThat(fitted.apply(columns(new double[] {-100, -3.5, 1, 24, 24.7, 1e9}))
                        .values())
                .containsExactly(new double[] {-2.675, -2.675, 1, 24, 24.6, 24.6}, within(1e-14));
        assertThat(single(new QuantileCap(0, 1), Transform.NONE, Scale.NONE)
                        .fit(columns(SIGNED))
                        .apply(columns(new double[] {-4, 41}))
                        .values())
                .containsExactly(-3.5, 40);
    }

    @Test
    void capsAtTukeysFences() {
        FittedPreparation fitted =
                single(new IqrCap(1.5), Transform.NONE, Scale.NONE).fit(columns(SIGNED));

        // quartiles -0.4375 and 3.25, so 5.53125 beyond each
        assertThat(fitted.apply(columns(new double[] {-7, 3, 40})).values()).containsExactly(-5.96875, 3, 8.78125);
    }

    @Test
    void doesNotCapAndScalesByStandardDeviationWhereTheQuartilesAreEqual() {
        double[] once = {1, 1, 1, 1, 1, 1, 1, 9};
        FittedPreparation fitted =
                single(new IqrCap(1.5), Transform.NONE, Scale.ROBUST).fit(columns(once));

        // population standard deviation of the eight values is sqrt(7)
        assertThat(fitted.apply(columns(new double[] {1, 9})).values())
                .containsExactly(new double[] {0, 8 / Math.sqrt(7)}, within(1e-15));
        assertThat(fitted.warnings())
                .containsExactly(
                        "{column 0} is not capped: half of its values are equal, so its interquartile range is 0.",
                        "{column 0} is scaled by its standard deviation: its interquartile range is 0.");
    }

    @Test
    void scalesAConstantColumnToZeroEvenWhereItsMeanIsRounded() {
        double[] tenths = new double[10];
        Arrays.fill(tenths, 0.1);
        for (Scale scale : List.of(Scale.STANDARD, Scale.MIN_MAX, Scale.ROBUST)) {
            FittedPreparation fitted =
                    single(new NoCap(), Transform.NONE, scale).fit(columns(tenths));

            assertThat(fitted.apply(columns(new double[] {0.1, 5})).values()).containsOnly(0);
            assertThat(fitted.warnings())
                    .containsExactly("{column 0} has the same value everywhere and separates nothing.");
        }
        assertThat(prepared(single(new NoCap(), Transform.YEO_JOHNSON, Scale.NONE), tenths))
                .containsOnly(0.1);
    }

    @Test
    void multipliesScaledColumnsByTheirWeights() {
        Preparation plain = scaled(2, Scale.STANDARD, null);
        Preparation weighted = new Preparation(
                List.of(new Column(new NoCap(), Transform.NONE, 1), new Column(new NoCap(), Transform.NONE, 2.5)),
                Scale.STANDARD,
                null);
        Matrix x = columns(SKEWED, SIGNED);
        Matrix one = plain.fit(x).apply(x);
        Matrix other = weighted.fit(x).apply(x);

        for (int i = 0; i < x.rows(); i++) {
            assertThat(other.row(i)).containsExactly(one.get(i, 0), one.get(i, 1) * 2.5);
        }
    }

    @Test
    void keepsPrincipalComponentsWithTheirLargestLoadingPositive() {
        Matrix x = columns(SKEWED, SIGNED, RATINGS);

        // scikit-learn 1.2.1: PCA(2) after StandardScaler; its second component has its largest loading, -0.9968,
        // negative
        double[][] scores = {
            {-1.0305223621989068, 0.1060695710459191},
            {-0.6658126074735957, -0.4929988546417648},
            {4.088654894958421, 0.5707420220292287}
        };
        assertRows(scaled(3, Scale.STANDARD, 2), x, scores);
    }

    @Test
    void givesZeroForPrincipalComponentsWithoutVariance() {
        Matrix x = columns(SKEWED, SKEWED, new double[SKEWED.length]);
        FittedPreparation fitted = scaled(3, Scale.STANDARD, 3).fit(x);
        Matrix scores = fitted.apply(x);

        assertThat(scores.column(0)[11]).isCloseTo(Math.sqrt(2) * 2.650387127822329, within(1e-14));
        assertThat(scores.column(1)).containsOnly(0);
        assertThat(scores.column(2)).containsOnly(0);
        assertThat(fitted.warnings()).contains("Only the first 1 of 3 principal components vary; the others are 0.");
        assertThat(prepared(scaled(1, Scale.STANDARD, 1), 4, 4)).containsOnly(0);
    }

    @Test
    void warnsWhereOneUnscaledColumnOutweighsAnother() {
        Matrix x = columns(SKEWED, Arrays.stream(SIGNED).map(v -> v * 100).toArray(), new double[SKEWED.length]);

        assertThat(scaled(3, Scale.NONE, null).fit(x).warnings())
                .containsExactly(
                        "{column 2} has the same value everywhere and separates nothing.",
                        "{column 1} (standard deviation 1130) outweighs {column 0} (26.5) by far: "
                                + "without scaling it decides the clusters.");
        assertThat(scaled(2, Scale.NONE, null).fit(columns(SKEWED, SIGNED)).warnings())
                .isEmpty();
        assertThat(scaled(3, Scale.STANDARD, null).fit(x).warnings()).hasSize(1);
    }

    @Test
    void staysFiniteForTinyAndHugeValues() {
        for (double unit : new double[] {1e-300, 1e-170, 1e170, 1e300}) {
            double[] prepared = prepared(scaled(1, Scale.STANDARD, null), 1 * unit, 2 * unit, 3 * unit, 6 * unit);

            // population standard deviation of 1, 2, 3, 6 is sqrt(3.5)
            assertThat(prepared)
                    .containsExactly(
                            new double[] {-2 / Math.sqrt(3.5), -1 / Math.sqrt(3.5), 0, 3 / Math.sqrt(3.5)},
                            within(1e-13));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> prepared(scaled(1, Scale.STANDARD, null), -1e308, 1e308))
                .withMessageContaining("too wide");
    }

    @Test
    void learnsTheSameBitsWhateverTheOrderOfRowsAndTheThreads() throws Exception {
        SplittableRandom random = new SplittableRandom(5);
        double[][] rows = new double[5000][];
        Arrays.setAll(rows, i ->
                new double[] {random.nextInt(365), Math.exp(8 * random.nextDouble()) - 50, 0.1 * random.nextInt(10)});
        Preparation preparation = new Preparation(
                List.of(
                        new Column(new QuantileCap(0.01, 0.99), Transform.LOG1P, 1),
                        new Column(new IqrCap(3), Transform.YEO_JOHNSON, 2),
                        new Column(new NoCap(), Transform.YEO_JOHNSON, 1)),
                Scale.STANDARD,
                2);
        byte[] once = written(preparation.fit(Matrix.ofRows(rows)));
        for (int threads : new int[] {1, 2, 4}) {
            Collections.shuffle(Arrays.asList(rows), new java.util.Random(threads));
            assertThat(Threads.run(threads, () -> written(preparation.fit(Matrix.ofRows(rows)))))
                    .isEqualTo(once);
        }
    }

    @Test
    void preparesAFittedRowTheSameOnItsOwnAndAfterBeingStored() throws IOException {
        Matrix x = columns(SIGNED, SKEWED, RATINGS);
        for (Integer components : new Integer[] {null, 2}) {
            FittedPreparation fitted = new Preparation(
                            List.of(
                                    new Column(new IqrCap(1.5), Transform.LOG1P, 1),
                                    new Column(new QuantileCap(0, 0.9), Transform.YEO_JOHNSON, 0.3),
                                    new Column(new NoCap(), Transform.NONE, 7)),
                            Scale.ROBUST,
                            components)
                    .fit(x);
            Matrix prepared = fitted.apply(x);
            FittedPreparation stored =
                    FittedPreparation.read(new DataInputStream(new ByteArrayInputStream(written(fitted))));

            for (int i = 0; i < x.rows(); i++) {
                assertThat(stored.apply(Matrix.ofRows(x.row(i))).values()).isEqualTo(prepared.row(i));
            }
            assertThat(stored.warnings()).isEqualTo(fitted.warnings()).isNotEmpty();
            assertThat(written(stored)).isEqualTo(written(fitted));
        }
    }

    private static byte[] written(FittedPreparation fitted) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        fitted.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QuantileCap(0.9, 0.1))
                .withMessage("the quantiles of a cap must be 0 <= lower < upper <= 1, were 0.9 and 0.1");
        assertThatIllegalArgumentException().isThrownBy(() -> new QuantileCap(0, 1.1));
        assertThatIllegalArgumentException().isThrownBy(() -> new QuantileCap(Double.NaN, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new IqrCap(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Column(new NoCap(), Transform.NONE, 0))
                .withMessage("weight must be above 0 and finite, was 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scaled(2, Scale.STANDARD, 3))
                .withMessage("components must be between 1 and the number of columns, 2, was 3");
        assertThatIllegalArgumentException().isThrownBy(() -> scaled(0, Scale.STANDARD, null));
    }

    @Test
    void refusesRowsThatItCannotPrepare() {
        Preparation preparation = scaled(2, Scale.STANDARD, null);
        FittedPreparation fitted = preparation.fit(Matrix.ofRows(new double[][] {{1, 2}, {3, 4}}));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> preparation.fit(Matrix.ofRows(new double[][] {{1, 2}, {3, Double.NaN}})))
                .withMessage("row 1, column 1 is NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fitted.apply(Matrix.ofRows(new double[][] {{Double.POSITIVE_INFINITY, 2}})))
                .withMessage("row 0, column 0 is Infinity");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fitted.apply(Matrix.ofRows(new double[][] {{1, 2, 3}})))
                .withMessage("the preparation is for 2 columns, the matrix has 3");
        assertThatIllegalArgumentException().isThrownBy(() -> preparation.fit(Matrix.of(0, 2, new double[0])));
    }
}
