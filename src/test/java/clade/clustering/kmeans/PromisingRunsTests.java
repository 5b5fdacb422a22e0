package clade.clustering.kmeans;

import static org.assertj.core.api.Assertions.assertThat;

import clade.clustering.Progress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Two centres in one column, of rows whose root mean squared distance from their centres is 10. */
class PromisingRunsTests {

    private static final double LEAST = 600;

    @Test
    void ofRunsThatEndAlikeTheBestIsFinished() {
        assertThat(chosen(run(1, LEAST + 1, 5, 80.1), run(2, LEAST, 80, 5.1), run(3, LEAST + 2, 5, 83)))
                .containsExactly(2, 3);
    }

    @Test
    void ofEquallyGoodOnesTheFirstRestartComesFirst() {
        assertThat(chosen(run(4, LEAST, 5, 80), run(1, LEAST, 5, 80), run(2, LEAST, 50, 70)))
                .containsExactly(1, 2);
    }

    @Test
    void runsThatAreWorseByMoreThanAHundredthAreNot() {
        assertThat(chosen(run(1, LEAST, 5, 80), run(2, LEAST * 1.0099, 40, 60), run(3, LEAST * 1.0101, 20, 30)))
                .containsExactly(1, 2);
    }

    @Test
    void moreThanSixteenAreForgottenInWhateverOrderTheyCome() {
        List<PromisingRuns.Run> runs = new ArrayList<>();
        for (int restart = 0; restart < 40; restart++) {
            runs.add(run(restart, LEAST + restart / 10.0, 10 * restart, 10 * restart + 5));
        }
        Collections.shuffle(runs, new Random(3));
        List<Integer> chosen = chosen(runs.toArray(PromisingRuns.Run[]::new));
        assertThat(chosen).hasSize(16).isSorted().contains(0, 15);
    }

    private static List<Integer> chosen(PromisingRuns.Run... runs) {
        GroupMeans means = new GroupMeans(
                new RowTree(new double[][] {{1, 2, 3, 4, 5, 6}}, new int[] {1, 1, 1, 1, 1, 1}), Progress.NONE);
        PromisingRuns promising = new PromisingRuns(means);
        for (PromisingRuns.Run run : runs) {
            promising.offer(run);
        }
        return promising.toFinish().stream().map(run -> run.restart).toList();
    }

    private static PromisingRuns.Run run(int restart, double inertia, double... centres) {
        return new PromisingRuns.Run(
                2, restart, new Partition(centres, new int[6], new int[] {3, 3}, inertia, 1, true, false));
    }
}
