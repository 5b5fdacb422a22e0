package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clade.statistics.Matrix;
import org.junit.jupiter.api.Test;

class SeparationTests {

    private static final Matrix X = Matrix.ofRows(
            new double[] {1, 2},
            new double[] {1.5, 1.8},
            new double[] {5, 8},
            new double[] {8, 8},
            new double[] {1, 0.6},
            new double[] {9, 11},
            new double[] {8, 2},
            new double[] {10, 2},
            new double[] {9, 3},
            new double[] {100, 100});

    private static final int[] LABELS = {0, 0, 1, 1, 0, 1, 3, 3, 3, -1};

    @Test
    void agreesWithScikitLearn() {
        // scikit-learn 1.2.1: calinski_harabasz_score, davies_bouldin_score of the first nine rows
        assertThat(CalinskiHarabasz.of(X, null, LABELS, Progress.NONE)).isCloseTo(32.83911333571683, within(1e-12));
        assertThat(DaviesBouldin.of(X, null, LABELS, Progress.NONE)).isCloseTo(0.38911432521724043, within(1e-14));
    }

    @Test
    void agreesWithScikitLearnOnRepeatedRows() {
        int[] weights = {1, 2, 3, 1, 2, 3, 1, 2, 3, 7};
        // scikit-learn 1.2.1 on the rows repeated as often as their weight
        assertThat(CalinskiHarabasz.of(X, weights, LABELS, Progress.NONE)).isCloseTo(66.52721956492586, within(1e-12));
        assertThat(DaviesBouldin.of(X, weights, LABELS, Progress.NONE)).isCloseTo(0.40098755284670135, within(1e-14));
    }

    @Test
    void clustersWithoutWidthAreSeparatedWithoutBound() {
        Matrix x = Matrix.of(4, 1, new double[] {1, 1, 2, 2});
        int[] labels = {0, 0, 1, 1};
        assertThat(CalinskiHarabasz.of(x, null, labels, Progress.NONE)).isInfinite();
        assertThat(DaviesBouldin.of(x, null, labels, Progress.NONE)).isZero();
    }
}
