package clade.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupEffectTests {

    /** R's PlantGrowth (Dobson 1983, An introduction to statistical modelling): control and two treatments, ten plants each. */
    private static final double[] PLANTS = {
        4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14, 4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89,
        4.32, 4.69, 6.31, 5.12, 5.54, 5.50, 5.37, 5.29, 4.92, 6.15, 5.80, 5.26
    };

    private static final int[] TREATMENT =
            IntStream.range(0, 30).map(i -> i / 10).toArray();

    @Test
    void itIsWhatTheAnalysisOfVarianceOfPlantGrowthGives() {
        // R's documentation of PlantGrowth, anova(lm(weight ~ group)): sums of squares 3.76634 on 2 and 10.49209 on 27
        // degrees
        // of freedom; summary(lm): adjusted R-squared 0.2096
        GroupEffect effect = new GroupEffect(PLANTS, TREATMENT);

        assertThat(effect.isDefined()).isTrue();
        assertThat(effect.estimate()).isCloseTo(1 - 10.49209 / 27 / ((3.76634 + 10.49209) / 29), within(1e-6));
        assertThat(effect.estimate()).isCloseTo(0.2096, within(5e-5));
    }

    @Test
    void ofRanksItFollowsFromTheKruskalWallisStatistic() {
        // Hollander and Wolfe (1973), p. 116, mucociliary efficiency; R's kruskal.test of it: H = 0.77143
        double[] seconds = {2.9, 3.0, 2.5, 2.6, 3.2, 3.8, 2.7, 4.0, 2.4, 2.8, 3.4, 3.7, 2.2, 2.0};
        int[] group = {0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2};
        double n = seconds.length;
        double etaSquared = 0.77143 / (n - 1);

        double found = new GroupEffect(GroupEffect.ranks(seconds), group).estimate();

        assertThat(found).isCloseTo(1 - (1 - etaSquared) * (n - 1) / (n - 3), within(1e-5));
    }

    @Test
    void equalValuesShareTheMeanOfTheirRanks() {
        assertThat(GroupEffect.ranks(new double[] {5, 0, 0, 7, 0})).containsExactly(4, 2, 2, 5, 2);
    }

    @Test
    void standardErrorsAreThoseOfLeavingEachValueOut() {
        int[] halves = IntStream.range(0, 30).map(i -> i % 2).toArray();
        GroupEffect effect = new GroupEffect(PLANTS, TREATMENT);
        GroupEffect other = new GroupEffect(PLANTS, halves);
        double[] each = new double[30];
        double[] difference = new double[30];
        for (int out = 0; out < 30; out++) {
            int left = out;
            int[] rows = IntStream.range(0, 30).filter(i -> i != left).toArray();
            double[] values = Arrays.stream(rows).mapToDouble(i -> PLANTS[i]).toArray();
            each[out] = new GroupEffect(
                            values, Arrays.stream(rows).map(i -> TREATMENT[i]).toArray())
                    .estimate();
            difference[out] = each[out]
                    - new GroupEffect(
                                    values,
                                    Arrays.stream(rows).map(i -> halves[i]).toArray())
                            .estimate();
        }

        assertThat(effect.standardError()).isCloseTo(jackknife(each), within(1e-12));
        assertThat(effect.standardErrorOfDifference(other)).isCloseTo(jackknife(difference), within(1e-12));
        assertThatThrownBy(() -> effect.standardErrorOfDifference(new GroupEffect(new double[30], halves)))
                .hasMessage("the two must group the same values");
    }

    private static double jackknife(double[] estimates) {
        double mean = Arrays.stream(estimates).average().orElseThrow();
        return Math.sqrt(29.0
                / 30
                * Arrays.stream(estimates).map(e -> (e - mean) * (e - mean)).sum());
    }

    @Test
    void permutationsAgreeWithAllWaysToDealThemOut() {
        // 3 + 3 values: all 20 ways to choose the first group
        double[] values = {1, 2, 4, 7, 3, 9};
        int[] group = {0, 0, 0, 1, 1, 1};
        double observed = new GroupEffect(values, group).estimate();
        int ways = 0;
        int reached = 0;
        double sum = 0;
        for (int subset = 0; subset < 64; subset++) {
            if (Integer.bitCount(subset) == 3) {
                int chosen = subset;
                int[] dealt = IntStream.range(0, 6).map(i -> chosen >> i & 1).toArray();
                double effect = new GroupEffect(values, dealt).estimate();
                ways++;
                sum += effect;
                reached += effect >= observed - 1e-12 ? 1 : 0;
            }
        }

        GroupEffect.Chance chance = new GroupEffect(values, group).chance(20_000, 7, null);

        assertThat(ways).isEqualTo(20);
        assertThat(chance.pValue()).isCloseTo((double) reached / ways, within(0.02));
        assertThat(chance.mean()).isCloseTo(sum / ways, within(0.01));
        assertThat(chance.mean()).isCloseTo(0, within(0.01));
        assertThat(new GroupEffect(values, group).chance(20_000, 7, null)).isEqualTo(chance);
    }

    @Test
    void groupsWithoutMeaningAreFoundOutOneTimeInTwenty() {
        SplittableRandom random = new SplittableRandom(3);
        int significant = 0;
        int covered = 0;
        for (int trial = 0; trial < 400; trial++) {
            double[] values = random.doubles(60).map(u -> u < 0.3 ? 1 : 0).toArray();
            int[] groups = random.ints(60, 0, 4).toArray();
            GroupEffect effect = new GroupEffect(values, groups);
            if (effect.isDefined()) {
                significant += effect.chance(199, trial, null).pValue() <= 0.05 ? 1 : 0;
                covered++;
            }
        }

        // 0.05 of 400, four standard errors
        assertThat(covered).isEqualTo(400);
        assertThat(significant).isBetween(3, 38);
    }

    @Test
    void itIsNotDefinedWhereNothingDiffersOrThereIsOneGroup() {
        assertThat(new GroupEffect(new double[] {1, 1, 1, 1, 1}, new int[] {0, 0, 1, 1, 1}).isDefined())
                .isFalse();
        assertThat(new GroupEffect(new double[] {1, 2, 3, 4}, new int[] {2, 2, 2, 2}).isDefined())
                .isFalse();
        assertThat(new GroupEffect(new double[] {1, 2, 3}, new int[] {0, 0, 1}).isDefined())
                .isFalse();
        assertThat(new GroupEffect(new double[0], new int[0]).isDefined()).isFalse();
    }
}
