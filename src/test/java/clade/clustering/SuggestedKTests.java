package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import clade.clustering.SuggestedK.Candidate;
import clade.statistics.Matrix;
import clade.statistics.Preparation;
import clade.statistics.Preparation.Column;
import clade.statistics.Preparation.NoCap;
import clade.statistics.Preparation.Scale;
import clade.statistics.Preparation.Transform;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SuggestedKTests {

    private static SuggestedK suggested(Matrix x, int kMin, int kMax) {
        Preparation standard = new Preparation(
                Collections.nCopies(x.columns(), new Column(new NoCap(), Transform.NONE, 1)), Scale.STANDARD, null);
        return SuggestedK.of(x, standard, k -> new KMeans(k, 4, 100, 0, null), kMin, kMax, 42, Progress.NONE);
    }

    private static Candidate candidate(int k, double excess, double share, double stability) {
        return new Candidate(k, new Separation(0.3 + excess, Collections.nCopies(20, 0.3)), share, stability);
    }

    @Test
    void findsTheFiveGroupsOfTheMallCustomers() {
        SuggestedK suggested = suggested(Examples.mall(), 3, 6);

        assertThat(suggested.k()).isEqualTo(5);
        assertThat(suggested.clear()).isTrue();
        assertThat(suggested.candidates()).extracting(Candidate::k).containsExactly(3, 4, 5, 6);
        // scikit-learn 1.2.1: silhouette_score of KMeans(5, n_init=50) on the standardised columns
        assertThat(suggested.candidates().get(2).separation().silhouette()).isCloseTo(0.5546571631111091, within(1e-9));
    }

    @Test
    void isTheSameWhateverTheOrderOfTheRows() {
        SplittableRandom random = new SplittableRandom(2);
        // more rows than are looked at, many of them equal
        double[][] rows = new double[2500][];
        Arrays.setAll(rows, i -> new double[] {random.nextInt(40), random.nextInt(40) * 0.1});
        SuggestedK once = suggested(Matrix.ofRows(rows), 2, 2);
        Collections.shuffle(Arrays.asList(rows), new Random(2));

        assertThat(suggested(Matrix.ofRows(rows), 2, 2)).isEqualTo(once);
    }

    @Test
    void findsNoClearNumberInAStructurelessBox() {
        SplittableRandom random = new SplittableRandom(1);
        double[][] box = new double[300][];
        Arrays.setAll(box, i -> new double[] {random.nextDouble(), random.nextDouble()});
        SuggestedK suggested = suggested(Matrix.ofRows(box), 2, 5);

        assertThat(suggested.clear()).isFalse();
        assertThat(suggested.candidates()).allMatch(c -> c.separation().excess() < 0.05);
    }

    @Test
    void takesTheLargestClearExcessAmongTheFeasible() {
        assertThat(SuggestedK.among(List.of(
                        candidate(2, 0.07, 0.3, 0.9), candidate(3, 0.12, 0.2, 0.8), candidate(4, 0.1, 0.1, 0.9))))
                .extracting(SuggestedK::k, SuggestedK::clear)
                .containsExactly(3, true);
        assertThat(SuggestedK.among(List.of(
                        candidate(2, 0.07, 0.3, 0.9), candidate(3, 0.12, 0.009, 0.8), candidate(4, 0.1, 0.1, 0.59))))
                .extracting(SuggestedK::k, SuggestedK::clear)
                .containsExactly(2, true);
    }

    @Test
    void fallsBackToTheFeasibleNumberNearestToFour() {
        assertThat(SuggestedK.among(List.of(
                        candidate(2, 0.04, 0.3, 0.9), candidate(3, 0.01, 0.2, 0.8), candidate(5, 0.02, 0.1, 0.9))))
                .extracting(SuggestedK::k, SuggestedK::clear)
                .containsExactly(3, false);
        assertThat(SuggestedK.among(List.of(
                        candidate(6, 0.04, 0.3, 0.9), candidate(5, 0.3, 0.001, 0.8), candidate(7, 0, 0.1, 0.9))))
                .extracting(SuggestedK::k, SuggestedK::clear)
                .containsExactly(6, false);
        assertThat(SuggestedK.among(List.of(candidate(5, 0.3, 0.001, 0.8), candidate(6, 0.3, 0.001, 0.8))))
                .extracting(SuggestedK::k, SuggestedK::clear)
                .containsExactly(5, false);
    }

    @Test
    void wantsTheSilhouetteAboveThatOfEveryDraw() {
        double[] silhouettes = new double[20];
        Arrays.fill(silhouettes, 0.2);
        silhouettes[7] = 0.4;
        List<Double> draws = Arrays.stream(silhouettes).boxed().toList();

        assertThat(new Separation(0.4, draws).clear()).isFalse();
        assertThat(new Separation(0.41, draws).clear()).isTrue();
        assertThat(new Separation(0.41, draws).excess()).isCloseTo(0.2, within(1e-12));
    }

    @Test
    void leavesOutNumbersAboveTheDistinctRows() {
        Matrix x = Matrix.ofRows(new double[][] {{0, 0}, {0, 0}, {9, 9}, {9, 9}, {0, 9}});

        assertThat(suggested(x, 2, 10).candidates()).extracting(Candidate::k).containsExactly(2, 3);
        assertThatExceptionOfType(UnsuitableData.class)
                .isThrownBy(() -> suggested(x, 4, 10))
                .withMessage("k is to be at least 4 but there are only 3 distinct rows");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> suggested(x, 1, 10))
                .withMessage("2 <= kMin <= kMax is needed, were 1 and 10");
    }
}
