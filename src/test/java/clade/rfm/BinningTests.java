package clade.rfm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class BinningTests {

    @Test
    void valuesOnAFixedCutPointLieUnderIt() {
        Binning cuts = new Binning.Fixed(List.of(30.0, 90.0));
        RfmScheme scheme = RfmScheme.fit(3, cuts, cuts, cuts, customers(30, 31, 500));

        assertThat(scheme.recencyScore(30)).isEqualTo(3);
        assertThat(scheme.recencyScore(31)).isEqualTo(2);
        assertThat(scheme.recencyScore(91)).isEqualTo(1);
        assertThat(scheme.monetaryScore(90)).isEqualTo(2);
        assertThat(scheme.monetaryScore(90.01)).isEqualTo(3);
    }

    @Test
    void theRuleOfTheRPackageIsQuantilePlusOneWithTheCutPointAbove() {
        double[] values = {1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89};
        // type-7 quantiles of the eleven values at 20, 40, 60, 80 % are 2, 5, 13 and 34
        RfmScheme scheme = RfmScheme.ofCuts(
                new Binning.RfmPackage().cuts(values, 5),
                new Binning.RfmPackage().cuts(values, 5),
                new Binning.RfmPackage().cuts(values, 5));

        assertThat(DoubleStream.of(2.99, 3, 5.99, 6, 13.5, 14, 34.9, 35)
                        .mapToInt(scheme::monetaryScore)
                        .toArray())
                .containsExactly(1, 2, 2, 3, 3, 4, 4, 5);
        assertThat(scheme.recencyScore(2)).isEqualTo(5);
        assertThat(scheme.recencyScore(3)).isEqualTo(4);
    }

    @Test
    void naturalBreaksPutTheScoresBetweenTheGroups() {
        RfmScheme scheme = RfmScheme.fit(
                3,
                new Binning.NaturalBreak(),
                new Binning.NaturalBreak(),
                new Binning.NaturalBreak(),
                customers(1, 2, 3, 20, 21, 90));

        assertThat(scheme.frequencyCuts()).containsExactly(3, 21);
        assertThat(scheme.recencyScore(20)).isEqualTo(2);
    }

    @Test
    void fewerDistinctValuesThanBinsAreSpreadFromTheFirstToTheLast() {
        Binning breaks = new Binning.NaturalBreak();

        assertThat(breaks.cuts(new double[] {1, 1, 1, 7}, 5)).containsExactly(1, 1, 1, 1);
        assertThat(breaks.cuts(new double[] {1, 2, 3}, 5)).containsExactly(1, 1, 2, 2);
        assertThat(breaks.cuts(new double[] {4, 4}, 3)).containsExactly(4, 4);
    }

    @Test
    void cutPointsAlwaysAscendAndAreOneFewerThanBins() {
        SplittableRandom random = new SplittableRandom(5);
        List<Binning> binnings = List.of(new Binning.Quantile(), new Binning.RfmPackage(), new Binning.NaturalBreak());
        for (int round = 0; round < 2_000; round++) {
            int levels = random.nextInt(1, 30);
            double[] values = random.doubles(random.nextInt(1, 40))
                    .map(value -> Math.floor(value * levels))
                    .sorted()
                    .toArray();
            int bins = random.nextInt(2, 11);
            for (Binning binning : binnings) {
                assertThat(binning.cuts(values, bins)).hasSize(bins - 1).isSorted();
            }
        }
    }

    @Test
    void cutPointsThatDoNotAscendOrDoNotFitAreRefused() {
        assertThatThrownBy(() -> new Binning.Fixed(List.of(2.0, 2.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cut points must be finite and ascend, were [2.0, 2.0]");
        assertThatThrownBy(() -> new Binning.Fixed(List.of(1.0)).cuts(new double[] {1}, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("5 bins need 4 cut points, there are 1");
    }

    @Test
    void theCompositeIsTheWeightedMeanOfTheScores() {
        assertThat(new CompositeScore(2, 1, 1).of(5, 3, 1)).isEqualTo(3.5);
        assertThat(new CompositeScore(0, 0, 0.1).of(5, 3, 1)).isEqualTo(1);
        assertThatThrownBy(() -> new CompositeScore(0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("weights must be at least 0");
    }

    private static RfmTable customers(int... values) {
        RfmTable table = new RfmTable();
        for (int value : values) {
            table.add(value, 0, value, value, value);
        }
        return table;
    }
}
